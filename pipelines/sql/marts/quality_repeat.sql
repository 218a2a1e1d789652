-- Rows that repeat another of the same batch: the same number, or for rows without one every column. Normal premium rows are
-- the same by unit and period, looked for only in the months in which that can happen (contested_batch).
WITH identified AS (
    SELECT kind, batch_month, file_number, enterprise_id, identity, sequence
    FROM export_row
    WHERE identity IS NOT NULL AND NOT is_future
    UNION ALL
    SELECT
        'premium' AS kind, p.batch_month, p.file_number, p.enterprise_id,
        concat(p.enterprise_id, ' ', CAST(p.period AS VARCHAR)) AS identity, p.sequence
    FROM premium_row AS p
    JOIN contested_batch AS c ON p.batch_month = c.batch_month AND p.period = c.period
    WHERE NOT p.is_keyless AND NOT p.is_future
),
repeated AS (
    SELECT kind, batch_month, identity, min(sequence) AS first_sequence
    FROM identified
    GROUP BY kind, batch_month, identity
    HAVING count(*) > 1
)
SELECT i.kind, i.batch_month, i.file_number, coalesce(e.agency, 'unknown') AS agency, count(*) AS number
FROM identified AS i
JOIN repeated AS r ON i.kind = r.kind AND i.batch_month = r.batch_month AND i.identity = r.identity
LEFT JOIN enterprise AS e ON i.enterprise_id = e.enterprise_id
WHERE i.sequence > r.first_sequence
GROUP BY i.kind, i.batch_month, i.file_number, coalesce(e.agency, 'unknown')
