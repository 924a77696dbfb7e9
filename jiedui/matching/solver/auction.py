"""拍卖: forward and reverse by turns, with ε falling from phase to phase, until the integer prices prove the optimum.

Prices are fixed-point: weights times 2^fraction. A phase frees who is more than ε from its best choice, lets the free
agents bid, lets unsold seats draw, and measures the dual bound. Before the next phase all prices fall by part of the
old ε: they overshoot by about as much, and agents raise a price faster, side by side, than objects lower it one by one.
Sources: Bertsekas 1988 (ε-scaling); Bertsekas and Castañón 1989, 1992.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Final

import numpy as np

from jiedui.matching.solver.arrays import Array, Int32, Int64
from jiedui.matching.solver.bidding import POSITION_BITS, bid
from jiedui.matching.solver.columns import Columns, Cut, columns, cut
from jiedui.matching.solver.crew import Crew
from jiedui.matching.solver.exact_prices import envious, raise_prices
from jiedui.matching.solver.packing import Packed
from jiedui.matching.solver.resume import take_places
from jiedui.matching.solver.reverse import draw, profits, unsold_above_floor
from jiedui.matching.solver.slackness import best_reduced, release, settle

FIRST_EPSILON: Final = 8
"""ε starts at the heaviest weight / 8."""
FACTOR: Final = 16
"""ε falls by this from phase to phase."""
LOWERING: Final = 1.0
"""Part of the old ε by which all prices fall before the next phase."""
LOWERING_FOR_GAP: Final = 2.0
"""The same where a gap is enough: more bids, but so few seats stay unsold that nothing need be drawn."""
BIDS_AT_ONCE: Final = 1 << 21
"""Bids before a compiled loop returns: between two such returns a time limit or Ctrl-C is noticed."""
BIDS_PER_AGENT: Final = 400
"""Bids per agent after which the auction gives up (and the caller computes a flow): price wars without end."""
WARM_BIDS: Final = 12
"""Bids per agent of the first phase of a warm start, after which it is dropped: a cold start makes about as many."""
FEW: Final = 4096
"""With fewer free agents one thread is faster than two."""


@dataclass(frozen=True, eq=False)
class Outcome:
    """拍卖结果: in block order: `mate` (agents,) int32, `own` the weight of its edge, `prices` (objects,) int64, whole.

    `value`: weights of the assignment less floors; `bound`: the dual bound of the prices; equal when `exact`. `status`:
    "exact", "gap" (as near as was asked), "bids" (gave up), "time" (the limit), "epsilon" (ε cannot fall further).
    """

    mate: Int32
    own: Array
    prices: Int64
    value: int
    bound: int
    bids: int
    status: str

    @property
    def exact(self) -> bool:
        """Whether value and bound are equal."""
        return self.value == self.bound


class Auction:
    """拍卖: the state that phases work on; see the module. `fits` tells whether a packed market can be represented."""

    def __init__(
        self, packed: Packed, crew: Crew, *, floor: Int64 | None = None, deadline: float | None = None
    ) -> None:
        """`floor` (objects,) int64 in weights: the least price of a seat (0). `deadline`: of `time.monotonic`."""
        self.packed, self.crew, self.deadline = packed, crew, deadline
        self.fraction, kind = precision(packed)
        self.agent_bits = packed.agent_bits
        self.first = np.zeros(packed.objects + 1, np.int64)
        np.cumsum(packed.seats, out=self.first[1:])
        self.heap = np.zeros(int(self.first[-1]), np.int64)
        self.held = np.zeros(packed.objects, np.int32)
        self.price = np.zeros(packed.objects, kind)
        self.mate = np.full(packed.agents, -1, np.int32)
        self.own = np.zeros(packed.agents, np.int32 if packed.shift <= 31 else np.int64)
        self.best = np.zeros(packed.agents, kind)
        self.bids, self.phases, self.gap = 0, 0, 0.0
        self.most_bids = self._bids_of(BIDS_PER_AGENT)
        self.cut: Cut = cut(packed, crew)
        self._columns: Columns | None = None
        self._profit: Array = np.zeros(0, kind)
        self.set_floor(np.zeros(packed.objects, np.int64) if floor is None else floor)

    def set_floor(self, floor: Int64) -> None:
        """Other floors; prices below them rise to them. An object without seats costs more than anybody would pay."""
        self.floor_weight = floor
        closed = self.packed.seats == 0
        never = np.int64(self.packed.heaviest + 1)
        self.floor = (np.where(closed, never, floor) << self.fraction).astype(self.price.dtype)
        np.maximum(self.price, self.floor, out=self.price)

    def resume(self, assignment: Int32, prices: Int64, lift: Int64 | None = None) -> bool:
        """Go on from an assignment (agents,) and integer prices (objects,), both in the numbers of the market.

        `lift` (objects,) is added to the prices: what seats that must be sold cost more. What no longer exists (an
        edge, a seat) is left out. False where they are not of this market's size.
        """
        packed = self.packed
        if len(assignment) != packed.agents or len(prices) != packed.objects:
            return False
        numbered = np.append(packed.object_to, np.int32(-1))
        wished = numbered[np.where(assignment < packed.objects, assignment, -1)][packed.agent_at]
        taken = np.zeros(packed.objects, np.int64)
        take_places(packed.indptr, packed.edges, packed.shift, wished, packed.seats, self.mate, self.own, taken)
        ordered = np.empty(packed.objects, np.int64)
        known = np.clip(prices, -packed.heaviest, packed.heaviest) + (0 if lift is None else lift)
        ordered[packed.object_to] = np.clip(known, 0, packed.heaviest)
        np.maximum(ordered << self.fraction, self.floor, out=ordered)
        self.price[:] = ordered
        return True

    @property
    def warm_epsilon(self) -> int:
        """The first ε after `resume`: prices are about right already."""
        return max(1, (1 << self.fraction) >> 5)

    @property
    def warm_epsilon_later(self) -> int:
        """The same where earlier tiers hold seats: the edges that they left open differ by more than the market does,
        and so do prices; with an ε far below one point the bids for them would be a price war.
        """
        return 1 << self.fraction

    @property
    def finest(self) -> int:
        """The least ε, in fixed point."""
        return 1

    def run(self, *, gap: float = 0.0, warm: bool = False, epsilon: int | None = None) -> Outcome:
        """Phases until the certificate closes, the relative `gap` is reached, or a limit.

        `warm`: go on from the prices and mates that are there. `epsilon`: the first, in fixed point.
        """
        unit = 1 << self.fraction
        now = max(1, self.packed.heaviest * unit // FIRST_EPSILON) if epsilon is None else epsilon
        self.gap = gap
        if warm:
            self._measure()
        self.phase(now, 0, first=not warm)
        return self._go_on(now, gap)

    def run_resumed(self, *, gap: float, epsilon: int) -> Outcome:
        """`run` from what was resumed; where that would be dearer than a cold start (`WARM_BIDS`), from nothing."""
        self.gap, self.most_bids = gap, self._bids_of(WARM_BIDS)
        self._measure()
        self.phase(epsilon, 0, first=False)
        dropped, self.most_bids = self.bids > self.most_bids, self._bids_of(BIDS_PER_AGENT)
        if not dropped:
            return self._go_on(epsilon, gap)
        self.held[:], self.mate[:], self.price[:] = 0, -1, self.floor
        return self.run(gap=gap)

    def _go_on(self, now: int, gap: float) -> Outcome:
        """After a phase at ε = `now`: what it reached, or further phases."""
        while (outcome := self._certificate(now, gap)) is None:
            lowering = int((LOWERING if gap == 0 else LOWERING_FOR_GAP) * now)
            now = max(self.finest, now // FACTOR)
            self.phase(now, lowering, first=False)
        return outcome

    def phase(self, epsilon: int, lowering: int, *, first: bool) -> None:
        """One phase at `epsilon`; with `first` everybody is free."""
        self.phases += 1
        packed, parts = self.packed, self.cut.parts
        stacks = np.empty((parts + 1, packed.agents), np.int32)
        waiting = np.zeros(parts + 1, np.int64)
        if first:
            everybody = np.flatnonzero(np.diff(packed.indptr)).astype(np.int32)
            for p in range(parts + 1):
                own = everybody[self.cut.part[everybody] == p]
                stacks[p, : len(own)], waiting[p] = own, len(own)
        else:
            release(
                self.first, self.heap, self.held, self.agent_bits, self.fraction, self.floor, self.price, lowering,
                epsilon, self.best, self.own, self.mate, self.cut.part, stacks, waiting,
            )  # fmt: skip
        self._forward(epsilon, stacks, waiting)
        settle(self.first, self.heap, self.held, self.agent_bits, self.mate)
        if self.gap > 0:  # unsold seats may cost less than the reverse auction and its columns would
            self._measure()
            if self._near():
                return
        self._reverse(epsilon)
        self._measure()

    def _near(self) -> bool:
        return self.dual - self.value() <= self.gap * max(1.0, abs(self.dual)) * 0.999

    def _out_of_limits(self) -> str | None:
        if self.deadline is not None and time.monotonic() > self.deadline:
            return "time"
        return "bids" if self.bids > self.most_bids else None

    def _bids_of(self, each: int) -> int:
        return each * max(1000, self.packed.agents)

    def _bid(self, stack: Array, waiting: int, epsilon: int, mine: int, away: Array, put: int) -> tuple[int, int, int]:
        packed = self.packed
        return bid(
            packed.indptr, packed.edges, packed.shift, self.fraction, epsilon, self.first, self.heap, self.held,
            self.agent_bits, self.price, self.own, stack, waiting, self.cut.part, mine, away, put, BIDS_AT_ONCE,
        )  # fmt: skip

    def _forward(self, epsilon: int, stacks: Array, waiting: Array) -> None:
        """Everybody who is free bids: part by part side by side, who is across in between."""
        parts = self.cut.parts
        away = np.empty((parts, len(self.mate) if parts > 1 else 0), np.int32)
        while parts > 1 and int(waiting[:parts].sum()) > FEW and self._out_of_limits() is None:
            done = self.crew.map(
                lambda p: self._bid(stacks[p], int(waiting[p]), epsilon, p, away[p], 0), [(p,) for p in range(parts)]
            )
            for p, (left, put, bids) in enumerate(done):
                waiting[p] = left
                self.bids += bids
                stacks[parts, waiting[parts] : waiting[parts] + put] = away[p, :put]
                waiting[parts] += put
            if int(waiting[:parts].sum()) == 0 and waiting[parts]:
                left, put, bids = self._bid(stacks[parts], int(waiting[parts]), epsilon, parts, away[0], 0)
                waiting[parts] = left
                self.bids += bids
                losers = away[0, :put]
                for p in range(parts):
                    own = losers[self.cut.part[losers] == p]
                    stacks[p, : len(own)], waiting[p] = own, len(own)
        everybody = np.concatenate([stacks[p, : waiting[p]] for p in range(parts, -1, -1)])
        stack = np.empty(len(self.mate) + 1, np.int32)
        stack[: len(everybody)] = everybody
        left = len(everybody)
        while left and self._out_of_limits() is None:
            left, _, bids = self._bid(stack, left, epsilon, -1, stack[:0], 0)
            self.bids += bids

    def _reverse(self, epsilon: int) -> None:
        """Unsold seats draw: inner objects of each part side by side, then all others."""
        packed, parts = self.packed, self.cut.parts
        listed = np.zeros(packed.objects, np.int8)
        queue = np.empty(packed.objects + 1, np.int32)
        count = unsold_above_floor(self.first, self.held, self.price, self.floor, listed, queue)
        if count == 0:
            return
        if self._columns is None:
            self._columns = columns(packed, self.crew)
            self._profit = np.zeros(packed.agents, self.price.dtype)
        self.crew.map(
            lambda lo, hi: profits(self.mate, self.own, self.price, self.fraction, self._profit, lo, hi),
            self.crew.parts(packed.agents),
        )
        if parts > 1:
            inner = self.cut.inner[queue[:count]]
            queues = [np.concatenate([own, np.empty(packed.objects + 1 - len(own), np.int32)])
                      for own in (queue[:count][inner == p] for p in range(parts))]  # fmt: skip
            sizes = [int((inner == p).sum()) for p in range(parts)]
            others = [queue[:count][inner < 0]]
            later = np.empty((parts, packed.objects + 1), np.int32)
            done = self.crew.map(
                lambda p: self._draw(queues[p], sizes[p], epsilon, listed, p, later[p], 1 << 60),
                [(p,) for p in range(parts)],
            )
            others += [later[p, :put] for p, (_, put, _) in enumerate(done)]
            rest = np.concatenate(others)
            count = len(rest)
            queue[:count] = rest
        while count and self._out_of_limits() is None:
            count, _, _ = self._draw(queue, count, epsilon, listed, -1, queue[:0], BIDS_AT_ONCE >> 4)

    def _draw(
        self, queue: Array, count: int, epsilon: int, listed: Array, mine: int, later: Array, at_most: int
    ) -> tuple[int, int, int]:
        of = self._columns
        if of is None:
            raise RuntimeError("the reverse auction was begun without columns")
        scratch = np.empty(int(self.packed.seats.max(initial=0)) + 2, np.int64)
        return draw(
            of.start, of.words, self.packed.shift, self.fraction, epsilon, self.first, self.heap, self.held,
            self.agent_bits, self.price, self.floor, self.own, self.mate, self._profit, queue, count, listed,
            self.cut.inner, mine, later, scratch, at_most,
        )  # fmt: skip

    def _measure(self) -> None:
        """What each agent could have at the prices, and with it the dual bound."""
        packed = self.packed
        total = self.crew.map(
            lambda lo, hi: best_reduced(
                packed.indptr, packed.edges, packed.shift, self.fraction, self.price, self.best, lo, hi
            ),
            self.crew.parts(packed.agents),
        )
        paid = (self.price - self.floor).astype(np.int64)
        self.dual = (sum(total) + int((paid * packed.seats).sum())) / (1 << self.fraction)

    def value(self) -> int:
        """Weights of the assignment less the floors of the seats taken."""
        placed = self.mate >= 0
        return int(self.own[placed].sum(dtype=np.int64)) - int(self.floor_weight[self.mate[placed]].sum())

    def _certificate(self, epsilon: int, gap: float) -> Outcome | None:
        """The outcome, if it is time to stop: proven, near enough, or a limit reached."""
        value = self.value()
        limit = self._out_of_limits() or ("epsilon" if epsilon <= self.finest else None)
        unit = 1 << self.fraction
        if not (limit or self._near() or epsilon * 4 <= unit):
            return None
        prices = self._rounded(epsilon)
        bound = self._prove(prices, value)
        status = "exact" if bound == value else limit
        if status is None and bound - value <= gap * max(1, abs(bound)):
            status = "gap"
        return None if status is None else Outcome(self.mate, self.own, prices, value, bound, self.bids, status)

    def _prove(self, prices: Int64, value: int) -> int:
        """The dual bound of integer prices, after changing them in place where that closes the certificate.

        Raising alone cannot mend a price that is too high, so the second try starts a little lower everywhere.
        """
        start, holders = self.holders()
        bound = value
        for lower in (0, 1):
            tried = np.maximum(prices - lower, self.floor.astype(np.int64) >> self.fraction)
            unhappy, reached = self._envious(tried)
            bound = reached if lower == 0 else bound
            if bound == value:
                return bound
            done = raise_prices(
                self.packed.indptr, self.packed.edges, self.packed.shift, tried, self.own, self.mate, start, holders,
                self.packed.seats, unhappy, np.empty(self.packed.objects + 1, np.int32),
                np.zeros(self.packed.objects, np.int8), len(unhappy) + 16 * self.packed.objects,
            )  # fmt: skip
            if done >= 0:
                prices[:] = tried
                return value
        return bound

    def holders(self) -> tuple[Int64, Int32]:
        """Who holds each object: agents `holders[start[j]:start[j + 1]]`."""
        start = np.zeros(self.packed.objects + 1, np.int64)
        np.cumsum(self.held, out=start[1:])
        taken = np.repeat(self.first[:-1] - start[:-1], self.held) + np.arange(start[-1])
        return start, (self.heap[taken] & ((1 << self.agent_bits) - 1)).astype(np.int32)

    def _envious(self, prices: Int64) -> tuple[Int32, int]:
        """Who would rather have something else at these integer prices, and their dual bound."""
        packed = self.packed
        found = np.empty(packed.agents, np.int32)
        parts = self.crew.parts(packed.agents)
        counted = self.crew.map(
            lambda lo, hi: envious(
                packed.indptr, packed.edges, packed.shift, prices, self.own, self.mate, found, lo, hi
            ),
            parts,
        )
        paid = (prices - np.where(packed.seats == 0, prices, self.floor_weight)) * packed.seats
        unhappy = np.concatenate([found[lo : lo + count] for (lo, _), (count, _) in zip(parts, counted, strict=True)])
        return unhappy, int(sum(total for _, total in counted)) + int(paid.sum())

    def _rounded(self, epsilon: int) -> Int64:
        """Integer prices: floor(p + θ), θ in the emptiest window of the fractional parts, so that few ties are torn."""
        bits = min(10, self.fraction)
        bins = 1 << bits
        parts = ((self.price[self.price > self.floor] & ((1 << self.fraction) - 1)) >> (self.fraction - bits)).astype(
            np.int64
        )
        width = max(1, min(bins, (4 * epsilon * bins) >> self.fraction))
        count = np.bincount(parts, minlength=bins)
        sums = np.concatenate([[0], np.cumsum(np.concatenate([count, count]))])
        window = sums[width : width + bins] - sums[:bins]
        middle = (int(window.argmin()) + width) % bins
        shift = ((bins - middle) % bins) << (self.fraction - bits)
        prices = (self.price.astype(np.int64) + shift) >> self.fraction
        return np.asarray(np.maximum(prices, self.floor.astype(np.int64) >> self.fraction), np.int64)


def precision(packed: Packed) -> tuple[int, type[np.signedinteger]]:
    """Bits after the point of the prices, and their type; `fits` says whether there are enough."""
    bits = max(1, int(packed.heaviest * 9 // 8 + 2).bit_length())
    agent_bits = packed.agent_bits
    narrow = min(20, 31 - bits, 62 - agent_bits - bits)
    if narrow >= 10:
        return narrow, np.int32
    return min(24, 63 - POSITION_BITS - 1 - bits, 62 - agent_bits - bits), np.int64


def fits(packed: Packed) -> bool:
    """Whether prices with some bits after the point can be represented."""
    return precision(packed)[0] >= 4 and packed.shift + packed.agent_bits <= 64
