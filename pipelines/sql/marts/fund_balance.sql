-- Income and expenditure by pool and year: the bureau's own statements; for a year without any, the sums of premiums
-- collected and payments made in the whole city. The cap is the policy's share of what was collected the year before.
WITH summed AS (
    SELECT
        y.year, sum(y.collected_yuan) AS collected_yuan, sum(y.payout_yuan) AS paid_yuan, max(c.months) AS months_covered
    FROM enterprise_year AS y
    JOIN covered AS c ON y.year = c.year
    WHERE c.months > 0 AND y.year NOT IN (SELECT year FROM fund)
    GROUP BY y.year
),
statement AS (
    SELECT
        pool, year, collected_yuan, benefits_yuan AS paid_yuan, allotted_yuan, prevention_yuan AS used_yuan,
        true AS is_reported, 12 AS months_covered
    FROM fund
    UNION ALL
    SELECT
        '000000' AS pool, s.year, s.collected_yuan, CASE WHEN h.has_payouts THEN s.paid_yuan END AS paid_yuan,
        CAST(NULL AS DECIMAL(18, 2)) AS allotted_yuan, CAST(NULL AS DECIMAL(18, 2)) AS used_yuan,
        false AS is_reported, s.months_covered
    FROM summed AS s
    CROSS JOIN source AS h
),
year_before AS (
    SELECT pool, year, collected_yuan FROM statement WHERE months_covered = 12
    UNION ALL
    SELECT '000000' AS pool, year, sum(collected_yuan) AS collected_yuan
    FROM fund
    WHERE year NOT IN (SELECT year FROM fund WHERE pool = '000000')
    GROUP BY year
)
SELECT
    t.pool, t.year, t.collected_yuan, t.paid_yuan,
    CASE WHEN t.collected_yuan > 0 THEN CAST(t.paid_yuan AS DOUBLE) * 100 / CAST(t.collected_yuan AS DOUBLE) END AS pay_ratio,
    CAST(CAST(b.collected_yuan AS DECIMAL(18, 2)) * CAST(d.cap_bp AS DECIMAL(9, 0)) * CAST(0.000001 AS DECIMAL(6, 6))
        AS DECIMAL(18, 2)) AS cap_yuan,
    t.allotted_yuan, t.used_yuan, t.is_reported, t.months_covered
FROM statement AS t
LEFT JOIN year_before AS b ON t.pool = b.pool AND t.year = b.year + 1
CROSS JOIN definition AS d
