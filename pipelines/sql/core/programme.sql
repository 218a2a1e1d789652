-- The bureau's prevention programmes as of a month, with what was planned, done, paid and deducted.
SELECT
    r.programme_id, r.programme_name, coalesce(u.enterprise_id, r.said_unit) AS enterprise_id,
    coalesce(r.year, year(r.started_on), year(r.completed_on)) AS year, r.provider, r.started_on, r.completed_on,
    coalesce(year(r.completed_on) * 100 + month(r.completed_on) <= $as_of, false) AS is_completed,
    r.planned_persons, r.actual_persons, r.planned_sessions, r.actual_sessions, r.planned_hours, r.actual_hours,
    r.contract_yuan, r.prepaid_yuan, r.balance_yuan, r.deducted_yuan, r.acceptance, r.marks,
    r.batch_month AS source_batch, r.file_number AS source_file, r.row_number AS source_row
FROM programme_row AS r
JOIN newest AS n ON r.sequence = n.sequence
LEFT JOIN unit_match AS u ON r.said_unit = u.said AND u.kind = 'programme'
