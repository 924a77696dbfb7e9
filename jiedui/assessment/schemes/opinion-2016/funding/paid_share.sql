-- id: funding.paid_share
-- name_zh: 资金支付率
-- name_en: Share of the money paid out
-- duty: funding.4
-- clause: 十
-- unit: share
-- side: recipient
-- direction: higher
-- aggregate: ratio(sum(amount))
-- subject: ledger_leg
-- period: year
-- uses: pair_payment, pair_transfer
-- rule_zh: 当年预算资金中，年末前已支付的金额除以已拨付到受援方的金额。
-- rule_en: Of the year's budget lines: money paid out by the year's end over money that arrived in the recipient's treasury.
-- missing_zh: 当年预算没有拨付到受援方的资金
-- missing_en: no money of the year's budget arrived at the recipient
SELECT p.pairing_id, 'ledger_leg' AS row_table, p.ledger_leg_id AS row_id, p.region_code, p.happened_on,
       p.amount_fen AS amount, p.budget_line_id AS subject, 'numerator' AS part
FROM pair_payment AS p
JOIN budget_line AS b ON b.budget_line_id = p.budget_line_id
WHERE b.year = $year
UNION ALL
SELECT t.pairing_id, 'ledger_leg', t.ledger_leg_id, t.region_code, t.happened_on, t.amount_fen, t.budget_line_id,
       'denominator'
FROM pair_transfer AS t
JOIN budget_line AS b ON b.budget_line_id = t.budget_line_id
WHERE b.year = $year
