"""对照: what simple rules would do on the same market, so that the optimum can be compared with practice.

Both take an edge only if it is worth more than 0 and a seat is free. Neither knows tiers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from numba import njit

from jiedui.errors import JieduiError
from jiedui.matching.solver.levels import net_utility
from jiedui.matching.solver.market import Array, Int32, Market
from jiedui.matching.solver.open_choices import reserve_of

Float64 = npt.NDArray[np.float64]

COUNTED: Final = 1 << 20
"""Different worths up to which edges are sorted by counting."""


@dataclass(frozen=True, slots=True)
class Row:
    """对照行: one way's result; `mean_distance_km` is None when nobody is placed or no distance is known."""

    way: str
    placements: int
    utility: int
    mean_distance_km: float | None


def first_come_first_served(market: Market, order: npt.ArrayLike | None = None) -> Int32:
    """先到先得: agents in `order` (default: as numbered) take the best free seat; (agents,) int32, −1 = unplaced."""
    queue = np.arange(market.agents) if order is None else np.asarray(order, np.int64)
    if not np.array_equal(np.sort(queue), np.arange(market.agents)):
        raise JieduiError(f"`order` is no permutation of the {market.agents} agents.")
    assignment = np.full(market.agents, -1, np.int32)
    _take_best(
        queue, market.indptr, market.indices, market.utility, reserve_of(market), market.seats.copy(), assignment
    )
    return assignment


def greedy(market: Market) -> Int32:
    """贪心: edges by utility, the greatest first, each taken if both ends are free; (agents,) int32, −1 = unplaced."""
    assignment = np.full(market.agents, -1, np.int32)
    if market.edges:
        worth = market.utility if market.reserve is None else net_utility(market)
        edges = _falling(worth, int(worth.max()), int(worth.min()))
        _take(edges, market.edge_agents(), market.indices, worth, market.seats.copy(), assignment)
    return assignment


def compare(market: Market, ways: Mapping[str, Int32], distance_km: Float64 | None = None) -> list[Row]:
    """One row per way; `distance_km` (edges,) may hold NaN where a distance is not known: it is left out."""
    source, utility = market.edge_agents(), net_utility(market)
    rows = []
    for way, assignment in ways.items():
        taken = np.flatnonzero(market.indices == assignment[source])
        known = np.zeros(0) if distance_km is None else distance_km[taken][~np.isnan(distance_km[taken])]
        mean = float(known.mean()) if known.size else None
        rows.append(Row(way, len(taken), int(utility[taken].sum()), mean))
    return rows


def _falling(worth: Array, most: int, least: int) -> npt.NDArray[np.int64]:
    """Edges by falling worth, equal ones as they stand: by agent and object."""
    if most - least >= COUNTED:
        return np.argsort(-worth.astype(np.int64), kind="stable")
    edges = np.empty(len(worth), np.int64)
    _count_and_place(worth, most, np.zeros(most - least + 2, np.int64), edges)
    return edges


@njit(cache=True, nogil=True)
def _count_and_place(worth: Array, most: int, first: Array, edges: Array) -> None:
    """Counting sort; `first` (different worths + 1,) is 0 before."""
    for e in range(len(worth)):
        first[most - worth[e] + 1] += 1
    for k in range(len(first) - 1):
        first[k + 1] += first[k]
    for e in range(len(worth)):
        k = most - worth[e]
        edges[first[k]] = e
        first[k] += 1


@njit(cache=True, nogil=True)
def _take_best(
    queue: Array, indptr: Array, indices: Array, utility: Array, reserve: Array, free: Array, assignment: Array
) -> None:
    """Each agent of the queue takes the object with a free seat that is worth most to it, if more than 0."""
    for agent in queue:
        best = np.int64(0)
        for e in range(indptr[agent], indptr[agent + 1]):
            j = indices[e]
            worth = np.int64(utility[e]) - reserve[j]
            if worth > best and free[j] > 0:
                best = worth
                assignment[agent] = j
        if assignment[agent] >= 0:
            free[assignment[agent]] -= 1


@njit(cache=True, nogil=True)
def _take(edges: Array, source: Array, indices: Array, utility: Array, free: Array, assignment: Array) -> None:
    """Walk the edges; take each whose agent is unplaced and whose object has a free seat."""
    for edge in edges:
        agent, j = source[edge], indices[edge]
        if utility[edge] > 0 and assignment[agent] < 0 and free[j] > 0:
            assignment[agent] = j
            free[j] -= 1
