-- 结对资金支付: money that left a project for its payee, by leg, from the pair's budget lines.
SELECT e.pairing_id, l.ledger_leg_id, l.budget_line_id, l.project_id, l.household_id, l.region_code,
       e.happened_on, l.amount_fen
FROM ledger_leg AS l
JOIN ledger_entry AS e ON e.ledger_entry_id = l.ledger_entry_id
JOIN responsibility AS r
  ON r.pairing_id = e.pairing_id AND r.place_code = left(l.region_code, 6)
  AND e.happened_on >= r.valid_from AND e.happened_on < r.valid_to
WHERE e.step = 'payment' AND l.account = 'payee' AND l.amount_fen > 0 AND e.happened_on <= $year_end
