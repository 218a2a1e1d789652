-- Received = accepted + rejected + superseded + not yet known, in rows and yuan, for every file.
WITH standing AS (
    SELECT r.batch_month, r.file_number, count(*) AS number, sum(r.amount) AS amount
    FROM export_row AS r JOIN newest AS n ON r.kind = n.kind AND r.sequence = n.sequence
    GROUP BY r.batch_month, r.file_number
    UNION ALL
    SELECT batch_month, file_number, count(*) AS number, sum(paid_yuan) AS amount
    FROM newest_premium
    WHERE payment_kind = 'normal'
    GROUP BY batch_month, file_number
    UNION ALL
    SELECT source_batch AS batch_month, source_file AS file_number, count(*) AS number, CAST(NULL AS DECIMAL(18, 2)) AS amount
    FROM claim
    WHERE claim_id NOT LIKE 'ROW-%'
    GROUP BY source_batch, source_file
),
stands AS (
    SELECT batch_month, file_number, sum(number) AS number, sum(amount) AS amount
    FROM standing
    GROUP BY batch_month, file_number
),
future AS (
    SELECT batch_month, file_number, count(*) AS number, sum(amount) AS amount
    FROM export_row
    WHERE is_future
    GROUP BY batch_month, file_number
),
later AS (
    SELECT batch_month, file_number, count(*) AS number, sum(amount) AS amount
    FROM export_row
    WHERE batch_month > $as_of AND known_month > $as_of AND NOT is_future
    GROUP BY batch_month, file_number
),
vanished AS (
    SELECT kind, count(*) AS number
    FROM (
        SELECT kind, identity
        FROM snapshot_row
        WHERE NOT is_future AND identity IS NOT NULL
        GROUP BY kind, identity
        HAVING count(CASE WHEN is_newest_batch THEN 1 END) = 0
    ) AS gone
    GROUP BY kind
),
vanished_from AS (
    SELECT s.kind, min(s.file_number) AS file_number, max(s.batch_month) AS batch_month
    FROM snapshot_row AS s
    WHERE s.is_newest_batch
    GROUP BY s.kind
)
SELECT
    f.batch_month, f.file_number, f.path, f.sheet, f.kind, f.rows AS rows_received,
    coalesce(s.number, 0) AS rows_accepted,
    f.rows_rejected + coalesce(u.number, 0) AS rows_rejected,
    f.rows_accepted - coalesce(u.number, 0) - coalesce(l.number, 0) - coalesce(s.number, 0) AS rows_superseded,
    coalesce(l.number, 0) AS rows_later,
    f.amount_accepted + f.amount_rejected AS amount_received,
    CASE WHEN f.amount_accepted IS NOT NULL THEN coalesce(s.amount, 0) END AS amount_accepted,
    f.amount_rejected + coalesce(u.amount, 0) AS amount_rejected,
    f.amount_accepted - coalesce(u.amount, 0) - coalesce(l.amount, 0) - coalesce(s.amount, 0) AS amount_superseded,
    CASE WHEN f.amount_accepted IS NOT NULL THEN coalesce(l.amount, 0) END AS amount_later,
    CASE WHEN v.kind IS NOT NULL THEN coalesce(g.number, 0) END AS rows_vanished
FROM raw_file AS f
LEFT JOIN stands AS s ON f.batch_month = s.batch_month AND f.file_number = s.file_number
LEFT JOIN future AS u ON f.batch_month = u.batch_month AND f.file_number = u.file_number
LEFT JOIN later AS l ON f.batch_month = l.batch_month AND f.file_number = l.file_number
LEFT JOIN vanished_from AS v ON f.kind = v.kind AND f.batch_month = v.batch_month AND f.file_number = v.file_number
LEFT JOIN vanished AS g ON v.kind = g.kind
WHERE f.status = 'accepted'
