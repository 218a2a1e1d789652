-- Exposure and injuries of each unit from one month to another, under the policy's definition.
WITH exposed AS (
    SELECT enterprise_id, sum(heads) AS person_months
    FROM enterprise_month
    WHERE month BETWEEN $first_month AND $last_month
    GROUP BY enterprise_id
),
injured AS (
    SELECT enterprise_id, count(*) AS injuries
    FROM counted_claim
    WHERE event_month BETWEEN $first_month AND $last_month AND enterprise_id <> ''
    GROUP BY enterprise_id
)
SELECT e.enterprise_id, e.person_months, coalesce(i.injuries, 0) AS injuries
FROM exposed AS e
LEFT JOIN injured AS i ON e.enterprise_id = i.enterprise_id
WHERE e.person_months > 0
