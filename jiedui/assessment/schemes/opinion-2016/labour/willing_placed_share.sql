-- id: labour.willing_placed_share
-- name_zh: 有意愿劳动力安置比例
-- name_en: Share of the willing placed
-- duty: labour.1
-- clause: 八
-- unit: share
-- side: recipient
-- direction: higher
-- aggregate: ratio(count_distinct(subject))
-- subject: person
-- period: as_of
-- uses: pair_placement
-- rule_zh: 有意愿、有能力的劳动力中，当年经本结对关系安置的人数，除以这些人与仍未就业的人数之和。
-- rule_en: Among workers willing and able: those placed through the pair in the year, over these and those still without work.
-- missing_zh: 没有有意愿的未就业劳动力
-- missing_en: no willing worker without work
WITH willing AS (
  SELECT r.pairing_id, w.worker_id, w.person_id, w.region_code, w.registered_on, w.work_status
  FROM worker AS w
  JOIN responsibility AS r
    ON r.place_code = left(w.region_code, 6) AND $year_end >= r.valid_from AND $year_end < r.valid_to
  WHERE w.willing AND w.able AND w.registered_on <= $year_end
),
placed AS (
  SELECT w.pairing_id, p.placement_id, p.region_code, p.started_on, w.person_id
  FROM willing AS w
  JOIN pair_placement AS p ON p.pairing_id = w.pairing_id AND p.person_id = w.person_id
  WHERE p.started_on BETWEEN $year_start AND $year_end
)
SELECT pairing_id, 'placement' AS row_table, placement_id AS row_id, region_code, started_on AS happened_on,
       NULL AS amount, person_id AS subject, part.part
FROM placed
CROSS JOIN (VALUES ('numerator'), ('denominator')) AS part (part)
UNION ALL
SELECT pairing_id, 'worker', worker_id, region_code, registered_on, NULL, person_id, 'denominator'
FROM willing
WHERE work_status = 'unemployed'
