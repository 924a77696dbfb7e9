-- uses: old_lot, allocated_lot, pair_payment
-- 闲置资金: of each transfer that arrived longer ago than the set days, what lies unspent at the year's end, in the
-- treasury or allocated to a project and not paid.
WITH paid AS (
  SELECT pairing_id, budget_line_id, project_id, sum(amount_fen) AS amount_fen
  FROM pair_payment WHERE project_id IS NOT NULL
  GROUP BY pairing_id, budget_line_id, project_id
),
taken AS (
  SELECT pairing_id, budget_line_id, ledger_leg_id, sum(amount_fen) AS amount_fen
  FROM allocated_lot
  GROUP BY pairing_id, budget_line_id, ledger_leg_id
),
waiting AS (
  SELECT a.pairing_id, a.ledger_leg_id,
         sum(least(a.amount_fen, greatest(a.high - coalesce(p.amount_fen, 0), 0))) AS amount_fen
  FROM allocated_lot AS a
  LEFT JOIN paid AS p
    ON p.pairing_id = a.pairing_id AND p.budget_line_id = a.budget_line_id AND p.project_id = a.project_id
  GROUP BY a.pairing_id, a.ledger_leg_id
)
SELECT t.pairing_id, t.ledger_leg_id, t.budget_line_id, t.region_code, t.happened_on, t.amount_fen AS arrived_fen,
       t.amount_fen - coalesce(k.amount_fen, 0) + coalesce(w.amount_fen, 0) AS idle_fen
FROM old_lot AS t
LEFT JOIN taken AS k ON k.pairing_id = t.pairing_id AND k.ledger_leg_id = t.ledger_leg_id
LEFT JOIN waiting AS w ON w.pairing_id = t.pairing_id AND w.ledger_leg_id = t.ledger_leg_id
WHERE t.old
