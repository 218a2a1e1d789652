-- Person-months and commuting injuries of each unit with heads in each year, and the groups that its norm depends on. Closed is what
-- had closed as of the month.
SELECT
    u.enterprise_id, u.period, u.person_months, u.injuries, e.industry_2, substr(e.region_code, 1, 6) AS district_code,
    coalesce(year(e.cancelled_on) * 100 + month(e.cancelled_on) <= $as_of, e.status = 'cancelled', false) AS is_cancelled
FROM unit_year AS u
LEFT JOIN enterprise AS e ON u.enterprise_id = e.enterprise_id
WHERE u.enterprise_id <> '' AND u.person_months > 0
