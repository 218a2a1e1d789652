-- Every delivered row that is used although something in it is doubtful: a value that could not be read and was emptied, or
-- one that can hardly be right. One line per row, rule and column; never a value. What has been confirmed (属实) is no doubt.
WITH doubt AS (
    SELECT DISTINCT
        r.batch_month, r.file_number, CASE WHEN r.kind = 'payout' THEN r.row_number % 7000000 ELSE r.row_number END AS row_number,
        r.enterprise_id, r.recognition_no AS reference, r.kind,
        'unreadable' AS rule, p.column_name
    FROM export_row AS r
    JOIN column_place AS p ON r.kind = p.kind AND concat(',', r.marks, ',') LIKE concat('%,', p.column_name, ',%')
    WHERE r.marks IS NOT NULL AND NOT r.is_future
    UNION ALL
    SELECT batch_month, file_number, row_number, enterprise_id, reference, kind, rule, column_name FROM doubtful_enterprise
    UNION ALL
    SELECT batch_month, file_number, row_number, enterprise_id, reference, kind, rule, column_name FROM doubtful_premium
    UNION ALL
    SELECT batch_month, file_number, row_number, enterprise_id, reference, kind, rule, column_name FROM doubtful_claim
    UNION ALL
    SELECT batch_month, file_number, row_number, enterprise_id, reference, kind, rule, column_name FROM doubtful_payout
    UNION ALL
    SELECT batch_month, file_number, row_number, enterprise_id, reference, kind, rule, column_name FROM doubtful_decision
),
confirmed AS (
    SELECT DISTINCT target_path, coalesce(target_sheet, '') AS target_sheet, target_row, column_title
    FROM correction
    WHERE action = 'confirmed' AND status = 'applied'
)
SELECT
    d.batch_month, d.file_number, f.path, f.sheet, d.kind, d.row_number, d.rule, d.column_name, q.issue AS message,
    d.enterprise_id, coalesce(e.agency, 'unknown') AS agency, d.reference
FROM doubt AS d
JOIN raw_file AS f ON d.batch_month = f.batch_month AND d.file_number = f.file_number
JOIN quality_rule AS q ON d.kind = q.kind AND d.rule = q.rule AND d.column_name = q.column_name
LEFT JOIN enterprise AS e ON d.enterprise_id = e.enterprise_id
LEFT JOIN column_place AS t ON d.kind = t.kind AND d.column_name = t.column_name
LEFT JOIN confirmed AS c
    ON f.path = c.target_path AND coalesce(f.sheet, '') = c.target_sheet AND d.row_number = c.target_row
    AND t.title = c.column_title
WHERE c.target_path IS NULL
