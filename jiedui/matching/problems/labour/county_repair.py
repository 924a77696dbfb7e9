"""名额修补: an assignment that misses bounds of counties by a little, as ties leave it, made to keep them by swaps.

Who is above a county's limit and is worth least gives the seat back; who is missing in a county takes a free seat, or
that of the worker worth least whose county has one to spare. Members of couples stay where they are. Nothing is claimed
of the result but that it keeps the bounds: what it lacks to the bound is in the certificate's gap.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from jiedui.matching.problems.labour.sides import Bool, Int32, Int64
from jiedui.matching.solver.edges import edges_taken
from jiedui.matching.solver.market import Market

PASSES: Final = 20


class Repair:
    """修补: of the workers of `market`, with their `home` counties; `single` (workers,): in no couple."""

    def __init__(self, market: Market, home: Int64, least: Int64, most: Int64, single: Bool) -> None:
        self.market, self.home, self.least, self.most, self.single = market, home, least, most, single
        self.source = market.edge_agents()

    def __call__(self, assignment: Int32) -> Int32 | None:
        """The assignment with all bounds kept; None where swaps do not get there."""
        self.place = assignment.copy()
        self.own = np.zeros(len(assignment), np.int64)
        taken = edges_taken(self.market, assignment)
        self.own[taken >= 0] = self.market.utility[taken[taken >= 0]]
        self.count = np.bincount(self.home[assignment >= 0], minlength=len(self.least))
        for county in np.flatnonzero(self.count > self.most).tolist():
            self._dismiss(county)
        for _ in range(PASSES):
            short = np.flatnonzero(self.count < self.least).tolist()
            if not short:
                return self.place if bool((self.count <= self.most).all()) else None
            filled = [self._fill(county) for county in short]
            if not any(filled):
                return None
        return None

    def _dismiss(self, county: int) -> None:
        """Take the seats of those who are worth least."""
        mine = np.flatnonzero((self.home == county) & (self.place >= 0) & self.single)
        surplus = int(self.count[county] - self.most[county])
        for w in mine[np.argsort(self.own[mine], kind="stable")][:surplus].tolist():
            self._move(w, -1, 0)

    def _fill(self, county: int) -> bool:
        """Seat missing workers of a county, the best swaps first, at most one at each vacancy; whether any was."""
        free = self.market.seats - np.bincount(self.place[self.place >= 0], minlength=self.market.objects)
        weakest = self._weakest()
        edges: Int64 = np.flatnonzero(
            (self.home[self.source] == county) & (self.place[self.source] < 0) & self.single[self.source]
        )
        v: Int32 = self.market.indices[edges]
        out = weakest[v]
        open_ = (free[v] > 0) | (out >= 0)
        edges, v, out = edges[open_], v[open_], out[open_]
        lost = np.where(free[v] > 0, 0, self.own[out])
        moved = False
        used: set[int] = set()
        for k in np.argsort(lost - self.market.utility[edges], kind="stable").tolist():
            w, j, other = int(self.source[edges[k]]), int(v[k]), int(out[k])
            if self.count[county] >= self.least[county]:
                break
            if self.place[w] >= 0 or j in used:
                continue
            if free[j] <= 0:
                if self.count[self.home[other]] <= self.least[self.home[other]]:
                    continue
                self._move(other, -1, 0)
            self._move(w, j, int(self.market.utility[edges[k]]))
            used.add(j)
            moved = True
        return moved

    def _weakest(self) -> Int64:
        """Of each vacancy the single worth least there whose county has one to spare; −1: none."""
        spare = (self.place >= 0) & self.single & (self.count > self.least)[self.home]
        who = np.flatnonzero(spare)
        who = who[np.argsort(-self.own[who], kind="stable")]
        found = np.full(self.market.objects, -1, np.int64)
        found[self.place[who]] = who
        return found

    def _move(self, w: int, to: int, worth: int) -> None:
        self.count[self.home[w]] += int(to >= 0) - int(self.place[w] >= 0)
        self.place[w], self.own[w] = to, worth
