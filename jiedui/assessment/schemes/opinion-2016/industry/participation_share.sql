-- id: industry.participation_share
-- name_zh: 建档立卡户参与率
-- name_en: Participation of registered households
-- duty: industry.2
-- clause: 七
-- unit: share
-- side: recipient
-- direction: higher
-- aggregate: ratio(count_distinct(subject))
-- subject: household
-- period: year
-- uses: pair_link
-- rule_zh: 与本结对关系项目有利益联结的户数，除以当年全部建档立卡户数。
-- rule_en: Registered households linked to a project of the pair, over all registered households of the year.
-- missing_zh: 本年没有户年度信息
-- missing_en: no household-year rows of the year
WITH registered AS (
  SELECT r.pairing_id, h.household_year_id, h.household_id, h.region_code
  FROM household_year AS h
  JOIN responsibility AS r
    ON r.place_code = left(h.region_code, 6) AND $year_end >= r.valid_from AND $year_end < r.valid_to
  WHERE h.year = $year
)
SELECT g.pairing_id, 'benefit_link' AS row_table, l.benefit_link_id AS row_id, l.region_code, l.since AS happened_on,
       NULL AS amount, g.household_id AS subject, 'numerator' AS part
FROM registered AS g
JOIN pair_link AS l ON l.pairing_id = g.pairing_id AND l.household_id = g.household_id
UNION ALL
SELECT pairing_id, 'household_year', household_year_id, region_code, $year_end, NULL, household_id, 'denominator'
FROM registered
