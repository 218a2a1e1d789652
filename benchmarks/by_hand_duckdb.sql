CREATE VIEW premium AS
SELECT 单位编号 AS unit, 费款所属期 AS month, 缴费人数 AS heads, 单位费率 AS rate, 应缴金额 AS due, 实缴金额 AS paid,
       到账日期 AS received, CASE WHEN filename LIKE '%/2025-12/%' THEN 2 ELSE 1 END AS batch
FROM read_parquet('{raw}/*/单位缴费.parquet', filename = true);

CREATE VIEW newest AS {newest};

COPY (
    SELECT 单位编号 AS unit, 单位名称 AS name, 行业代码 AS code, 行政区划代码 AS region
    FROM read_parquet('{raw}/*/参保单位.parquet') ORDER BY unit
) TO '{out}/enterprise.parquet' (COMPRESSION zstd);
CREATE VIEW enterprise AS FROM '{out}/enterprise.parquet';

COPY (
    SELECT 认定书编号 AS number, 单位编号 AS unit, CAST(事故时间 AS DATE) AS accident, 认定日期 AS decided, 认定结论 AS conclusion,
           认定依据 AS clause, 因工死亡时间 AS died
    FROM read_parquet('{raw}/*/工伤认定.parquet') ORDER BY number
) TO '{out}/claim.parquet' (COMPRESSION zstd);
CREATE VIEW claim AS FROM '{out}/claim.parquet';

COPY (
    WITH paid AS (
        SELECT unit, month // 100 AS year, year(received) AS received_year, count(heads) AS months, sum(heads) AS person_months,
               min(month) AS first_month, max(month) AS last_month, arg_max(rate, month) AS rate, sum(due) AS due, sum(paid) AS paid
        FROM newest GROUP BY ALL
    ),
    exposure AS (
        SELECT unit, year, sum(months) AS months, sum(person_months) AS person_months, min(first_month) AS first_month,
               max(last_month) AS last_month, arg_max(rate, last_month) AS rate, sum(due) AS due, sum(paid) AS paid
        FROM paid GROUP BY ALL
    ),
    collected AS (SELECT unit, received_year AS year, sum(paid) AS collected FROM paid GROUP BY ALL),
    injured AS (
        SELECT unit, year(accident) AS year, count(*) AS injuries, count(died) AS deaths,
               count(*) FILTER (WHERE clause LIKE '%（六）%') AS commuting
        FROM claim WHERE conclusion = '认定工伤' GROUP BY ALL
    )
    SELECT * REPLACE (coalesce(injuries, 0) AS injuries, coalesce(deaths, 0) AS deaths, coalesce(commuting, 0) AS commuting)
    FROM exposure FULL JOIN collected USING (unit, year) FULL JOIN injured USING (unit, year)
    ORDER BY unit, year
) TO '{out}/enterprise_year.parquet' (COMPRESSION zstd);
CREATE VIEW enterprise_year AS FROM '{out}/enterprise_year.parquet';

CREATE TABLE period AS
FROM (VALUES ('last_year', 2025, 2025), ('last_3_years', 2023, 2025), ('last_5_years', 2021, 2025), ('year_to_date', 2025, 2025),
             ('same_period_last_year', 2024, 2024)) AS listed(period, first_year, last_year);

CREATE VIEW known_injury AS
SELECT unit, period, count(*) AS injuries, count(died) AS deaths
FROM claim JOIN period ON year(accident) BETWEEN first_year AND last_year
WHERE conclusion = '认定工伤' AND (period <> 'same_period_last_year' OR decided < DATE '2025-01-01')
GROUP BY ALL;

COPY (
    SELECT unit, period, person_months, coalesce(injuries, 0) AS injuries, coalesce(deaths, 0) AS deaths, premium
    FROM (
        SELECT unit, period, sum(months) AS months, sum(person_months) AS person_months, sum(collected) AS premium
        FROM enterprise_year JOIN period ON year BETWEEN first_year AND last_year
        GROUP BY ALL
    ) AS exposed
    FULL JOIN known_injury USING (unit, period)
    ORDER BY unit, period
) TO '{out}/enterprise_period.parquet' (COMPRESSION zstd);
CREATE VIEW unit_period AS FROM '{out}/enterprise_period.parquet';

CREATE TABLE industry_count AS
SELECT level, CASE level WHEN 0 THEN 'all' ELSE substr(code, 1, length) END AS code, period,
       count(*) FILTER (WHERE person_months > 0) AS enterprises, sum(injuries)::BIGINT AS injuries, sum(deaths)::BIGINT AS deaths,
       sum(person_months)::BIGINT AS person_months,
       coalesce(sum(CASE WHEN person_months > 0 THEN injuries END), 0)::BIGINT AS exposed,
       count(*) FILTER (WHERE injuries * 1200 > 4 * person_months) AS above, sum(premium) AS premium
FROM unit_period JOIN enterprise USING (unit) CROSS JOIN (VALUES (0, 0), (1, 1), (2, 3), (3, 4), (4, 5)) AS levels(level, length)
GROUP BY ALL;

-- limits
COPY (
    SELECT unit, period, name, code, region, u.injuries, deaths, person_months / 12 AS person_years,
           u.injuries * 1200 / person_months AS rate_pct, low * 1200 / person_months AS rate_low_pct,
           high * 1200 / person_months AS rate_high_pct, premium
    FROM unit_period AS u JOIN limits USING (injuries) LEFT JOIN enterprise USING (unit)
    ORDER BY unit, period
) TO '{out}/enterprise_risk.parquet' (COMPRESSION zstd);

COPY (
    SELECT c.*, exposed * 1200 / person_months AS rate_pct, low * 1200 / person_months AS rate_low_pct,
           high * 1200 / person_months AS rate_high_pct
    FROM industry_count AS c JOIN limits ON c.exposed = limits.injuries
    ORDER BY level, code, period
) TO '{out}/industry_injury_rate.parquet' (COMPRESSION zstd);
