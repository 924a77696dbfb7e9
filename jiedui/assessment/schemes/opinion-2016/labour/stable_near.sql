-- id: labour.stable_near
-- name_zh: 就近稳定就业人数
-- name_en: Stable jobs near home
-- duty: labour.5
-- clause: 八
-- unit: persons
-- side: recipient
-- direction: higher
-- aggregate: count_distinct(subject)
-- subject: person
-- period: year
-- reported: placement
-- uses: stable_placement
-- rule_zh: 经本结对关系在本省就近就业、当年有效佐证月数达到规定的人，每人只计一次。
-- rule_en: Persons placed through the pair near home, in their own province, with at least the set number of proven months in the year, each person once.
SELECT pairing_id, 'placement' AS row_table, placement_id AS row_id, region_code, started_on AS happened_on,
       months AS amount, person_id AS subject
FROM stable_placement
WHERE kind = 'near' AND left(work_region_code, 2) = left(region_code, 2)
