-- Insured heads by month.
SELECT month, CAST(sum(heads) AS BIGINT) AS heads
FROM enterprise_month
WHERE month BETWEEN $first_month AND $last_month AND heads IS NOT NULL
GROUP BY month
