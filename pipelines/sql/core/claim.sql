-- One row per case as of a month: its newest record, with the latest appraisal of any number that the case has had. A unit that
-- no list knows stands under what it was called.
WITH current_row AS (
    SELECT claim_id, max(sequence) AS sequence FROM claim_link GROUP BY claim_id
),
earlier_number AS (
    SELECT claim_id, arg_max(recognition_no, sequence) AS recognition_no
    FROM claim_link
    WHERE recognition_no IS NOT NULL AND claim_id IN (SELECT claim_id FROM claim_link WHERE recognition_no IS NULL)
    GROUP BY claim_id
),
number AS (
    SELECT DISTINCT claim_id, recognition_no
    FROM claim_link
    WHERE recognition_no IN (SELECT recognition_no FROM appraisal)
),
graded AS (
    SELECT claim_id, grade, care
    FROM (
        SELECT
            n.claim_id, a.grade, a.care,
            row_number() OVER (
                PARTITION BY n.claim_id
                ORDER BY a.concluded_on DESC NULLS LAST, a.source_batch DESC NULLS LAST, a.source_file DESC NULLS LAST,
                         a.source_row DESC NULLS LAST
            ) AS age
        FROM appraisal AS a JOIN number AS n ON a.recognition_no = n.recognition_no
        WHERE a.is_latest
    ) AS ordered
    WHERE age = 1
),
unit AS (
    SELECT said, enterprise_id FROM unit_match WHERE kind = 'claim' AND enterprise_id IS NOT NULL
)
SELECT
    c.claim_id, coalesce(r.recognition_no, w.recognition_no) AS recognition_no,
    coalesce(h.enterprise_id, r.host_enterprise_id, r.host_enterprise_name, i.enterprise_id, r.said_unit) AS enterprise_id,
    coalesce(i.enterprise_id, r.said_unit) AS insured_enterprise_id,
    coalesce(coalesce(h.enterprise_id, r.host_enterprise_id, r.host_enterprise_name) <> coalesce(i.enterprise_id, r.said_unit), false)
        AS is_dispatched,
    r.person_key, r.sex, r.birth_year, r.occupation, r.post_group,
    CAST(r.accident_time AS DATE) AS accident_date,
    year(r.accident_time) * 100 + month(r.accident_time) AS accident_month,
    CASE WHEN hour(r.accident_time) * 60 + minute(r.accident_time) > 0 THEN hour(r.accident_time) END AS accident_hour,
    CASE WHEN hour(r.accident_time) * 60 + minute(r.accident_time) > 0 THEN minute(r.accident_time) END AS accident_minute,
    r.accident_place, r.lon, r.lat, r.datum, coalesce(r.transport, r.transport_told) AS transport,
    CASE WHEN r.transport IS NOT NULL THEN 'given' WHEN r.transport_told IS NOT NULL THEN 'narrative' END AS transport_source,
    r.commute_direction, r.liability, r.counterpart, r.is_third_party,
    r.reported_on, r.applied_on, r.accepted_on, r.decided_on, coalesce(r.conclusion, 'pending') AS conclusion,
    coalesce(r.conclusion IN ('recognised', 'deemed'), false) AS is_counted,
    r.clause,
    CASE WHEN r.clause IN ('14-1', '14-2', '14-3') THEN 'production'
         WHEN r.clause = '14-4' THEN 'occupational_disease'
         WHEN r.clause = '14-5' THEN 'off_site'
         WHEN r.clause = '14-6' THEN 'commuting'
         WHEN r.clause = '15-1' THEN 'sudden_death'
         WHEN r.clause IS NOT NULL THEN 'other' END AS clause_group,
    r.accident_type,
    CASE WHEN r.cause_listed = '20' AND r.cause_told IN ('slip', 'strain', 'violence', 'sudden_illness') THEN r.cause_told
         WHEN r.cause_listed = '02' AND r.cause_told = 'road_traffic' THEN r.cause_told
         ELSE coalesce(r.cause_listed, r.cause_told) END AS cause_code,
    CASE WHEN r.cause_listed = '20' AND r.cause_told IN ('slip', 'strain', 'violence', 'sudden_illness') THEN 'narrative'
         WHEN r.cause_listed = '02' AND r.cause_told = 'road_traffic' THEN 'narrative'
         WHEN r.cause_listed IS NOT NULL THEN 'given'
         WHEN r.cause_told IS NOT NULL THEN 'narrative' END AS cause_source,
    r.activity_code, r.body_part, r.body_part_code, r.severity, r.died_on, r.disease,
    coalesce(r.is_project, false) AS is_project, coalesce(r.is_old_injury, false) AS is_old_injury,
    g.grade, g.care, coalesce(g.grade <= 4, false) AS is_severe,
    r.died_on IS NOT NULL OR coalesce(r.severity = 'death', false) OR coalesce(r.clause = '15-1', false) AS is_death,
    r.narrative_rules, r.marks, r.batch_month AS source_batch, r.file_number AS source_file, r.row_number AS source_row
FROM claim_row AS r
LEFT JOIN unit AS i ON r.said_unit = i.said
LEFT JOIN unit AS h ON coalesce(r.host_enterprise_id, r.host_enterprise_name) = h.said
LEFT JOIN current_row AS c ON r.sequence = c.sequence
LEFT JOIN earlier_number AS w ON c.claim_id = w.claim_id
LEFT JOIN graded AS g ON c.claim_id = g.claim_id
WHERE r.sequence IN (SELECT sequence FROM current_row)
