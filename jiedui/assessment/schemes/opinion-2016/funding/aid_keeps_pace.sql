-- id: funding.aid_keeps_pace
-- name_zh: 财政援助与财力同步增长
-- name_en: Growth of aid against growth of revenue
-- duty: funding.1
-- clause: 十
-- unit: ratio
-- side: donor
-- direction: higher
-- aggregate: ratio_of_ratios(sum(amount))
-- subject: budget_line
-- period: year
-- rule_zh: 财政援助的增长倍数除以帮扶方一般公共预算收入的增长倍数；一为同步。
-- rule_en: Growth factor of the aid over that of the donor's general public budget revenue; one means in step.
-- missing_zh: 缺帮扶方当年或上年的财力，或缺上年预算（只有省级公布的财力，市级没有）
-- missing_en: the donor's revenue of the year or the year before, or last year's budget, is not known (revenue is published for provinces only)
SELECT b.pairing_id, 'budget_line' AS row_table, b.budget_line_id AS row_id, b.donor_code AS region_code,
       b.approved_on AS happened_on, b.amount_fen AS amount, b.budget_line_id AS subject,
       CASE b.year WHEN $year THEN 'numerator' ELSE 'numerator_base' END AS part
FROM budget_line AS b
JOIN pair AS d
  ON d.pairing_id = b.pairing_id AND d.donor_code = b.donor_code
  AND b.approved_on >= d.valid_from AND b.approved_on < d.valid_to
WHERE b.year IN ($year, $year - 1)
UNION ALL
SELECT d.pairing_id, 'fiscal_revenue', f.fiscal_revenue_id, f.province_code, make_date(f.year, 12, 31), f.revenue_fen,
       f.fiscal_revenue_id, CASE f.year WHEN $year THEN 'denominator' ELSE 'denominator_base' END
FROM fiscal_revenue AS f
JOIN pair AS d ON d.donor_code = f.province_code
WHERE f.year IN ($year, $year - 1)
