-- Payments above what the law allows for their benefit: the death grant of the year of payment, or so many average monthly
-- wages, for lump sums by the grade of the case (the highest where it is not known).
WITH graded AS (
    SELECT recognition_no, min(grade) AS grade
    FROM claim
    WHERE recognition_no IS NOT NULL AND grade IS NOT NULL
    GROUP BY recognition_no
),
paid AS (
    SELECT
        r.batch_month, r.file_number, r.row_number, r.enterprise_id, r.benefit,
        coalesce(r.payment_id, r.recognition_no) AS reference, r.amount_yuan,
        coalesce(CAST(year(r.paid_on) AS INTEGER), r.benefit_month // 100) AS year, coalesce(g.grade, 0) AS grade
    FROM payout_row AS r
    LEFT JOIN graded AS g ON r.recognition_no = g.recognition_no
    WHERE r.amount_yuan > 0 AND NOT r.is_future
)
SELECT
    p.batch_month, p.file_number, p.row_number % 7000000 AS row_number, p.enterprise_id, min(p.reference) AS reference,
    'payout' AS kind, 'above_limit' AS rule, 'amount_yuan' AS column_name
FROM paid AS p
JOIN benefit_limit AS b ON p.benefit LIKE concat('%', b.benefit, '%') AND (b.grade IS NULL OR b.grade = p.grade)
    AND (b.year IS NULL OR b.year = p.year)
WHERE p.amount_yuan > b.most_yuan
GROUP BY p.batch_month, p.file_number, p.row_number % 7000000, p.enterprise_id
