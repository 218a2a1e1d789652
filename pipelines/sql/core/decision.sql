-- What the joint meeting decided as of a month; of each year and unit the newest word holds.
SELECT
    d.year, d.enterprise_id, d.is_selected, d.reason, d.opinion, d.listed_as,
    row_number() OVER (PARTITION BY d.year, d.enterprise_id ORDER BY d.sequence DESC NULLS LAST) = 1 AS is_latest,
    d.marks, d.source_batch, d.source_file, d.source_row
FROM (
    SELECT
        r.sequence, r.year, coalesce(u.enterprise_id, r.said_unit) AS enterprise_id, r.is_selected, r.reason,
        r.opinion, r.listed_as, r.marks, r.batch_month AS source_batch, r.file_number AS source_file, r.row_number AS source_row
    FROM decision_row AS r
    JOIN newest AS n ON r.sequence = n.sequence
    LEFT JOIN unit_match AS u ON r.said_unit = u.said AND u.kind = 'decision'
) AS d
