-- 结对项目: projects of a pair in a place that the pair was responsible for on the day they were signed.
SELECT p.*
FROM project AS p
JOIN responsibility AS r
  ON r.pairing_id = p.pairing_id AND r.place_code = left(p.region_code, 6)
  AND p.signed_on >= r.valid_from AND p.signed_on < r.valid_to
WHERE p.signed_on <= $year_end
