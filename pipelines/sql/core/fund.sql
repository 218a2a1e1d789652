-- The yearly fund statements that stand as of a month.
SELECT
    r.year, coalesce(r.pool, '000000') AS pool, r.collected_yuan, r.revenue_yuan, r.benefits_yuan, r.prevention_yuan,
    r.balance_yuan, r.allotted_yuan, r.batch_month AS source_batch, r.file_number AS source_file, r.row_number AS source_row
FROM fund_row AS r JOIN newest AS n ON r.sequence = n.sequence
