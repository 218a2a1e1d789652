-- Rows that repeat another of the same batch: the same number, or for rows without one every column. Normal premium rows are
-- the same by unit and period, looked for only in the months in which that can happen (contested_batch).
WITH counted AS (
    SELECT
        kind, batch_month, file_number, enterprise_id,
        row_number() OVER (PARTITION BY kind, batch_month, identity ORDER BY sequence NULLS FIRST) AS occurrence
    FROM export_row
    WHERE identity IS NOT NULL AND NOT is_future
    UNION ALL
    SELECT
        'premium' AS kind, p.batch_month, p.file_number, p.enterprise_id,
        row_number() OVER (PARTITION BY p.batch_month, p.enterprise_id, p.period ORDER BY p.sequence NULLS FIRST) AS occurrence
    FROM premium_row AS p
    JOIN contested_batch AS c ON p.batch_month = c.batch_month AND p.period = c.period
    WHERE NOT p.is_keyless AND NOT p.is_future
)
SELECT n.kind, n.batch_month, n.file_number, coalesce(e.agency, 'unknown') AS agency, count(*) AS number
FROM counted AS n
LEFT JOIN enterprise AS e ON n.enterprise_id = e.enterprise_id
WHERE n.occurrence > 1
GROUP BY n.kind, n.batch_month, n.file_number, coalesce(e.agency, 'unknown')
