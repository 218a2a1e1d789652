-- Rates of each unit with their exact intervals (garwood_limit: limits of the expected count by observed count).
SELECT
    c.enterprise_id, c.period, p.first_month, p.last_month, p.months_covered, p.is_short,
    e.enterprise_name, e.industry_code, e.region_code, c.injuries, c.severe, c.deaths,
    CAST(c.person_months AS DOUBLE) / 12 AS person_years,
    CASE WHEN c.person_months > 0 THEN CAST(c.injuries AS DOUBLE) * 1200 / c.person_months END AS rate_pct,
    CASE WHEN c.person_months > 0 THEN CAST(g.low AS DOUBLE) * 1200 / c.person_months END AS rate_low_pct,
    CASE WHEN c.person_months > 0 THEN CAST(g.high AS DOUBLE) * 1200 / c.person_months END AS rate_high_pct,
    c.premium_yuan, c.payout_yuan,
    CASE WHEN c.premium_yuan > 0 AND s.has_payouts THEN CAST(c.payout_yuan AS DOUBLE) * 100 / CAST(c.premium_yuan AS DOUBLE) END
        AS pay_ratio
FROM enterprise_period AS c
JOIN period AS p ON c.period = p.period
JOIN garwood_limit AS g ON c.injuries = g.injuries
CROSS JOIN source AS s
LEFT JOIN enterprise AS e ON c.enterprise_id = e.enterprise_id
WHERE c.period <> 'year_before' AND c.enterprise_id <> ''
