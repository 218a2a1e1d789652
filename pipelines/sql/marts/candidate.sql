-- What the official rules need to know of every unit: facts, no judgement. Closed is what had closed as of the month.
SELECT
    CASE WHEN $by_agency = 1 THEN coalesce(e.agency, 'unknown')
         WHEN $region_digits = 0 THEN '000000'
         WHEN e.region_code IS NULL THEN 'unknown'
         WHEN $region_digits > 6 THEN e.region_code
         ELSE rpad(substr(e.region_code, 1, $region_digits), 6, '0') END AS region_code,
    t.enterprise_id,
    coalesce(year(e.cancelled_on) * 100 + month(e.cancelled_on) <= $as_of, e.status = 'cancelled', false) AS is_cancelled,
    l.injuries AS injuries_last_year, l.person_years AS person_years_last_year, l.rate_pct AS rate_pct_last_year,
    l.pay_ratio AS pay_ratio_last_year, coalesce(l.deaths, 0) AS deaths_last_year, coalesce(l.severe, 0) AS severe_last_year,
    t.injuries AS injuries_last_3_years, t.person_years AS person_years_last_3_years, t.rate_pct AS rate_pct_last_3_years,
    t.pay_ratio AS pay_ratio_last_3_years,
    l.premium_yuan AS premium_yuan_last_year, l.payout_yuan AS payout_yuan_last_year,
    t.premium_yuan AS premium_yuan_last_3_years, t.payout_yuan AS payout_yuan_last_3_years,
    c.rate_ago, c.rate_now, c.tier_ago, c.tier_now
FROM enterprise_risk AS t
LEFT JOIN enterprise_risk AS l ON t.enterprise_id = l.enterprise_id AND l.period = 'last_year'
LEFT JOIN enterprise AS e ON t.enterprise_id = e.enterprise_id
LEFT JOIN premium_rate_change AS c ON t.enterprise_id = c.enterprise_id
WHERE t.period = 'last_3_years'
