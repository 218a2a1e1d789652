-- How many units of each risk class had which premium rate at the end of a year.
SELECT e.risk_class, y.unit_rate, count(*) AS number
FROM enterprise_year AS y
JOIN enterprise AS e ON y.enterprise_id = e.enterprise_id
WHERE e.risk_class IS NOT NULL AND y.unit_rate > 0
GROUP BY e.risk_class, y.unit_rate
