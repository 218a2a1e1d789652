-- How many used rows of each file and agency have which columns empty and were paid how many months late. Rows without a unit
-- of their own are those of the unit of their case.
WITH case_unit AS (
    SELECT recognition_no, max(insured_enterprise_id) AS enterprise_id
    FROM claim
    WHERE recognition_no IS NOT NULL
    GROUP BY recognition_no
),
placed AS (
    SELECT kind, batch_month, file_number, gaps, months_late, enterprise_id
    FROM export_row
    WHERE NOT is_future AND (enterprise_id IS NOT NULL OR recognition_no IS NULL)
    UNION ALL
    SELECT r.kind, r.batch_month, r.file_number, r.gaps, r.months_late, c.enterprise_id
    FROM export_row AS r
    LEFT JOIN case_unit AS c ON r.recognition_no = c.recognition_no AND r.kind <> 'claim'
    WHERE NOT r.is_future AND r.enterprise_id IS NULL AND r.recognition_no IS NOT NULL
)
SELECT
    p.kind, p.batch_month, p.file_number, coalesce(e.agency, 'unknown') AS agency,
    p.enterprise_id IS NOT NULL AND e.enterprise_id IS NULL AS is_unknown_unit, p.gaps, p.months_late, count(*) AS number
FROM placed AS p
LEFT JOIN enterprise AS e ON p.enterprise_id = e.enterprise_id
GROUP BY
    p.kind, p.batch_month, p.file_number, coalesce(e.agency, 'unknown'),
    p.enterprise_id IS NOT NULL AND e.enterprise_id IS NULL, p.gaps, p.months_late
