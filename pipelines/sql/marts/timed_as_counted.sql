-- Timed claims as the counts by unit and period read them.
SELECT
    coalesce(enterprise_id, '') AS enterprise_id, coalesce(insured_enterprise_id, '') AS insured_enterprise_id,
    is_dispatched, clause_group, is_severe, is_death, counted_month AS event_month
FROM timed_claim
