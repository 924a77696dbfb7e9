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
-- reported: budget_line
-- uses: province_budget
-- rule_zh: 帮扶方所在省（含其各市）财政援助预算的增长倍数，除以该省一般公共预算收入的增长倍数；一为同步。
-- rule_en: Growth factor of the aid of the donor's province and its cities, over that of the province's general public budget revenue; one means in step.
-- missing_zh: 缺帮扶方所在省当年或上年的财力，或缺上年预算
-- missing_en: the revenue of the donor's province in the year or the year before, or last year's budget, is not known
SELECT pairing_id, 'budget_line' AS row_table, budget_line_id AS row_id, donor_code AS region_code,
       approved_on AS happened_on, amount_fen AS amount, budget_line_id AS subject,
       CASE year WHEN $year THEN 'numerator' ELSE 'numerator_base' END AS part
FROM province_budget
UNION ALL
SELECT d.pairing_id, 'fiscal_revenue', f.fiscal_revenue_id, f.province_code, make_date(f.year, 12, 31), f.revenue_fen,
       f.fiscal_revenue_id, CASE f.year WHEN $year THEN 'denominator' ELSE 'denominator_base' END
FROM fiscal_revenue AS f
JOIN pair AS d ON left(d.donor_code, 2) = left(f.province_code, 2)
WHERE f.year IN ($year, $year - 1)
