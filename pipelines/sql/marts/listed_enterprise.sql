-- Which units fall under which of the policy's plan words, by their industry or by another department's list.
SELECT e.enterprise_id, w.word
FROM enterprise AS e JOIN word_industry AS w ON e.industry_2 = w.industry_2
UNION
SELECT d.enterprise_id, w.word
FROM designation AS d JOIN word_designation AS w ON d.category LIKE concat('%', w.designation, '%')
WHERE d.enterprise_id IS NOT NULL
