-- How often each rule was the first to match, by batch and aspect; the ids stand in `narrative_rules` at fixed places.
WITH counted AS (
    SELECT batch_month, narrative_rules, count(*) AS texts
    FROM claim_row
    WHERE narrative_rules IS NOT NULL
    GROUP BY batch_month, narrative_rules
),
hit AS (
    SELECT c.batch_month, a.aspect, a.aspect_title, substring(c.narrative_rules, a.first_sign, 4) AS rule_id, sum(c.texts) AS texts
    FROM counted AS c CROSS JOIN aspect AS a
    GROUP BY c.batch_month, a.aspect, a.aspect_title, substring(c.narrative_rules, a.first_sign, 4)
),
asked AS (
    SELECT batch_month, aspect, sum(texts) AS texts_asked
    FROM hit
    WHERE rule_id <> '....'
    GROUP BY batch_month, aspect
)
SELECT
    h.batch_month, h.aspect, h.aspect_title, h.rule_id, h.texts, s.texts_asked,
    CASE WHEN s.texts_asked > 0 THEN CAST(h.texts AS DOUBLE) * 100 / s.texts_asked END AS share_pct
FROM hit AS h JOIN asked AS s ON h.batch_month = s.batch_month AND h.aspect = s.aspect
WHERE h.rule_id <> '....'
