-- Which open units each programme of the plan addresses: those decided on (before a decision: those with a place on
-- the list), under its plan words, that meet its
-- criterion of outreach, of its kind of group, or all that have heads. Closed is what had closed as of the month.
WITH named AS (
    SELECT a.programme_id, p.enterprise_id
    FROM audience AS a
    JOIN decided_enterprise AS p ON a.told_by = 'listed' AND p.year = $year AND p.is_selected
    UNION
    SELECT a.programme_id, l.enterprise_id
    FROM audience AS a
    JOIN listed_enterprise AS l ON a.told_by = 'words' AND a.word = l.word
    UNION
    SELECT a.programme_id, o.enterprise_id
    FROM audience AS a
    JOIN outreach_enterprise AS o
        ON a.told_by = 'outreach' AND concat('；', o.criteria_met, '；') LIKE concat('%；', a.word, '；%')
    UNION
    SELECT a.programme_id, g.enterprise_id
    FROM audience AS a
    JOIN group_target AS g ON a.told_by = 'target' AND a.word = g.target_kind
    WHERE g.enterprise_id IS NOT NULL
    UNION
    SELECT a.programme_id, o.enterprise_id
    FROM audience AS a
    JOIN enterprise_outlook AS o ON a.told_by = 'everyone' AND o.person_years_ahead > 0
)
SELECT n.programme_id, n.enterprise_id, coalesce(substr(e.region_code, 1, 6), 'unknown') AS region_code
FROM named AS n
LEFT JOIN enterprise AS e ON n.enterprise_id = e.enterprise_id
WHERE NOT coalesce(year(e.cancelled_on) * 100 + month(e.cancelled_on) <= $as_of, e.status = 'cancelled', false)
