-- Recognised occupational diseases (14-4) by unit; the day of a disease is the day of its diagnosis. Closed is what had closed as of
-- the last month.
SELECT
    c.enterprise_id, e.enterprise_name, e.region_code, e.industry_2,
    coalesce(year(e.cancelled_on) * 100 + month(e.cancelled_on) <= $last_month, e.status = 'cancelled', false) AS is_cancelled,
    c.observed_cases
FROM (
    SELECT enterprise_id, count(*) AS observed_cases
    FROM claim
    WHERE is_counted AND NOT is_old_injury AND clause = '14-4' AND accident_month BETWEEN $first_month AND $last_month
    GROUP BY enterprise_id
) AS c
LEFT JOIN enterprise AS e ON c.enterprise_id = e.enterprise_id
