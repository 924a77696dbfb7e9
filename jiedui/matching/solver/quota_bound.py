"""名额界: what an assignment is worth, whether it keeps the quotas, and the dual bound of prices (see `quotas`)."""

from __future__ import annotations

import numpy as np

from jiedui.matching.solver.arrays import Int32, Int64
from jiedui.matching.solver.crew import Crew
from jiedui.matching.solver.edges import edges_taken
from jiedui.matching.solver.market import Market
from jiedui.matching.solver.open_choices import reserve_of
from jiedui.matching.solver.quota_repair import dissatisfied


def value_of(market: Market, assignment: Int32) -> int:
    """Net utility of an assignment (agents,) int32."""
    taken = edges_taken(market, assignment)
    placed = np.flatnonzero(taken >= 0)
    return int(market.utility[taken[placed]].sum(dtype=np.int64)) - int(reserve_of(market)[assignment[placed]].sum())


def counts(market: Market, assignment: Int32) -> Int64:
    """How many agents each quota has, (quotas,) int64."""
    load = np.bincount(assignment[assignment >= 0], minlength=market.objects)
    return np.array([load[np.asarray(quota.objects, np.int64)].sum() for quota in market.quotas or ()], np.int64)


def keeps(market: Market, assignment: Int32) -> bool:
    """Whether the assignment keeps all quotas."""
    return all(
        quota.lower <= count and (quota.upper is None or count <= quota.upper)
        for quota, count in zip(market.quotas or (), counts(market, assignment).tolist(), strict=True)
    )


def dual_bound(market: Market, prices: Int64, quota_prices: Int64, crew: Crew) -> int:
    """D(p, q) of prices (objects,) ≥ 0 and quota prices (quotas,); > 0 only where the quota has an upper bound."""
    total = sum((market.seats.astype(object) * prices).tolist())
    gross = prices + reserve_of(market)
    for quota, price in zip(market.quotas or (), quota_prices.tolist(), strict=True):
        gross[np.asarray(quota.objects, np.int64)] += price
        if price > 0 and quota.upper is None:
            raise RuntimeError("a quota without an upper bound has a price above 0")
        total += price * (quota.upper if price > 0 and quota.upper is not None else quota.lower)
    nobody = np.full(market.agents, -1, np.int32)
    found = np.empty(market.agents, np.int32)
    rows = (market.indptr, market.indices, market.utility, gross, np.zeros(market.agents, np.int64), nobody, found)
    bests = crew.map(lambda lo, hi: dissatisfied(*rows, lo, hi), crew.parts(market.agents))
    return int(total) + sum(int(best) for _, best in bests)
