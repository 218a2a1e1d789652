-- Names and industries of the units on the lists, and what is expected of them.
SELECT
    w.enterprise_id, e.enterprise_name, e.industry_code, e.region_code, coalesce(e.industry_2, e.industry_1) AS industry_named,
    o.person_years_ahead, o.norm_code, o.size_band, o.norm_pct, o.posterior_ratio, o.ratio_low, o.ratio_high,
    o.expected_injuries, o.excess_injuries, o.predicted_low, o.predicted_high
FROM wanted AS w
LEFT JOIN enterprise AS e ON w.enterprise_id = e.enterprise_id
LEFT JOIN enterprise_outlook AS o ON w.enterprise_id = o.enterprise_id
