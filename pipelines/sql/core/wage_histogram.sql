-- How many normal premium rows of each period have which wage base per head and month, in steps of 10 yuan.
SELECT period, tens_of_yuan, count(*) AS number
FROM (
    SELECT period, CASE WHEN heads > 0 THEN CAST(wage_base_yuan * 100 AS BIGINT) // (heads * 1000) END AS tens_of_yuan
    FROM premium_row
    WHERE heads > 0 AND wage_base_yuan > 0 AND NOT is_future AND coalesce(payment_kind, 'normal') = 'normal'
) AS per_head
GROUP BY period, tens_of_yuan
