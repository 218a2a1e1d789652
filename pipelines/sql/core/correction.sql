-- What the analysts have corrected and what came of it.
WITH target AS (
    SELECT DISTINCT path, coalesce(sheet, '') AS sheet, content, status, batch_month, file_number FROM raw_file
)
SELECT
    c.batch_month, c.path, c.entry, c.target_path, c.target_sheet, c.kind, c.column_title, c.target_row, c.action, c.rule,
    c.reason, c.corrected_on, c.expected,
    CASE WHEN t.path IS NULL THEN 'file_missing'
         WHEN t.content NOT LIKE concat(c.target_content, '%') THEN 'file_changed'
         WHEN t.status <> 'accepted' THEN 'unusable'
         WHEN r.row_number IS NOT NULL AND c.action <> 'void' THEN 'still_rejected'
         ELSE 'applied' END AS status
FROM correction_entry AS c
LEFT JOIN target AS t ON c.target_path = t.path AND c.target_sheet = t.sheet
LEFT JOIN rejected_row AS r
    ON t.batch_month = r.batch_month AND t.file_number = r.file_number AND c.target_row = r.row_number
