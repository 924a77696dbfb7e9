"""互补松弛: what every agent could have at the prices, and who must bid again.

ε-complementary slackness: what an agent has (weight − price of its object; 0 staying out) is at most ε less than the
best of its choices. Sums of the bests and of seats · price are the dual bound (weak duality; Bertsekas 1991, §1.2).
"""

from __future__ import annotations

import numpy as np
from numba import njit

from jiedui.matching.solver.arrays import Array, Scalar


@njit(cache=True, nogil=True)
def best_reduced(
    indptr: Array, edges: Array, shift: Scalar, fraction: Scalar, price: Array, best: Array, lo: Scalar, hi: Scalar
) -> Scalar:
    """Write max(0, max w − p) of agents lo to hi − 1 to `best`, in units of the prices (2^−fraction); the sum."""
    mask = edges.dtype.type((1 << shift) - 1)
    down = edges.dtype.type(shift)
    total = np.int64(0)
    for agent in range(lo, hi):
        row = edges[indptr[agent] : indptr[agent + 1]]
        most = np.int64(0)
        for k in range(len(row)):
            most = max(most, (np.int64(row[k] & mask) << fraction) - np.int64(price[row[k] >> down]))
        best[agent] = most
        total += most
    return total


@njit(cache=True, nogil=True)
def release(
    first: Array, heap: Array, held: Array, agent_bits: Scalar, fraction: Scalar, floor: Array, price: Array,
    lowering: Scalar,
    epsilon: Scalar, best: Array, own: Array, mate: Array, part: Array, stacks: Array, waiting: Array,
) -> None:  # fmt: skip
    """Start a phase: lower all prices by `lowering`, not below the floors; free who is not within `epsilon`.

    Where all prices fall alike so do all choices; a clipped price can only make an agent look worse off than it is,
    and it bids again. Freed agents go to the stack of their part: `stacks[p]` from `waiting[p]` on.
    """
    for j in range(len(price)):
        price[j] = max(np.int64(floor[j]), np.int64(price[j]) - lowering)
        held[j] = 0
    for agent in range(len(mate)):
        j = np.int64(mate[agent])
        have = np.int64(0) if j < 0 else (np.int64(own[agent]) << fraction) - np.int64(price[j])
        if have >= np.int64(best[agent]) + lowering - epsilon:
            if j >= 0:
                heap[first[j] + held[j]] = (np.int64(price[j]) << agent_bits) | agent
                held[j] += 1
        elif best[agent] + lowering > 0:
            p = part[agent]
            stacks[p, waiting[p]] = agent
            waiting[p] += 1


@njit(cache=True, nogil=True)
def settle(first: Array, heap: Array, held: Array, agent_bits: Scalar, mate: Array) -> Scalar:
    """Read the assignment off the heaps: `mate` (agents,) becomes the object of each, −1 = none; the seats unsold."""
    agent_mask = np.int64((1 << agent_bits) - 1)
    unsold = np.int64(0)
    mate[:] = -1
    for j in range(len(held)):
        for at in range(first[j], first[j] + held[j]):
            mate[heap[at] & agent_mask] = j
        unsold += first[j + 1] - first[j] - held[j]
    return unsold
