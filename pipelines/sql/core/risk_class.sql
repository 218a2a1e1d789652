-- The risk class of each unit as last delivered by a month.
SELECT r.enterprise_id, r.risk_class
FROM enterprise_row AS r JOIN newest AS n ON r.sequence = n.sequence
