-- The appraisals that stand as of a month; the latest conclusion of a case is the one that counts.
SELECT
    r.recognition_no, r.appraisal_kind, r.concluded_on, r.grade, r.care,
    row_number() OVER (
        PARTITION BY r.recognition_no
        ORDER BY r.concluded_on DESC NULLS LAST,
                 CASE r.appraisal_kind WHEN 'review' THEN 3 WHEN 'again' THEN 2 ELSE 1 END DESC NULLS LAST,
                 r.sequence DESC NULLS LAST
    ) = 1 AS is_latest,
    r.batch_month AS source_batch, r.file_number AS source_file, r.row_number AS source_row
FROM appraisal_row AS r JOIN newest AS n ON r.sequence = n.sequence
