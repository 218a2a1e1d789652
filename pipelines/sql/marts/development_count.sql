-- How many counted cases of each month and group became known how many months later.
SELECT
    CASE WHEN clause_group IN ('production', 'commuting', 'occupational_disease') THEN clause_group ELSE 'other' END
        AS development_group,
    event_month, months_to_known, count(*) AS claims
FROM timed_claim
WHERE event_month IS NOT NULL
GROUP BY
    CASE WHEN clause_group IN ('production', 'commuting', 'occupational_disease') THEN clause_group ELSE 'other' END,
    event_month, months_to_known
