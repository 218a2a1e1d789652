-- The units as last delivered, with their industry placed in the tree and street and park read from the address where they lack.
SELECT
    r.enterprise_id, r.uscc, r.enterprise_name, r.industry_code, i.industry_1, i.industry_2, i.industry_3, i.industry_4,
    i.industry_1 IS NOT NULL AS is_industry_known, r.risk_class, r.region_code, r.agency,
    coalesce(r.street, w.alias_street, a.alias_street, w.pattern_street, a.pattern_street) AS street,
    CASE WHEN r.street IS NOT NULL THEN 'given'
         WHEN coalesce(w.alias_street, a.alias_street) IS NOT NULL THEN 'alias'
         WHEN coalesce(w.pattern_street, a.pattern_street) IS NOT NULL THEN 'pattern' END AS street_source,
    coalesce(r.park, w.alias_park, a.alias_park, w.pattern_park, a.pattern_park) AS park,
    CASE WHEN r.park IS NOT NULL THEN 'given'
         WHEN coalesce(w.alias_park, a.alias_park) IS NOT NULL THEN 'alias'
         WHEN coalesce(w.pattern_park, a.pattern_park) IS NOT NULL THEN 'pattern' END AS park_source,
    r.group_name,
    r.unit_type, r.employment, r.status, r.insured_on, r.cancelled_on, r.staff, r.dispatched, r.revenue_10k_yuan,
    r.lon, r.lat, r.datum, r.marks, r.batch_month AS source_batch, r.file_number AS source_file, r.row_number AS source_row
FROM enterprise_row AS r
JOIN newest AS n ON r.sequence = n.sequence
LEFT JOIN industry AS i ON r.industry_code = i.delivered_code
LEFT JOIN area AS w ON r.work_address = w.address AND coalesce(r.region_code, '') = w.region_code
LEFT JOIN area AS a ON r.address = a.address AND coalesce(r.region_code, '') = a.region_code
