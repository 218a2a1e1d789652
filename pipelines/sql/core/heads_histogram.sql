-- How many units of each division had how many heads on average in a year.
SELECT industry_2, heads, count(*) AS number
FROM (
    SELECT coalesce(e.industry_2, '') AS industry_2, CASE WHEN y.months > 0 THEN y.person_months // y.months END AS heads
    FROM enterprise_year AS y
    LEFT JOIN enterprise AS e ON y.enterprise_id = e.enterprise_id
    WHERE y.months > 0 AND y.person_months >= y.months
) AS sized
GROUP BY industry_2, heads
