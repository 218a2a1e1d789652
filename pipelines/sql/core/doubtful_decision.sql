-- Decisions that can hardly be meant: a unit that is answered yes and no in one file, one that the list of units does not have,
-- one whose hidden cell does not say any more which list it was on.
WITH said AS (
    SELECT
        r.batch_month, r.file_number, r.row_number, r.year, coalesce(u.enterprise_id, r.said_unit) AS unit, r.enterprise_id,
        r.is_selected
    FROM decision_row AS r
    LEFT JOIN unit_match AS u ON r.said_unit = u.said AND u.kind = 'decision'
    WHERE NOT r.is_future
),
contrary AS (
    SELECT batch_month, file_number, year, unit
    FROM said
    GROUP BY batch_month, file_number, year, unit
    HAVING min(CASE WHEN is_selected THEN 1 ELSE 0 END) < max(CASE WHEN is_selected THEN 1 ELSE 0 END)
)
SELECT
    s.batch_month, s.file_number, s.row_number, s.enterprise_id, CAST(NULL AS VARCHAR) AS reference, 'decision' AS kind,
    'contrary' AS rule, 'is_selected' AS column_name
FROM said AS s
JOIN contrary AS c ON s.batch_month = c.batch_month AND s.file_number = c.file_number AND s.year = c.year
    AND s.unit = c.unit
UNION ALL
SELECT
    s.batch_month, s.file_number, s.row_number, s.enterprise_id, CAST(NULL AS VARCHAR) AS reference, 'decision' AS kind,
    'decided_unknown' AS rule, 'enterprise_id' AS column_name
FROM said AS s
LEFT JOIN enterprise AS e ON s.unit = e.enterprise_id
WHERE e.enterprise_id IS NULL
UNION ALL
SELECT
    r.batch_month, r.file_number, r.row_number, r.enterprise_id, CAST(NULL AS VARCHAR) AS reference, 'decision' AS kind,
    'list_unclear' AS rule, 'listed_as' AS column_name
FROM decision_row AS r
WHERE NOT r.is_future AND r.listed_as IS NOT NULL AND r.listed_as NOT LIKE '%/%/%/%'
