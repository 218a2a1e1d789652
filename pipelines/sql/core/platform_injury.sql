-- Occupational injuries of platform workers as of a month.
SELECT
    r.event_id, r.platform,
    CAST(r.accident_time AS DATE) AS accident_date,
    year(r.accident_time) * 100 + month(r.accident_time) AS accident_month,
    CASE WHEN hour(r.accident_time) * 60 + minute(r.accident_time) > 0 THEN hour(r.accident_time) END AS accident_hour,
    CASE WHEN hour(r.accident_time) * 60 + minute(r.accident_time) > 0 THEN minute(r.accident_time) END AS accident_minute,
    r.accident_place, r.lon, r.lat, r.datum, r.outcome, r.grade, coalesce(r.grade <= 4, false) AS is_severe, r.amount_yuan,
    r.marks, r.batch_month AS source_batch, r.file_number AS source_file, r.row_number AS source_row
FROM platform_injury_row AS r
JOIN newest AS n ON r.sequence = n.sequence
