-- The claims that count under the policy's definition, and the month that they count in.
SELECT
    dated.claim_id, dated.enterprise_id, dated.insured_enterprise_id, dated.is_dispatched, dated.clause_group, dated.is_severe,
    dated.is_death, dated.event_month
FROM (
    SELECT
        c.claim_id, coalesce(c.enterprise_id, '') AS enterprise_id, coalesce(c.insured_enterprise_id, '') AS insured_enterprise_id,
        c.is_dispatched, c.clause_group, c.is_severe, c.is_death, coalesce(c.clause, 'unknown') AS clause,
        CASE d.date_basis
             WHEN 'decision' THEN year(c.decided_on) * 100 + month(c.decided_on)
             WHEN 'report' THEN year(c.reported_on) * 100 + month(c.reported_on)
             ELSE c.accident_month END AS event_month
    FROM claim AS c
    CROSS JOIN definition AS d
    WHERE c.is_counted AND (NOT c.is_project OR d.counts_projects) AND (NOT c.is_old_injury OR d.counts_old_injuries)
) AS dated
JOIN clause ON dated.clause = clause.clause
