-- uses: pair_placement
-- parameters: stay_months = labour.stay_months, stay_evidence = labour.stay_evidence
-- 稳定就业: placements of a pair with at least the set number of months of the year proven by any one of the accepted
-- kinds of evidence (a phone check is not among them). Months of two placements are not added up.
SELECT p.*, m.months
FROM pair_placement AS p
JOIN (
  SELECT placement_id, count(DISTINCT month) AS months
  FROM stay_check
  WHERE month BETWEEN $year_start AND $year_end AND list_contains($stay_evidence, evidence)
  GROUP BY placement_id
) AS m ON m.placement_id = p.placement_id
WHERE m.months >= $stay_months
