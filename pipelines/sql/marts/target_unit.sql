-- What is expected of each unit, with the groups that it belongs to. Closed is what had closed as of the month.
SELECT
    o.enterprise_id, e.enterprise_name, e.region_code, e.industry_2,
    coalesce(e.industry_4, e.industry_3, e.industry_2) AS industry_deepest, e.street, e.park,
    coalesce(year(e.cancelled_on) * 100 + month(e.cancelled_on) <= $as_of, e.status = 'cancelled', false) AS is_cancelled,
    o.size_band, o.years_used, o.injuries_used, o.person_years_used, o.person_years_ahead, o.norm_pct, o.norm_injuries, o.excess_injuries
FROM enterprise_outlook AS o
LEFT JOIN enterprise AS e ON o.enterprise_id = e.enterprise_id
