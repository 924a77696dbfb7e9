-- 脱贫人口: members of households that left poverty in the year and had not fallen back by its end, with the pair
-- responsible for their place on the day. A relapse or a correction later in the year takes the exit back.
SELECT r.pairing_id, s.status_change_id, s.household_id, p.person_id, s.region_code, s.changed_on
FROM status_change AS s
JOIN responsibility AS r
  ON r.place_code = left(s.region_code, 6) AND s.changed_on >= r.valid_from AND s.changed_on < r.valid_to
JOIN person AS p
  ON p.household_id = s.household_id AND p.joined_on <= s.changed_on
  AND (p.left_on IS NULL OR p.left_on > s.changed_on)
WHERE s.kind = 'exit' AND s.changed_on BETWEEN $year_start AND $year_end
  AND NOT EXISTS (
    SELECT 1 FROM status_change AS later
    WHERE later.household_id = s.household_id AND later.kind IN ('relapse', 'correction')
      AND later.changed_on <= $year_end
      AND (later.changed_on > s.changed_on
           OR (later.changed_on = s.changed_on AND later.status_change_id > s.status_change_id))
  )
