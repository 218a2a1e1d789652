-- What the fund paid for which benefit in each of the last years, the year to date among them.
WITH paid AS (
    SELECT paid_month // 100 AS year, coalesce(benefit, '') AS benefit, count(*) AS payments, sum(amount_yuan) AS amount_yuan
    FROM payout
    WHERE paid_month BETWEEN $first_month AND $as_of
    GROUP BY paid_month // 100, coalesce(benefit, '')
),
whole AS (
    SELECT year, sum(amount_yuan) AS amount_yuan FROM paid GROUP BY year
)
SELECT
    p.year, p.benefit, p.year = $as_of // 100 AND $as_of % 100 < 12 AS is_to_date, p.payments, p.amount_yuan,
    CASE WHEN w.amount_yuan > 0 THEN CAST(p.amount_yuan AS DOUBLE) * 100 / CAST(w.amount_yuan AS DOUBLE) END AS share_pct
FROM paid AS p
JOIN whole AS w ON p.year = w.year
