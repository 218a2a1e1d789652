-- The distinct addresses, with their region, of the units that were delivered without a street or without a park.
SELECT address, region_code
FROM (
    SELECT r.work_address AS address, coalesce(r.region_code, '') AS region_code
    FROM enterprise_row AS r JOIN newest AS n ON r.sequence = n.sequence
    WHERE r.street IS NULL OR r.park IS NULL
    UNION ALL
    SELECT r.address, coalesce(r.region_code, '') AS region_code
    FROM enterprise_row AS r JOIN newest AS n ON r.sequence = n.sequence
    WHERE r.street IS NULL OR r.park IS NULL
) AS said
WHERE address IS NOT NULL
GROUP BY address, region_code
