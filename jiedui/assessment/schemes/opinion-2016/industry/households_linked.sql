-- id: industry.households_linked
-- name_zh: 利益联结户数
-- name_en: Households linked to projects
-- duty: industry.2
-- clause: 七
-- unit: households
-- side: recipient
-- direction: higher
-- aggregate: count_distinct(subject)
-- subject: household
-- period: year
-- reported: household_year
-- uses: pair_link
-- rule_zh: 截至年末与本结对关系项目有利益联结的建档立卡户，每户只计一次。
-- rule_en: Registered households linked to a project of the pair by the year's end, each household once.
SELECT pairing_id, 'benefit_link' AS row_table, benefit_link_id AS row_id, region_code, since AS happened_on,
       amount_fen AS amount, household_id AS subject
FROM pair_link
