"""对照: what simple rules would do on the same market, so that the optimum can be compared with practice.

Both take an edge only if it is worth more than 0 and a seat is free. Neither knows tiers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from numba import njit

from jiedui.errors import JieduiError
from jiedui.matching.solver.levels import net_utility
from jiedui.matching.solver.market import Array, Int32, Market

Float64 = npt.NDArray[np.float64]


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
    place = np.empty(market.agents, np.int64)
    place[queue] = np.arange(market.agents)
    source = market.edge_agents()
    edges = np.lexsort((market.indices, -net_utility(market), place[source]))
    return _take_in_order(market, edges)


def greedy(market: Market) -> Int32:
    """贪心: edges by utility, the greatest first, each taken if both ends are free; (agents,) int32, −1 = unplaced."""
    edges = np.lexsort((market.indices, market.edge_agents(), -net_utility(market)))
    return _take_in_order(market, edges)


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


def _take_in_order(market: Market, edges: npt.NDArray[np.intp]) -> Int32:
    assignment = np.full(market.agents, -1, np.int32)
    _take(edges, market.edge_agents(), market.indices, net_utility(market), market.seats.copy(), assignment)
    return assignment


@njit(cache=True)
def _take(edges: Array, source: Array, indices: Array, utility: Array, free: Array, assignment: Array) -> None:
    """Walk the edges; take each whose agent is unplaced and whose object has a free seat."""
    for edge in edges:
        agent, j = source[edge], indices[edge]
        if utility[edge] > 0 and assignment[agent] < 0 and free[j] > 0:
            assignment[agent] = j
            free[j] -= 1
