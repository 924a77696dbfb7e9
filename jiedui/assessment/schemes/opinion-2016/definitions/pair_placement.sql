-- 结对就业安置: placements that came through the pair, with the months of the year proven by any one of the accepted
-- kinds of evidence (a phone check alone proves nothing).
SELECT p.pairing_id, p.placement_id, p.person_id, p.household_id, p.region_code, p.work_region_code, p.kind,
       p.started_on, p.ended_on, coalesce(m.months, 0) AS months
FROM placement AS p
JOIN responsibility AS r
  ON r.pairing_id = p.pairing_id AND r.place_code = left(p.region_code, 6)
  AND p.started_on >= r.valid_from AND p.started_on < r.valid_to
LEFT JOIN (
  SELECT placement_id, count(DISTINCT month) AS months
  FROM stay_check
  WHERE month BETWEEN $year_start AND $year_end AND evidence IN ('certificate', 'contract', 'pay_flow', 'insurance')
  GROUP BY placement_id
) AS m ON m.placement_id = p.placement_id
WHERE p.started_on <= $year_end
