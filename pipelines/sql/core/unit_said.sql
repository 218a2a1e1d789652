-- What the rows known as of a month call their units, where that is no number of the list of units; and how often.
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
) AS s
LEFT JOIN enterprise AS e ON s.said = e.enterprise_id
WHERE e.enterprise_id IS NULL
