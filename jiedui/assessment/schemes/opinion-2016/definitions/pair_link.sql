-- 利益联结: households that take part in a project of the pair, up to the end of the year.
SELECT p.pairing_id, b.benefit_link_id, b.project_id, b.household_id, b.region_code, b.since, b.amount_fen
FROM benefit_link AS b
JOIN project AS p ON p.project_id = b.project_id
JOIN responsibility AS r
  ON r.pairing_id = p.pairing_id AND r.place_code = left(b.region_code, 6)
  AND b.since >= r.valid_from AND b.since < r.valid_to
WHERE b.since <= $year_end
