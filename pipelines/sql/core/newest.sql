-- Which rows stand as of a month, for kinds that identify their rows by one value: per key the newest; rows without a key
-- are one row when equal in every column, taken as often as the batch that holds it most often.
SELECT kind, max(sequence) AS sequence
FROM (
    SELECT
        kind, identity, sequence,
        CASE WHEN is_keyless
             THEN row_number() OVER (PARTITION BY kind, identity, batch_month ORDER BY sequence NULLS FIRST) ELSE 0
        END AS occurrence
    FROM export_row
    WHERE known_month <= $as_of AND NOT is_future AND identity IS NOT NULL AND (kind <> 'claim' OR is_keyless)
) AS counted
GROUP BY kind, identity, occurrence
