-- One macro per value type: text in, without spaces around it (see receive.py), typed value or NULL (= cannot be read) out.
-- The first branch of each CASE is the common form, kept cheap.
-- Only ingest uses these; sql/core and sql/marts hold no macros.

CREATE TEMP MACRO as_text(x) AS nullif(x, '无');

-- U+FFFD stands where bytes could not be decoded: such a number identifies nothing.
CREATE TEMP MACRO as_identifier(x) AS CASE WHEN NOT contains(x, chr(65533)) THEN x END;

-- Brackets of document numbers are written in many ways; 〔〕 is the official one.
CREATE TEMP MACRO as_document_no(x) AS
    as_identifier(CASE WHEN regexp_matches(x, '[\[\]()（）［］【】\s]')
                       THEN replace(translate(x, '[]()（）［］【】', '〔〕〔〕〔〕〔〕〔〕'), ' ', '') ELSE x END);

CREATE TEMP MACRO checked_date(y, m, d) AS
    CASE WHEN try_cast(y AS INTEGER) BETWEEN 1900 AND 2100 THEN try_cast(y || '-' || m || '-' || d AS DATE) END;

-- 2024-01-31, 2024/1/31, 2024.01.31, 2024年1月31日 (each with or without a time), 20240131, Excel serial days.
CREATE TEMP MACRO as_date(x) AS
    CASE WHEN length(x) = 10 AND substr(x, 5, 1) = '-' AND substr(x, 8, 1) = '-' AND x >= '1900' AND x < '2101' THEN try_cast(x AS DATE)
         WHEN regexp_matches(x, '^\d{4}\D\d{1,2}\D\d{1,2}') THEN
             checked_date(substr(x, 1, 4), regexp_extract(x, '^\d{4}\D(\d{1,2})', 1),
                          regexp_extract(x, '^\d{4}\D\d{1,2}\D(\d{1,2})(日|\s|T|$)', 1))
         WHEN regexp_matches(x, '^\d{8}(\d{6})?$') THEN checked_date(substr(x, 1, 4), substr(x, 5, 2), substr(x, 7, 2))
         WHEN regexp_matches(x, '^([2-6]\d|7[0-2])\d{3}(\.\d+)?$') THEN
             DATE '1899-12-30' + CAST(floor(CAST(x AS DOUBLE)) AS INTEGER) END;

CREATE TEMP MACRO time_of_day(x) AS
    CASE WHEN regexp_matches(x, '^\d{14}$') THEN
             coalesce(try_cast(substr(x, 9, 2) || ':' || substr(x, 11, 2) || ':' || substr(x, 13, 2) AS TIME), TIME '00:00:00')
         WHEN regexp_matches(x, '\d{1,2}[:：时]\d{0,2}') THEN
             coalesce(try_cast(lpad(regexp_extract(x, '(\d{1,2})[:：时]', 1), 2, '0') || ':' ||
                               lpad(regexp_extract(x, '\d{1,2}[:：时](\d{0,2})', 1), 2, '0') || ':00' AS TIME), TIME '00:00:00')
         ELSE TIME '00:00:00' END;

CREATE TEMP MACRO afternoon(x) AS
    CASE WHEN regexp_matches(x, '下午|晚|[Pp][Mm]') AND time_of_day(x) < TIME '12:00:00' THEN INTERVAL 12 HOUR ELSE INTERVAL 0 HOUR END;

CREATE TEMP MACRO as_time(x) AS
    CASE WHEN length(x) = 16 AND substr(x, 5, 1) = '-' AND substr(x, 14, 1) = ':' THEN
             CASE WHEN as_date(substr(x, 1, 10)) IS NOT NULL
                  THEN coalesce(try_cast(x || ':00' AS TIMESTAMP), CAST(as_date(substr(x, 1, 10)) AS TIMESTAMP)) END
         WHEN length(x) = 10 AND substr(x, 5, 1) = '-' THEN CAST(as_date(x) AS TIMESTAMP)
         ELSE as_date(x) + time_of_day(x) + afternoon(x) END;

