-- The accidents reported by units as of a month; a recognised or pending case of the same unit and day is likely the same accident.
WITH unit AS (
    SELECT said, enterprise_id FROM unit_match WHERE kind = 'incident' AND enterprise_id IS NOT NULL
),
case_of_day AS (
    SELECT DISTINCT enterprise_id, accident_date FROM claim WHERE enterprise_id IS NOT NULL
)
SELECT
    r.incident_id, coalesce(h.enterprise_id, r.host_enterprise_id, r.host_enterprise_name, i.enterprise_id, r.said_unit) AS enterprise_id,
    coalesce(i.enterprise_id, r.said_unit) AS insured_enterprise_id,
    coalesce(coalesce(h.enterprise_id, r.host_enterprise_id, r.host_enterprise_name) <> coalesce(i.enterprise_id, r.said_unit), false)
        AS is_dispatched,
    CAST(r.accident_time AS DATE) AS accident_date,
    year(r.accident_time) * 100 + month(r.accident_time) AS accident_month,
    CASE WHEN hour(r.accident_time) * 60 + minute(r.accident_time) > 0 THEN hour(r.accident_time) END AS accident_hour,
    CASE WHEN hour(r.accident_time) * 60 + minute(r.accident_time) > 0 THEN minute(r.accident_time) END AS accident_minute,
    r.reported_on, r.is_production, c.enterprise_id IS NOT NULL AS has_claim, r.marks,
    r.batch_month AS source_batch, r.file_number AS source_file, r.row_number AS source_row
FROM incident_row AS r
JOIN newest AS n ON r.sequence = n.sequence
LEFT JOIN unit AS i ON r.said_unit = i.said
LEFT JOIN unit AS h ON coalesce(r.host_enterprise_id, r.host_enterprise_name) = h.said
LEFT JOIN case_of_day AS c
    ON coalesce(h.enterprise_id, r.host_enterprise_id, r.host_enterprise_name, i.enterprise_id, r.said_unit) = c.enterprise_id
    AND CAST(r.accident_time AS DATE) = c.accident_date
