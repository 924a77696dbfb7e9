"""开放的选择: what the earlier levels of a lexicographic objective leave open.

All choices, staying out and leaving a seat unsold included, are arcs of a flow without a capacity that binds; so the
optimal assignments of a level are exactly those on the arcs that are tight at its prices (complementary slackness),
and the next level is solved on these. Source: Ahuja, Magnanti and Orlin 1993, §9.4.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit

from jiedui.matching.solver.arrays import Array, Bool, Int64, Scalar
from jiedui.matching.solver.market import Market

LOWEST = np.iinfo(np.int64).min


@dataclass(frozen=True, eq=False)
class Open:
    """开放的选择: edges (edges,), staying out (agents,), unsold seats (objects,): what no earlier level forbids."""

    edges: Bool
    staying_out: Bool
    unsold: Bool

    @classmethod
    def everything(cls, market: Market) -> Open:
        """Before the first level."""
        return cls(*(np.ones(size, bool) for size in (market.edges, market.agents, market.objects)))

    def tighten(self, market: Market, scale: Int64, bonus: Int64, prices: Int64) -> tuple[Open, int]:
        """What stays open after a level of weights `scale[i] · net utility + bonus[i]`; and the level's dual bound."""
        edges, staying = self.edges.copy(), self.staying_out.copy()
        total = _tighten(
            market.indptr, market.indices, market.utility, reserve_of(market), scale, bonus, prices, edges, staying
        )
        paid = sum((np.minimum(market.seats, market.agents) * prices).tolist())
        return Open(edges, staying, self.unsold & (prices == 0)), int(total) + paid


def reserve_of(market: Market) -> Int64:
    """The reserves, 0 where the market has none: (objects,) int64."""
    return np.zeros(market.objects, np.int64) if market.reserve is None else market.reserve


@njit(cache=True, nogil=True)
def _tighten(
    indptr: Array, indices: Array, utility: Array, reserve: Array, scale: Array, bonus: Array, prices: Array,
    edges: Array, staying: Array,
) -> Scalar:  # fmt: skip
    """Close in place what is not an agent's best open choice; the sum of the bests."""
    total = np.int64(0)
    for agent in range(len(indptr) - 1):
        best = np.int64(0) if staying[agent] else LOWEST
        for e in range(indptr[agent], indptr[agent + 1]):
            if edges[e]:
                j = indices[e]
                weight = (np.int64(utility[e]) - reserve[j]) * scale[agent] + bonus[agent]
                best = max(best, weight - prices[j])
        for e in range(indptr[agent], indptr[agent + 1]):
            if edges[e]:
                j = indices[e]
                weight = (np.int64(utility[e]) - reserve[j]) * scale[agent] + bonus[agent]
                edges[e] = weight - prices[j] == best
        staying[agent] = staying[agent] and best == 0
        total += best
    return total
