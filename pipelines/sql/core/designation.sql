-- Which enterprises other departments have listed; what is no number of a unit is looked up in unit_match.
SELECT
    coalesce(u.enterprise_id, r.enterprise_id) AS enterprise_id, r.uscc, r.enterprise_name, r.category, r.department, r.listed_on,
    r.batch_month AS source_batch, r.file_number AS source_file, r.row_number AS source_row
FROM designation_row AS r
JOIN newest AS n ON r.sequence = n.sequence
LEFT JOIN unit_match AS u ON r.said_unit = u.said AND u.kind = 'designation'
