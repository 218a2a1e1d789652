-- The whole city's insured by year: person-months, and heads in December.
SELECT
    year, CAST(sum(person_months) AS BIGINT) AS person_months, CAST(sum(heads_in_december) AS BIGINT) AS heads_in_december
FROM enterprise_year
GROUP BY year
