-- uses: old_lot
-- 已安排资金: what each allocation to a project took from which transfer, with its span in the queue of the project.
-- Allocated money keeps the day on which it arrived.
WITH allocation AS (
  SELECT e.pairing_id, l.budget_line_id, l.project_id, e.happened_on, e.ledger_entry_id, l.ledger_leg_id,
         sum(l.amount_fen) OVER queue - l.amount_fen AS low, sum(l.amount_fen) OVER queue AS high
  FROM ledger_leg AS l
  JOIN ledger_entry AS e ON e.ledger_entry_id = l.ledger_entry_id
  WHERE e.step = 'allocate' AND l.account = 'project' AND l.amount_fen > 0 AND e.happened_on <= $year_end
  WINDOW queue AS (
    PARTITION BY e.pairing_id, l.budget_line_id ORDER BY e.happened_on, e.ledger_entry_id, l.ledger_leg_id
  )
)
SELECT t.pairing_id, t.budget_line_id, t.ledger_leg_id, a.project_id, t.old,
       least(a.high, t.high) - greatest(a.low, t.low) AS amount_fen,
       sum(least(a.high, t.high) - greatest(a.low, t.low)) OVER queue AS high
FROM allocation AS a
JOIN old_lot AS t
  ON t.pairing_id = a.pairing_id AND t.budget_line_id = a.budget_line_id AND t.low < a.high AND t.high > a.low
WINDOW queue AS (
  PARTITION BY a.pairing_id, a.budget_line_id, a.project_id
  ORDER BY t.low, a.happened_on, a.ledger_entry_id, a.ledger_leg_id
)
