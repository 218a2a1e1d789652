-- Exposure, premiums, injuries and payouts of each unit and calendar year. `to_date` = up to the cut-off's month of the year.
WITH paid AS (
    SELECT
        enterprise_id, month // 100 AS year, received_month // 100 AS received_year,
        min(month) AS first_month, max(month) AS last_month,
        count(heads) AS months,
        count(CASE WHEN month % 100 <= $as_of % 100 THEN heads END) AS months_to_date,
        sum(heads) AS person_months,
        sum(CASE WHEN month % 100 <= $as_of % 100 THEN heads ELSE 0 END) AS person_months_to_date,
        sum(CASE WHEN month % 100 = 12 THEN heads ELSE 0 END) AS heads_in_december,
        arg_max(unit_rate, month) FILTER (WHERE payment_kind = 'normal' AND unit_rate IS NOT NULL) AS unit_rate,
        max(CASE WHEN payment_kind = 'normal' AND unit_rate IS NOT NULL THEN month END) AS rate_month,
        sum(due_yuan) AS due_yuan, sum(paid_yuan) AS paid_yuan,
        sum(CASE WHEN received_month % 100 <= $as_of % 100 THEN paid_yuan ELSE 0 END) AS received_to_date_yuan
    FROM enterprise_month
    WHERE month <= $as_of OR received_month <= $as_of
    GROUP BY enterprise_id, month // 100, received_month // 100
),
exposure AS (
    SELECT
        enterprise_id, year,
        min(first_month) AS first_month, max(last_month) AS last_month, sum(months) AS months,
        sum(months_to_date) AS months_to_date, sum(person_months) AS person_months,
        sum(person_months_to_date) AS person_months_to_date, sum(heads_in_december) AS heads_in_december,
        arg_max(unit_rate, rate_month) AS unit_rate,
        sum(due_yuan) AS due_yuan, sum(paid_yuan) AS paid_yuan
    FROM paid
    WHERE year <= $as_of // 100
    GROUP BY enterprise_id, year
),
collected AS (
    SELECT
        enterprise_id, received_year AS year,
        sum(paid_yuan) AS collected_yuan, sum(received_to_date_yuan) AS collected_to_date_yuan
    FROM paid
    WHERE received_year <= $as_of // 100
    GROUP BY enterprise_id, received_year
),
injured AS (
    SELECT
        enterprise_id, accident_month // 100 AS year,
        count(*) AS injuries,
        count(CASE WHEN clause_group = 'production' THEN 1 END) AS injuries_production,
        count(CASE WHEN clause_group = 'occupational_disease' THEN 1 END) AS injuries_occupational_disease,
        count(CASE WHEN clause_group = 'off_site' THEN 1 END) AS injuries_off_site,
        count(CASE WHEN clause_group = 'commuting' THEN 1 END) AS injuries_commuting,
        count(CASE WHEN clause_group = 'sudden_death' THEN 1 END) AS injuries_sudden_death,
        count(CASE WHEN clause_group = 'other' THEN 1 END) AS injuries_other,
        count(CASE WHEN is_severe THEN 1 END) AS severe,
        count(CASE WHEN is_death THEN 1 END) AS deaths
    FROM claim
    WHERE is_counted AND NOT is_project AND NOT is_old_injury AND accident_month <= $as_of AND enterprise_id IS NOT NULL
    GROUP BY enterprise_id, accident_month // 100
),
paid_out AS (
    SELECT enterprise_id, paid_month // 100 AS year, sum(amount_yuan) AS payout_yuan
    FROM payout
    WHERE paid_month <= $as_of AND enterprise_id IS NOT NULL
    GROUP BY enterprise_id, paid_month // 100
),
unit_year AS (
    SELECT enterprise_id, year FROM exposure
    UNION
    SELECT enterprise_id, year FROM collected
    UNION
    SELECT enterprise_id, year FROM injured
    UNION
    SELECT enterprise_id, year FROM paid_out
)
SELECT
    u.enterprise_id, u.year, e.first_month, e.last_month,
    coalesce(e.months, 0) AS months, coalesce(e.months_to_date, 0) AS months_to_date,
    coalesce(e.person_months, 0) AS person_months, coalesce(e.person_months_to_date, 0) AS person_months_to_date,
    coalesce(e.heads_in_december, 0) AS heads_in_december,
    e.unit_rate, coalesce(e.due_yuan, 0) AS due_yuan, coalesce(e.paid_yuan, 0) AS paid_yuan,
    coalesce(c.collected_yuan, 0) AS collected_yuan, coalesce(c.collected_to_date_yuan, 0) AS collected_to_date_yuan,
    coalesce(i.injuries, 0) AS injuries, coalesce(i.injuries_production, 0) AS injuries_production,
    coalesce(i.injuries_occupational_disease, 0) AS injuries_occupational_disease,
    coalesce(i.injuries_off_site, 0) AS injuries_off_site, coalesce(i.injuries_commuting, 0) AS injuries_commuting,
    coalesce(i.injuries_sudden_death, 0) AS injuries_sudden_death, coalesce(i.injuries_other, 0) AS injuries_other,
    coalesce(i.severe, 0) AS severe, coalesce(i.deaths, 0) AS deaths, coalesce(p.payout_yuan, 0) AS payout_yuan
FROM unit_year AS u
LEFT JOIN exposure AS e ON u.enterprise_id = e.enterprise_id AND u.year = e.year
LEFT JOIN collected AS c ON u.enterprise_id = c.enterprise_id AND u.year = c.year
LEFT JOIN injured AS i ON u.enterprise_id = i.enterprise_id AND u.year = i.year
LEFT JOIN paid_out AS p ON u.enterprise_id = p.enterprise_id AND u.year = p.year
