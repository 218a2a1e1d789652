-- The units that get a dossier, with what is expected of them and their years side by side.
SELECT
    w.enterprise_id, e.industry_1, e.industry_2, o.norm_pct, o.size_band,
    h.person_months_0, h.injuries_0, h.premium_yuan_0, h.payout_yuan_0,
    h.person_months_1, h.injuries_1, h.premium_yuan_1, h.payout_yuan_1,
    h.person_months_2, h.injuries_2, h.premium_yuan_2, h.payout_yuan_2,
    h.person_months_3, h.injuries_3, h.premium_yuan_3, h.payout_yuan_3,
    h.person_months_4, h.injuries_4, h.premium_yuan_4, h.payout_yuan_4,
    h.person_months_5, h.injuries_5, h.premium_yuan_5, h.payout_yuan_5
FROM wanted AS w
LEFT JOIN enterprise AS e ON w.enterprise_id = e.enterprise_id
LEFT JOIN enterprise_history AS h ON w.enterprise_id = h.enterprise_id
LEFT JOIN enterprise_outlook AS o ON w.enterprise_id = o.enterprise_id
