-- Which rows lead to what they refer to, by kind and reference, in rows and yuan: units to the list of units, appraisals and
-- payments to their case, training to its programme. Premiums are counted by unit and year, which is what is kept of them.
WITH named AS (
    SELECT 'premium' AS kind, 'enterprise' AS reference, enterprise_id AS unit, paid_yuan AS amount
    FROM enterprise_year
    WHERE months > 0 OR paid_yuan <> 0
    UNION ALL
    SELECT 'claim' AS kind, 'enterprise' AS reference, insured_enterprise_id AS unit, CAST(NULL AS DECIMAL(18, 2)) AS amount
    FROM claim
    UNION ALL
    SELECT 'claim' AS kind, 'host_enterprise' AS reference, enterprise_id AS unit, CAST(NULL AS DECIMAL(18, 2)) AS amount
    FROM claim
    WHERE is_dispatched
    UNION ALL
    SELECT 'payout' AS kind, 'enterprise' AS reference, enterprise_id AS unit, amount_yuan AS amount FROM payout
    UNION ALL
    SELECT 'incident' AS kind, 'enterprise' AS reference, insured_enterprise_id AS unit, CAST(NULL AS DECIMAL(18, 2)) AS amount
    FROM incident
    UNION ALL
    SELECT 'incident' AS kind, 'host_enterprise' AS reference, enterprise_id AS unit, CAST(NULL AS DECIMAL(18, 2)) AS amount
    FROM incident
    WHERE is_dispatched
    UNION ALL
    SELECT 'key_staff' AS kind, 'enterprise' AS reference, enterprise_id AS unit, CAST(NULL AS DECIMAL(18, 2)) AS amount
    FROM key_staff
    UNION ALL
    SELECT 'training_record' AS kind, 'enterprise' AS reference, enterprise_id AS unit, CAST(NULL AS DECIMAL(18, 2)) AS amount
    FROM training_record
    UNION ALL
    SELECT 'designation' AS kind, 'enterprise' AS reference, enterprise_id AS unit, CAST(NULL AS DECIMAL(18, 2)) AS amount
    FROM designation
    UNION ALL
    SELECT 'programme' AS kind, 'enterprise' AS reference, enterprise_id AS unit, contract_yuan AS amount FROM programme
    UNION ALL
    SELECT 'decision' AS kind, 'enterprise' AS reference, enterprise_id AS unit, CAST(NULL AS DECIMAL(18, 2)) AS amount
    FROM decision
    UNION ALL
    SELECT 'project_site' AS kind, 'enterprise' AS reference, enterprise_id AS unit, premium_yuan AS amount FROM project_site
),
referring AS (
    SELECT n.kind, n.reference, n.unit IS NOT NULL AS is_named, e.enterprise_id IS NOT NULL AS is_matched, n.amount
    FROM named AS n
    LEFT JOIN enterprise AS e ON n.unit = e.enterprise_id
    UNION ALL
    SELECT
        'appraisal' AS kind, 'claim' AS reference, a.recognition_no IS NOT NULL AS is_named,
        c.recognition_no IS NOT NULL AS is_matched, CAST(NULL AS DECIMAL(18, 2)) AS amount
    FROM appraisal AS a
    LEFT JOIN claim AS c ON a.recognition_no = c.recognition_no
    UNION ALL
    SELECT
        'payout' AS kind, 'claim' AS reference, recognition_no IS NOT NULL AS is_named, has_claim AS is_matched,
        amount_yuan AS amount
    FROM payout
    UNION ALL
    SELECT
        'incident' AS kind, 'claim' AS reference, enterprise_id IS NOT NULL AS is_named, has_claim AS is_matched,
        CAST(NULL AS DECIMAL(18, 2)) AS amount
    FROM incident
    UNION ALL
    SELECT
        'training_record' AS kind, 'programme' AS reference, programme_id IS NOT NULL AS is_named,
        has_programme AS is_matched, CAST(NULL AS DECIMAL(18, 2)) AS amount
    FROM training_record
),
counted AS (
    SELECT
        kind, reference, count(*) AS number, count(CASE WHEN is_matched THEN 1 END) AS matched,
        count(CASE WHEN NOT is_named THEN 1 END) AS unnamed, sum(amount) AS amount,
        sum(CASE WHEN is_matched THEN amount END) AS amount_matched
    FROM referring
    GROUP BY kind, reference
)
SELECT
    kind, reference, number AS rows_referring, matched AS rows_matched, number - matched AS rows_unmatched,
    unnamed AS rows_unnamed, CASE WHEN number > 0 THEN CAST(matched AS DOUBLE) * 100 / number END AS matched_pct,
    amount AS amount_referring, CASE WHEN amount IS NOT NULL THEN coalesce(amount_matched, 0) END AS amount_matched,
    amount - coalesce(amount_matched, 0) AS amount_unmatched
FROM counted
