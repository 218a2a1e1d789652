-- Exposure, injuries and money of each unit in each period, under the policy's definition. The unit '' stands for claims
-- and payments that name no unit. Heads are adjusted for dispatched workers where their number is known; where they matter
-- and it is not, person_months is empty.
WITH counted AS (
    SELECT enterprise_id, insured_enterprise_id, is_dispatched, is_severe, is_death, clause_group, event_month,
        false AS is_year_ago
    FROM counted_claim
    UNION ALL
    SELECT enterprise_id, insured_enterprise_id, is_dispatched, is_severe, is_death, clause_group, event_month,
        true AS is_year_ago
    FROM counted_claim_year_ago
),
injured AS (
    SELECT
        c.enterprise_id, p.period, count(*) AS injuries,
        count(CASE WHEN c.is_severe THEN 1 END) AS severe, count(CASE WHEN c.is_death THEN 1 END) AS deaths,
        count(CASE WHEN c.is_dispatched THEN 1 END) AS dispatched_injuries,
        count(CASE WHEN c.clause_group = 'production' THEN 1 END) AS injuries_production,
        count(CASE WHEN c.clause_group = 'occupational_disease' THEN 1 END) AS injuries_occupational_disease,
        count(CASE WHEN c.clause_group = 'commuting' THEN 1 END) AS injuries_commuting,
        count(CASE WHEN c.clause_group = 'sudden_death' THEN 1 END) AS injuries_sudden_death
    FROM counted AS c
    JOIN period AS p ON c.event_month BETWEEN p.first_month AND p.last_month
        AND c.is_year_ago = (p.period = 'same_period_last_year')
    GROUP BY c.enterprise_id, p.period
),
lent AS (
    SELECT c.insured_enterprise_id AS enterprise_id, p.period, count(*) AS injuries
    FROM counted AS c
    JOIN period AS p ON c.event_month BETWEEN p.first_month AND p.last_month
        AND c.is_year_ago = (p.period = 'same_period_last_year')
    WHERE c.is_dispatched
    GROUP BY c.insured_enterprise_id, p.period
),
exposed AS (
    SELECT
        y.enterprise_id, p.period,
        sum(CASE WHEN p.is_to_date THEN y.months_to_date ELSE y.months END) AS months,
        sum(CASE WHEN p.is_to_date THEN y.person_months_to_date ELSE y.person_months END) AS person_months,
        sum(CASE WHEN d.premium_basis = 'due_period' THEN y.paid_yuan
                 WHEN p.is_to_date THEN y.collected_to_date_yuan ELSE y.collected_yuan END) AS premium_yuan
    FROM enterprise_year AS y
    JOIN period AS p ON y.year BETWEEN p.first_year AND p.last_year
    CROSS JOIN definition AS d
    GROUP BY y.enterprise_id, p.period
),
paid_out AS (
    SELECT coalesce(o.enterprise_id, '') AS enterprise_id, p.period, sum(o.amount_yuan) AS payout_yuan
    FROM payout AS o
    JOIN period AS p ON o.paid_month BETWEEN p.first_month AND p.last_month
    GROUP BY coalesce(o.enterprise_id, ''), p.period
),
unit_period AS (
    SELECT enterprise_id, period FROM exposed WHERE months > 0 OR premium_yuan <> 0
    UNION
    SELECT enterprise_id, period FROM injured
    UNION
    SELECT enterprise_id, period FROM paid_out
)
SELECT
    u.enterprise_id, u.period,
    CASE WHEN coalesce(x.person_months, 0) <= 0 THEN NULL
         WHEN e.employment = 'dispatch' AND e.dispatched IS NULL THEN NULL
         WHEN e.employment = 'dispatch' THEN greatest(x.person_months - e.dispatched * x.months, 0)
         WHEN coalesce(i.dispatched_injuries, 0) > 0 AND e.dispatched IS NULL THEN NULL
         WHEN l.injuries > 0 AND e.dispatched IS NULL THEN NULL
         ELSE x.person_months + coalesce(e.dispatched, 0) * x.months END AS person_months,
    coalesce(i.injuries, 0) AS injuries, coalesce(i.severe, 0) AS severe, coalesce(i.deaths, 0) AS deaths,
    coalesce(i.injuries_production, 0) AS injuries_production,
    coalesce(i.injuries_occupational_disease, 0) AS injuries_occupational_disease,
    coalesce(i.injuries_commuting, 0) AS injuries_commuting, coalesce(i.injuries_sudden_death, 0) AS injuries_sudden_death,
    coalesce(i.dispatched_injuries, 0) AS dispatched_injuries,
    coalesce(x.premium_yuan, 0) AS premium_yuan, coalesce(o.payout_yuan, 0) AS payout_yuan
FROM unit_period AS u
LEFT JOIN exposed AS x ON u.enterprise_id = x.enterprise_id AND u.period = x.period
LEFT JOIN injured AS i ON u.enterprise_id = i.enterprise_id AND u.period = i.period
LEFT JOIN lent AS l ON u.enterprise_id = l.enterprise_id AND u.period = l.period
LEFT JOIN paid_out AS o ON u.enterprise_id = o.enterprise_id AND u.period = o.period
LEFT JOIN enterprise AS e ON u.enterprise_id = e.enterprise_id
