-- Which enterprises other departments have listed; without a unit number the credit code finds the unit (the smallest
-- number, where one code has several).
SELECT
    coalesce(r.enterprise_id, e.enterprise_id) AS enterprise_id, r.uscc, r.category, r.department, r.listed_on,
    r.batch_month AS source_batch, r.file_number AS source_file, r.row_number AS source_row
FROM designation_row AS r
JOIN newest AS n ON r.sequence = n.sequence
LEFT JOIN (
    SELECT uscc, min(enterprise_id) AS enterprise_id FROM enterprise WHERE uscc IS NOT NULL GROUP BY uscc
) AS e ON r.uscc = e.uscc
