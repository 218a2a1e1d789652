-- What the rows known as of a month call their units, where that is no number of the list of units; and how often. Premium rows
-- are counted whenever they were known: looking at their dates would cost as much again, and only says how often.
SELECT s.kind, s.said, s.number AS rows
FROM (
    SELECT kind, said, count(*) AS number
    FROM (
        SELECT kind, said_unit AS said
        FROM export_row
        WHERE known_month <= $as_of AND NOT is_future AND said_unit IS NOT NULL
        UNION ALL
        SELECT kind, coalesce(host_enterprise_id, host_enterprise_name) AS said
        FROM claim_row
        WHERE known_month <= $as_of AND NOT is_future AND coalesce(host_enterprise_id, host_enterprise_name) IS NOT NULL
        UNION ALL
        SELECT kind, coalesce(host_enterprise_id, host_enterprise_name) AS said
        FROM incident_row
        WHERE known_month <= $as_of AND NOT is_future AND coalesce(host_enterprise_id, host_enterprise_name) IS NOT NULL
    ) AS named
    GROUP BY kind, said
    UNION ALL
    SELECT 'premium' AS kind, enterprise_id AS said, count(*) AS number
    FROM premium_row
    WHERE enterprise_id IS NOT NULL
    GROUP BY enterprise_id
    UNION ALL
    SELECT 'premium' AS kind, said_unit AS said, count(*) AS number
    FROM premium_row
    WHERE enterprise_id IS NULL
    GROUP BY said_unit
) AS s
LEFT JOIN enterprise AS e ON s.said = e.enterprise_id
WHERE e.enterprise_id IS NULL
