"""预编译: compile the loops of the engine now, so that nobody waits for it at the first call.

`python -m jiedui.matching.compile_ahead` solves markets of a few agents in every way that there is; the compiled code
stays in Numba's cache beside the source. The set-up of a checkout runs it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from jiedui.matching.solver.market import Groups, Market, Quota
from jiedui.matching.solver.solution import Objective
from jiedui.matching.solver.solve import solve

EDGES: dict[str, Any] = {"indptr": [0, 2, 4, 6], "indices": [0, 1, 0, 1, 0, 1], "seats": [1, 3]}
UTILITY = [10, 4, 9, 8, 6, 1]
OBJECTIVES: tuple[Objective, ...] = ("utility", "placements_then_utility", "stable")


def compile_ahead() -> None:
    """预编译: every objective, utilities of 16, 32 and 64 bits, tiers, a warm start, quotas and groups."""
    for width in (np.int16, np.int32, np.int64):
        market = Market(**EDGES, utility=np.array(UTILITY, width))
        for objective in OBJECTIVES:
            state = solve(market, objective=objective).warm_state
            if objective != "stable":
                solve(market, objective=objective, warm_start=state)
    solve(Market(**EDGES, utility=UTILITY, tier=[1, 0, 1]), objective="placements_then_utility")
    solve(Market(**EDGES, utility=np.array(UTILITY) << 33))
    solve(Market(**EDGES, utility=UTILITY, quotas=[Quota([0, 1], 1, 2)]))
    couple = Groups.pairs([0], [1], [0, 0])
    for objective in ("utility", "stable"):
        solve(Market(**EDGES, utility=UTILITY, groups=couple), objective=objective)


if __name__ == "__main__":
    compile_ahead()
