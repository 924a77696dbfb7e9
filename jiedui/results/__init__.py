"""结果: runs with their lineage, proposals, values, scores and evidence.

Owns what engines said and from what. Refuses to compute.

Doors: `models` (`Run` and what hangs on it), `store` (`running`, `save_assessment`, `save_proposals`,
`save_pair_proposals`), `telling.tell` (a stored proposal in words), `evidence` (`write`, `read`, `count`), `queries`
(what pages and reports ask), `folders.of`.
"""
