"""边: look up the edge that an agent takes to an object."""

from __future__ import annotations

import numpy as np
from numba import njit

from jiedui.matching.solver.arrays import Array


@njit(cache=True, nogil=True)
def edges_taken(indptr: Array, indices: Array, assignment: Array) -> Array:
    """The number of the edge from each agent to its object, (agents,) int64; −1 where it has none."""
    taken = np.full(len(assignment), -1, np.int64)
    for agent in range(len(assignment)):
        j = assignment[agent]
        low, high = indptr[agent], indptr[agent + 1]
        end = high
        while low < high:  # rows rise
            middle = (low + high) >> 1
            if indices[middle] < j:
                low = middle + 1
            else:
                high = middle
        if j >= 0 and low < end and indices[low] == j:
            taken[agent] = low
    return taken
