-- 在岗挂职: secondments in post on at least one day of the year, by the place in the recipient's area: the post of those
-- who go there, the home of those who come from there. Without a recorded end the planned end counts.
SELECT s.*, r.place_code
FROM secondment AS s
JOIN responsibility AS r
  ON r.pairing_id = s.pairing_id
  AND r.place_code = left(CASE s.direction WHEN 'donor_to_recipient' THEN s.region_code ELSE s.home_region_code END, 6)
  AND s.started_on >= r.valid_from AND s.started_on < r.valid_to
WHERE s.started_on <= $year_end AND coalesce(s.ended_on, s.planned_end_on) >= $year_start
