"""名额价格: quota prices and an assignment that are about right, by an auction that knows of quotas.

A negative quota price (a subsidy for a lower bound) becomes a price ≥ 0 by a lift: every edge to its objects weighs
more by a constant, and the floor of its objects is the same constant less the subsidy. ε falls from phase to phase as
in `auction`; a quota price starts each phase lower than it ended the last, most where agents are missing, and rises
while they bid. At the end quota prices stand still and the auction proves itself for them.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from jiedui.matching.solver.arrays import Array, Int32, Int64
from jiedui.matching.solver.auction import BIDS_AT_ONCE, Auction, Outcome, fits
from jiedui.matching.solver.crew import Crew
from jiedui.matching.solver.market import Market
from jiedui.matching.solver.packing import Packed, Weighing, pack
from jiedui.matching.solver.quota_bidding import bid_under_quotas
from jiedui.matching.solver.quota_repair import Start
from jiedui.matching.solver.quota_tree import QuotaTree

FIRST_EPSILON: Final = 16
"""ε starts at the heaviest weight / 16: a floor overshoots by ε more than a bid, and both must fit."""
FACTOR: Final = 16
"""ε falls by this from phase to phase."""
LAST_EPSILON: Final = 8
"""The last ε is 1 / 8: finer than the steps of quota prices."""
LOWERING: Final = 1.5
"""Quota prices fall by so many of the old ε before the next phase."""
LOWERING_MISSING: Final = 3.0
"""The same where agents are missing."""
ROUNDS: Final = 32
"""Phases at the last ε at most."""
FEW: Final = 16
"""Agents missing or too many, over all quotas, that are left to paths."""
DAMPING: Final = 1.0
"""Quotas follow the counts by this part: their neighbours do so at the same time."""
PATIENCE: Final = 5
"""Rounds in a row that may come no nearer."""
LIFTS: Final = (4, 1, 0.25)
"""The greatest subsidy is the heaviest weight divided by the first of these; by the next where that is too little."""


def approach(market: Market, tree: QuotaTree, crew: Crew, deadline: float | None = None) -> tuple[Start, int] | None:
    """A start for `repair`, and the bids made; None where the weights do not fit."""
    order, bids = None, 0
    subsidised = tree.low[tree.objects :] > 0
    heaviest = max(1, int(market.utility.max(initial=0)))
    for part in LIFTS:
        lift = np.where(subsidised, int(heaviest / part) + 1, 0)
        weighing = Weighing.utility(market)
        lifted = Weighing(weighing.scale, weighing.bonus, tree.along(lift))
        packed = pack(market, lifted, crew, order)
        if packed is None or not fits(packed):
            return None
        order = packed.agent_at, packed.object_to
        auction = QuotaAuction(tree, packed, lift, crew, deadline=deadline)
        outcome = auction.settle_quotas()
        bids += outcome.bids
        if part == LIFTS[-1] or not auction.subsidies_end():
            return auction.start(outcome), bids
    raise RuntimeError("there is no last lift")


class QuotaAuction(Auction):
    """名额拍卖: an auction whose floors are quota prices that rise while its agents bid.

    `quota_price`, `lift`, `low`, `up` (quotas,) int64 in weights. While `still` is set quota prices do not move.
    """

    def __init__(
        self, tree: QuotaTree, packed: Packed, lift: Int64, crew: Crew, *, deadline: float | None = None
    ) -> None:
        """`lift` (quotas,) int64: the greatest subsidy of each quota, by which `packed` is lifted."""
        objects = packed.objects
        self.tree, self.lift, self.still = tree, lift, False
        above = np.where(tree.parent == tree.root, -1, tree.parent - tree.objects).astype(np.int32)
        self.above = above.copy()
        self.above[packed.object_to] = above[:objects]
        self.quota_price = -lift
        self.low, self.up = tree.low[objects:].copy(), tree.up[objects:].copy()
        self.member_start, self.member = _members(self.above, packed.seats, tree.quotas)
        super().__init__(packed, crew, floor=self._floors(), deadline=deadline)

    def settle_quotas(self) -> Outcome:
        """Phases until quota prices are about right, and then the proof for them as they are."""
        unit = 1 << self.fraction
        last = max(1, unit // LAST_EPSILON)
        epsilon, lowering = max(last, self.packed.heaviest * unit // FIRST_EPSILON), 0
        self.phase(epsilon, lowering, first=True)
        while epsilon > last and self._out_of_limits() is None:
            step = max(1, epsilon >> self.fraction)
            excess = self.excess()
            missing = np.maximum(LOWERING_MISSING * step, -DAMPING * excess / self._usual_slope())
            self._lower(np.where(excess < 0, missing, LOWERING * step).astype(np.int64))
            lowering, epsilon = epsilon, max(last, epsilon // FACTOR)
            self.phase(epsilon, lowering, first=False)
        self._refine(last)
        self.still = True
        return self.run(warm=True, epsilon=self.warm_epsilon)

    def _refine(self, epsilon: int) -> None:
        """Quota prices that are too high fall by what the counts of the last two rounds suggest."""
        slope, least, worse = self._usual_slope(), np.inf, 0
        for _ in range(ROUNDS):
            excess, before, count = self.excess(), self.quota_price, self.counts()
            off = int(np.abs(excess).sum())
            least, worse = min(least, off), worse + 1 if off >= least else 0
            if off <= FEW or worse > PATIENCE or self._out_of_limits() is not None:
                return
            self._lower(np.where(excess < 0, np.maximum(1, -DAMPING * excess / slope), 0).astype(np.int64))
            self.phase(epsilon, 0, first=False)
            fell = before - self.quota_price
            seen = (self.counts() - count) / np.where(fell == 0, 1, fell)
            slope = np.where((fell != 0) & (seen > 0), seen, slope)

    def _usual_slope(self) -> npt.NDArray[np.float64]:
        """About how many agents a quota loses when its price rises by 1, before anything is known."""
        return np.asarray(np.maximum(self.counts(), 1) / max(1, self.packed.heaviest), np.float64)

    def excess(self) -> Int64:
        """How many agents each quota has too many (> 0) or too few (< 0) at its price: (quotas,) int64."""
        count, price = self.counts(), self.quota_price
        within = np.clip(count, self.low, self.up)
        return np.asarray(count - np.where(price > 0, self.up, np.where(price < 0, self.low, within)), np.int64)

    def subsidies_end(self) -> bool:
        """Whether agents are missing although no greater subsidy can be given."""
        return bool(((self.excess() < -FEW) & (self.quota_price == -self.lift) & (self.lift > 0)).any())

    def start(self, outcome: Outcome) -> Start:
        """What came out, in the numbers of the market."""
        packed = self.packed
        object_from = np.empty(packed.objects, np.int32)
        object_from[packed.object_to] = np.arange(packed.objects, dtype=np.int32)
        assignment = np.full(packed.agents, -1, np.int32)
        placed = outcome.mate >= 0
        assignment[packed.agent_at[placed]] = object_from[outcome.mate[placed]]
        prices = outcome.prices[packed.object_to] - self.tree.along(self.lift)
        return Start(assignment, prices, self.quota_price.copy())

    def counts(self) -> Int64:
        """Agents in each quota."""
        return np.array([self.held[self._inside(k)].sum() for k in range(self.tree.quotas)], np.int64)

    def _inside(self, quota: int) -> Int32:
        return self.member[self.member_start[quota] : self.member_start[quota + 1]]

    def _forward(self, epsilon: int, stacks: Array, waiting: Array) -> None:
        """Everybody who is free bids, and quota prices rise."""
        if self.still:
            super()._forward(epsilon, stacks, waiting)
            return
        packed = self.packed
        everybody = np.concatenate([stacks[p, : waiting[p]] for p in range(len(waiting) - 1, -1, -1)])
        stack = np.empty(packed.agents + 1, np.int32)
        stack[: len(everybody)] = everybody
        left, count, step = len(everybody), self.counts(), max(1, epsilon >> self.fraction)
        while self._out_of_limits() is None:
            left, bids = bid_under_quotas(
                packed.indptr, packed.edges, packed.shift, self.fraction, epsilon, self.first, self.heap, self.held,
                self.agent_bits, self.price, self.floor, self.own, stack, left, self.above, self.quota_price, step,
                count, self.low, self.up, self.member_start, self.member, BIDS_AT_ONCE,
            )  # fmt: skip
            self.bids += bids
            if left == 0:
                break
        self.floor_weight = self._floors()

    def _floors(self) -> Int64:
        """What a seat of each object costs at least: the sum of its quota prices and lifts."""
        floor = np.zeros(len(self.above) - self.tree.quotas, np.int64)
        for k in range(self.tree.quotas):
            floor[self._inside(k)] += self.quota_price[k] + self.lift[k]
        return floor

    def _lower(self, by: Int64) -> None:
        """Lower the quota prices by `by` (quotas,) int64, not below what they may be."""
        self.quota_price = np.maximum(self.quota_price - by, -self.lift)
        self.set_floor(self._floors())


def _members(above: Int32, seats: Int64, quotas: int) -> tuple[Int64, Int32]:
    """All objects with a seat inside each quota, however deep: those of quota k are `member[start[k]:start[k + 1]]`."""
    objects, at = np.flatnonzero((seats > 0) & (above[: len(seats)] >= 0)), above[: len(seats)]
    at = at[objects]
    inside, within = [objects], [at]
    while len(objects):
        at = above[len(seats) + at]
        objects, at = objects[at >= 0], at[at >= 0]
        inside.append(objects)
        within.append(at)
    member, quota = np.concatenate(inside), np.concatenate(within)
    order = np.lexsort((member, quota))
    start = np.searchsorted(quota[order], np.arange(quotas + 1))
    return start.astype(np.int64), member[order].astype(np.int32)
