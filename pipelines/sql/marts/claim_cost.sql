-- What each case has cost the fund so far, cases of the last twelve months left out: their payments have hardly begun.
SELECT c.claim_id, c.enterprise_id, coalesce(p.paid_yuan, 0) AS paid_yuan
FROM claim AS c
LEFT JOIN (
    SELECT recognition_no, sum(amount_yuan) AS paid_yuan
    FROM payout
    WHERE recognition_no IS NOT NULL
    GROUP BY recognition_no
) AS p ON c.recognition_no = p.recognition_no
WHERE c.is_counted AND NOT c.is_project AND NOT c.is_old_injury AND c.enterprise_id IS NOT NULL
    AND c.accident_month BETWEEN $first_month AND $last_month
