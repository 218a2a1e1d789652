-- What the bureau's own programmes have cost and how many persons they trained, in the years of the ledger that are asked for.
SELECT
    CAST(sum(contract_yuan - coalesce(deducted_yuan, CAST(0 AS DECIMAL(18, 2)))) AS DECIMAL(18, 2)) AS paid_yuan,
    CAST(sum(coalesce(actual_persons, planned_persons)) AS BIGINT) AS persons
FROM programme
WHERE year >= $first_year AND contract_yuan IS NOT NULL AND coalesce(actual_persons, planned_persons) > 0
