-- Counts and sums of every industry at each level of the tree and of the whole, by period. A unit whose code does not reach
-- a level is counted there under its last code with *, one whose industry is not known under unknown: each level adds up.
WITH unit AS (
    SELECT
        c.period, c.person_months, c.injuries, c.injuries_production, c.injuries_occupational_disease, c.injuries_commuting,
        c.severe, c.deaths, c.premium_yuan, c.payout_yuan,
        c.injuries * 12000000 > d.threshold_bp * c.person_months AS is_above,
        coalesce(e.industry_1, 'unknown') AS code_1,
        CASE WHEN e.industry_1 IS NULL THEN 'unknown' ELSE coalesce(e.industry_2, concat(e.industry_1, '*')) END AS code_2,
        CASE WHEN e.industry_1 IS NULL THEN 'unknown'
             ELSE coalesce(e.industry_3, concat(coalesce(e.industry_2, e.industry_1), '*')) END AS code_3,
        CASE WHEN e.industry_1 IS NULL THEN 'unknown'
             ELSE coalesce(e.industry_4, concat(coalesce(e.industry_3, e.industry_2, e.industry_1), '*')) END AS code_4
    FROM enterprise_period AS c
    CROSS JOIN definition AS d
    LEFT JOIN enterprise AS e ON c.enterprise_id = e.enterprise_id
)
SELECT
    CASE WHEN code_4 IS NOT NULL THEN 4 WHEN code_3 IS NOT NULL THEN 3 WHEN code_2 IS NOT NULL THEN 2
         WHEN code_1 IS NOT NULL THEN 1 ELSE 0 END AS level,
    coalesce(code_4, code_3, code_2, code_1, 'all') AS industry_code, period,
    count(CASE WHEN person_months > 0 THEN 1 END) AS enterprises,
    CAST(sum(injuries) AS BIGINT) AS injuries, CAST(sum(injuries_production) AS BIGINT) AS injuries_production,
    CAST(sum(injuries_occupational_disease) AS BIGINT) AS injuries_occupational_disease,
    CAST(sum(injuries_commuting) AS BIGINT) AS injuries_commuting,
    CAST(sum(severe) AS BIGINT) AS severe, CAST(sum(deaths) AS BIGINT) AS deaths,
    CAST(coalesce(sum(person_months), 0) AS BIGINT) AS person_months,
    CAST(coalesce(sum(CASE WHEN person_months > 0 THEN injuries END), 0) AS BIGINT) AS exposed_injuries,
    count(CASE WHEN is_above THEN 1 END) AS enterprises_above_threshold,
    CAST(sum(premium_yuan) AS DECIMAL(18, 2)) AS premium_yuan, CAST(sum(payout_yuan) AS DECIMAL(18, 2)) AS payout_yuan
FROM unit
GROUP BY GROUPING SETS ((period), (code_1, period), (code_2, period), (code_3, period), (code_4, period))
