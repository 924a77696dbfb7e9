-- id: industry.household_gain
-- name_zh: 利益联结户年增收
-- name_en: Yearly gain of linked households
-- duty: industry.2
-- clause: 七
-- unit: fen
-- side: recipient
-- direction: higher
-- aggregate: sum(amount)
-- subject: household
-- period: year
-- reported: benefit_link
-- uses: pair_link
-- rule_zh: 截至年末利益联结户的年增收之和；未报增收的联结另计数，不当作零。
-- rule_en: Yearly gain of the households linked by the year's end; links that do not report it are counted apart, not as zero.
SELECT pairing_id, 'benefit_link' AS row_table, benefit_link_id AS row_id, region_code, since AS happened_on,
       amount_fen AS amount, household_id AS subject
FROM pair_link
