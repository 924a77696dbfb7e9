"""组合互补松弛: what singles and groups could have at the prices, who must bid again, and the bound that this gives.

For any prices p ≥ 0 no assignment is worth more than D(p) = Σ over singles of max(0, max w − p) + Σ over groups of
max(0, max over classes of Σ over members of max w − p) + Σ seats · p: weak duality with a package for each group, in
which several members may want the same seat.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from jiedui.matching.solver.arrays import Array, Scalar
from jiedui.matching.solver.group_bidding import Places, best_in_block
from jiedui.matching.solver.group_packages import Packages


@njit(cache=True, nogil=True)
def best_of_singles(
    indptr: Array, edges: Array, shift: Scalar, fraction: Scalar, price: Array, lo: Scalar, hi: Scalar
) -> Scalar:
    """Σ max(0, max w − p) over agents lo to hi − 1."""
    mask = edges.dtype.type((1 << shift) - 1)
    down = edges.dtype.type(shift)
    total = np.int64(0)
    for agent in range(lo, hi):
        row = edges[indptr[agent] : indptr[agent + 1]]
        most = np.int64(0)
        for k in range(len(row)):
            most = max(most, (np.int64(row[k] & mask) << fraction) - price[row[k] >> down])
        total += most
    return total


@njit(cache=True, nogil=True)
def best_of_groups(offered: Packages, fraction: Scalar, price: Array, lo: Scalar, hi: Scalar) -> Scalar:
    """Σ of max(0, the best class) over groups lo to hi − 1."""
    total = np.int64(0)
    for g in range(lo, hi):
        size = offered.member_start[g + 1] - offered.member_start[g]
        most = np.int64(0)
        for b in range(offered.block_start[g], offered.block_start[g + 1]):
            most = max(most, best_in_block(offered, price, fraction, b, size))
        total += most
    return total


@njit(cache=True, nogil=True)
def worth_of_groups(offered: Packages, places: Places) -> Scalar:
    """The weights of what the members hold."""
    total = np.int64(0)
    for slot in range(len(places.taken)):
        if places.taken[slot] >= 0:
            total += offered.weight[places.taken[slot]]
    return total


@njit(cache=True, nogil=True)
def free_singles(
    indptr: Array, edges: Array, shift: Scalar, fraction: Scalar, epsilon: Scalar, agent_bits: Scalar, places: Places,
    stack: Array,
) -> Scalar:  # fmt: skip
    """Start a phase: singles that are not within `epsilon` of their best choice go to `stack`; how many.

    Members keep their seats. Every bid that holds a seat becomes the price of its object.
    """
    mask = edges.dtype.type((1 << shift) - 1)
    down = edges.dtype.type(shift)
    agent_mask = np.int64((1 << agent_bits) - 1)
    waiting = 0
    for agent in range(len(indptr) - 1):
        row = edges[indptr[agent] : indptr[agent + 1]]
        most = np.int64(0)
        for k in range(len(row)):
            most = max(most, (np.int64(row[k] & mask) << fraction) - places.price[row[k] >> down])
        j = np.int64(places.mate[agent])
        have = np.int64(0) if j < 0 else (places.own[agent] << fraction) - places.price[j]
        if have < most - epsilon:
            places.mate[agent] = -1
            stack[waiting] = agent
            waiting += 1
    for j in range(len(places.price)):
        lo = places.first[j]
        kept = lo
        for at in range(lo, lo + places.held[j]):
            agent = places.heap[at] & agent_mask
            if indptr[agent + 1] == indptr[agent] or places.mate[agent] == j:
                places.heap[kept] = (places.price[j] << agent_bits) | agent
                kept += 1
        places.held[j] = kept - lo
    return waiting


@njit(cache=True, nogil=True)
def queue_regretful(
    offered: Packages, places: Places, fraction: Scalar, tolerance: Scalar, stack: Array, waiting: Scalar
) -> Scalar:
    """Add the groups that could have more by over `tolerance` to the stack, group g as −1 − g; how many wait then."""
    for g in range(len(places.at)):
        lo, size = offered.member_start[g], offered.member_start[g + 1] - offered.member_start[g]
        most, have = np.int64(0), np.int64(0)
        for b in range(offered.block_start[g], offered.block_start[g + 1]):
            most = max(most, best_in_block(offered, places.price, fraction, b, size))
        for slot in range(lo, lo + size):
            e = places.taken[slot]
            if e >= 0:
                have += (offered.weight[e] << fraction) - places.price[offered.object[e]]
        if most - have > tolerance:
            places.queued[g] = 1
            stack[waiting] = -1 - g
            waiting += 1
    return waiting
