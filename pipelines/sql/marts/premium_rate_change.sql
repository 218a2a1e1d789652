-- Units whose premium rate rose between the ends of two years by a change of floating tier: both rates are base rate of one
-- class × tier × the phase factor of their year. The phase of a year is the one under which most units stand at tier 100 %.
-- A unit of another class a year ago was reclassified, not raised.
-- `unit` is worked apart: streamed through all these joins it makes DuckDB 2.0.0 fail (internal error "dict-surviving cache").
WITH unit AS MATERIALIZED (
    SELECT
        e.enterprise_id, coalesce(e.risk_class, d.risk_class) AS class_now,
        coalesce(a.risk_class, e.risk_class, d.risk_class) AS class_ago
    FROM enterprise AS e
    LEFT JOIN enterprise_ago AS a ON e.enterprise_id = a.enterprise_id
    LEFT JOIN division_class AS d ON e.industry_2 = d.industry_2
),
rated AS (
    SELECT y.enterprise_id, y.year, y.unit_rate, b.base_rate
    FROM enterprise_year AS y
    JOIN unit AS u ON y.enterprise_id = u.enterprise_id
    JOIN base_rate AS b ON u.class_now = b.risk_class
    WHERE y.year IN ($year, $year - 1) AND y.unit_rate IS NOT NULL AND u.class_now = u.class_ago
),
phase_of_year AS (
    SELECT year, phase
    FROM (
        SELECT
            r.year, f.phase,
            row_number() OVER (PARTITION BY r.year ORDER BY count(*) DESC NULLS LAST, f.phase DESC NULLS LAST) AS place
        FROM rated AS r
        JOIN phase AS f ON abs(r.unit_rate - r.base_rate * f.phase) <= 0.00005
        GROUP BY r.year, f.phase
    ) AS counted
    WHERE place = 1
),
tiered AS (
    SELECT r.enterprise_id, r.year, r.unit_rate, max(t.tier) AS tier
    FROM rated AS r
    JOIN phase_of_year AS f ON r.year = f.year
    JOIN tier AS t ON abs(r.unit_rate - r.base_rate * f.phase * t.tier) <= 0.00005
    GROUP BY r.enterprise_id, r.year, r.unit_rate
)
SELECT n.enterprise_id, a.unit_rate AS rate_ago, n.unit_rate AS rate_now, a.tier AS tier_ago, n.tier AS tier_now
FROM tiered AS n
JOIN tiered AS a ON n.enterprise_id = a.enterprise_id AND a.year = n.year - 1
WHERE n.year = $year AND n.tier > a.tier
