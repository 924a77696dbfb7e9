-- id: funding.idle_share
-- name_zh: 资金闲置比例
-- name_en: Share of money lying idle
-- duty: funding.4
-- clause: 十
-- unit: share
-- side: recipient
-- direction: lower
-- aggregate: ratio(sum(amount))
-- subject: budget_line
-- period: year
-- uses: pair_payment, pair_transfer
-- parameters: idle_days = funding.idle_days
-- rule_zh: 拨付已超过规定天数而到年末仍未支付的金额，除以超过该天数的拨付金额；按预算批次计，先到先付。
-- rule_en: Money that arrived longer ago than the set days and is not paid out by the year's end, over all money that arrived that long ago; by budget line, first in first out.
-- missing_zh: 没有超过规定天数的拨付资金
-- missing_en: no money arrived longer ago than the set days
WITH old AS (
  SELECT pairing_id, budget_line_id, min(region_code) AS region_code, min(happened_on) AS happened_on,
         sum(amount_fen) AS arrived_fen
  FROM pair_transfer
  WHERE happened_on < $year_end - CAST($idle_days AS INTEGER)
  GROUP BY pairing_id, budget_line_id
),
paid AS (
  SELECT pairing_id, budget_line_id, sum(amount_fen) AS paid_fen
  FROM pair_payment
  GROUP BY pairing_id, budget_line_id
)
SELECT o.pairing_id, 'budget_line' AS row_table, o.budget_line_id AS row_id, o.region_code, o.happened_on,
       CASE part.part WHEN 'denominator' THEN o.arrived_fen
            ELSE greatest(o.arrived_fen - coalesce(p.paid_fen, 0), 0) END AS amount,
       o.budget_line_id AS subject, part.part
FROM old AS o
LEFT JOIN paid AS p ON p.pairing_id = o.pairing_id AND p.budget_line_id = o.budget_line_id
CROSS JOIN (VALUES ('numerator'), ('denominator')) AS part (part)
