-- Normal premium rows that are used and can hardly be right, one line per row and rule: the wage base per head against the
-- city's median of the period, heads against the registered staff, the month before and the division, the rate against the
-- class. Whole numbers throughout: wages in fen, limits in whole percent.
WITH unit AS (
    SELECT
        e.enterprise_id, CASE WHEN e.staff > 0 THEN e.staff END AS staff, c.most, k.lowest, k.highest,
        coalesce(e.employment, 'direct') IN ('dispatch', 'project') AS is_of_others
    FROM enterprise AS e
    LEFT JOIN heads_ceiling AS c ON coalesce(e.industry_2, '') = c.industry_2
    LEFT JOIN class_range AS k ON e.risk_class = k.risk_class
),
normal_row AS (
    SELECT batch_month, file_number, row_number, enterprise_id, period, heads, wage_base_yuan, unit_rate
    FROM premium_row
    WHERE NOT is_future AND coalesce(payment_kind, 'normal') = 'normal'
),
waged AS (
    SELECT
        r.batch_month, r.file_number, r.row_number, r.enterprise_id, r.period, r.heads,
        CAST(r.wage_base_yuan * 100 AS BIGINT) AS wage_fen, w.median_yuan
    FROM normal_row AS r
    LEFT JOIN wage_level AS w ON r.period = w.period
    WHERE r.heads > 0 AND r.wage_base_yuan IS NOT NULL
),
wage_judged AS (
    SELECT
        r.batch_month, r.file_number, r.row_number, r.enterprise_id, r.period,
        r.wage_fen < r.heads * l.least_wage_yuan * 100
            OR coalesce(r.wage_fen < r.heads * r.median_yuan * l.least_wage_pct, false) AS is_wage_low,
        r.wage_fen > r.heads * l.high_wage_yuan * 100
            AND coalesce(r.wage_fen > r.heads * r.median_yuan * 100 * l.high_wage_times, true) AS is_wage_high
    FROM waged AS r
    CROSS JOIN quality_limit AS l
),
large AS (
    SELECT
        r.batch_month, r.file_number, r.row_number, r.enterprise_id, r.period, r.heads,
        CASE WHEN r.period % 100 = 1 THEN r.period - 89 ELSE r.period - 1 END AS period_before
    FROM normal_row AS r
    CROSS JOIN quality_limit AS l
    WHERE r.heads >= l.least_jump
),
month_before AS (
    SELECT p.enterprise_id, p.period, max(p.heads) AS heads
    FROM normal_row AS p
    JOIN (SELECT DISTINCT enterprise_id, period_before FROM large) AS b
        ON p.enterprise_id = b.enterprise_id AND p.period = b.period_before
    WHERE p.heads > 0
    GROUP BY p.enterprise_id, p.period
),
heads_judged AS (
    SELECT
        r.batch_month, r.file_number, r.row_number, r.enterprise_id, r.period,
        NOT u.is_of_others AND r.heads > u.staff * l.staff_times AND r.heads - u.staff > l.least_jump AS is_heads_of_staff,
        r.heads >= b.heads * l.jump_times AND r.heads - b.heads >= l.least_jump AS is_heads_jump,
        NOT u.is_of_others AND r.heads > u.most AS is_heads_of_industry
    FROM large AS r
    CROSS JOIN quality_limit AS l
    LEFT JOIN unit AS u ON r.enterprise_id = u.enterprise_id
    LEFT JOIN month_before AS b ON r.enterprise_id = b.enterprise_id AND r.period_before = b.period
)
SELECT
    batch_month, file_number, row_number, enterprise_id, CAST(period AS VARCHAR) AS reference,
    'premium' AS kind, 'wage_low' AS rule, 'wage_base_yuan' AS column_name
FROM wage_judged
WHERE is_wage_low
UNION ALL
SELECT
    batch_month, file_number, row_number, enterprise_id, CAST(period AS VARCHAR) AS reference,
    'premium' AS kind, 'wage_high' AS rule, 'wage_base_yuan' AS column_name
FROM wage_judged
WHERE is_wage_high
UNION ALL
SELECT
    batch_month, file_number, row_number, enterprise_id, CAST(period AS VARCHAR) AS reference,
    'premium' AS kind, 'heads_of_staff' AS rule, 'heads' AS column_name
FROM heads_judged
WHERE is_heads_of_staff
UNION ALL
SELECT
    batch_month, file_number, row_number, enterprise_id, CAST(period AS VARCHAR) AS reference,
    'premium' AS kind, 'heads_jump' AS rule, 'heads' AS column_name
FROM heads_judged
WHERE is_heads_jump
UNION ALL
SELECT
    batch_month, file_number, row_number, enterprise_id, CAST(period AS VARCHAR) AS reference,
    'premium' AS kind, 'heads_of_industry' AS rule, 'heads' AS column_name
FROM heads_judged
WHERE is_heads_of_industry
UNION ALL
SELECT
    r.batch_month, r.file_number, r.row_number, r.enterprise_id, CAST(r.period AS VARCHAR) AS reference,
    'premium' AS kind, 'rate_of_class' AS rule, 'unit_rate' AS column_name
FROM normal_row AS r
JOIN unit AS u ON r.enterprise_id = u.enterprise_id
WHERE r.unit_rate > 0 AND (r.unit_rate < u.lowest OR r.unit_rate > u.highest)
