"""边: look up the edge that an agent takes to an object."""

from __future__ import annotations

import numpy as np
from numba import njit

from jiedui.matching.solver.arrays import Array, Int32, Int64
from jiedui.matching.solver.market import Market


def edges_taken(market: Market, assignment: Int32) -> Int64:
    """The number of the edge from each agent to its object, (agents,) int64; −1 where it has none."""
    taken = np.full(market.agents, -1, np.int64)
    _find(market.indptr, market.indices, assignment, taken)
    return taken


@njit(cache=True, nogil=True)
def _find(indptr: Array, indices: Array, assignment: Array, taken: Array) -> None:
    """Binary search in each row, which rises."""
    for agent in range(len(assignment)):
        j = assignment[agent]
        low, high = indptr[agent], indptr[agent + 1]
        end = high
        while low < high:
            middle = (low + high) >> 1
            if indices[middle] < j:
                low = middle + 1
            else:
                high = middle
        if j >= 0 and low < end and indices[low] == j:
            taken[agent] = low