CREATE TEMP MACRO checked_month(y, m) AS
    CASE WHEN try_cast(y AS INTEGER) BETWEEN 1900 AND 2100 AND try_cast(m AS INTEGER) BETWEEN 1 AND 12
         THEN CAST(y AS INTEGER) * 100 + CAST(m AS INTEGER) END;

-- 202401, 2024-01, 2024/1, 2024年1月, 2024.01, and any full date; a span of months is none.
CREATE TEMP MACRO as_month(x) AS
    CASE WHEN try_cast(x AS INTEGER) BETWEEN 190001 AND 210012 AND try_cast(x AS INTEGER) % 100 BETWEEN 1 AND 12 THEN CAST(x AS INTEGER)
         WHEN regexp_matches(x, '^\d{8}$') THEN checked_month(substr(x, 1, 4), substr(x, 5, 2))
         WHEN regexp_matches(x, '^\d{4}\D\d{1,2}(月份?)?(\D\d{1,2}日?([ T].*)?)?$') THEN
             checked_month(substr(x, 1, 4), regexp_extract(x, '^\d{4}\D(\d{1,2})', 1)) END;

CREATE TEMP MACRO as_year(x) AS
    CASE WHEN regexp_matches(x, '^\d{4}(\.0+)?年?(度)?$') THEN
        CASE WHEN CAST(substr(x, 1, 4) AS SMALLINT) BETWEEN 1990 AND 2100 THEN CAST(substr(x, 1, 4) AS SMALLINT) END END;

CREATE TEMP MACRO as_birth_year(x) AS CAST(year(as_date(x)) AS SMALLINT);

-- 1234.5, 1,234.50, ￥1,234.50元, (123.00) = minus.
CREATE TEMP MACRO as_amount(x) AS
    CASE WHEN regexp_matches(x, '^[+-]?\d+(\.\d+)?$') THEN try_cast(x AS DECIMAL(18, 2))
         WHEN regexp_matches(x, '^[(（][^-]*[)）]$') THEN -try_cast(regexp_replace(x, '[,，￥¥元()（）\s]', '', 'g') AS DECIMAL(18, 2))
         ELSE try_cast(regexp_replace(x, '[,，￥¥元\s]', '', 'g') AS DECIMAL(18, 2)) END;

-- 12, 1,234, 12.0, 12人; a fraction is no count.
CREATE TEMP MACRO as_count(x) AS
    CASE WHEN length(x) < 18 AND regexp_matches(x, '^\d+$') THEN CAST(x AS BIGINT)
         WHEN regexp_matches(x, '^[+-]?[\d,，]+(\.0+)?[人家场个名]?$') THEN
             try_cast(regexp_replace(regexp_replace(x, '\.0+', ''), '[,，人家场个名]', '', 'g') AS BIGINT) END;

CREATE TEMP MACRO as_number(x) AS
    CASE WHEN isfinite(try_cast(replace(x, ',', '') AS DOUBLE)) THEN try_cast(replace(x, ',', '') AS DOUBLE) END;

-- 0.9%, 9‰, 0.009 and the bare percentage 0.9 (no premium rate is as high as 5 %, no percentage as low as 0.05).
CREATE TEMP MACRO as_rate(x) AS
    CASE WHEN x LIKE '%\%' ESCAPE '\' OR x LIKE '%％' THEN try_cast(rtrim(x, '%％ ') AS DECIMAL(12, 6)) / 100
         WHEN x LIKE '%‰' THEN try_cast(rtrim(x, '‰ ') AS DECIMAL(12, 6)) / 1000
         WHEN try_cast(x AS DECIMAL(12, 6)) >= 0.05 THEN try_cast(x AS DECIMAL(12, 6)) / 100
         ELSE try_cast(x AS DECIMAL(12, 6)) END;

-- 01..10, 一级..十级, 壹级, 7级, 未达级 (= 11).
CREATE TEMP MACRO as_grade(x) AS
    CASE WHEN x IN ('未达级', '未达等级', '不够级', '未达到等级', '无等级') THEN 11
         WHEN regexp_matches(x, '^0?([1-9]|10)(\.0)?级?$') THEN CAST(regexp_extract(x, '^0?(10|[1-9])', 1) AS SMALLINT)
         WHEN regexp_matches(x, '^[一二三四五六七八九十]级?$') THEN strpos('一二三四五六七八九十', substr(x, 1, 1))
         WHEN regexp_matches(x, '^[壹贰叁肆伍陆柒捌玖拾]级?$') THEN strpos('壹贰叁肆伍陆柒捌玖拾', substr(x, 1, 1)) END;

