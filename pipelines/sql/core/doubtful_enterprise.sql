-- Rows of the list of units that are used and can hardly be right, one line per row and rule.
WITH judged AS (
    SELECT
        r.batch_month, r.file_number, r.row_number, r.enterprise_id, CAST(NULL AS VARCHAR) AS reference,
        r.staff > c.most AS is_staff_of_industry,
        r.cancelled_on < r.insured_on AS is_cancelled_before_insured,
        coalesce(r.datum, '') <> 'LOCAL-METRES'
            AND (r.lon < l.west OR r.lon > l.east OR r.lat < l.south OR r.lat > l.north) AS is_place_outside
    FROM enterprise_row AS r
    CROSS JOIN quality_limit AS l
    LEFT JOIN enterprise AS e ON r.enterprise_id = e.enterprise_id
    LEFT JOIN heads_ceiling AS c ON coalesce(e.industry_2, '') = c.industry_2
    WHERE NOT r.is_future
),
hit AS (SELECT * FROM judged WHERE is_staff_of_industry OR is_cancelled_before_insured OR is_place_outside)
SELECT
    batch_month, file_number, row_number, enterprise_id, reference,
    'enterprise' AS kind, 'staff_of_industry' AS rule, 'staff' AS column_name
FROM hit
WHERE is_staff_of_industry
UNION ALL
SELECT
    batch_month, file_number, row_number, enterprise_id, reference,
    'enterprise' AS kind, 'cancelled_before_insured' AS rule, 'cancelled_on' AS column_name
FROM hit
WHERE is_cancelled_before_insured
UNION ALL
SELECT
    batch_month, file_number, row_number, enterprise_id, reference,
    'enterprise' AS kind, 'place_outside' AS rule, 'lon' AS column_name
FROM hit
WHERE is_place_outside
