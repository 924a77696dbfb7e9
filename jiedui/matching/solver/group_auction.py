"""组合拍卖: singles and groups compete for seats, in rounds of forward and reverse auction, while ε falls.

A market with groups need have no prices at which everybody is content (the problem is NP-hard; Ronn 1990), so prices
keep moving a little from round to round. The dual bound is convex in the prices: at their mean over the rounds it is
no greater than the mean of the bounds, and far nearer to the least bound than any single round comes.
Sources: Bertsekas and Castañón 1989, 1992 (forward/reverse auction); Nedić and Ozdaglar 2009 (means of dual iterates).
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Final

import numpy as np

from jiedui.matching.solver.arrays import Array, Int32, Int64
from jiedui.matching.solver.crew import Crew
from jiedui.matching.solver.group_bidding import Places, compete, dissolve_halves, seat_singles
from jiedui.matching.solver.group_drawing import draw_singles, profits, reprice, transpose, unsold
from jiedui.matching.solver.group_packages import Packages
from jiedui.matching.solver.group_slackness import (
    best_of_groups,
    best_of_singles,
    free_singles,
    queue_regretful,
    worth_of_groups,
)
from jiedui.matching.solver.packing import Packed

FIRST_EPSILON: Final = 128
"""ε starts at the heaviest weight / 128: the prices that the auction starts from are about right."""
FACTOR: Final = 4
"""ε falls by this from phase to phase."""
ROUNDS: Final = (1, 2, 8, 12, 12)
"""Rounds of each phase, at most."""
IDLE: Final = 3
"""Rounds in which the gap does not fall by a twentieth, before the next phase begins."""
PATIENCE: Final = 1
"""A group stays in its class while another is better by no more than this many ε …"""
TOLERANCE: Final = 2
"""… and is not asked again in the next round while it could have no more than this many ε more."""
TURNS_AT_ONCE: Final = 1 << 19
"""Turns before a compiled loop returns: between two such returns a time limit or Ctrl-C is noticed."""
TURNS_PER_AGENT: Final = 400
"""Turns per agent after which the auction gives up."""


@dataclass(eq=False)
class Incumbent:
    """最好的解: the best assignment so far (`mate` and `own` of singles, `at` of groups, `taken` of members) and bound.

    `prices` (objects,) int64, whole numbers, are those of the bound.
    """

    value: int
    mate: Int32
    own: Int64
    at: Int64
    taken: Int64
    bound: int
    prices: Int64

    def within(self, gap: float) -> bool:
        """Whether the bound is as near to the value as asked."""
        return self.bound - self.value <= gap * max(1, abs(self.bound))


class GroupAuction:
    """组合拍卖: the state that phases work on.

    `packed`: the singles; members have empty rows in it. `seats` (objects,) int64. `fraction`: bits after the point of
    the prices. `closed`: a price that nobody pays, in weights.
    """

    def __init__(
        self, packed: Packed, seats: Int64, offered: Packages, fraction: int, closed: int, crew: Crew,
        deadline: float | None,
    ) -> None:  # fmt: skip
        self.packed, self.seats, self.offered, self.fraction = packed, seats, offered, fraction
        self.crew, self.deadline, self.turns = crew, deadline, 0
        self.rows = (packed.indptr, packed.edges, packed.shift, fraction)
        self.agent_bits = max(1, (max(1, packed.agents) - 1).bit_length())
        objects, agents, groups = packed.objects, packed.agents, len(offered.member_start) - 1
        first = np.zeros(objects + 1, np.int64)
        np.cumsum(seats, out=first[1:])
        self.floor = np.where(seats == 0, np.int64(closed) << fraction, 0)
        self.places = Places(
            first, np.zeros(first[-1], np.int64), np.zeros(objects, np.int32), self.floor.copy(),
            np.full(agents, -1, np.int32), np.zeros(agents, np.int64), np.full(groups, -1, np.int64),
            np.full(len(offered.member), -1, np.int64), np.zeros(groups, np.int8),
        )  # fmt: skip
        self.widest = int(np.diff(offered.member_start).max(initial=0))
        self.stack = np.empty(agents + groups + 1, np.int32)
        self.columns: tuple[Array, Array] = transpose(packed.indptr, packed.edges, packed.shift, objects)
        self.profit = np.zeros(agents, np.int64)
        self.best = self._nothing()

    def _nothing(self) -> Incumbent:
        places, prices = self.places, self.floor >> self.fraction
        return Incumbent(
            0, places.mate.copy(), places.own.copy(), places.at.copy(), places.taken.copy(), self.bound(prices), prices
        )

    def start(self, mate: Int32, own: Array, prices: Int64) -> None:
        """Begin with these singles in their seats, all groups out, and `prices` in fixed point."""
        np.maximum(prices, self.floor, out=self.places.price)
        self.places.own[:] = own
        seat_singles(self.packed.indptr, mate, self.places, self.agent_bits)

    def run(self, gap: float) -> Incumbent:
        """Phases until the relative `gap` is reached, ε is least, or a limit."""
        epsilon = max(1, (self.packed.heaviest << self.fraction) // FIRST_EPSILON)
        for rounds in ROUNDS:
            self._phase(epsilon, rounds, gap)
            if self.best.within(gap) or self.out_of_limits() or epsilon == 1:
                break
            epsilon = max(1, epsilon // FACTOR)
        return self.best

    def out_of_limits(self) -> bool:
        """Whether the time is over or there were too many turns."""
        late = self.deadline is not None and time.monotonic() > self.deadline
        return late or self.turns > TURNS_PER_AGENT * max(1000, self.packed.agents)

    def _phase(self, epsilon: int, rounds: int, gap: float) -> None:
        """Rounds at one ε, with the bound taken at the mean of their prices."""
        places, offered = self.places, self.offered
        waiting = int(free_singles(*self.rows, epsilon, self.agent_bits, places, self.stack))
        mean, idle = np.zeros(len(self.seats), np.int64), 0
        for done in range(1, rounds + 1):
            before = self.best.bound - self.best.value
            waiting = int(
                queue_regretful(offered, places, self.fraction, TOLERANCE * epsilon, self.stack, waiting)
            )
            whole = self._forward(epsilon, waiting) and self._reverse(epsilon)
            if not whole:
                dissolve_halves(offered, places, self.agent_bits)
            mean += places.price
            self._keep((mean // done + (1 << self.fraction >> 1)) >> self.fraction)
            idle = 0 if (self.best.bound - self.best.value) * 20 < before * 19 else idle + 1
            if waiting == 0 or not whole or idle == IDLE or self.best.within(gap):
                return
            waiting = 0

    def _keep(self, prices: Int64) -> None:
        """Remember the assignment and the bound where they are the best so far."""
        places, best = self.places, self.best
        placed = places.mate >= 0
        value = int(places.own[placed].sum()) + int(worth_of_groups(self.offered, places))
        if value > best.value:
            best.value = value
            best.mate, best.own = places.mate.copy(), places.own.copy()
            best.at, best.taken = places.at.copy(), places.taken.copy()
        self.keep_bound(prices)

    def keep_bound(self, prices: Int64) -> None:
        """Remember whole `prices` where their bound is the least so far."""
        np.maximum(prices, self.floor >> self.fraction, out=prices)
        bound = self.bound(prices)
        if bound < self.best.bound:
            self.best.bound, self.best.prices = bound, prices

    def _forward(self, epsilon: int, waiting: int) -> bool:
        """Everybody on the stack bids; False where a limit came first."""
        while waiting:
            if self.out_of_limits():
                self.places.queued[:] = 0
                return False
            waiting, turns = compete(
                *self.rows, epsilon, PATIENCE * epsilon, self.agent_bits, self.offered, self.places, self.stack,
                waiting, self.widest, TURNS_AT_ONCE,
            )  # fmt: skip
            self.turns += int(turns)
        return True

    def _reverse(self, epsilon: int) -> bool:
        """Unsold seats draw singles; False where a limit came first."""
        places, objects = self.places, self.packed.objects
        listed, queue = np.zeros(objects, np.int8), np.empty(objects + 1, np.int32)
        count = int(unsold(places, self.floor, listed, queue))
        if count == 0:
            return True
        profits(places, self.fraction, self.profit)
        scratch = np.empty(int(self.seats.max(initial=0)) + 2, np.int64)
        while count and not self.out_of_limits():
            count, _ = draw_singles(
                *self.columns, self.packed.shift, self.fraction, epsilon, self.agent_bits, places, self.floor,
                self.profit, queue, count, listed, scratch, TURNS_AT_ONCE >> 4,
            )  # fmt: skip
        reprice(places, self.agent_bits)
        return not count

    def bound(self, prices: Int64) -> int:
        """The dual bound of whole `prices` (objects,) int64."""
        packed = self.packed
        singles = self.crew.map(
            lambda lo, hi: best_of_singles(packed.indptr, packed.edges, packed.shift, 0, prices, lo, hi),
            self.crew.parts(packed.agents),
        )
        groups = self.crew.map(
            lambda lo, hi: best_of_groups(self.offered, 0, prices, lo, hi),
            self.crew.parts(len(self.offered.member_start) - 1),
        )
        return sum(map(int, singles + groups)) + int((prices * self.seats).sum())
