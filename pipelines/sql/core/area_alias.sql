-- The bureau's own table of keywords of addresses, newest wins.
SELECT r.keyword, r.alias_street, r.alias_park, r.region_code
FROM area_alias_row AS r JOIN newest AS n ON r.sequence = n.sequence
