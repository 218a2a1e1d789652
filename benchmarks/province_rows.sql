-- A province of {enterprises} enterprises in Parquet: 36 months of premiums in shuffled rows, 4.5 injuries per 1000 and year.
-- The batch of 2025-12 holds its month and corrections of the three months before for one enterprise in a hundred.
CREATE TABLE unit AS
SELECT 'U' || lpad(CAST(i AS VARCHAR), 7, '0') AS unit, i,
       CAST(2 + floor(8 / pow(1.001 - (hash(i, 1) % 1000) / 1000, 0.62)) AS BIGINT) AS staff,
       letter || lpad(CAST(division AS VARCHAR), 2, '0') || CAST(1 + hash(i, 3) % 9 AS VARCHAR) || CAST(1 + hash(i, 4) % 9 AS VARCHAR) AS code
FROM range({enterprises}) AS t(i)
JOIN (
    SELECT n, CASE WHEN n < 40 THEN 'C' WHEN n < 50 THEN 'F' ELSE 'E' END AS letter,
           CASE WHEN n < 40 THEN 13 + n % 30 WHEN n < 50 THEN 51 + n % 2 ELSE 47 + n % 4 END AS division
    FROM range(60) AS r(n)
) AS industry ON hash(i, 2) % 60 = n;

CREATE TABLE month AS
SELECT n, (2023 + n // 12) * 100 + 1 + n % 12 AS month FROM range(36) AS t(n);

CREATE VIEW payment AS
SELECT unit, month, n, greatest(1, staff + CAST(hash(i, n) % 3 AS BIGINT) - 1) AS heads FROM unit CROSS JOIN month;

CREATE VIEW export AS
SELECT unit AS 单位编号, CAST(month AS INTEGER) AS 费款所属期, heads AS 缴费人数, CAST(heads * 6000 AS DECIMAL(18, 2)) AS 缴费基数总额,
       CAST(0.009 AS DECIMAL(9, 6)) AS 单位费率, CAST(heads * 54 AS DECIMAL(18, 2)) AS 应缴金额,
       CAST(heads * 54 AS DECIMAL(18, 2)) AS 实缴金额, CAST(0 AS DECIMAL(18, 2)) AS 滞纳金,
       make_date(CAST(month // 100 AS BIGINT), CAST(month % 100 AS BIGINT), 20) AS 到账日期, '正常' AS 缴费类型, n
FROM payment;

COPY (SELECT * EXCLUDE n FROM export WHERE n < 35 ORDER BY hash(单位编号, n)) TO '{raw}/2025-11/单位缴费.parquet';
COPY (
    SELECT * EXCLUDE n FROM (
        SELECT * FROM export WHERE n = 35
        UNION ALL
        SELECT * REPLACE (缴费人数 + 1 AS 缴费人数) FROM export WHERE n BETWEEN 32 AND 34 AND hash(单位编号, 5) % 100 = 0
    ) AS batch ORDER BY hash(单位编号, n)
) TO '{raw}/2025-12/单位缴费.parquet';

COPY (
    SELECT unit AS 单位编号, '企业' || unit AS 单位名称, code AS 行业代码, '4307' || lpad(CAST(hash(i, 6) % 9 AS VARCHAR), 2, '0') AS 行政区划代码,
           '直接用工' AS 用工方式
    FROM unit ORDER BY hash(unit)
) TO '{raw}/2025-11/参保单位.parquet';

COPY (
    SELECT 'T' || lpad(CAST(row_number() OVER () AS VARCHAR), 9, '0') AS 认定书编号, unit AS 单位编号, on_day AS 事故时间,
           on_day + 30 AS 认定日期, '认定工伤' AS 认定结论,
           CASE WHEN hash(unit, day) % 5 = 0 THEN '第十四条第（六）项' ELSE '第十四条第（一）项' END AS 认定依据,
           CASE WHEN hash(unit, day, 2) % 100 = 0 THEN on_day END AS 因工死亡时间
    FROM (
        SELECT unit, day, DATE '2023-01-01' + CAST(day AS INTEGER) AS on_day
        FROM (
            SELECT unit, hash(unit, n, k) % 1000 AS day, hash(unit, n, k, 7) % 1000000 < 13500 * staff / greatest(1, ceil(staff * 0.03)) AS hurt
            FROM (SELECT unit, 0 AS n, staff, unnest(range(greatest(1, CAST(ceil(staff * 0.03) AS BIGINT)))) AS k FROM unit) AS chance
        ) AS drawn WHERE hurt
    ) AS injury ORDER BY hash(unit, day)
) TO '{raw}/2025-11/工伤认定.parquet';
