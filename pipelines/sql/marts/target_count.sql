-- What each target counts in one year: the injuries and exposure of the units under its words (* = all), and the months with premiums.
WITH member AS (
    SELECT t.target_id, l.enterprise_id
    FROM listed_enterprise AS l
    JOIN target_word AS t ON l.word = t.word
    UNION
    SELECT t.target_id, p.enterprise_id
    FROM enterprise_period AS p
    CROSS JOIN target_word AS t
    WHERE t.word = '*'
),
covered AS (
    SELECT max(months) AS months FROM enterprise_year WHERE year = $year
)
SELECT
    m.target_id, count(CASE WHEN p.person_months > 0 THEN 1 END) AS enterprises,
    CAST(coalesce(sum(p.person_months), 0) AS BIGINT) AS person_months,
    CAST(coalesce(sum(CASE WHEN p.person_months > 0 THEN p.injuries END), 0) AS BIGINT) AS exposed_injuries,
    CAST(sum(p.injuries) AS BIGINT) AS injuries, CAST(sum(p.injuries_production) AS BIGINT) AS injuries_production,
    CAST(sum(p.injuries_occupational_disease) AS BIGINT) AS injuries_occupational_disease,
    CAST(sum(p.injuries_commuting) AS BIGINT) AS injuries_commuting,
    CAST(sum(p.injuries_sudden_death) AS BIGINT) AS injuries_sudden_death, max(c.months) AS months_covered
FROM member AS m
JOIN enterprise_period AS p ON m.enterprise_id = p.enterprise_id
CROSS JOIN covered AS c
GROUP BY m.target_id
