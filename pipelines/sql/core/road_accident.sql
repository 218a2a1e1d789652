-- Reports of accidents on the road as of a month, one row each: claims of the way to and from work, recognised or not, of road
-- accidents while out on an errand, injuries of platform workers, and what the traffic police list. A claim that is not recognised
-- belongs here if its clause or its narrative speaks of the way to or from work and its cause, where known, is road traffic.
WITH told AS (
    SELECT
        CASE WHEN c.is_counted AND c.clause = '14-6' THEN 'commuting'
             WHEN c.is_counted AND c.clause = '14-5' AND coalesce(c.cause_code, 'road_traffic') = 'road_traffic' THEN 'off_site'
             WHEN NOT c.is_counted AND c.clause = '14-6' THEN 'not_recognised'
             WHEN NOT c.is_counted AND c.commute_direction IS NOT NULL
                 AND coalesce(c.cause_code, 'road_traffic') = 'road_traffic' THEN 'not_recognised' END AS source,
        c.claim_id AS report_id, c.accident_date, c.accident_hour, c.accident_minute, c.accident_place, c.lon, c.lat, c.datum,
        c.is_severe OR c.is_death OR coalesce(c.severity IN ('serious', 'death'), false) AS is_severe, true AS is_injury,
        c.transport, c.commute_direction, c.sex,
        year(c.accident_date) - c.birth_year AS age,
        c.enterprise_id
    FROM claim AS c
    WHERE NOT c.is_old_injury
)
SELECT
    t.source, t.report_id, t.accident_date, t.accident_hour, t.accident_minute, t.accident_place, t.lon, t.lat, t.datum,
    t.is_severe, t.is_injury, t.transport, t.commute_direction, t.sex, t.age, t.enterprise_id,
    e.industry_2, e.region_code AS employer_region
FROM told AS t
LEFT JOIN enterprise AS e ON t.enterprise_id = e.enterprise_id
WHERE t.source IS NOT NULL
UNION ALL
SELECT
    'platform_injury' AS source, p.event_id AS report_id, p.accident_date, p.accident_hour, p.accident_minute, p.accident_place,
    p.lon, p.lat, p.datum, p.is_severe, true AS is_injury,
    CAST(NULL AS VARCHAR) AS transport, CAST(NULL AS VARCHAR) AS commute_direction, CAST(NULL AS VARCHAR) AS sex,
    CAST(NULL AS BIGINT) AS age, CAST(NULL AS VARCHAR) AS enterprise_id, CAST(NULL AS VARCHAR) AS industry_2,
    CAST(NULL AS VARCHAR) AS employer_region
FROM platform_injury AS p
WHERE NOT coalesce(p.outcome LIKE '%不%' OR p.outcome LIKE '%撤%' OR p.outcome LIKE '%终止%', false)
UNION ALL
SELECT
    'traffic_accident' AS source, a.accident_id AS report_id, a.accident_date, a.accident_hour, a.accident_minute, a.accident_place,
    a.lon, a.lat, a.datum, false AS is_severe, a.is_injury,
    CAST(NULL AS VARCHAR) AS transport, CAST(NULL AS VARCHAR) AS commute_direction, CAST(NULL AS VARCHAR) AS sex,
    CAST(NULL AS BIGINT) AS age, CAST(NULL AS VARCHAR) AS enterprise_id, CAST(NULL AS VARCHAR) AS industry_2,
    CAST(NULL AS VARCHAR) AS employer_region
FROM traffic_accident AS a
