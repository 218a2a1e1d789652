-- Units that are open, with where they are and about how many they insure.
SELECT
    e.enterprise_id, e.enterprise_name, e.lon, e.lat, e.datum,
    o.person_years_ahead AS heads
FROM enterprise AS e
LEFT JOIN enterprise_outlook AS o ON e.enterprise_id = o.enterprise_id
WHERE e.cancelled_on IS NULL AND NOT coalesce(e.status = 'cancelled', false)
