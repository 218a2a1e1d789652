-- Names and industries of the units wanted.
SELECT w.enterprise_id, e.enterprise_name, e.industry_code, e.region_code, coalesce(e.industry_2, e.industry_1) AS industry_named
FROM wanted AS w JOIN enterprise AS e ON w.enterprise_id = e.enterprise_id
