-- 结对就业安置: placements that came through a pair responsible for the person's home on the day the job began.
SELECT p.pairing_id, p.placement_id, p.person_id, p.household_id, p.region_code, p.work_region_code, p.kind,
       p.started_on, p.ended_on
FROM placement AS p
JOIN responsibility AS r
  ON r.pairing_id = p.pairing_id AND r.place_code = left(p.region_code, 6)
  AND p.started_on >= r.valid_from AND p.started_on < r.valid_to
WHERE p.started_on <= $year_end
