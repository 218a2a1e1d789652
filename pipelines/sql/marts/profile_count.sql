-- How many cases that count have which value of each circumstance ('' = not known): of each wanted unit, of its division, of its
-- section, of the whole city. The day of an occupational disease is that of its diagnosis, so its hour says nothing.
WITH told AS (
    SELECT
        coalesce(w.enterprise_id, '') AS unit, coalesce(e.industry_2, '') AS division, coalesce(e.industry_1, '') AS section,
        coalesce(t.clause_group, '') AS clause_group, coalesce(c.cause_code, '') AS cause,
        coalesce(c.body_part_code, '') AS body_part, coalesce(c.post_group, '') AS post_group,
        CASE WHEN c.clause = '14-4' OR c.accident_hour IS NULL THEN ''
             ELSE substr(CAST(100 + c.accident_hour // 2 * 2 AS VARCHAR), 2, 2) END AS hour
    FROM timed_claim AS t
    JOIN claim AS c ON t.claim_id = c.claim_id
    LEFT JOIN wanted AS w ON t.enterprise_id = w.enterprise_id
    LEFT JOIN enterprise AS e ON t.enterprise_id = e.enterprise_id
    WHERE t.event_month BETWEEN $first_month AND $as_of
),
spread AS (
    SELECT unit, division, section, 'clause_group' AS dimension, clause_group AS value FROM told
    UNION ALL
    SELECT unit, division, section, 'cause' AS dimension, cause AS value FROM told
    UNION ALL
    SELECT unit, division, section, 'body_part' AS dimension, body_part AS value FROM told
    UNION ALL
    SELECT unit, division, section, 'post_group' AS dimension, post_group AS value FROM told
    UNION ALL
    SELECT unit, division, section, 'hour' AS dimension, hour AS value FROM told
)
SELECT
    CASE WHEN unit IS NOT NULL THEN 'unit' WHEN division IS NOT NULL THEN 'division' WHEN section IS NOT NULL THEN 'section'
         ELSE 'all' END AS scope_kind,
    coalesce(unit, division, section, 'all') AS scope, dimension, value, count(*) AS observed_cases
FROM spread
WHERE value <> ''
GROUP BY GROUPING SETS ((unit, dimension, value), (division, dimension, value), (section, dimension, value), (dimension, value))
