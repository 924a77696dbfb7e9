"""名额树: quotas that lie inside each other or apart, as a tree over the objects.

Nodes 0..objects − 1 are the objects, then come the quotas, and last the root (outside). The parent of an object is the
smallest quota that holds it, the parent of a quota the smallest one around it, otherwise the root. A unit of flow goes
from an agent to its object and up to the root, within the bounds of every node that it passes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from jiedui.matching.solver.arrays import Int32, Int64
from jiedui.matching.solver.market import Market
from jiedui.matching.solver.side_constraints import Quota


@dataclass(frozen=True, eq=False)
class QuotaTree:
    """名额树: `parent` (objects + quotas,) int32; `low`, `up` (objects + quotas,) int64: bounds on what passes a node.

    Children of quota k: `child[child_start[k]:child_start[k + 1]]` (int32). `inner_first` (quotas,): inner ones first.
    """

    objects: int
    parent: Int32
    low: Int64
    up: Int64
    child_start: Int64
    child: Int32
    inner_first: Int64

    @property
    def quotas(self) -> int:
        """名额数."""
        return len(self.parent) - self.objects

    @property
    def root(self) -> int:
        """The node outside of all quotas."""
        return len(self.parent)

    def along(self, prices: Int64) -> Int64:
        """The sum of the `prices` (quotas,) of all quotas that hold an object: (objects,) int64."""
        total = np.zeros(self.quotas + 1, np.int64)
        for k in self.inner_first[::-1].tolist():
            total[k] = prices[k] + total[self.parent[self.objects + k] - self.objects]
        return total[self.parent[: self.objects] - self.objects]


def quota_tree(market: Market, quotas: Sequence[Quota]) -> QuotaTree | None:
    """The tree of `quotas`; None where two of them overlap without one being inside the other."""
    objects, count = market.objects, len(quotas)
    members = [np.asarray(quota.objects, np.int64) for quota in quotas]
    size = np.array([len(own) for own in members], np.int64)
    parent = np.full(objects + count, objects + count, np.int32)
    outer_first = np.argsort(-size, kind="stable")
    for k in outer_first.tolist():
        around = np.unique(parent[members[k]])
        if len(around) > 1:
            return None
        if len(around):
            parent[objects + k] = around[0]
        parent[members[k]] = objects + k
    low, up = np.zeros(objects + count, np.int64), np.full(objects + count, market.agents + 1, np.int64)
    up[:objects] = market.seats
    for k, quota in enumerate(quotas):
        low[objects + k] = quota.lower
        if quota.upper is not None:
            up[objects + k] = min(quota.upper, market.agents + 1)
    ordered = np.argsort(parent, kind="stable")
    start = np.searchsorted(parent[ordered], np.arange(objects, objects + count + 1))
    return QuotaTree(objects, parent, low, up, start, ordered.astype(np.int32), outer_first[::-1].copy())
