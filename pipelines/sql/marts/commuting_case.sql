-- Hours and means of transport of the cases of the units wanted, as far as they are known.
SELECT n.enterprise_id, c.accident_hour, c.transport, count(*) AS cases
FROM counted_claim AS n
JOIN wanted AS w ON n.enterprise_id = w.enterprise_id
JOIN claim AS c ON n.claim_id = c.claim_id
WHERE n.event_month BETWEEN $first_month AND $last_month
GROUP BY n.enterprise_id, c.accident_hour, c.transport
