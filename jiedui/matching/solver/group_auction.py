"""组合拍卖: the state on which singles and groups compete for seats, and the best that was seen."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Final

import numpy as np

from jiedui.matching.solver.arrays import Array, Int32, Int64
from jiedui.matching.solver.crew import Crew
from jiedui.matching.solver.group_bidding import Places, compete, dissolve_halves, take_seats
from jiedui.matching.solver.group_packages import Packages
from jiedui.matching.solver.group_slackness import best_of_groups, best_of_singles, regretful, worth_of_groups
from jiedui.matching.solver.packing import Packed

TURNS_AT_ONCE: Final = 1 << 19
"""Turns before a compiled loop returns: between two such returns a time limit or Ctrl-C is noticed."""
TURNS_PER_AGENT: Final = 400
"""Turns per agent after which the auction gives up."""


@dataclass(frozen=True, eq=False)
class Assigned:
    """安置: what singles, groups and members have (`mate`, `own`, `at`, `taken` as in `Places`), and its worth."""

    value: int
    mate: Int32
    own: Int64
    at: Int64
    taken: Int64


@dataclass(eq=False)
class Incumbent:
    """最好的解: the best assignment so far, and the least bound with its `prices`: (objects,) int64, whole numbers."""

    assigned: Assigned
    bound: int
    prices: Int64

    @property
    def gap(self) -> int:
        """What the optimum may be worth more."""
        return self.bound - self.assigned.value

    def within(self, gap: float) -> bool:
        """Whether the bound is as near to the value as asked."""
        return self.gap <= gap * max(1, abs(self.bound))


class GroupAuction:
    """组合拍卖: forward auctions of singles and groups; `best` is what was kept.

    `packed`: everybody; the rows of members are not looked at. `seats` (objects,) int64. `fraction`: bits after the
    point of the prices. `closed`: a price that nobody pays, in weights.
    """

    def __init__(
        self,
        packed: Packed,
        seats: Int64,
        offered: Packages,
        fraction: int,
        closed: int,
        crew: Crew,
        deadline: float | None,
    ) -> None:
        self.packed, self.seats, self.offered, self.fraction = packed, seats, offered, fraction
        self.crew, self.deadline, self.turns = crew, deadline, 0
        self.agent_bits = max(1, (max(1, packed.agents) - 1).bit_length())
        objects, agents, self.groups = packed.objects, packed.agents, len(offered.member_start) - 1
        first = np.zeros(objects + 1, np.int64)
        np.cumsum(seats, out=first[1:])
        self.floor = np.where(seats == 0, np.int64(closed), 0)
        self.places = Places(
            first, np.zeros(first[-1], np.int64), np.zeros(objects, np.int32), self.floor << fraction,
            np.full(agents, -1, np.int32), np.zeros(agents, np.int64), np.full(self.groups, -1, np.int64),
            np.full(len(offered.member), -1, np.int64), np.zeros(self.groups, np.int8),
        )  # fmt: skip
        self.widest = int(np.diff(offered.member_start).max(initial=0))
        self.stack = np.empty(agents + self.groups + 1, np.int32)
        self.best: Incumbent

    def start(self, mate: Int32, own: Array, prices: Int64) -> None:
        """Singles in these seats, all groups out, and `prices` in fixed point."""
        places = self.places
        places.mate[:], places.own[:] = mate, own
        places.mate[self.offered.member] = -1
        np.maximum(prices, self.floor << self.fraction, out=places.price)
        take_seats(self.offered, places, self.agent_bits)
        whole = places.price >> self.fraction
        self.best = Incumbent(self._assigned(), self.bound(whole), whole)

    def resume(self, assigned: Assigned, prices: Int64) -> None:
        """Everybody as in `assigned`, at whole `prices`."""
        places = self.places
        places.mate[:], places.own[:] = assigned.mate, assigned.own
        places.at[:], places.taken[:] = assigned.at, assigned.taken
        np.left_shift(np.maximum(prices, self.floor), self.fraction, out=places.price)
        take_seats(self.offered, places, self.agent_bits)

    def out_of_limits(self) -> bool:
        """Whether the time is over or there were too many turns."""
        late = self.deadline is not None and time.monotonic() > self.deadline
        return late or self.turns > TURNS_PER_AGENT * max(1000, self.packed.agents)

    def forward(self, epsilon: int, tolerance: int) -> Assigned:
        """Groups that could have more by over `tolerance` bid, and whoever loses a seat by it; what each has then."""
        places, offered = self.places, self.offered
        rows = (self.packed.indptr, self.packed.edges, self.packed.shift, self.fraction, epsilon, tolerance)
        waiting = int(regretful(offered, places, self.fraction, tolerance, self.stack))
        while waiting and not self.out_of_limits():
            waiting, turns = compete(
                *rows, self.agent_bits, offered, places, self.stack, waiting, self.widest, TURNS_AT_ONCE
            )
            self.turns += int(turns)
        if waiting:
            places.queued[:] = 0
            dissolve_halves(offered, places, self.agent_bits)
        assigned = self._assigned()
        self.keep(assigned)
        return assigned

    def _assigned(self) -> Assigned:
        places = self.places
        value = int(places.own[places.mate >= 0].sum()) + int(worth_of_groups(self.offered, places))
        return Assigned(value, places.mate.copy(), places.own.copy(), places.at.copy(), places.taken.copy())

    def keep(self, assigned: Assigned) -> None:
        """Remember an assignment where it is the best so far."""
        if assigned.value > self.best.assigned.value:
            self.best.assigned = assigned

    def keep_bound(self, prices: Int64) -> None:
        """Remember whole `prices` where their bound is the least so far."""
        raised = np.maximum(prices, self.floor)
        bound = self.bound(raised)
        if bound < self.best.bound:
            self.best.bound, self.best.prices = bound, raised

    def bound(self, prices: Int64) -> int:
        """The dual bound of whole `prices` (objects,) int64."""
        packed, offered = self.packed, self.offered
        rows = (packed.indptr, packed.edges, packed.shift, prices, offered.slot_of)
        singles = self.crew.map(lambda lo, hi: best_of_singles(*rows, lo, hi), self.crew.parts(packed.agents))
        groups = self.crew.map(lambda lo, hi: best_of_groups(offered, prices, lo, hi), self.crew.parts(self.groups))
        return sum(map(int, singles + groups)) + int((prices * self.seats).sum())
