-- id: talent.grass_roots_trained
-- name_zh: 基层干部培训人次
-- name_en: Person-times of training for grass-roots cadres
-- duty: talent.3
-- clause: 九
-- unit: person-times
-- side: recipient
-- direction: higher
-- aggregate: sum(amount)
-- subject: training
-- period: year
-- reported: training
-- rule_zh: 当年基层干部培训班的人数之和；培训班不记名，所以是人次。
-- rule_en: Places taken in the year's courses for grass-roots cadres; courses name nobody, hence person-times.
SELECT t.pairing_id, 'training' AS row_table, t.training_id AS row_id, t.region_code, t.held_on AS happened_on,
       t.persons AS amount, t.training_id AS subject
FROM training AS t
JOIN responsibility AS r
  ON r.pairing_id = t.pairing_id AND r.place_code = left(t.region_code, 6)
  AND t.held_on >= r.valid_from AND t.held_on < r.valid_to
WHERE t.held_on BETWEEN $year_start AND $year_end AND t.kind = 'grass_roots'
