-- id: labour.working_in_east
-- name_zh: 在东部务工的建档立卡劳动力
-- name_en: All registered poor working in the East
-- duty: labour.1
-- clause: 八
-- unit: persons
-- side: recipient
-- direction: higher
-- aggregate: count_distinct(subject)
-- subject: person
-- period: as_of
-- reported: worker
-- rule_zh: 摸底登记为在东部务工的人，无论经何途径；与经结对安置是两个口径，只列示，不计分。
-- rule_en: Workers registered as working in the East, by whatever way; another rule than placement through the pair, shown and not scored.
SELECT r.pairing_id, 'worker' AS row_table, w.worker_id AS row_id, w.region_code, w.registered_on AS happened_on,
       NULL AS amount, w.person_id AS subject
FROM worker AS w
JOIN responsibility AS r
  ON r.place_code = left(w.region_code, 6) AND $year_end >= r.valid_from AND $year_end < r.valid_to
WHERE w.work_status = 'away_east' AND w.registered_on <= $year_end
