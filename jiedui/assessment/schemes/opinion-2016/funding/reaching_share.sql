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
-- uses: pair_payment, project_reached
-- rule_zh: 当年支付中到建档立卡户、或用于惠及建档立卡村或户的项目的金额，除以当年支付总额。
-- rule_en: Of the year's payments: money to a registered household, or for a project that reaches a registered household or village, over all payments.
-- missing_zh: 当年没有支付
-- missing_en: no payment in the year
SELECT p.pairing_id, 'ledger_leg' AS row_table, p.ledger_leg_id AS row_id, p.region_code, p.happened_on,
       p.amount_fen AS amount, p.budget_line_id AS subject, part.part
FROM pair_payment AS p
JOIN (VALUES ('numerator'), ('denominator')) AS part (part)
  ON part.part = 'denominator' OR p.household_id IS NOT NULL
  OR p.project_id IN (SELECT project_id FROM project_reached)
WHERE p.happened_on BETWEEN $year_start AND $year_end
