-- The cases that count, and how many whole months later than they count each was known to be an injury. By the row that first
-- said so: the month of its decision, and as many months more as it came after the first delivery that could have held it. What was
-- decided by the opening delivery and came later is a gap of the delivery, no delay.
WITH first_counted AS (
    SELECT l.claim_id, min(r.sequence) AS sequence
    FROM claim_link AS l
    JOIN claim_row AS r ON l.sequence = r.sequence
    WHERE r.conclusion IN ('recognised', 'deemed')
    GROUP BY l.claim_id
),
known AS (
    SELECT
        f.claim_id,
        CASE WHEN r.decided_on IS NULL AND own.month_before > 0 THEN own.month_number
             WHEN r.decided_on IS NOT NULL
             THEN year(r.decided_on) * 12 + month(r.decided_on)
                 + CASE WHEN due.month_before > 0 THEN own.month_number - due.month_number ELSE 0 END END AS month_number
    FROM first_counted AS f
    JOIN claim_row AS r ON f.sequence = r.sequence
    JOIN claim_batch AS own ON r.batch_month = own.batch_month
    LEFT JOIN claim_batch AS due ON year(r.decided_on) * 100 + month(r.decided_on) > due.month_before
        AND year(r.decided_on) * 100 + month(r.decided_on) <= due.batch_month
)
SELECT
    c.claim_id, c.enterprise_id, c.insured_enterprise_id, c.is_dispatched, c.clause_group, c.is_severe, c.is_death, c.event_month,
    CASE WHEN k.month_number IS NOT NULL THEN greatest(k.month_number - (c.event_month // 100 * 12 + c.event_month % 100), 0) END
        AS months_to_known
FROM counted_claim AS c
LEFT JOIN known AS k ON c.claim_id = k.claim_id
