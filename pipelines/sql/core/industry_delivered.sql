-- How often each industry code was delivered as of a month: what the classification is found by.
SELECT r.industry_code AS delivered_code, count(*) AS enterprises
FROM enterprise_row AS r JOIN newest AS n ON r.sequence = n.sequence
WHERE r.industry_code IS NOT NULL
GROUP BY r.industry_code
