"""整数价格: prices that prove an optimal assignment, from prices that almost do.

Where an agent would rather have j than what it has, the price of j is raised until it would not; that makes the
holders of j poorer, so they are looked at again. If the assignment is optimal this ends (there is no gaining cycle)
and the prices are complementary to it, unless a price is raised that must not be: that of an object with a free seat,
or one that makes a holder prefer to stay out. Then this assignment and these prices do not belong together.
Source: Ford 1956 and Bellman 1958 (label correction); prices as potentials: Ahuja, Magnanti, Orlin 1993, §9.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from jiedui.matching.solver.arrays import Array, Scalar
from jiedui.matching.solver.prefetch import prefetch_rows


@njit(cache=True, nogil=True)
def envious(
    indptr: Array,
    edges: Array,
    shift: Scalar,
    price: Array,
    own: Array,
    mate: Array,
    found: Array,
    lo: Scalar,
    hi: Scalar,
) -> tuple[Scalar, Scalar]:
    """Write agents lo to hi − 1 that would rather have something else to `found[lo:]`; how many; Σ max(0, w − p)."""
    mask = edges.dtype.type((1 << shift) - 1)
    down = edges.dtype.type(shift)
    total = np.int64(0)
    count = 0
    for agent in range(lo, hi):
        row = edges[indptr[agent] : indptr[agent + 1]]
        most = np.int64(0)
        for k in range(len(row)):
            most = max(most, np.int64(row[k] & mask) - np.int64(price[row[k] >> down]))
        total += most
        j = np.int64(mate[agent])
        have = np.int64(0) if j < 0 else np.int64(own[agent]) - np.int64(price[j])
        if have < most:
            found[lo + count] = agent
            count += 1
    return count, total


@njit(cache=True, nogil=True)
def raise_prices(
    indptr: Array, edges: Array, shift: Scalar, price: Array, own: Array, mate: Array, start: Array, holders: Array,
    seats: Array, unhappy: Array, queue: Array, waiting: Array, at_most: Scalar,
) -> Scalar:  # fmt: skip
    """Raise `price` (objects,) int64 in place until nobody in or behind `unhappy` wants anything else; the raises made.

    `holders[start[j]:start[j + 1]]` are the agents that hold j; `queue` (objects + 1,) int32 and `waiting` (objects,)
    int8, all 0, are room to work in. −1: it cannot be done; −2: more than `at_most` raises.
    """
    mask = edges.dtype.type((1 << shift) - 1)
    down = edges.dtype.type(shift)
    objects = len(price)
    head = 0
    size = 0
    raised = 0
    at = 0
    stop = len(unhappy)
    who = unhappy
    while True:
        while at < stop:
            agent = np.int64(who[at])
            at += 1
            j = np.int64(mate[agent])
            have = np.int64(0) if j < 0 else np.int64(own[agent]) - price[j]
            if have < 0:
                return -1
            row = edges[indptr[agent] : indptr[agent + 1]]
            for k in range(len(row)):
                other = np.int64(row[k] >> down)
                least = np.int64(row[k] & mask) - have
                if price[other] < least and other != j:
                    if start[other + 1] - start[other] < seats[other]:
                        return -1
                    price[other] = least
                    raised += 1
                    if waiting[other] == 0:
                        waiting[other] = 1
                        queue[(head + size) % (objects + 1)] = other
                        size += 1
        if size == 0:
            return raised
        if raised > at_most:
            return -2
        j = np.int64(queue[head])
        head = (head + 1) % (objects + 1)
        size -= 1
        waiting[j] = 0
        prefetch_rows(indptr, edges, holders, start[j], start[j + 1])
        who = holders
        at = start[j]
        stop = start[j + 1]
