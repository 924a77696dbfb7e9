-- id: funding.reaching_share
-- name_zh: 到村到户资金比例
-- name_en: Share of payments reaching a village or household
-- duty: principle.1
-- clause: 三
-- unit: share
-- side: recipient
-- direction: higher
-- aggregate: ratio(sum(amount))
-- subject: ledger_leg
-- period: year
-- uses: pair_payment, pair_link
-- rule_zh: 当年支付中落到户、落到村或落到有利益联结项目的金额，除以当年支付总额。
-- rule_en: Of the year's payments: money to a household, in a village, or to a project with linked households, over all payments.
-- missing_zh: 当年没有支付
-- missing_en: no payment in the year
SELECT p.pairing_id, 'ledger_leg' AS row_table, p.ledger_leg_id AS row_id, p.region_code, p.happened_on,
       p.amount_fen AS amount, p.budget_line_id AS subject, part.part
FROM pair_payment AS p
JOIN (VALUES ('numerator'), ('denominator')) AS part (part)
  ON part.part = 'denominator' OR p.household_id IS NOT NULL OR length(p.region_code) = 12
  OR p.project_id IN (SELECT project_id FROM pair_link)
WHERE p.happened_on BETWEEN $year_start AND $year_end
