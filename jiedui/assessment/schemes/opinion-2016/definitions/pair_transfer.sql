-- 结对资金拨付: money that arrived in the recipient's treasury, by leg, from the pair's budget lines.
SELECT e.pairing_id, e.ledger_entry_id, l.ledger_leg_id, l.budget_line_id, l.region_code, e.happened_on, l.amount_fen
FROM ledger_leg AS l
JOIN ledger_entry AS e ON e.ledger_entry_id = l.ledger_entry_id
JOIN responsibility AS r
  ON r.pairing_id = e.pairing_id AND r.place_code = left(l.region_code, 6)
  AND e.happened_on >= r.valid_from AND e.happened_on < r.valid_to
WHERE e.step = 'transfer' AND l.account = 'recipient_treasury' AND l.amount_fen > 0 AND e.happened_on <= $year_end
