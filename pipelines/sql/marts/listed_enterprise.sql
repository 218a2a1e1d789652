-- Which units fall under which of the policy's plan words, by their industry (at any level) or by another department's list.
SELECT e.enterprise_id, w.word
FROM enterprise AS e JOIN word_industry AS w ON e.industry_2 = w.industry
UNION
SELECT e.enterprise_id, w.word
FROM enterprise AS e JOIN word_industry AS w ON e.industry_3 = w.industry
UNION
SELECT e.enterprise_id, w.word
FROM enterprise AS e JOIN word_industry AS w ON e.industry_4 = w.industry
UNION
SELECT d.enterprise_id, w.word
FROM designation AS d JOIN word_designation AS w ON d.category LIKE concat('%', w.designation, '%')
WHERE d.enterprise_id IS NOT NULL
