-- Staff in key posts as of a month; of each unit and role the newest count is the one that holds.
SELECT
    k.enterprise_id, k.role, k.staff_to_train, k.staff_trained, k.counted_on,
    row_number() OVER (
        PARTITION BY k.enterprise_id, k.role ORDER BY k.counted_on DESC NULLS LAST, k.sequence DESC NULLS LAST
    ) = 1 AS is_latest,
    k.marks, k.source_batch, k.source_file, k.source_row
FROM (
    SELECT
        r.sequence, coalesce(u.enterprise_id, r.said_unit) AS enterprise_id, r.role, r.staff_to_train, r.staff_trained,
        r.counted_on, r.marks, r.batch_month AS source_batch, r.file_number AS source_file, r.row_number AS source_row
    FROM key_staff_row AS r
    JOIN newest AS n ON r.sequence = n.sequence
    LEFT JOIN unit_match AS u ON r.said_unit = u.said AND u.kind = 'key_staff'
) AS k
