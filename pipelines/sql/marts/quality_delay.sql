-- How long after what it tells of a row was recorded, of each source and agency and of all agencies: the rows that have both
-- dates, how many of them are later than the limit, the median. Days between dates, months after a period.
WITH dated AS (
    SELECT
        'claim' AS kind, 'apply_delay' AS rule, batch_month, file_number, enterprise_id,
        date_diff('day', CAST(accident_time AS DATE), applied_on) AS delay
    FROM claim_row
    WHERE accident_time IS NOT NULL AND applied_on IS NOT NULL AND NOT is_future
    UNION ALL
    SELECT
        'claim' AS kind, 'decision_delay' AS rule, batch_month, file_number, enterprise_id,
        date_diff('day', applied_on, decided_on) AS delay
    FROM claim_row
    WHERE applied_on IS NOT NULL AND decided_on IS NOT NULL AND NOT is_future
    UNION ALL
    SELECT
        'premium' AS kind, 'receipt_delay' AS rule, batch_month, file_number, enterprise_id,
        year(received_on) * 12 + month(received_on) - (period // 100 * 12 + period % 100) AS delay
    FROM premium_row
    WHERE received_on IS NOT NULL AND NOT is_future AND coalesce(payment_kind, 'normal') = 'normal'
    UNION ALL
    SELECT
        'payout' AS kind, 'payment_delay' AS rule, batch_month, file_number, enterprise_id,
        year(paid_on) * 12 + month(paid_on) - (benefit_month // 100 * 12 + benefit_month % 100) AS delay
    FROM payout_row
    WHERE paid_on IS NOT NULL AND benefit_month IS NOT NULL AND NOT is_future
),
counted AS (
    SELECT d.kind, d.rule, d.batch_month, f.source, coalesce(e.agency, 'unknown') AS agency, d.delay, count(*) AS number
    FROM dated AS d
    JOIN file_source AS f ON d.batch_month = f.batch_month AND d.file_number = f.file_number
    LEFT JOIN enterprise AS e ON d.enterprise_id = e.enterprise_id
    GROUP BY d.kind, d.rule, d.batch_month, f.source, coalesce(e.agency, 'unknown'), d.delay
),
grouped AS (
    SELECT kind, rule, batch_month, source, coalesce(agency, 'all') AS agency, delay, sum(number) AS number
    FROM counted
    GROUP BY GROUPING SETS ((kind, rule, batch_month, source, agency, delay), (kind, rule, batch_month, source, delay))
),
reached AS (
    SELECT
        kind, rule, batch_month, source, agency, delay, number,
        sum(number) OVER (PARTITION BY kind, rule, batch_month, source, agency ORDER BY delay NULLS FIRST) AS so_far,
        sum(number) OVER (PARTITION BY kind, rule, batch_month, source, agency) AS total
    FROM grouped
)
SELECT
    r.kind, r.rule, l.column_name, r.batch_month, r.source, r.agency,
    CAST(sum(r.number) AS BIGINT) AS rows,
    CAST(sum(CASE WHEN r.delay > l.most THEN r.number ELSE 0 END) AS BIGINT) AS affected,
    CAST(min(CASE WHEN r.so_far * 2 >= r.total THEN r.delay END) AS BIGINT) AS median_delay
FROM reached AS r
JOIN delay_limit AS l ON r.rule = l.rule
GROUP BY r.kind, r.rule, l.column_name, r.batch_month, r.source, r.agency