CREATE TEMP MACRO as_risk_class(x) AS
    CASE WHEN regexp_matches(x, '^0?[1-8](\.0)?类?$') THEN CAST(regexp_extract(x, '([1-8])', 1) AS SMALLINT)
         WHEN regexp_matches(x, '^第?[一二三四五六七八]类?') THEN strpos('一二三四五六七八', regexp_extract(x, '([一二三四五六七八])', 1)) END;

-- 第十四条第（一）项, 十四条(一), 14-1, 条例第14条第1款第1项, 101..107, 201..203, 301..303.
CREATE TEMP MACRO checked_clause(article, item) AS
    CASE WHEN (article = '14' AND item BETWEEN '1' AND '7') OR (article IN ('15', '16') AND item BETWEEN '1' AND '3')
         THEN article || '-' || item END;

CREATE TEMP MACRO arabic(x) AS CASE WHEN x <> '' AND strpos('一二三四五六七', x) > 0 THEN CAST(strpos('一二三四五六七', x) AS VARCHAR) ELSE x END;

CREATE TEMP MACRO clause_article(x) AS
    CASE WHEN regexp_matches(x, '十四|14') THEN '14' WHEN regexp_matches(x, '十五|15') THEN '15'
         WHEN regexp_matches(x, '十六|16') THEN '16' END;

CREATE TEMP MACRO clause_item(x) AS
    arabic(regexp_extract(x, '(?:十[四五六]|1[456])(?:条|-|—|\.|、|\s)*(?:第?[一1]款)?[第(（\s]*([一二三四五六七1-7])', 1));

CREATE TEMP MACRO as_clause(x) AS
    CASE WHEN regexp_matches(x, '^[123]0[1-7]$') THEN
             checked_clause(CASE substr(x, 1, 1) WHEN '1' THEN '14' WHEN '2' THEN '15' ELSE '16' END, substr(x, 3, 1))
         ELSE checked_clause(clause_article(x), clause_item(x)) END;

CREATE TEMP MACRO as_industry(x) AS upper(replace(x, ' ', ''));

-- GB 32100-2015: weights 3^(i-1) mod 31, check character 31 - sum mod 31.
CREATE TEMP MACRO uscc_sum(x) AS
    list_sum(list_transform([1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28],
                            lambda w, i: w * (strpos('0123456789ABCDEFGHJKLMNPQRTUWXY', substr(x, i, 1)) - 1)));

CREATE TEMP MACRO as_uscc(x) AS
    CASE WHEN regexp_matches(upper(x), '^[0-9A-HJ-NPQRTUWXY]{18}$')
          AND substr('0123456789ABCDEFGHJKLMNPQRTUWXY', CAST((31 - uscc_sum(upper(x)) % 31) % 31 AS INTEGER) + 1, 1) = substr(upper(x), 18, 1)
         THEN upper(x) END;

-- GB 11714: eight characters weighed 3, 7, 9, 10, 5, 8, 4, 2 and a check character (11 - sum mod 11, X = 10, 0 = 11); of a credit
-- code its characters 9-17.
CREATE TEMP MACRO org_code_sum(x) AS
    list_sum(list_transform([3, 7, 9, 10, 5, 8, 4, 2],
                            lambda w, i: w * (strpos('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ', substr(x, i, 1)) - 1)));

CREATE TEMP MACRO checked_org_code(x) AS
    CASE WHEN regexp_matches(x, '^[0-9A-Z]{8}[0-9X]$') AND substr('0X987654321', CAST(org_code_sum(x) % 11 AS INTEGER) + 1, 1) = substr(x, 9, 1)
         THEN x END;

CREATE TEMP MACRO as_org_code(x) AS
    coalesce(checked_org_code(replace(upper(x), '-', '')), substr(as_uscc(x), 9, 9));
