-- How many claims of each file and agency were applied for and decided how many days after the accident and the application. Dates
-- out of order are doubtful rows, no delays.
WITH dated AS (
    SELECT
        'apply_delay' AS rule, batch_month, file_number, enterprise_id,
        date_diff('day', CAST(accident_time AS DATE), applied_on) AS delay
    FROM claim_row
    WHERE applied_on >= CAST(accident_time AS DATE) AND NOT is_future
    UNION ALL
    SELECT
        'decision_delay' AS rule, batch_month, file_number, enterprise_id, date_diff('day', applied_on, decided_on) AS delay
    FROM claim_row
    WHERE decided_on >= applied_on AND NOT is_future
)
SELECT
    'claim' AS kind, d.rule, d.batch_month, d.file_number, coalesce(e.agency, 'unknown') AS agency,
    CAST(d.delay AS INTEGER) AS delay, count(*) AS number
FROM dated AS d
LEFT JOIN enterprise AS e ON d.enterprise_id = e.enterprise_id
GROUP BY d.rule, d.batch_month, d.file_number, coalesce(e.agency, 'unknown'), d.delay
