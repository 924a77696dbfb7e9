"""预编译: compile the loops of the engine now, so that nobody waits for it at the first call.

`python -m jiedui.matching.compile_ahead` solves markets of a few agents in the ways that are asked most, a labour
market among them; with `--all` also stable matching, quotas, groups, and other widths of numbers, which takes a minute
or two. The compiled code stays in Numba's cache beside the source. The set-up of a checkout runs the first.
"""

from __future__ import annotations

import sys
from typing import Any

import numpy as np

from jiedui.matching.problems.labour.compile_ahead import compile_labour
from jiedui.matching.solver.market import Groups, Market, Quota
from jiedui.matching.solver.solution import Objective
from jiedui.matching.solver.solve import solve

EDGES: dict[str, Any] = {"indptr": [0, 2, 4, 6], "indices": [0, 1, 0, 1, 0, 1], "seats": [1, 3]}
UTILITY = [10, 4, 9, 8, 6, 1]


def compile_ahead(*, everything: bool = False) -> None:
    """预编译: utility and placements with tiers and a warm start; with `everything` all that `solve` can do."""
    objectives: tuple[Objective, ...] = ("utility", "placements_then_utility")
    for width in (np.int16, np.int32, np.int64) if everything else (np.int64,):
        market = Market(**EDGES, utility=np.array(UTILITY, width))
        for objective in objectives:
            solve(market, objective=objective, warm_start=solve(market, objective=objective).warm_state)
    solve(Market(**EDGES, utility=UTILITY, tier=[1, 0, 1]), objective="placements_then_utility")
    compile_labour()
    if everything:
        solve(Market(**EDGES, utility=np.array(UTILITY) << 33))
        solve(Market(**EDGES, utility=UTILITY), objective="stable")
        couple = Groups.pairs([0], [1], [0, 0])
        solve(Market(**EDGES, utility=UTILITY, groups=couple))
        solve(Market(**EDGES, utility=UTILITY, groups=couple), objective="stable")
        _quotas()


def _quotas() -> None:
    """A market just large enough that quotas are auctioned: one bound from above that binds, one from below."""
    agents, objects, each = 600, 40, 5
    near = (np.arange(agents)[:, None] + 7 * np.arange(each)) % objects
    utility = 1 + (np.arange(agents * each) * 37) % 101
    solve(
        Market(
            each * np.arange(agents + 1), np.sort(near, axis=1).ravel(), utility, np.full(objects, 10),
            quotas=[Quota(range(10), 0, 60), Quota(range(30, 40), 95)],
        )
    )  # fmt: skip


if __name__ == "__main__":
    compile_ahead(everything="--all" in sys.argv[1:])
