-- What the rules need to know of every unit: facts, no judgement. Units that had heads, an injury or a payment in the last three
-- years, and those of whom something is expected in the coming year. Closed is what had closed as of the month.
WITH unit AS (
    SELECT enterprise_id FROM enterprise_risk WHERE period = 'last_3_years'
    UNION
    SELECT enterprise_id FROM enterprise_outlook WHERE person_years_ahead > 0
),
counted AS (
    SELECT
        enterprise_id,
        sum(CASE WHEN year = $as_of // 100 THEN months_to_date ELSE 0 END) AS months_now,
        sum(CASE WHEN year = $as_of // 100 THEN person_months_to_date ELSE 0 END) AS person_months_now,
        sum(CASE WHEN year = $as_of // 100 - 1 THEN months ELSE 0 END) AS months_ago,
        sum(CASE WHEN year = $as_of // 100 - 1 THEN person_months ELSE 0 END) AS person_months_ago,
        CAST(sum(CASE WHEN year = $year THEN injuries_occupational_disease ELSE 0 END) AS BIGINT) AS diseases_last_year,
        CAST(sum(CASE WHEN year BETWEEN $year - 2 AND $year THEN injuries_occupational_disease ELSE 0 END) AS BIGINT)
            AS diseases_last_3_years,
        CAST(sum(CASE WHEN year BETWEEN $year - 4 AND $year THEN injuries_occupational_disease ELSE 0 END) AS BIGINT)
            AS diseases_last_5_years
    FROM enterprise_year
    GROUP BY enterprise_id
)
SELECT
    CASE WHEN $by_agency = 1 THEN coalesce(e.agency, 'unknown')
         WHEN $region_digits = 0 THEN '000000'
         WHEN e.region_code IS NULL THEN 'unknown'
         WHEN $region_digits > 6 THEN e.region_code
         ELSE rpad(substr(e.region_code, 1, $region_digits), 6, '0') END AS region_code,
    u.enterprise_id, substr(e.region_code, 1, 6) AS district_code, e.industry_2 AS division,
    coalesce(year(e.cancelled_on) * 100 + month(e.cancelled_on) <= $as_of, e.status = 'cancelled', false) AS is_cancelled,
    coalesce(e.employment = 'project', false) AS is_project, coalesce(e.employment = 'dispatch', false) AS is_dispatch,
    CASE WHEN n.months_now > 0 THEN CAST(n.person_months_now AS DOUBLE) / n.months_now
         WHEN n.months_ago > 0 THEN CAST(n.person_months_ago AS DOUBLE) / n.months_ago END AS heads_now,
    l.injuries AS injuries_last_year, l.person_years AS person_years_last_year, l.rate_pct AS rate_pct_last_year,
    l.pay_ratio AS pay_ratio_last_year, coalesce(l.deaths, 0) AS deaths_last_year, coalesce(l.severe, 0) AS severe_last_year,
    l.premium_yuan AS premium_yuan_last_year, l.payout_yuan AS payout_yuan_last_year, n.diseases_last_year,
    t.injuries AS injuries_last_3_years, t.person_years AS person_years_last_3_years, t.rate_pct AS rate_pct_last_3_years,
    t.pay_ratio AS pay_ratio_last_3_years, coalesce(t.deaths, 0) AS deaths_last_3_years,
    coalesce(t.severe, 0) AS severe_last_3_years, t.premium_yuan AS premium_yuan_last_3_years,
    t.payout_yuan AS payout_yuan_last_3_years, n.diseases_last_3_years,
    f.injuries AS injuries_last_5_years, f.person_years AS person_years_last_5_years, f.rate_pct AS rate_pct_last_5_years,
    f.pay_ratio AS pay_ratio_last_5_years, coalesce(f.deaths, 0) AS deaths_last_5_years,
    coalesce(f.severe, 0) AS severe_last_5_years, f.premium_yuan AS premium_yuan_last_5_years,
    f.payout_yuan AS payout_yuan_last_5_years, n.diseases_last_5_years,
    c.rate_ago, c.rate_now, c.tier_ago, c.tier_now,
    o.person_years_ahead, o.norm_injuries, o.expected_injuries, o.excess_injuries, o.exceedance, o.prevention_index,
    o.posterior_ratio, o.posterior_shape
FROM unit AS u
LEFT JOIN enterprise_risk AS l ON u.enterprise_id = l.enterprise_id AND l.period = 'last_year'
LEFT JOIN enterprise_risk AS t ON u.enterprise_id = t.enterprise_id AND t.period = 'last_3_years'
LEFT JOIN enterprise_risk AS f ON u.enterprise_id = f.enterprise_id AND f.period = 'last_5_years'
LEFT JOIN counted AS n ON u.enterprise_id = n.enterprise_id
LEFT JOIN enterprise AS e ON u.enterprise_id = e.enterprise_id
LEFT JOIN enterprise_outlook AS o ON u.enterprise_id = o.enterprise_id
LEFT JOIN premium_rate_change AS c ON u.enterprise_id = c.enterprise_id
