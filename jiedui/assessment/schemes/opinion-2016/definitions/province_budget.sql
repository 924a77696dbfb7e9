-- 省预算: budget lines of the year and the year before of all donors in a donor's province, the province and its cities,
-- for each pair of such a donor: the text speaks of provinces and their revenue.
SELECT d.pairing_id, b.budget_line_id, b.donor_code, b.approved_on, b.amount_fen, b.year
FROM pair AS d
JOIN budget_line AS b ON left(b.donor_code, 2) = left(d.donor_code, 2)
JOIN pair AS own
  ON own.pairing_id = b.pairing_id AND own.donor_code = b.donor_code
  AND b.approved_on >= own.valid_from AND b.approved_on < own.valid_to
WHERE b.year IN ($year, $year - 1)
