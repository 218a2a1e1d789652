-- The places that hot spots are named after, as of a month.
SELECT
    r.landmark_name, r.landmark_kind, r.region_code, r.lon, r.lat, r.datum, r.radius_m, r.marks,
    r.batch_month AS source_batch, r.file_number AS source_file, r.row_number AS source_row
FROM landmark_row AS r
JOIN newest AS n ON r.sequence = n.sequence
