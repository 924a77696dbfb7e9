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
-- uses: proven_month
-- parameters: stay_months = labour.stay_months
-- rule_zh: 经本结对关系在本省就近就业、当年有效佐证月数合计达到规定的人，每人只计一次；同月不重复计。
-- rule_en: Persons placed through the pair near home, in their own province, with at least the set number of proven months in the year, over all such placements, each person once.
WITH near AS (
  SELECT * FROM proven_month
  WHERE kind = 'near' AND left(work_region_code, 2) = left(region_code, 2)
),
stable AS (
  SELECT pairing_id, person_id FROM near
  GROUP BY pairing_id, person_id
  HAVING count(DISTINCT month) >= $stay_months
)
SELECT n.pairing_id, 'placement' AS row_table, n.placement_id AS row_id, n.region_code, n.started_on AS happened_on,
       count(DISTINCT n.month) AS amount, n.person_id AS subject
FROM near AS n
JOIN stable AS s ON s.pairing_id = n.pairing_id AND s.person_id = n.person_id
GROUP BY n.pairing_id, n.placement_id, n.region_code, n.started_on, n.person_id
