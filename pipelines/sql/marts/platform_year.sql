-- How many injuries of platform workers happened in a year.
SELECT count(*) AS injuries FROM platform_injury WHERE accident_month // 100 = $year
