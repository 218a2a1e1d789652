-- What each unit paid, for which month and when. A refund takes off, with whichever sign it was delivered. Heads of a late
-- payment count only where its month has no normal row; of several late rows the largest head count stands (one is the
-- correction of another far more often than its addition).
WITH late AS (
    SELECT enterprise_id, period, max(heads) AS heads
    FROM newest_premium
    WHERE payment_kind = 'late'
    GROUP BY enterprise_id, period
),
paid_normally AS (
    SELECT DISTINCT p.enterprise_id, p.period
    FROM newest_premium AS p
    JOIN late AS l ON p.enterprise_id = l.enterprise_id AND p.period = l.period
    WHERE p.payment_kind = 'normal'
),
late_heads AS (
    SELECT l.enterprise_id, l.period, l.heads
    FROM late AS l
    LEFT JOIN paid_normally AS n ON l.enterprise_id = n.enterprise_id AND l.period = n.period
    WHERE n.period IS NULL
),
other AS (
    SELECT
        enterprise_id, period, payment_kind,
        coalesce(CAST(year(received_on) * 100 + month(received_on) AS INTEGER), period) AS received_month,
        sum(CASE WHEN payment_kind = 'refund' THEN -abs(due_yuan) ELSE due_yuan END) AS due_yuan,
        sum(CASE WHEN payment_kind = 'refund' THEN -abs(paid_yuan) ELSE paid_yuan END) AS paid_yuan
    FROM newest_premium
    WHERE payment_kind <> 'normal'
    GROUP BY enterprise_id, period, payment_kind, coalesce(CAST(year(received_on) * 100 + month(received_on) AS INTEGER), period)
),
first_late AS (
    SELECT enterprise_id, period, min(received_month) AS received_month
    FROM other
    WHERE payment_kind = 'late'
    GROUP BY enterprise_id, period
)
SELECT
    enterprise_id, period AS month,
    coalesce(CAST(year(received_on) * 100 + month(received_on) AS INTEGER), period) AS received_month,
    payment_kind, heads, unit_rate, coalesce(due_yuan, 0) AS due_yuan, coalesce(paid_yuan, 0) AS paid_yuan
FROM newest_premium
WHERE payment_kind = 'normal'
UNION ALL
SELECT
    o.enterprise_id, o.period AS month, o.received_month, o.payment_kind, h.heads,
    CAST(NULL AS DECIMAL(9, 6)) AS unit_rate, coalesce(o.due_yuan, 0) AS due_yuan, coalesce(o.paid_yuan, 0) AS paid_yuan
FROM other AS o
LEFT JOIN first_late AS f
    ON o.enterprise_id = f.enterprise_id AND o.period = f.period AND o.received_month = f.received_month
LEFT JOIN late_heads AS h
    ON f.enterprise_id = h.enterprise_id AND f.period = h.period AND o.payment_kind = 'late'
