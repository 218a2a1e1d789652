-- Normal premium rows that are used and can hardly be right, one line per row and rule: the wage base per head against the
-- city's median of the period, heads against the registered staff, the month before and the division, the rate against the
-- class. Whole numbers throughout: wages in fen, limits in whole percent.
WITH large AS (
    SELECT enterprise_id, period
    FROM premium_row
    CROSS JOIN quality_limit AS l
    WHERE heads >= l.least_jump AND NOT is_future AND coalesce(payment_kind, 'normal') = 'normal'
),
month_before AS (
    SELECT p.enterprise_id, p.period, max(p.heads) AS heads
    FROM premium_row AS p
    JOIN (
        SELECT DISTINCT enterprise_id, CASE WHEN period % 100 = 1 THEN period - 89 ELSE period - 1 END AS period
        FROM large
    ) AS b ON p.enterprise_id = b.enterprise_id AND p.period = b.period
    WHERE p.heads > 0 AND NOT p.is_future AND coalesce(p.payment_kind, 'normal') = 'normal'
    GROUP BY p.enterprise_id, p.period
),
measured AS (
    SELECT
        r.batch_month, r.file_number, r.row_number, r.enterprise_id, r.period, r.heads, r.unit_rate,
        CASE WHEN r.heads > 0 THEN CAST(r.wage_base_yuan * 100 AS BIGINT) END AS wage_fen,
        CASE WHEN r.period % 100 = 1 THEN r.period - 89 ELSE r.period - 1 END AS period_before
    FROM premium_row AS r
    WHERE NOT r.is_future AND coalesce(r.payment_kind, 'normal') = 'normal'
),
judged AS (
    SELECT
        r.batch_month, r.file_number, r.row_number, r.enterprise_id,
        coalesce(r.wage_fen < r.heads * l.least_wage_yuan * 100, false)
            OR coalesce(r.wage_fen * 100 < r.heads * w.median_yuan * 100 * l.least_wage_pct, false) AS is_wage_low,
        coalesce(r.wage_fen > r.heads * l.high_wage_yuan * 100, false)
            AND coalesce(r.wage_fen > r.heads * w.median_yuan * 100 * l.high_wage_times, true) AS is_wage_high,
        coalesce(e.employment, 'direct') NOT IN ('dispatch', 'project') AND e.staff > 0
            AND r.heads > e.staff * l.staff_times AND r.heads - e.staff > l.least_jump AS is_heads_of_staff,
        b.heads > 0 AND r.heads >= b.heads * l.jump_times AND r.heads - b.heads >= l.least_jump AS is_heads_jump,
        coalesce(e.employment, 'direct') NOT IN ('dispatch', 'project') AND r.heads > c.most AS is_heads_of_industry,
        r.unit_rate > 0 AND (r.unit_rate < k.lowest OR r.unit_rate > k.highest) AS is_rate_of_class
    FROM measured AS r
    CROSS JOIN quality_limit AS l
    LEFT JOIN wage_level AS w ON r.period = w.period
    LEFT JOIN enterprise AS e ON r.enterprise_id = e.enterprise_id
    LEFT JOIN heads_ceiling AS c ON coalesce(e.industry_2, '') = c.industry_2
    LEFT JOIN class_range AS k ON e.risk_class = k.risk_class
    LEFT JOIN month_before AS b ON r.enterprise_id = b.enterprise_id AND r.period_before = b.period
),
hit AS (
    SELECT *
    FROM judged
    WHERE is_wage_low OR is_wage_high OR is_heads_of_staff OR is_heads_jump OR is_heads_of_industry OR is_rate_of_class
)
SELECT batch_month, file_number, row_number, enterprise_id, 'premium' AS kind, 'wage_low' AS rule, 'wage_base_yuan' AS column_name
FROM hit
WHERE is_wage_low
UNION ALL
SELECT batch_month, file_number, row_number, enterprise_id, 'premium' AS kind, 'wage_high' AS rule, 'wage_base_yuan' AS column_name
FROM hit
WHERE is_wage_high
UNION ALL
SELECT batch_month, file_number, row_number, enterprise_id, 'premium' AS kind, 'heads_of_staff' AS rule, 'heads' AS column_name
FROM hit
WHERE is_heads_of_staff
UNION ALL
SELECT batch_month, file_number, row_number, enterprise_id, 'premium' AS kind, 'heads_jump' AS rule, 'heads' AS column_name
FROM hit
WHERE is_heads_jump
UNION ALL
SELECT batch_month, file_number, row_number, enterprise_id, 'premium' AS kind, 'heads_of_industry' AS rule, 'heads' AS column_name
FROM hit
WHERE is_heads_of_industry
UNION ALL
SELECT batch_month, file_number, row_number, enterprise_id, 'premium' AS kind, 'rate_of_class' AS rule, 'unit_rate' AS column_name
FROM hit
WHERE is_rate_of_class
