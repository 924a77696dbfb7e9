-- id: poverty.still_poor_share
-- name_zh: 未脱贫人口比例
-- name_en: Share of registered persons still poor
-- duty: goal.2
-- clause: 二
-- unit: share
-- side: recipient
-- direction: lower
-- aggregate: ratio(sum(amount))
-- subject: household
-- period: year
-- rule_zh: 年末仍未脱贫或已返贫户的人数，除以全部建档立卡户的人数。
-- rule_en: Persons in households that are poor or have fallen back at the year's end, over persons in all registered households.
-- missing_zh: 本年没有户年度信息
-- missing_en: no household-year rows of the year
SELECT r.pairing_id, 'household_year' AS row_table, h.household_year_id AS row_id, h.region_code,
       $year_end AS happened_on, h.members AS amount, h.household_id AS subject, part.part
FROM household_year AS h
JOIN responsibility AS r
  ON r.place_code = left(h.region_code, 6) AND $year_end >= r.valid_from AND $year_end < r.valid_to
JOIN (VALUES ('numerator'), ('denominator')) AS part (part)
  ON part.part = 'denominator' OR h.status IN ('poor', 'relapsed')
WHERE h.year = $year
