-- Claims that are used and can hardly be right, one line per row and rule: dates out of order, ages, places, and one person
-- injured twice in a day. Cases are linked already, so a renumbered case is not twice.
WITH twice AS (
    SELECT person_key, accident_date
    FROM claim
    WHERE person_key IS NOT NULL
    GROUP BY person_key, accident_date
    HAVING count(*) > 1
),
judged AS (
    SELECT
        r.batch_month, r.file_number, r.row_number, r.enterprise_id, coalesce(r.recognition_no, r.recognition_id) AS reference,
        r.applied_on < CAST(r.accident_time AS DATE) AS is_applied_before_accident,
        r.decided_on < CAST(r.accident_time AS DATE) AS is_decided_before_accident,
        r.decided_on < r.applied_on AS is_decided_before_applied,
        r.died_on < CAST(r.accident_time AS DATE) AS is_died_before_accident,
        year(r.accident_time) - r.birth_year < l.youngest AS is_too_young,
        year(r.accident_time) - r.birth_year > l.oldest AS is_too_old,
        coalesce(r.datum, '') <> 'LOCAL-METRES'
            AND (r.lon < l.west OR r.lon > l.east OR r.lat < l.south OR r.lat > l.north) AS is_place_outside
    FROM claim_row AS r
    CROSS JOIN quality_limit AS l
    WHERE NOT r.is_future
),
hit AS (
    SELECT *
    FROM judged
    WHERE is_applied_before_accident OR is_decided_before_accident OR is_decided_before_applied OR is_died_before_accident
        OR is_too_young OR is_too_old OR is_place_outside
)
SELECT
    batch_month, file_number, row_number, enterprise_id, reference,
    'claim' AS kind, 'applied_before_accident' AS rule, 'applied_on' AS column_name
FROM hit
WHERE is_applied_before_accident
UNION ALL
SELECT
    batch_month, file_number, row_number, enterprise_id, reference,
    'claim' AS kind, 'decided_before_accident' AS rule, 'decided_on' AS column_name
FROM hit
WHERE is_decided_before_accident
UNION ALL
SELECT
    batch_month, file_number, row_number, enterprise_id, reference,
    'claim' AS kind, 'decided_before_applied' AS rule, 'decided_on' AS column_name
FROM hit
WHERE is_decided_before_applied
UNION ALL
SELECT
    batch_month, file_number, row_number, enterprise_id, reference,
    'claim' AS kind, 'died_before_accident' AS rule, 'died_on' AS column_name
FROM hit
WHERE is_died_before_accident
UNION ALL
SELECT
    batch_month, file_number, row_number, enterprise_id, reference,
    'claim' AS kind, 'too_young' AS rule, 'birth_year' AS column_name
FROM hit
WHERE is_too_young
UNION ALL
SELECT
    batch_month, file_number, row_number, enterprise_id, reference,
    'claim' AS kind, 'too_old' AS rule, 'birth_year' AS column_name
FROM hit
WHERE is_too_old
UNION ALL
SELECT
    batch_month, file_number, row_number, enterprise_id, reference,
    'claim' AS kind, 'place_outside' AS rule, 'lon' AS column_name
FROM hit
WHERE is_place_outside
UNION ALL
SELECT
    c.source_batch AS batch_month, c.source_file AS file_number, c.source_row AS row_number, c.insured_enterprise_id AS enterprise_id, coalesce(c.recognition_no, c.claim_id) AS reference,
    'claim' AS kind, 'same_person_day' AS rule, 'person_key' AS column_name
FROM claim AS c
JOIN twice AS t ON c.person_key = t.person_key AND c.accident_date = t.accident_date
