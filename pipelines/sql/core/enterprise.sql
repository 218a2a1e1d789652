-- The units as last delivered, with their industry placed in the tree.
SELECT
    r.enterprise_id, r.uscc, r.enterprise_name, r.industry_code, i.industry_1, i.industry_2, i.industry_3, i.industry_4,
    i.industry_1 IS NOT NULL AS is_industry_known, r.risk_class, r.region_code, r.agency, r.street, r.park, r.group_name,
    r.unit_type, r.employment, r.status, r.insured_on, r.cancelled_on, r.staff, r.dispatched, r.revenue_10k_yuan,
    r.lon, r.lat, r.datum, r.marks, r.batch_month AS source_batch, r.file_number AS source_file, r.row_number AS source_row
FROM enterprise_row AS r
JOIN newest AS n ON r.sequence = n.sequence
LEFT JOIN industry AS i ON r.industry_code = i.delivered_code
