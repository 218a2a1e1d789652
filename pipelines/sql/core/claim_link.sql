-- Every known claim row with the case that it belongs to. Rows that share 工伤认定信息ID or 认定书编号 are one case, also through
-- one another (up to two renumberings in a row); rows with neither stand for themselves as `newest` says.
WITH known AS (
    SELECT sequence, recognition_id, recognition_no
    FROM claim_row
    WHERE known_month <= $as_of AND NOT is_future AND NOT is_keyless
),
pair AS (
    SELECT DISTINCT recognition_id, recognition_no
    FROM known
    WHERE recognition_id IS NOT NULL AND recognition_no IS NOT NULL
),
root_of_no AS (
    SELECT recognition_no, min(recognition_id) AS root FROM pair GROUP BY recognition_no
),
root_of_id AS (
    SELECT p.recognition_id, min(r.root) AS root
    FROM pair AS p JOIN root_of_no AS r ON p.recognition_no = r.recognition_no
    GROUP BY p.recognition_id
),
further_of_no AS (
    SELECT p.recognition_no, min(r.root) AS root
    FROM pair AS p JOIN root_of_id AS r ON p.recognition_id = r.recognition_id
    GROUP BY p.recognition_no
),
further_of_id AS (
    SELECT p.recognition_id, min(r.root) AS root
    FROM pair AS p JOIN further_of_no AS r ON p.recognition_no = r.recognition_no
    GROUP BY p.recognition_id
),
linked AS (
    SELECT
        k.sequence, k.recognition_no,
        CASE WHEN k.recognition_id IS NOT NULL THEN concat('ID-', coalesce(i.root, k.recognition_id))
             WHEN n.root IS NOT NULL THEN concat('ID-', n.root)
             ELSE k.recognition_no END AS claim_id
    FROM known AS k
    LEFT JOIN further_of_id AS i ON k.recognition_id = i.recognition_id
    LEFT JOIN further_of_no AS n ON k.recognition_no = n.recognition_no
)
SELECT sequence, recognition_no, claim_id FROM linked
UNION ALL
SELECT
    r.sequence, CAST(NULL AS VARCHAR) AS recognition_no,
    concat('ROW-', CAST(r.batch_month AS VARCHAR), '-', CAST(r.file_number AS VARCHAR), '-', CAST(r.row_number AS VARCHAR)) AS claim_id
FROM claim_row AS r JOIN newest AS n ON r.sequence = n.sequence
WHERE r.is_keyless
