-- id: funding.aid_growth
-- name_zh: 财政援助资金增长
-- name_en: Fiscal aid against the year before
-- duty: funding.1
-- clause: 十
-- unit: ratio
-- side: donor
-- direction: higher
-- aggregate: ratio(sum(amount))
-- subject: budget_line
-- period: year
-- reported: budget_line
-- rule_zh: 当年财政援助预算除以上年预算；大于一为增长。
-- rule_en: Budget lines of the year over those of the year before; above one is growth.
-- missing_zh: 上年没有财政援助预算
-- missing_en: no budget line in the year before
SELECT b.pairing_id, 'budget_line' AS row_table, b.budget_line_id AS row_id, b.donor_code AS region_code,
       b.approved_on AS happened_on, b.amount_fen AS amount, b.budget_line_id AS subject,
       CASE b.year WHEN $year THEN 'numerator' ELSE 'denominator' END AS part
FROM budget_line AS b
JOIN pair AS d
  ON d.pairing_id = b.pairing_id AND d.donor_code = b.donor_code
  AND b.approved_on >= d.valid_from AND b.approved_on < d.valid_to
WHERE b.year IN ($year, $year - 1)
