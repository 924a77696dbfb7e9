-- id: labour.stable_east
-- name_zh: 转移到帮扶方稳定就业人数
-- name_en: Stable jobs in the donor's area
-- duty: labour.5
-- clause: 八
-- unit: persons
-- side: donor
-- direction: higher
-- aggregate: count_distinct(subject)
-- subject: person
-- period: year
-- reported: placement
-- uses: proven_month
-- parameters: stay_months = labour.stay_months
-- rule_zh: 经本结对关系到帮扶方就业、当年有效佐证月数合计达到规定的人，每人只计一次；同月不重复计，电话核查不算佐证。
-- rule_en: Persons placed through the pair in the donor's area with at least the set number of proven months in the year, over all such placements, each person once; a phone check proves nothing.
WITH east AS (
  SELECT m.*
  FROM proven_month AS m
  JOIN pair AS d ON d.pairing_id = m.pairing_id
  WHERE left(m.work_region_code, length(d.donor_prefix)) = d.donor_prefix
),
stable AS (
  SELECT pairing_id, person_id FROM east
  GROUP BY pairing_id, person_id
  HAVING count(DISTINCT month) >= $stay_months
)
SELECT e.pairing_id, 'placement' AS row_table, e.placement_id AS row_id, e.region_code, e.started_on AS happened_on,
       count(DISTINCT e.month) AS amount, e.person_id AS subject
FROM east AS e
JOIN stable AS s ON s.pairing_id = e.pairing_id AND s.person_id = e.person_id
GROUP BY e.pairing_id, e.placement_id, e.region_code, e.started_on, e.person_id
