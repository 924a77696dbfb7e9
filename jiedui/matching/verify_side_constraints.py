"""附加约束的对偶界: what no assignment that keeps quotas and groups can exceed. Plain NumPy, without the solver.

For prices p ≥ 0 of seats and q of quotas (above 0: of its upper bound, below 0: of its lower bound), with the reduced
utility r = u − p − the q of the quotas of the object:
D(p, q) = Σ_singles max(0, max r) + Σ_groups max(0, max over classes of Σ_members max r in the class)
+ Σ seats · p + Σ_quotas (upper · q where q > 0, lower · q where q < 0).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from jiedui.errors import NotVerified
from jiedui.matching.solver.market import Linked, Market

Array = npt.NDArray[Any]


def dual_bound(market: Market, prices: Array, quota_prices: Array, utility: Array) -> int:
    """对偶界 D(p, q). `prices` (objects,), `quota_prices` (quotas,), net `utility` (edges,). Raises `NotVerified`."""
    quotas = market.quotas or ()
    paid, total = prices.astype(np.int64), 0
    for k, (quota, price) in enumerate(zip(quotas, quota_prices.tolist(), strict=True)):
        if price > 0 and quota.upper is None:
            raise NotVerified(f"Quota {k} has the price {price}, but no upper bound.", remedy="Report this.")
        paid[np.asarray(quota.objects, np.int64)] += price
        total += price * (quota.lower if price < 0 or quota.upper is None else quota.upper)
    total += int(np.dot(np.minimum(market.seats, market.agents).astype(object), prices.astype(object)))
    reduced = utility - paid[market.indices]
    linked = market.linked
    single = np.diff(market.indptr) > 0
    if linked is not None:
        single &= linked.group_of < 0
        total += _groups_bound(market, linked, reduced)
    mine = np.repeat(single, np.diff(market.indptr))
    lengths = np.diff(market.indptr)[single]
    if lengths.size:
        starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
        total += sum(np.maximum(np.maximum.reduceat(reduced[mine], starts), 0).tolist())
    return total


def _groups_bound(market: Market, linked: Linked, reduced: Array) -> int:
    """Σ over groups of the best class, each member at its best there; 0 where staying out is better."""
    agent = np.repeat(np.arange(market.agents), np.diff(market.indptr))
    edges = np.flatnonzero(linked.edge_class >= 0)
    if not edges.size:
        return 0
    group, place, member = linked.group_of[agent[edges]], linked.edge_class[edges], agent[edges]
    order = np.lexsort((member, place, group))
    group, place, member, worth = group[order], place[order], member[order], reduced[edges[order]]
    new_class = np.concatenate([[True], (group[1:] != group[:-1]) | (place[1:] != place[:-1])])
    new_member = new_class | np.concatenate([[True], member[1:] != member[:-1]])
    first = np.flatnonzero(new_member)
    best = np.maximum.reduceat(worth, first)
    starts = np.flatnonzero(new_class[first])
    sums, present = np.add.reduceat(best, starts), np.add.reduceat(np.ones(len(best), np.int64), starts)
    of = group[first[starts]]
    whole = present == np.diff(linked.indptr)[of]
    most = np.zeros(linked.groups, np.int64)
    np.maximum.at(most, of[whole], sums[whole])
    return sum(most.tolist())
