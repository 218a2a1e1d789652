-- One macro per value type: cleaned text in (see cleaning.py), typed value or NULL (= cannot be read) out.
-- The first branch of each CASE is the common form. Columns of plain numbers do not come here at all (parse.PLAIN). Values written in words are read by terms.py, rates by units.py.
-- Only ingest uses these; sql/core and sql/marts hold no macros. A macro is pasted where it stands, with its argument at each place of the
-- parameter: what is long and looked at several times is put in a list of one and named by a lambda instead.

CREATE MACRO as_text(x) AS x;

CREATE MACRO as_industry(x) AS upper(replace(x, ' ', ''));

-- What Excel made of a number of more than 15 digits: 9.14403E+17, or its last digits all 0.
CREATE MACRO is_rounded(x) AS
    length(x) > 4 AND (regexp_matches(x, '^\d(\.\d+)?[eE]\+\d{1,2}$') OR regexp_matches(x, '^\d\.\d+[eE]1\d$')
                       OR (length(x) >= 18 AND regexp_matches(replace(x, ' ', ''), '^\d{15}0{3,}$')));

-- U+FFFD stands where bytes could not be decoded: such a number identifies nothing, nor does a rounded one.
CREATE MACRO as_identifier(x) AS
    CASE WHEN length(x) < 18 AND NOT contains(x, ' ') AND NOT contains(x, '.') AND NOT contains(x, '+')
              AND NOT contains(x, chr(65533)) THEN x
         WHEN NOT contains(x, chr(65533)) AND NOT is_rounded(x) THEN
             CASE WHEN contains(x, ' ') THEN replace(x, ' ', '') WHEN regexp_matches(x, '^\d+\.0$') THEN left(x, -2) ELSE x END END;

-- Brackets of document numbers are written in many ways; 〔〕 is the official one.
CREATE MACRO as_document_no(x) AS
    list_transform([CASE WHEN regexp_matches(x, '[\[\]()（）［］【】〖〗\s]')
                         THEN replace(translate(x, '[]()（）［］【】〖〗', '〔〕〔〕〔〕〔〕〔〕〔〕'), ' ', '') ELSE x END],
                   lambda t: as_identifier(t))[1];

-- Days, moments and months: the common forms only. What these leave, moments.py reads text by text.
CREATE MACRO checked_date(y, m, d) AS
    CASE WHEN try_cast(y AS INTEGER) BETWEEN 1900 AND 2100 THEN try_cast(y || '-' || m || '-' || d AS DATE) END;

