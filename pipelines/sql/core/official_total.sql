-- The figures of the yearly report that stand as of a month, with the indicator that the product computes itself where it knows one.
SELECT
    r.year, coalesce(r.indicator, '') AS indicator, coalesce(r.definition, '') AS definition, r.figure,
    i.code AS indicator_code, i.factor, r.marks,
    r.batch_month AS source_batch, r.file_number AS source_file, r.row_number AS source_row
FROM official_total_row AS r
JOIN newest AS n ON r.sequence = n.sequence
LEFT JOIN indicator AS i ON r.indicator = i.name
