-- Persons of the units that each programme addresses, by role and district: to be trained and trained as the units state it, and
-- trained as the records say: a person counts once in a unit and role, not failed, in a programme of the ledger that counts.
WITH asked AS (
    SELECT u.programme_id, u.enterprise_id, u.region_code, a.role
    FROM programme_unit AS u
    JOIN role_asked AS a ON u.programme_id = a.programme_id
),
stated AS (
    SELECT k.enterprise_id, r.role, sum(k.staff_to_train) AS persons, sum(k.staff_trained) AS trained
    FROM key_staff AS k
    JOIN role_said AS r ON k.role = r.said
    WHERE k.is_latest
    GROUP BY k.enterprise_id, r.role
    UNION ALL
    SELECT y.enterprise_id, 'staff' AS role, (y.person_months + 6) // 12 AS persons, CAST(NULL AS BIGINT) AS trained
    FROM enterprise_year AS y
    WHERE y.year = $year
),
ledger AS (
    SELECT programme_id, max(programme_name) AS programme_name FROM programme GROUP BY programme_id
),
recorded AS (
    SELECT
        t.enterprise_id, r.role, t.year, coalesce(l.programme_name, '') AS programme_name,
        coalesce(t.person_key, concat(CAST(t.source_batch AS VARCHAR), '-', CAST(t.source_file AS VARCHAR), '-',
            CAST(t.source_row AS VARCHAR))) AS person
    FROM training_record AS t
    JOIN role_said AS r ON t.role = r.said
    LEFT JOIN ledger AS l ON t.programme_id = l.programme_id
    WHERE coalesce(t.is_passed, true)
),
counting AS (
    SELECT DISTINCT a.programme_id, a.enterprise_id, a.role, d.person
    FROM asked AS a
    JOIN recorded AS d ON a.enterprise_id = d.enterprise_id AND (a.role = d.role OR a.role = 'staff')
    JOIN trained_in AS i ON a.programme_id = i.programme_id AND d.programme_name LIKE concat('%', i.word, '%')
    WHERE coalesce(d.year >= i.first_year, true)
),
trained AS (
    SELECT programme_id, enterprise_id, role, count(*) AS persons FROM counting GROUP BY programme_id, enterprise_id, role
)
SELECT
    a.programme_id, a.role, a.region_code, count(*) AS enterprises, count(s.persons) AS enterprises_counted,
    CAST(sum(s.persons) AS BIGINT) AS persons, CAST(sum(s.trained) AS BIGINT) AS trained_stated,
    CAST(sum(coalesce(t.persons, 0)) AS BIGINT) AS trained_recorded
FROM asked AS a
LEFT JOIN stated AS s ON a.enterprise_id = s.enterprise_id AND a.role = s.role
LEFT JOIN trained AS t ON a.programme_id = t.programme_id AND a.enterprise_id = t.enterprise_id AND a.role = t.role
GROUP BY a.programme_id, a.role, a.region_code
