-- id: funding.fiscal_aid
-- name_zh: 财政援助资金
-- name_en: Fiscal aid of the donor
-- duty: funding.1
-- clause: 十
-- unit: fen
-- side: donor
-- direction: higher
-- aggregate: sum(amount)
-- subject: budget_line
-- period: year
-- reported: budget_line
-- rule_zh: 帮扶方当年为本结对关系批复的财政援助预算之和。
-- rule_en: The donor's budget lines of the year for the pair, added up.
SELECT b.pairing_id, 'budget_line' AS row_table, b.budget_line_id AS row_id, b.donor_code AS region_code,
       b.approved_on AS happened_on, b.amount_fen AS amount, b.budget_line_id AS subject
FROM budget_line AS b
JOIN pair AS d
  ON d.pairing_id = b.pairing_id AND d.donor_code = b.donor_code
  AND b.approved_on >= d.valid_from AND b.approved_on < d.valid_to
WHERE b.year = $year
