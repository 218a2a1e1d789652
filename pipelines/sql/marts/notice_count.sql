-- How many of each unit's own accident notices are old enough for a claim, and of how many there is a claim of the same day. Notices
-- of dispatched workers are left out: their claims often do not say where they worked.
SELECT enterprise_id, count(*) AS notices, count(CASE WHEN has_claim THEN 1 END) AS claimed
FROM incident
WHERE enterprise_id IS NOT NULL AND NOT is_dispatched AND accident_month BETWEEN $first_month AND $last_month
GROUP BY enterprise_id
