-- Exposure, injuries and money of each unit in each of the years that expectations stand on, side by side: year_0 is the newest
-- (to date, or whole in December). person_months_ahead = the last twelve months, which stand for the coming year.
WITH wide AS (
    SELECT
        enterprise_id,
        max(CASE WHEN period = 'year_0' THEN person_months END) AS person_months_0,
        coalesce(max(CASE WHEN period = 'year_0' THEN injuries END), 0) AS injuries_0,
        max(CASE WHEN period = 'year_0' THEN premium_yuan END) AS premium_yuan_0,
        max(CASE WHEN period = 'year_0' THEN payout_yuan END) AS payout_yuan_0,
        max(CASE WHEN period = 'year_1' THEN person_months END) AS person_months_1,
        coalesce(max(CASE WHEN period = 'year_1' THEN injuries END), 0) AS injuries_1,
        max(CASE WHEN period = 'year_1' THEN premium_yuan END) AS premium_yuan_1,
        max(CASE WHEN period = 'year_1' THEN payout_yuan END) AS payout_yuan_1,
        max(CASE WHEN period = 'year_2' THEN person_months END) AS person_months_2,
        coalesce(max(CASE WHEN period = 'year_2' THEN injuries END), 0) AS injuries_2,
        max(CASE WHEN period = 'year_2' THEN premium_yuan END) AS premium_yuan_2,
        max(CASE WHEN period = 'year_2' THEN payout_yuan END) AS payout_yuan_2,
        max(CASE WHEN period = 'year_3' THEN person_months END) AS person_months_3,
        coalesce(max(CASE WHEN period = 'year_3' THEN injuries END), 0) AS injuries_3,
        max(CASE WHEN period = 'year_3' THEN premium_yuan END) AS premium_yuan_3,
        max(CASE WHEN period = 'year_3' THEN payout_yuan END) AS payout_yuan_3,
        max(CASE WHEN period = 'year_4' THEN person_months END) AS person_months_4,
        coalesce(max(CASE WHEN period = 'year_4' THEN injuries END), 0) AS injuries_4,
        max(CASE WHEN period = 'year_4' THEN premium_yuan END) AS premium_yuan_4,
        max(CASE WHEN period = 'year_4' THEN payout_yuan END) AS payout_yuan_4,
        max(CASE WHEN period = 'year_5' THEN person_months END) AS person_months_5,
        coalesce(max(CASE WHEN period = 'year_5' THEN injuries END), 0) AS injuries_5,
        max(CASE WHEN period = 'year_5' THEN premium_yuan END) AS premium_yuan_5,
        max(CASE WHEN period = 'year_5' THEN payout_yuan END) AS payout_yuan_5,
        max(CASE WHEN period = 'year_ago' THEN person_months END) AS person_months_ago
    FROM unit_year
    WHERE enterprise_id <> ''
    GROUP BY enterprise_id
)
SELECT
    y.enterprise_id, e.region_code, e.industry_1, e.industry_2, e.industry_3, e.industry_4,
    y.person_months_0, y.injuries_0, y.premium_yuan_0, y.payout_yuan_0,
    y.person_months_1, y.injuries_1, y.premium_yuan_1, y.payout_yuan_1,
    y.person_months_2, y.injuries_2, y.premium_yuan_2, y.payout_yuan_2,
    y.person_months_3, y.injuries_3, y.premium_yuan_3, y.payout_yuan_3,
    y.person_months_4, y.injuries_4, y.premium_yuan_4, y.payout_yuan_4,
    y.person_months_5, y.injuries_5, y.premium_yuan_5, y.payout_yuan_5,
    CASE WHEN $as_of % 100 = 12 THEN coalesce(y.person_months_0, 0)
         ELSE greatest(coalesce(y.person_months_0, 0) + coalesce(y.person_months_1, 0) - coalesce(y.person_months_ago, 0), 0)
    END AS person_months_ahead
FROM wide AS y
LEFT JOIN enterprise AS e ON y.enterprise_id = e.enterprise_id
