-- Payments of one row of a sheet (benefits in columns of their own) lie 7,000,000 apart: see ingest/wide.py.
-- Every delivered row that could not be used: at reading, or because it speaks of a time after its batch.
SELECT f.batch_month, f.file_number, f.path, f.sheet, f.kind, r.row_number, r.rule, r.message,
    r.enterprise_id, r.reference
FROM refused_row AS r
JOIN raw_file AS f ON r.batch_month = f.batch_month AND r.file_number = f.file_number
UNION ALL
SELECT DISTINCT
    f.batch_month, f.file_number, f.path, f.sheet, f.kind,
    CASE WHEN f.kind = 'payout' THEN r.row_number % 7000000 ELSE r.row_number END AS row_number, 'future' AS rule,
    '日期晚于本批数据的截止月' AS message,
    CAST(NULL AS VARCHAR) AS enterprise_id, CAST(NULL AS VARCHAR) AS reference
FROM export_row AS r
JOIN raw_file AS f ON r.batch_month = f.batch_month AND r.file_number = f.file_number
WHERE r.is_future
