"""求解器: arrays in, assignment and certificate out.

Owns markets, their exact solution and what proves it. Refuses policy, tables and persons: it knows agents, objects,
seats and integers. In the order in which one reads it:

| what | files |
|---|---|
| what comes in | `arrays`, `market`, `side_constraints` (quotas, groups) |
| what goes out | `solution`, `capabilities` (what is there and what is not) |
| the door | `solve` |
| levels and stages | `levels`, `open_choices`, `stage`, `cardinality`, `optimum` |
| a market as the auction reads it | `block_order`, `packing`, `repacking`, `resume`, `columns`, `edges` |
| the auction | `auction`: `bidding`, `seat_heap`, `reverse`, `slackness`; `exact_prices`, `lowest_prices` |
| machine | `crew` (threads), `prefetch` |
| quotas | `quotas`: `quota_tree`, `quota_prices`, `quota_bidding`, `quota_repair` and others |
| couples and families | `groups`: `group_packages`, `group_auction`, `group_bidding`, `group_classes` and others |
| stable matching | `stable`; with groups `stable_groups`, `stable_chains`, `stable_families`, `stable_reach` |
| other ways, and ways out | `perfect` (one to one), `flow` with `prices` (OR-Tools), `search` (CP-SAT, small markets) |
"""
