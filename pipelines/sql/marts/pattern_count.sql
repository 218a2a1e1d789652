-- How many recognised cases have which value of each circumstance ('' = not known), in the whole city, by group of clauses and by
-- division. The day of an occupational disease is that of its diagnosis, so its hour, weekday and month say nothing.
WITH told AS (
    SELECT
        coalesce(c.clause_group, 'unknown') AS clause_group, coalesce(e.industry_2, 'unknown') AS division, 'all' AS total,
        coalesce(c.clause, '') AS clause, coalesce(c.post_group, '') AS post_group, coalesce(c.cause_code, '') AS cause,
        coalesce(c.body_part_code, '') AS body_part, coalesce(c.transport, '') AS transport, coalesce(c.sex, '') AS sex,
        CASE WHEN c.birth_year IS NULL THEN ''
             WHEN year(c.accident_date) - c.birth_year < 20 THEN 'under_20'
             WHEN year(c.accident_date) - c.birth_year < 30 THEN '20_29'
             WHEN year(c.accident_date) - c.birth_year < 40 THEN '30_39'
             WHEN year(c.accident_date) - c.birth_year < 50 THEN '40_49'
             WHEN year(c.accident_date) - c.birth_year < 60 THEN '50_59'
             ELSE '60_up' END AS age_band,
        CASE WHEN c.clause = '14-4' OR c.accident_hour IS NULL THEN ''
             ELSE substr(CAST(100 + c.accident_hour // 2 * 2 AS VARCHAR), 2, 2) END AS hour,
        CASE WHEN c.clause = '14-4' THEN ''
             ELSE CAST(date_diff('day', DATE '2001-01-01', c.accident_date) % 7 + 1 AS VARCHAR) END AS weekday,
        CASE WHEN c.clause = '14-4' THEN '' ELSE substr(CAST(c.accident_month AS VARCHAR), 5, 2) END AS month,
        CASE WHEN c.accident_month >= $newest_month THEN 1 END AS is_of_last_year,
        CASE WHEN c.accident_month BETWEEN $newest_month - 100 AND $last_month - 100 THEN 1 END AS is_of_year_before
    FROM claim AS c
    LEFT JOIN enterprise AS e ON c.enterprise_id = e.enterprise_id
    WHERE c.is_counted AND NOT c.is_old_injury AND c.accident_month BETWEEN $first_month AND $last_month
)
SELECT
    coalesce(clause_group, division, 'all') AS scope,
    CASE WHEN total IS NOT NULL THEN 'total' WHEN clause IS NOT NULL THEN 'clause' WHEN post_group IS NOT NULL THEN 'post_group'
         WHEN cause IS NOT NULL THEN 'cause' WHEN body_part IS NOT NULL THEN 'body_part' WHEN hour IS NOT NULL THEN 'hour'
         WHEN weekday IS NOT NULL THEN 'weekday' WHEN month IS NOT NULL THEN 'month' WHEN transport IS NOT NULL THEN 'transport'
         WHEN age_band IS NOT NULL THEN 'age_band' ELSE 'sex' END AS dimension,
    coalesce(total, clause, post_group, cause, body_part, hour, weekday, month, transport, age_band, sex) AS value,
    count(*) AS observed_cases, count(is_of_last_year) AS cases_last_year, count(is_of_year_before) AS cases_year_before
FROM told
GROUP BY GROUPING SETS (
    (total), (clause), (post_group), (cause), (body_part), (hour), (weekday), (month), (transport), (age_band), (sex),
    (clause_group, total), (clause_group, clause), (clause_group, post_group), (clause_group, cause), (clause_group, body_part),
    (clause_group, hour), (clause_group, weekday), (clause_group, month), (clause_group, transport), (clause_group, age_band),
    (clause_group, sex),
    (division, total), (division, clause), (division, post_group), (division, cause), (division, body_part), (division, hour),
    (division, weekday), (division, month), (division, transport), (division, age_band), (division, sex)
)