-- 2024-01-31, 2024/1/31, 2024.1.31, 2024年1月31日, 20240131, 45322 (Excel's serial days, 1900 system).
CREATE MACRO as_date(x) AS
    CASE WHEN length(x) = 10 AND substr(x, 5, 1) = '-' AND substr(x, 8, 1) = '-' AND x >= '1900' AND x < '2101' THEN try_cast(x AS DATE)
         WHEN regexp_matches(x, '^\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?$') THEN
             checked_date(substr(x, 1, 4), regexp_extract(x, '^.{5}(\d{1,2})', 1), regexp_extract(x, '(\d{1,2})日?$', 1))
         WHEN regexp_matches(x, '^\d{8}$') THEN checked_date(substr(x, 1, 4), substr(x, 5, 2), substr(x, 7, 2))
         WHEN regexp_matches(x, '^([2-6]\d|7[0-2])\d{3}$') THEN DATE '1899-12-30' + CAST(x AS INTEGER) END;

-- A day with its clock: 2024-01-31 08:30, 2024/1/31 8:30:15.
CREATE MACRO as_time(x) AS
    CASE WHEN regexp_matches(x, '^\d{4}-[01]\d-[0-3]\d[ T]([01]\d|2[0-3])(:[0-5]\d){1,2}$') AND x >= '1900' AND x < '2101' THEN
             try_cast(CASE WHEN length(x) = 16 THEN x || ':00' ELSE x END AS TIMESTAMP)
         WHEN regexp_matches(x, '^\d{4}[/.]\d{1,2}[/.]\d{1,2} \d{1,2}:[0-5]\d(:[0-5]\d)?$') AND x >= '1900' AND x < '2101' THEN
             try_cast(regexp_replace(regexp_replace(x, '^(\d+).(\d+).(\d+) ', '\1-\2-\3 0'), ' 0(\d\d:)', ' \1')
                      || CASE WHEN regexp_matches(x, ':.*:') THEN '' ELSE ':00' END AS TIMESTAMP)
         ELSE CAST(as_date(x) AS TIMESTAMP) END;

-- 202401, 2024-01, 2024年1月.
CREATE MACRO as_month(x) AS
    CASE WHEN regexp_matches(x, '^(19|20)\d\d(0[1-9]|1[0-2])(\.0+)?$') THEN CAST(left(x, 6) AS INTEGER)
         WHEN regexp_matches(x, '^(19|20)\d\d[-/.年]([1-9]|0[1-9]|1[0-2])月?$') THEN
             CAST(substr(x, 1, 4) AS INTEGER) * 100 + CAST(regexp_extract(x, '^.{5}(\d{1,2})', 1) AS INTEGER) END;

CREATE MACRO as_year(x) AS
    CASE WHEN regexp_matches(x, '^(199\d|20\d\d|2100)(\.0+)?年?(度)?$') THEN CAST(substr(x, 1, 4) AS SMALLINT) END;

CREATE MACRO as_birth_year(x) AS CAST(year(as_date(x)) AS SMALLINT);

-- 二十三 -> 23.
CREATE MACRO arabic(x) AS
    replace(regexp_replace(regexp_replace(regexp_replace(
        translate(x, '一二三四五六七八九', '123456789'), '(\d)十(\d)', '\1\2', 'g'), '(\d)十', '\10', 'g'), '十(\d)', '1\1', 'g'),
        '十', '10');

-- A number as written, its commas between groups of three, as SQL reads it.
CREATE MACRO plain_number(t) AS
    CASE WHEN regexp_matches(t, '^[+-]?(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?([eE][+-]?\d{1,2})?$') AND regexp_matches(t, '^[+-]?\.?\d') THEN
         rtrim(replace(t, ',', ''), '.') END;

-- (12) and 12- are less than nothing.
CREATE MACRO signed_number(t) AS
    CASE WHEN regexp_matches(t, '^\([^-+()]+\)$') THEN '-' || substr(t, 2, length(t) - 2)
         WHEN regexp_matches(t, '^[^-+()]+-$') THEN '-' || left(t, -1) ELSE t END;

CREATE MACRO multiple(t) AS
    CASE WHEN t LIKE '%百万' THEN 1000000 WHEN t LIKE '%千万' THEN 10000000 WHEN t LIKE '%万' THEN 10000 WHEN t LIKE '%亿' THEN 100000000
         WHEN t LIKE '%千' THEN 1000 WHEN t LIKE '%百' THEN 100 ELSE 1 END;

CREATE MACRO money_text(x) AS
    list_transform([regexp_replace(regexp_replace(x, '人民币|RMB|CNY|[\s￥¥$]', '', 'gi'), '([元圆]整?)(\)?-?)$', '\2')],
                   lambda t: signed_number(t))[1];

-- A number astray is none of this column's: a mobile number (round thousands aside), an ID, a card.
CREATE MACRO is_astray(x) AS regexp_matches(x, '^(86)?1[3-9]\d{9}$') AND NOT suffix(x, '000');

CREATE MACRO at_most(v, most) AS CASE WHEN abs(v) <= most THEN v END;

-- 1234.5, 1,234.50, ￥1,234.50元, (123.00), 123-, 1.2E+05, 12万元; halves of a cent go away from 0. `bare` and `own` multiply
-- a number without and with a unit of its own (see units.py).
CREATE MACRO amount_in(x, bare, own) AS
    list_transform(list_transform([money_text(x)], lambda t:
        CASE WHEN regexp_matches(x, '[元圆万亿千百]') THEN
                 try_cast(try_cast(plain_number(regexp_replace(t, '(百万|千万|万|亿|千|百)$', '')) AS DECIMAL(25, 10))
                          * CAST(multiple(t) * own AS DECIMAL(13, 4)) AS DECIMAL(18, 2))
             WHEN NOT is_astray(x) THEN
                 try_cast(try_cast(plain_number(t) AS DECIMAL(25, 10)) * bare AS DECIMAL(18, 2)) END),
        lambda v: at_most(v, 1000000000000))[1];

CREATE MACRO as_amount(x) AS
    CASE WHEN regexp_matches(x, '^[+-]?\d{1,10}(\.\d+)?$') THEN try_cast(x AS DECIMAL(18, 2))
         ELSE amount_in(x, CAST(1 AS DECIMAL(13, 4)), CAST(1 AS DECIMAL(13, 4))) END;

-- 12, 1,234, 12.0, 12人, 十二; a fraction is no count.
CREATE MACRO as_count(x) AS
    CASE WHEN length(x) < 11 AND regexp_matches(x, '^\d+$') THEN CAST(x AS BIGINT)
         WHEN regexp_matches(x, '^[+-]?[\d, ]+(\.0+)?\s?(人次|人|家|场次|场|个|名|位|次|户)?$') THEN
             at_most(try_cast(plain_number(regexp_replace(regexp_replace(x, '\.0+', ''), '[ 人次家场个名位户]', '', 'g')) AS BIGINT), 9999999999)
         WHEN regexp_matches(x, '^[一二三四五六七八九]?十?[一二三四五六七八九]?(人|名|个)?$') THEN
             try_cast(arabic(regexp_replace(x, '[人名个]', '')) AS BIGINT) END;

CREATE MACRO as_number(x) AS
    CASE WHEN length(x) < 11 OR NOT is_astray(x) THEN
        at_most(try_cast(plain_number(regexp_replace(x, '\s?(个?学时|个?小时|课时|公里|米|度|°|分钟|人|元|h|m)$', '')) AS DOUBLE), 1000000000000) END;

-- GB 11714: eight characters weighed 3, 7, 9, 10, 5, 8, 4, 2 and a check character (11 - sum mod 11, X = 10, 0 = 11); of a credit
-- code its characters 9-17.
CREATE MACRO org_code_sum(x) AS
    list_sum(list_transform([3, 7, 9, 10, 5, 8, 4, 2],
                            lambda w, i: w * (strpos('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ', substr(x, i, 1)) - 1)));

CREATE MACRO checked_org_code(x) AS
    CASE WHEN regexp_matches(x, '^[0-9A-Z]{8}[0-9X]$') AND substr('0X987654321', CAST(org_code_sum(x) % 11 AS INTEGER) + 1, 1) = substr(x, 9, 1)
         THEN x END;

-- GB 32100-2015: weights 3^(i-1) mod 31, check character 31 - sum mod 31.
CREATE MACRO uscc_sum(x) AS
    list_sum(list_transform([1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28],
                            lambda w, i: w * (strpos('0123456789ABCDEFGHJKLMNPQRTUWXY', substr(x, i, 1)) - 1)));

CREATE MACRO checked_uscc(x) AS
    CASE WHEN regexp_matches(x, '^[0-9A-HJ-NPQRTUWXY]{18}$')
          AND substr('0123456789ABCDEFGHJKLMNPQRTUWXY', CAST((31 - uscc_sum(x) % 31) % 31 AS INTEGER) + 1, 1) = substr(x, 18, 1)
          AND (NOT is_rounded(x) OR list_transform([substr(x, 9, 9)], lambda t: checked_org_code(t))[1] IS NOT NULL)
         THEN x END;

CREATE MACRO as_uscc(x) AS
    list_transform([upper(CASE WHEN length(x) > 18 THEN regexp_replace(x, '[\s-]', '', 'g') ELSE x END)], lambda t: checked_uscc(t))[1];

CREATE MACRO as_org_code(x) AS
    coalesce(list_transform([replace(upper(x), '-', '')], lambda t: checked_org_code(t))[1], substr(as_uscc(x), 9, 9));
