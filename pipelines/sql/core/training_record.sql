-- Who was trained in which programme as of a month, with the hours of all three forms together.
SELECT
    r.programme_id, coalesce(u.enterprise_id, r.said_unit) AS enterprise_id, r.person_key, r.role,
    r.online_hours, r.offline_hours, r.practice_hours,
    coalesce(r.online_hours, 0) + coalesce(r.offline_hours, 0) + coalesce(r.practice_hours, 0) AS total_hours,
    r.exam_result,
    CASE WHEN r.exam_result IN ('不合格', '不及格', '未通过', '不通过', '否') THEN false
         WHEN r.exam_result IN ('合格', '及格', '通过', '良好', '优秀', '是') THEN true END AS is_passed,
    p.programme_id IS NOT NULL AS has_programme, p.year, r.marks,
    r.batch_month AS source_batch, r.file_number AS source_file, r.row_number AS source_row
FROM training_record_row AS r
JOIN newest AS n ON r.sequence = n.sequence
LEFT JOIN unit_match AS u ON r.said_unit = u.said AND u.kind = 'training_record'
LEFT JOIN (
    SELECT programme_id, max(year) AS year FROM programme GROUP BY programme_id
) AS p ON r.programme_id = p.programme_id
