"""目标分层: an objective as a sequence of integer weights on the edges, compared lexicographically.

With tiers, tier 0 gets what it would get if no later tier existed; then tier 1 what is left, and so on. No large
constant is multiplied in, so no number of tiers can overflow.
"""

from __future__ import annotations

import numpy as np

from jiedui.matching.solver.market import Int64, Market
from jiedui.matching.solver.solution import Level, Objective


def levels_of(market: Market, objective: Objective) -> tuple[Level, ...]:
    """The levels of `objective`: for every tier its placements (if they count first), then its utility."""
    tiers = [None] if market.tier is None or market.agents == 0 else [int(t) for t in np.unique(market.tier)]
    if objective == "placements_then_utility":
        return tuple(Level(measure, tier) for tier in tiers for measure in ("placements", "utility"))
    return tuple(Level("utility", tier) for tier in tiers)


def weights(market: Market, level: Level) -> Int64:
    """What each edge counts at `level`: (edges,) int64; utility is net of the object's reserve."""
    placements = level.measure == "placements"
    weight = np.ones(market.edges, np.int64) if placements else net_utility(market)
    if level.tier is not None and market.tier is not None:
        weight[np.repeat(market.tier, np.diff(market.indptr)) != level.tier] = 0
    return weight


def affine(market: Market, level: Level) -> tuple[Int64, Int64]:
    """`level` as `scale[i] · net utility + bonus[i]`, both (agents,) int64: what an edge of each agent counts."""
    own = np.ones(market.agents, np.int64)
    if level.tier is not None and market.tier is not None:
        own = (market.tier == level.tier).astype(np.int64)
    none = np.zeros(market.agents, np.int64)
    return (none, own) if level.measure == "placements" else (own, none)


def net_utility(market: Market) -> Int64:
    """Utility less the reserve of the object: (edges,) int64."""
    wide: Int64 = market.utility.astype(np.int64)
    return wide if market.reserve is None else wide - market.reserve[market.indices]
