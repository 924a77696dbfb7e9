"""最大基数: is nobody left out who could be placed? The search for an augmenting path, and the proof of none.

From the agents of a tier that are left out, every object that they may take is reached; from an object whoever holds a
seat of it; from a holder all that it may take as well. A free seat, or a holder that may stay out, would make room for
one more. If none is reached, the objects reached are a proof: at price 1 for them and 0 for all others the level closes
(König 1931). These are also the smallest such prices.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from jiedui.matching.solver.arrays import Array, Scalar


@njit(cache=True, nogil=True)
def reach(
    indptr: Array, edges: Array, shift: Scalar, mate: Array, counted: Array, may_leave: Array, start: Array,
    holders: Array, seats: Array, reached: Array, queue: Array,
) -> bool:  # fmt: skip
    """Write 1 to `reached` (objects,) int8 where an augmenting path could pass; True when one ends, so one more fits.

    `counted` (agents,) whose placement counts at this level; `may_leave` who of the others may stay out instead.
    `queue` (objects,) int32 is room to work in.
    """
    down = edges.dtype.type(shift)
    size = 0
    for agent in range(len(mate)):
        if mate[agent] < 0 and counted[agent]:
            for e in range(indptr[agent], indptr[agent + 1]):
                j = np.int64(edges[e] >> down)
                if reached[j] == 0:
                    reached[j] = 1
                    queue[size] = j
                    size += 1
    head = 0
    while head < size:
        at = np.int64(queue[head])
        head += 1
        if start[at + 1] - start[at] < seats[at]:
            return True
        for h in range(start[at], start[at + 1]):
            agent = holders[h]
            if may_leave[agent] and not counted[agent]:
                return True
            for e in range(indptr[agent], indptr[agent + 1]):
                j = np.int64(edges[e] >> down)
                if reached[j] == 0:
                    reached[j] = 1
                    queue[size] = j
                    size += 1
    return False
