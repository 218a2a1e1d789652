-- Projects under construction that are not insured or had an injury. A case of a project names the contractor, not the project: it
-- is put down to the one project that the contractor was building on that day, and to none where there were several.
WITH hurt AS (
    SELECT claim_id, enterprise_id, accident_date, is_severe, is_death FROM claim WHERE is_counted AND is_project
    UNION
    SELECT claim_id, insured_enterprise_id AS enterprise_id, accident_date, is_severe, is_death
    FROM claim
    WHERE is_counted AND is_project
),
possible AS (
    SELECT DISTINCT h.claim_id, h.is_severe, h.is_death, p.project_id
    FROM hurt AS h
    JOIN project_site AS p ON h.enterprise_id = p.enterprise_id
    WHERE coalesce(p.started_on <= h.accident_date, true) AND coalesce(p.completed_on >= h.accident_date, true)
),
linked AS (
    SELECT max(project_id) AS project_id, is_severe, is_death
    FROM possible
    GROUP BY claim_id, is_severe, is_death
    HAVING count(*) = 1
),
counted AS (
    SELECT
        project_id, count(*) AS observed_cases, count(CASE WHEN is_severe THEN 1 END) AS severe,
        count(CASE WHEN is_death THEN 1 END) AS deaths
    FROM linked
    GROUP BY project_id
),
whole AS (
    SELECT count(DISTINCT claim_id) AS cases FROM hurt
),
found AS (
    SELECT count(*) AS cases FROM linked
)
SELECT
    p.project_id, p.project_name, p.project_kind, p.enterprise_id, e.enterprise_name, p.region_code, p.cost_yuan, p.started_on,
    p.completed_on, p.is_insured, coalesce(c.observed_cases, 0) AS observed_cases, coalesce(c.severe, 0) AS severe,
    coalesce(c.deaths, 0) AS deaths, w.cases - f.cases AS cases_unlinked
FROM project_site AS p
LEFT JOIN counted AS c ON p.project_id = c.project_id
LEFT JOIN enterprise AS e ON p.enterprise_id = e.enterprise_id
CROSS JOIN whole AS w
CROSS JOIN found AS f
WHERE p.is_under_construction AND (c.observed_cases > 0 OR NOT p.is_insured)
