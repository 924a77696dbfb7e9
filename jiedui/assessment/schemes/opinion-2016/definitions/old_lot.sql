-- uses: pair_transfer
-- parameters: idle_days = funding.idle_days
-- 沉淀资金: each transfer to a recipient's treasury, with its span [low, high) in the queue of its budget line: money has
-- no marks, what came first goes first. `old` says that it arrived longer ago than the set days.
SELECT pairing_id, budget_line_id, ledger_leg_id, region_code, happened_on, amount_fen,
       sum(amount_fen) OVER queue - amount_fen AS low, sum(amount_fen) OVER queue AS high,
       happened_on < $year_end - CAST($idle_days AS INTEGER) AS old
FROM pair_transfer
WINDOW queue AS (PARTITION BY pairing_id, budget_line_id ORDER BY happened_on, ledger_entry_id, ledger_leg_id)
