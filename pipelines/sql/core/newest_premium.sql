-- The premium rows that stand as of a month. A normal row is identified by unit and period; only in months in which a key
-- can occur twice (contested_month) has the newest to be looked for. All other rows stand as `newest` says.
SELECT
    p.enterprise_id, p.period, p.heads, p.unit_rate, p.due_yuan, p.paid_yuan, p.received_on, 'normal' AS payment_kind,
    p.batch_month, p.file_number
FROM premium_row AS p
LEFT JOIN contested_month AS c ON p.period = c.month
WHERE p.known_month <= $as_of AND NOT p.is_future AND NOT p.is_keyless AND c.month IS NULL
UNION ALL
SELECT
    p.enterprise_id, p.period, p.heads, p.unit_rate, p.due_yuan, p.paid_yuan, p.received_on, 'normal' AS payment_kind,
    p.batch_month, p.file_number
FROM premium_row AS p
JOIN (
    SELECT r.enterprise_id, r.period, max(r.sequence) AS sequence
    FROM premium_row AS r
    JOIN contested_month AS c ON r.period = c.month
    WHERE r.known_month <= $as_of AND NOT r.is_future AND NOT r.is_keyless
    GROUP BY r.enterprise_id, r.period
) AS n ON p.sequence = n.sequence
UNION ALL
SELECT
    p.enterprise_id, p.period, p.heads, p.unit_rate, p.due_yuan, p.paid_yuan, p.received_on,
    coalesce(p.payment_kind, 'normal') AS payment_kind, p.batch_month, p.file_number
FROM premium_row AS p
JOIN newest AS n ON p.sequence = n.sequence
WHERE p.is_keyless
