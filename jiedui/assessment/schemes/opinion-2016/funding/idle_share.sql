-- id: funding.idle_share
-- name_zh: 资金闲置比例
-- name_en: Share of money lying idle
-- duty: funding.4
-- clause: 十
-- unit: share
-- side: recipient
-- direction: lower
-- aggregate: ratio(sum(amount))
-- subject: ledger_leg
-- period: year
-- uses: idle_lot
-- rule_zh: 到账已超过规定天数而到年末仍在受援方财政或项目上未支付的金额，除以到账已超过该天数的金额；同一预算内先到先用。
-- rule_en: Money that arrived longer ago than the set days and lies unspent at the year's end, in the treasury or on a project, over all money that arrived that long ago; first in, first out within a budget line.
-- missing_zh: 没有到账超过规定天数的资金
-- missing_en: no money arrived longer ago than the set days
SELECT pairing_id, 'ledger_leg' AS row_table, ledger_leg_id AS row_id, region_code, happened_on,
       CASE part.part WHEN 'denominator' THEN arrived_fen ELSE idle_fen END AS amount, budget_line_id AS subject,
       part.part
FROM idle_lot
CROSS JOIN (VALUES ('numerator'), ('denominator')) AS part (part)
