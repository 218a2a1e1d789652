-- The payments that stand as of a month; they weigh on the unit that insured the injured person when it happened.
SELECT
    r.payment_id, r.recognition_no, coalesce(c.insured_enterprise_id, u.enterprise_id, r.said_unit) AS enterprise_id, r.benefit,
    r.amount_yuan, coalesce(CAST(year(r.paid_on) * 100 + month(r.paid_on) AS INTEGER), r.benefit_month) AS paid_month,
    r.payment_type, c.recognition_no IS NOT NULL AS has_claim,
    r.batch_month AS source_batch, r.file_number AS source_file, r.row_number AS source_row
FROM payout_row AS r
JOIN newest AS n ON r.sequence = n.sequence
LEFT JOIN claim AS c ON r.recognition_no = c.recognition_no
LEFT JOIN unit_match AS u ON r.said_unit = u.said AND u.kind = 'payout'
