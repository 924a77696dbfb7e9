"""完美匹配: as many agents as objects, a seat each, and placing everybody comes first: OR-Tools' assignment solver.

Where nobody may stay out and nothing may stay free the auction has no advantage, and LinearSumAssignment (cost scaling
push-relabel, Goldberg and Kennedy 1995) is faster. It gives no prices; the smallest ones are found from its assignment
by label correction (Bellman 1958).
"""

from __future__ import annotations

import numpy as np
from numba import njit
from ortools.graph.python import linear_sum_assignment

from jiedui.matching.solver.arrays import Array, Int32, Int64, Scalar
from jiedui.matching.solver.levels import net_utility
from jiedui.matching.solver.market import Market


def is_one_to_one(market: Market) -> bool:
    """Whether a perfect matching could exist: equal numbers, one seat each, an edge for everybody."""
    return (
        0 < market.agents == market.objects
        and bool((market.seats == 1).all())
        and bool((np.diff(market.indptr) > 0).all())
    )


def perfect_matching(market: Market) -> tuple[Int32, Int64] | None:
    """The perfect matching of greatest utility: objects (agents,) int32 and smallest prices (objects,) int64.

    None where no perfect matching exists, or where the solver cannot represent the utilities.
    """
    solver = linear_sum_assignment.SimpleLinearSumAssignment()
    utility = net_utility(market)
    solver.add_arcs_with_cost(market.edge_agents(), market.indices, -utility)
    if solver.solve() != linear_sum_assignment.SimpleLinearSumAssignment.OPTIMAL:
        return None
    mate = np.array([solver.right_mate(agent) for agent in range(market.agents)], np.int32)
    holder = np.empty(market.objects, np.int32)
    holder[mate] = np.arange(market.agents, dtype=np.int32)
    prices = np.zeros(market.objects, np.int64)
    waiting = np.ones(market.objects, np.int8)
    queue = np.arange(market.objects, dtype=np.int32)
    _raise(market.indptr, market.indices, utility, mate, holder, prices, queue, waiting)
    return mate, prices


@njit(cache=True, nogil=True)
def _raise(
    indptr: Array, indices: Array, utility: Array, mate: Array, holder: Array, prices: Array, queue: Array,
    waiting: Array,
) -> Scalar:  # fmt: skip
    """Raise prices from 0 until nobody would rather have another object (no exchange gains, so it ends); how many."""
    objects = len(prices)
    head, size, raised = 0, objects, 0
    while size > 0:
        at = queue[head]
        head = head + 1 if head + 1 < objects else 0
        size -= 1
        waiting[at] = 0
        agent = holder[at]
        row = indices[indptr[agent] : indptr[agent + 1]]
        worth = utility[indptr[agent] : indptr[agent + 1]]
        own = np.int64(0)
        for k in range(len(row)):
            if row[k] == at:
                own = worth[k]
        for k in range(len(row)):
            j = np.uint64(row[k])
            least = prices[at] + worth[k] - own
            if least > prices[j]:
                prices[j] = least
                raised += 1
                if waiting[j] == 0:
                    waiting[j] = 1
                    end = head + size
                    queue[end if end < objects else end - objects] = j
                    size += 1
    return raised
