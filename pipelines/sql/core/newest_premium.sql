-- The premium rows that stand as of a month, by the unit that they mean. A normal row is identified by unit and period; only in
-- months in which a key can occur twice, or a unit is not named by its number (contested_month), has the newest to be looked
-- for. All other rows stand as `newest` says. A unit that no list knows stands under what it was called.
SELECT
    p.enterprise_id, p.period, p.heads, p.unit_rate, p.due_yuan, p.paid_yuan, p.received_on, 'normal' AS payment_kind,
    p.batch_month, p.file_number
FROM premium_row AS p
LEFT JOIN contested_month AS c ON p.period = c.month
WHERE p.known_month <= $as_of AND NOT p.is_future AND NOT p.is_keyless AND c.month IS NULL
UNION ALL
SELECT
    n.enterprise_id, p.period, p.heads, p.unit_rate, p.due_yuan, p.paid_yuan, p.received_on, 'normal' AS payment_kind,
    p.batch_month, p.file_number
FROM premium_row AS p
JOIN (
    SELECT coalesce(u.enterprise_id, r.said_unit) AS enterprise_id, r.period, max(r.sequence) AS sequence
    FROM premium_row AS r
    JOIN contested_month AS c ON r.period = c.month
    LEFT JOIN unit_match AS u ON r.said_unit = u.said AND u.kind = 'premium'
    WHERE r.known_month <= $as_of AND NOT r.is_future AND NOT r.is_keyless
    GROUP BY coalesce(u.enterprise_id, r.said_unit), r.period
) AS n ON p.sequence = n.sequence
UNION ALL
SELECT
    coalesce(u.enterprise_id, p.said_unit) AS enterprise_id, p.period, p.heads, p.unit_rate, p.due_yuan, p.paid_yuan,
    p.received_on, coalesce(p.payment_kind, 'normal') AS payment_kind, p.batch_month, p.file_number
FROM premium_row AS p
JOIN newest AS n ON p.sequence = n.sequence
LEFT JOIN unit_match AS u ON p.said_unit = u.said AND u.kind = 'premium'
WHERE p.is_keyless
