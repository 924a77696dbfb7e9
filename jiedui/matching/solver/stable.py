"""稳定匹配: deferred acceptance with seats; the agents propose.

An agent prefers the object of greater net utility (a tie: the lower object number) and takes none that is worth 0 or
less. An object prefers the lower tier, then the greater utility, then the lower agent number. The result has no
blocking pair and is the best stable matching for every agent at once.
Source: Gale and Shapley 1962; with seats: Roth 1984.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from jiedui.matching.solver.levels import net_utility
from jiedui.matching.solver.market import Array, Int32, Market


def deferred_acceptance(market: Market) -> tuple[Int32, int]:
    """The agent-optimal stable assignment (agents,) int32 with −1 = unplaced, and the number of proposals."""
    utility = net_utility(market)
    source = market.edge_agents()
    wish = np.lexsort((market.indices, -utility, source))
    rank = np.empty(market.edges, np.int64)
    tier = np.zeros(market.agents, np.int64) if market.tier is None else market.tier
    rank[np.lexsort((source, -utility, tier[source]))] = np.arange(market.edges)
    first = np.zeros(market.objects + 1, np.int64)
    np.cumsum(np.minimum(market.seats, np.bincount(market.indices, minlength=market.objects)), out=first[1:])
    assignment = np.full(market.agents, -1, np.int32)
    proposals = _propose(market.indptr, market.indices, utility, wish, rank, source, first, assignment)
    return assignment, int(proposals)


@njit(cache=True)
def _propose(
    indptr: Array, indices: Array, utility: Array, wish: Array, rank: Array, source: Array, first: Array,
    assignment: Array,
) -> int:  # fmt: skip
    """Each object holds its edges in a heap with the worst rank on top (`held`); the rejected propose again."""
    agents = len(indptr) - 1
    held = np.empty(first[-1], np.int64)
    holding = np.zeros(len(first) - 1, np.int64)
    following = indptr[:-1].copy()
    free = np.arange(agents - 1, -1, -1)
    waiting, proposals = agents, 0
    while waiting > 0:
        waiting -= 1
        agent = free[waiting]
        while following[agent] < indptr[agent + 1]:
            edge = wish[following[agent]]
            following[agent] += 1
            if utility[edge] <= 0:
                following[agent] = indptr[agent + 1]
                break
            j = indices[edge]
            lo, seats, n = first[j], first[j + 1] - first[j], holding[j]
            proposals += 1
            if n < seats:
                holding[j] += 1
                _sift_up(held, rank, lo, n, edge)
            elif seats > 0 and rank[edge] < rank[held[lo]]:
                rejected = source[held[lo]]
                _sift_down(held, rank, lo, n, edge)
                assignment[rejected] = -1
                free[waiting] = rejected
                waiting += 1
            else:
                continue
            assignment[agent] = j
            break
    return proposals


@njit(cache=True)
def _sift_up(heap: Array, rank: Array, lo: int, at: int, edge: int) -> None:
    """Put `edge` at the end of heap[lo : lo + at + 1] and restore the order: the worst rank on top."""
    while at > 0:
        above = (at - 1) // 2
        if rank[heap[lo + above]] >= rank[edge]:
            break
        heap[lo + at] = heap[lo + above]
        at = above
    heap[lo + at] = edge


@njit(cache=True)
def _sift_down(heap: Array, rank: Array, lo: int, n: int, edge: int) -> None:
    """Replace the top of heap[lo : lo + n] by `edge` and restore the order."""
    at = 0
    while 2 * at + 1 < n:
        below = 2 * at + 1
        if below + 1 < n and rank[heap[lo + below + 1]] > rank[heap[lo + below]]:
            below += 1
        if rank[heap[lo + below]] <= rank[edge]:
            break
        heap[lo + at] = heap[lo + below]
        at = below
    heap[lo + at] = edge
