-- Building projects as of a month: whether they are insured and whether they are still being built.
SELECT
    r.project_id, r.project_name, coalesce(u.enterprise_id, r.said_unit) AS enterprise_id, r.project_kind, r.cost_yuan,
    r.started_on, r.completed_on, r.insured_on, r.premium_yuan,
    CASE WHEN r.insured_on IS NOT NULL OR r.premium_yuan > 0 THEN true WHEN r.cost_yuan > 0 THEN false END AS is_insured,
    coalesce(year(r.started_on) * 100 + month(r.started_on) <= $as_of, false)
        AND coalesce(year(r.completed_on) * 100 + month(r.completed_on) > $as_of, true) AS is_under_construction,
    r.region_code, r.lon, r.lat, r.datum, r.marks,
    r.batch_month AS source_batch, r.file_number AS source_file, r.row_number AS source_row
FROM project_site_row AS r
JOIN newest AS n ON r.sequence = n.sequence
LEFT JOIN unit_match AS u ON r.said_unit = u.said AND u.kind = 'project_site'
