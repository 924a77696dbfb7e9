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
    indptr: Array, edges: Array, shift: Scalar, price: Array, slot_of: Array, lo: Scalar, hi: Scalar
) -> Scalar:
    """Σ max(0, max w − p) over agents lo to hi − 1 that are no members, at whole prices."""
    mask = edges.dtype.type((1 << shift) - 1)
    down = edges.dtype.type(shift)
    total = np.int64(0)
    for agent in range(lo, hi):
        if slot_of[agent] >= 0:
            continue
        row = edges[indptr[agent] : indptr[agent + 1]]
        most = np.int64(0)
        for k in range(len(row)):
            most = max(most, np.int64(row[k] & mask) - price[row[k] >> down])
        total += most
    return total


@njit(cache=True, nogil=True)
def best_of_groups(offered: Packages, price: Array, lo: Scalar, hi: Scalar) -> Scalar:
    """Σ of max(0, the best class) over groups lo to hi − 1, at whole prices."""
    total = np.int64(0)
    for g in range(lo, hi):
        size = offered.member_start[g + 1] - offered.member_start[g]
        most = np.int64(0)
        for b in range(offered.block_start[g], offered.block_start[g + 1]):
            most = max(most, best_in_block(offered, price, np.int64(0), b, size))
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
def regretful(offered: Packages, places: Places, fraction: Scalar, tolerance: Scalar, stack: Array) -> Scalar:
    """Put the groups that could have more by over `tolerance` on the stack, group g as −1 − g; how many."""
    waiting = 0
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
