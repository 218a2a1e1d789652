-- How many cases and persons each definition counts in each year. Persons without a number count case by case.
WITH fact AS (
    SELECT
        'claim' AS kind, conclusion AS status, coalesce(clause, 'unknown') AS clause, is_project, is_old_injury, is_death, is_severe,
        coalesce(severity = 'serious', false) AS is_serious, person_key, year(accident_date) AS accident_year,
        year(decided_on) AS decision_year, year(reported_on) AS report_year
    FROM claim
    UNION ALL
    SELECT
        'incident' AS kind, CASE WHEN is_production THEN 'reported_production' ELSE 'reported_other' END AS status,
        'unknown' AS clause, false AS is_project, false AS is_old_injury, false AS is_death, false AS is_severe,
        false AS is_serious, CAST(NULL AS VARCHAR) AS person_key, year(accident_date) AS accident_year,
        CAST(NULL AS BIGINT) AS decision_year, year(reported_on) AS report_year
    FROM incident
),
counted AS (
    SELECT
        d.definition_id, f.person_key,
        CASE d.date_basis WHEN 'decision' THEN f.decision_year WHEN 'report' THEN f.report_year ELSE f.accident_year END AS year
    FROM fact AS f
    JOIN rate_definition AS d ON f.kind = d.kind
    JOIN rate_status AS s ON d.definition_id = s.definition_id AND f.status = s.status
    JOIN rate_clause AS k ON d.definition_id = k.definition_id AND f.clause = k.clause
    WHERE (NOT f.is_project OR d.counts_projects) AND (NOT f.is_old_injury OR d.counts_old_injuries)
        AND CASE d.outcome WHEN 'death' THEN f.is_death WHEN 'serious' THEN f.is_serious WHEN 'severe' THEN f.is_severe ELSE true END
)
SELECT
    definition_id, year, count(*) AS cases,
    count(DISTINCT person_key) + count(CASE WHEN person_key IS NULL THEN 1 END) AS persons
FROM counted
WHERE year IS NOT NULL
GROUP BY definition_id, year
