-- Injuries of platform workers in the last twelve months and in the twelve before, by platform; what was not confirmed or was taken
-- back does not count.
SELECT
    platform, count(CASE WHEN accident_month >= $first_month THEN 1 END) AS observed_cases,
    count(CASE WHEN accident_month >= $first_month AND is_severe THEN 1 END) AS severe,
    count(CASE WHEN accident_month < $first_month THEN 1 END) AS cases_before
FROM platform_injury
WHERE accident_month BETWEEN $first_month - 100 AND $as_of AND platform IS NOT NULL
    AND NOT coalesce(outcome LIKE '%不%' OR outcome LIKE '%撤%' OR outcome LIKE '%终止%', false)
GROUP BY platform
