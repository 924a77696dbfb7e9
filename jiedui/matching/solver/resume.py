"""热启动: put an auction where an earlier one ended, as far as that still exists."""

from __future__ import annotations

import numpy as np
from numba import njit

from jiedui.matching.solver.arrays import Array, Scalar


@njit(cache=True, nogil=True)
def take_places(
    indptr: Array, edges: Array, shift: Scalar, wished: Array, seats: Array, mate: Array, own: Array, taken: Array
) -> Scalar:
    """Give each agent the object `wished` (−1: none) where it still has the edge and a seat is left; how many got it.

    Writes `mate` and `own` (the weight of the edge); `taken` (objects,) counts the seats and must be 0 before.
    """
    mask = edges.dtype.type((1 << shift) - 1)
    down = edges.dtype.type(shift)
    placed = 0
    for agent in range(len(mate)):
        mate[agent] = -1
        j = np.int64(wished[agent])
        if j < 0 or taken[j] >= seats[j]:
            continue
        for e in range(indptr[agent], indptr[agent + 1]):
            if np.int64(edges[e] >> down) == j:
                mate[agent] = j
                own[agent] = edges[e] & mask
                taken[j] += 1
                placed += 1
                break
    return placed
