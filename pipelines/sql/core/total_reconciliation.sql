-- What the bureau states for whole years (fund statements, the yearly report) beside what its own rows add up to.
WITH paid_in AS (
    SELECT
        year, max(months) AS months, sum(collected_yuan) AS collected_yuan, sum(person_months) AS person_months,
        count(CASE WHEN months > 0 THEN 1 END) AS enterprises
    FROM enterprise_year
    GROUP BY year
),
paid_out AS (
    SELECT paid_month // 100 AS year, sum(amount_yuan) AS payout_yuan FROM payout WHERE paid_month <= $as_of GROUP BY paid_month // 100
),
decided AS (
    SELECT year(decided_on) AS year, count(*) AS injuries, count(CASE WHEN is_death THEN 1 END) AS deaths
    FROM claim
    WHERE is_counted AND decided_on IS NOT NULL
    GROUP BY year(decided_on)
),
computed AS (
    SELECT year, 'collected_yuan' AS code, CAST(collected_yuan AS DOUBLE) AS figure FROM paid_in
    UNION ALL
    SELECT year, 'insured_persons' AS code, CAST(person_months AS DOUBLE) / 12 AS figure FROM paid_in
    UNION ALL
    SELECT year, 'enterprises' AS code, CAST(enterprises AS DOUBLE) AS figure FROM paid_in
    UNION ALL
    SELECT year, 'payout_yuan' AS code, CAST(payout_yuan AS DOUBLE) AS figure FROM paid_out
    UNION ALL
    SELECT year, 'injuries' AS code, CAST(injuries AS DOUBLE) AS figure FROM decided
    UNION ALL
    SELECT year, 'deaths' AS code, CAST(deaths AS DOUBLE) AS figure FROM decided
),
whole_fund AS (
    SELECT
        year, coalesce(max(CASE WHEN pool = '000000' THEN collected_yuan END), sum(collected_yuan)) AS collected_yuan,
        coalesce(max(CASE WHEN pool = '000000' THEN benefits_yuan END), sum(benefits_yuan)) AS payout_yuan
    FROM fund
    GROUP BY year
),
stated AS (
    SELECT 'fund' AS kind, year, 'collected_yuan' AS code, '征缴收入' AS indicator, '' AS definition,
        CAST(collected_yuan AS DOUBLE) AS figure
    FROM whole_fund
    WHERE collected_yuan IS NOT NULL
    UNION ALL
    SELECT 'fund' AS kind, year, 'payout_yuan' AS code, '待遇支出' AS indicator, '' AS definition,
        CAST(payout_yuan AS DOUBLE) AS figure
    FROM whole_fund
    WHERE payout_yuan IS NOT NULL
    UNION ALL
    SELECT 'official_total' AS kind, year, indicator_code AS code, indicator, definition, figure * factor AS figure
    FROM official_total
    WHERE indicator_code IS NOT NULL AND figure IS NOT NULL
)
SELECT
    s.kind, s.year, s.indicator, s.definition, s.code AS indicator_code, s.figure AS figure_stated,
    c.figure AS figure_computed, c.figure - s.figure AS figure_difference,
    CASE WHEN s.figure > 0 THEN (CAST(c.figure AS DOUBLE) - s.figure) * 100 / s.figure END AS difference_pct,
    coalesce(p.months >= 12, false) AS is_whole_year
FROM stated AS s
LEFT JOIN computed AS c ON s.year = c.year AND s.code = c.code
LEFT JOIN paid_in AS p ON s.year = p.year
