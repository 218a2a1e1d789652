-- How good each delivery is: of each kind, source, batch month and rule how many rows are affected, for every agency and for
-- all together, against the batch before. Rules and their limits come from tables/quality_rules.csv.
WITH gap AS (
    SELECT g.kind, f.source, g.agency, g.batch_month, g.file_number, g.is_unknown_unit, g.gaps, g.months_late, g.number
    FROM quality_gap AS g
    JOIN file_source AS f ON g.batch_month = f.batch_month AND g.file_number = f.file_number
),
used AS (
    SELECT kind, source, agency, batch_month, sum(number) AS rows FROM gap GROUP BY kind, source, agency, batch_month
),
column_gap AS (
    SELECT
        g.kind, g.source, g.agency, g.batch_month, g.file_number, p.column_name, sum(g.number) AS rows,
        sum(CASE WHEN (g.gaps // p.place) % 2 = 1 THEN g.number ELSE 0 END) AS empty
    FROM gap AS g
    JOIN column_place AS p ON g.kind = p.kind
    GROUP BY g.kind, g.source, g.agency, g.batch_month, g.file_number, p.column_name
),
whole_column AS (
    SELECT kind, batch_month, file_number, column_name, sum(rows) = sum(empty) AS is_missing
    FROM column_gap
    GROUP BY kind, batch_month, file_number, column_name
),
told AS (
    SELECT
        c.kind, f.source, coalesce(e.agency, 'unknown') AS agency, c.batch_month,
        hour(c.accident_time) = 0 AND minute(c.accident_time) = 0 AS has_no_hour,
        c.conclusion IN ('recognised', 'deemed') AND c.clause IS NULL AS has_no_clause,
        c.conclusion <> 'pending' AND c.decided_on IS NULL AS has_no_decision_day
    FROM claim_row AS c
    JOIN file_source AS f ON c.batch_month = f.batch_month AND c.file_number = f.file_number
    LEFT JOIN enterprise AS e ON c.enterprise_id = e.enterprise_id
    WHERE NOT c.is_future
),
lacking AS (
    SELECT kind, source, agency, batch_month, 'no_hour' AS rule, 'accident_time' AS column_name FROM told WHERE has_no_hour
    UNION ALL
    SELECT kind, source, agency, batch_month, 'no_clause' AS rule, 'clause' AS column_name FROM told WHERE has_no_clause
    UNION ALL
    SELECT kind, source, agency, batch_month, 'no_decision_day' AS rule, 'decided_on' AS column_name
    FROM told
    WHERE has_no_decision_day
),
found AS (
    SELECT d.kind, f.source, d.agency, d.batch_month, d.rule, d.column_name, count(*) AS affected
    FROM doubtful_row AS d
    JOIN file_source AS f ON d.batch_month = f.batch_month AND d.file_number = f.file_number
    GROUP BY d.kind, f.source, d.agency, d.batch_month, d.rule, d.column_name
    UNION ALL
    SELECT r.kind, f.source, r.agency, r.batch_month, 'repeated' AS rule, '' AS column_name, sum(r.number) AS affected
    FROM quality_repeat AS r
    JOIN file_source AS f ON r.batch_month = f.batch_month AND r.file_number = f.file_number
    GROUP BY r.kind, f.source, r.agency, r.batch_month
    UNION ALL
    SELECT kind, source, agency, batch_month, 'unknown_unit' AS rule, 'enterprise_id' AS column_name, sum(number) AS affected
    FROM gap
    WHERE is_unknown_unit
    GROUP BY kind, source, agency, batch_month
    UNION ALL
    SELECT kind, source, agency, batch_month, rule, column_name, count(*) AS affected
    FROM lacking
    GROUP BY kind, source, agency, batch_month, rule, column_name
),
additive AS (
    SELECT g.kind, g.source, g.agency, g.batch_month, 'empty' AS rule, g.column_name, sum(g.rows) AS rows, sum(g.empty) AS affected
    FROM column_gap AS g
    JOIN whole_column AS w ON g.kind = w.kind AND g.batch_month = w.batch_month AND g.file_number = w.file_number
        AND g.column_name = w.column_name
    WHERE NOT w.is_missing
    GROUP BY g.kind, g.source, g.agency, g.batch_month, g.column_name
    UNION ALL
    SELECT u.kind, u.source, u.agency, u.batch_month, q.rule, q.column_name, u.rows, coalesce(n.affected, 0) AS affected
    FROM used AS u
    JOIN quality_rule AS q ON u.kind = q.kind AND q.is_of_used_rows
    LEFT JOIN found AS n ON u.kind = n.kind AND u.source = n.source AND u.agency = n.agency AND u.batch_month = n.batch_month
        AND q.rule = n.rule AND q.column_name = n.column_name
),
received AS (
    SELECT kind, source, batch_month, sum(rows) AS rows FROM file_source GROUP BY kind, source, batch_month
),
rejected AS (
    SELECT r.kind, f.source, r.batch_month, coalesce(p.column_name, '') AS column_name, count(*) AS affected
    FROM rejected_row AS r
    JOIN file_source AS f ON r.batch_month = f.batch_month AND r.file_number = f.file_number
    LEFT JOIN column_place AS p ON r.kind = p.kind AND concat(r.rule, ',') LIKE concat('%:', p.column_name, ',%')
    WHERE r.rule NOT LIKE 'void%'
    GROUP BY r.kind, f.source, r.batch_month, coalesce(p.column_name, '')
),
delayed AS (
    SELECT
        kind, CASE WHEN kind = 'premium' THEN 'receipt_delay' ELSE 'payment_delay' END AS rule, batch_month, source, agency,
        months_late AS delay, number
    FROM gap
    WHERE months_late IS NOT NULL
    UNION ALL
    SELECT d.kind, d.rule, d.batch_month, f.source, d.agency, d.delay, d.number
    FROM quality_delay AS d
    JOIN file_source AS f ON d.batch_month = f.batch_month AND d.file_number = f.file_number
),
each_delay AS (
    SELECT kind, rule, batch_month, source, coalesce(agency, 'all') AS agency, delay, sum(number) AS number
    FROM delayed
    GROUP BY GROUPING SETS ((kind, rule, batch_month, source, agency, delay), (kind, rule, batch_month, source, delay))
),
reached AS (
    SELECT
        kind, rule, batch_month, source, agency, delay, number,
        sum(number) OVER (PARTITION BY kind, rule, batch_month, source, agency ORDER BY delay NULLS FIRST) AS so_far,
        sum(number) OVER (PARTITION BY kind, rule, batch_month, source, agency) AS total
    FROM each_delay
),
fact AS (
    SELECT
        kind, source, coalesce(agency, 'all') AS agency, batch_month, rule, column_name, sum(rows) AS rows,
        sum(affected) AS affected, CAST(NULL AS BIGINT) AS median_delay
    FROM additive
    GROUP BY GROUPING SETS (
        (kind, source, agency, batch_month, rule, column_name), (kind, source, batch_month, rule, column_name))
    UNION ALL
    SELECT
        g.kind, g.source, 'all' AS agency, g.batch_month, 'missing_column' AS rule, g.column_name, sum(g.rows) AS rows,
        sum(CASE WHEN w.is_missing THEN g.rows ELSE 0 END) AS affected, CAST(NULL AS BIGINT) AS median_delay
    FROM column_gap AS g
    JOIN whole_column AS w ON g.kind = w.kind AND g.batch_month = w.batch_month AND g.file_number = w.file_number
        AND g.column_name = w.column_name
    GROUP BY g.kind, g.source, g.batch_month, g.column_name
    UNION ALL
    SELECT
        r.kind, r.source, 'all' AS agency, r.batch_month, 'rejected' AS rule, q.column_name, r.rows,
        coalesce(j.affected, 0) AS affected, CAST(NULL AS BIGINT) AS median_delay
    FROM received AS r
    JOIN quality_rule AS q ON r.kind = q.kind AND q.rule = 'rejected'
    LEFT JOIN rejected AS j ON r.kind = j.kind AND r.source = j.source AND r.batch_month = j.batch_month
        AND q.column_name = j.column_name
    WHERE r.rows > 0
    UNION ALL
    SELECT
        r.kind, r.source, r.agency, r.batch_month, r.rule, l.column_name, sum(r.number) AS rows,
        sum(CASE WHEN r.delay > l.most THEN r.number ELSE 0 END) AS affected,
        CAST(min(CASE WHEN r.so_far * 2 >= r.total THEN r.delay END) AS BIGINT) AS median_delay
    FROM reached AS r
    JOIN delay_limit AS l ON r.rule = l.rule
    GROUP BY r.kind, r.source, r.agency, r.batch_month, r.rule, l.column_name
    UNION ALL
    SELECT
        kind, '' AS source, 'all' AS agency, batch_month, 'no_delivery' AS rule, '' AS column_name, 1 AS rows,
        missed AS affected, CAST(NULL AS BIGINT) AS median_delay
    FROM delivery_gap
),
sequel AS (
    SELECT
        kind, source, agency, batch_month, rule, column_name, CAST(rows AS BIGINT) AS rows, CAST(affected AS BIGINT) AS affected,
        median_delay,
        row_number() OVER (PARTITION BY kind, source, agency, rule, column_name ORDER BY batch_month NULLS FIRST) AS place
    FROM fact
)
SELECT
    s.kind, s.source, s.agency, s.batch_month, q.dimension, s.rule, s.column_name, q.issue, s.rows, s.affected,
    CASE WHEN s.rows > 0 THEN CAST(s.affected AS DOUBLE) * 100 / s.rows END AS share_pct,
    CASE WHEN b.rows > 0 THEN CAST(b.affected AS DOUBLE) * 100 / b.rows END AS share_before_pct,
    CASE WHEN s.rows > 0 AND b.rows > 0
         THEN CAST(s.affected AS DOUBLE) * 100 / s.rows - CAST(b.affected AS DOUBLE) * 100 / b.rows END AS change_points,
    s.median_delay,
    CASE WHEN s.affected * 10000 > q.bad_bp * s.rows THEN 'bad'
         WHEN s.affected * 10000 > q.watch_bp * s.rows THEN 'watch'
         WHEN s.rule <> 'missing_column' AND b.place > 1 AND s.rows >= l.least_rows AND b.rows >= l.least_rows
              AND (s.affected * b.rows - b.affected * s.rows) * 100 >= l.worse_points * s.rows * b.rows THEN 'watch'
         ELSE 'good' END AS verdict,
    q.advice
FROM sequel AS s
JOIN quality_rule AS q ON s.kind = q.kind AND s.rule = q.rule AND s.column_name = q.column_name
CROSS JOIN quality_limit AS l
LEFT JOIN sequel AS b ON s.kind = b.kind AND s.source = b.source AND s.agency = b.agency AND s.rule = b.rule
    AND s.column_name = b.column_name AND s.place = b.place + 1
