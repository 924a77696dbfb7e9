"""名额价格: quota prices and an assignment that are right within a small ε, by an auction that knows of quotas.

A negative quota price (a subsidy for a lower bound) becomes a price ≥ 0 by a lift: every edge to its objects weighs
more by a constant, and their floor starts at the same constant less the subsidy.
"""

from __future__ import annotations

import time
from typing import Final

import numpy as np

from jiedui.matching.solver.arrays import Array, Int32, Int64
from jiedui.matching.solver.auction import BIDS_AT_ONCE, Auction
from jiedui.matching.solver.crew import Crew
from jiedui.matching.solver.packing import Packed
from jiedui.matching.solver.quota_bidding import bid_under_quotas
from jiedui.matching.solver.quota_tree import QuotaTree

LOWER, MISSING = 1.5, 3.0


class QuotaAuction(Auction):
    """名额拍卖: an auction whose floors are quota prices that rise while its agents bid."""

    def __init__(
        self, tree: QuotaTree, packed: Packed, lift: Int64, crew: Crew, *, deadline: float | None = None
    ) -> None:
        """`lift` (quotas,) int64: the greatest subsidy of each quota, by which `packed` is lifted."""
        objects = packed.objects
        self.tree, self.lift, self.fixed = tree, lift, False
        above = np.where(tree.parent == tree.root, -1, tree.parent - tree.objects).astype(np.int32)
        self.above = above.copy()
        self.above[packed.object_to] = above[:objects]
        self.quota_price = -lift
        self.count = np.zeros(tree.quotas, np.int64)
        self.low, self.up = tree.low[objects:].copy(), tree.up[objects:].copy()
        self.member_start, self.member = _members(self.above, objects, tree.quotas)
        super().__init__(packed, crew, floor=self._floors(), deadline=deadline)

    def inside(self, quota: int) -> Int32:
        """The objects inside a quota, in block order."""
        return self.member[self.member_start[quota] : self.member_start[quota + 1]]

    def _forward(self, epsilon: int, stacks: Array, waiting: Array) -> None:
        """Everybody who is free bids, and quota prices rise."""
        if self.fixed:
            super()._forward(epsilon, stacks, waiting)
            return
        packed = self.packed
        everybody = np.concatenate([stacks[p, : waiting[p]] for p in range(len(waiting) - 1, -1, -1)])
        stack = np.empty(packed.agents + 1, np.int32)
        stack[: len(everybody)] = everybody
        left = len(everybody)
        for k in range(self.tree.quotas):
            self.count[k] = self.held[self.inside(k)].sum()
        step = max(1, epsilon >> self.fraction)
        while left and self._out_of_limits() is None:
            left, bids = bid_under_quotas(
                packed.indptr, packed.edges, packed.shift, self.fraction, epsilon, self.first, self.heap, self.held,
                self.agent_bits, self.price, self.floor, self.own, stack, left, self.above, self.quota_price, step,
                self.count, self.low, self.up, self.member_start, self.member, BIDS_AT_ONCE,
            )  # fmt: skip
            self.bids += bids
        self.floor_weight = self._floors()

    def counts(self) -> Int64:
        return np.array([self.held[self.inside(k)].sum() for k in range(self.tree.quotas)], np.int64)

    def _floors(self) -> Int64:
        """What a seat of each object costs at least: the sum of its quota prices and lifts."""
        floor = np.zeros(len(self.above) - self.tree.quotas, np.int64)
        for k in range(self.tree.quotas):
            floor[self.inside(k)] += self.quota_price[k] + self.lift[k]
        return floor

    def lower(self, by: Int64) -> None:
        """Lower the quota prices by `by` (quotas,) int64, not below what they may be."""
        lowest = np.where((self.lift > 0) & (self.low > 0), -self.lift, 0)
        self.quota_price = np.maximum(self.quota_price - by, np.minimum(lowest, self.quota_price))
        self.set_floor(self._floors())


def _members(above: Int32, objects: int, quotas: int) -> tuple[Int64, Int32]:
    """All objects inside each quota, however deep."""
    inside: list[list[Array]] = [[] for _ in range(quotas)]
    level, at = np.arange(objects, dtype=np.int32), above[:objects]
    while len(level):
        kept = at >= 0
        level, at = level[kept], at[kept]
        order = np.argsort(at, kind="stable")
        for k, part in zip(
            *(lambda u, s: (u.tolist(), np.split(level[order], s[1:])))(*np.unique(at[order], return_index=True)),
            strict=True,
        ) if len(level) else ():
            inside[k].append(part)
        at = above[objects + at]
    listed = [np.sort(np.concatenate(parts)) if parts else np.zeros(0, np.int32) for parts in inside]
    start = np.zeros(quotas + 1, np.int64)
    np.cumsum([len(own) for own in listed], out=start[1:])
    return start, np.concatenate(listed).astype(np.int32)
