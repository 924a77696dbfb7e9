"""各县名额: at least so many, or at most so many, of a home county's workers placed, by a price on its workers.

A county that would have too few gets a bonus for each of its workers placed, one that would have too many a malus,
found by halving intervals, all counties at once; what ties leave is mended by swaps (`county_repair`). For whatever
prices λ no assignment that keeps the bounds is worth more than D(λ) − Σ λ·b, where D(λ) bounds the market with the
bonuses and b is the bound that λ stands for (weak duality; the Lagrangian of Fisher 1981): the least of these is the
certificate. What is left between it and the value is stated.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from jiedui.errors import JieduiError
from jiedui.matching.problems.labour.asked import Bounds
from jiedui.matching.problems.labour.county_repair import Repair
from jiedui.matching.problems.labour.sides import Bool, Int32, Int64
from jiedui.matching.solver.crew import Crew
from jiedui.matching.solver.edges import edges_taken
from jiedui.matching.solver.market import Groups, Market
from jiedui.matching.solver.solution import Solution, WarmState
from jiedui.matching.solver.solve import solve
from jiedui.matching.verify import verify

ROUNDS: Final = 24
"""Times that the market is solved at most."""
NEAR: Final = 2e-4
"""A relative gap at which the search for better prices ends."""
GAP: Final = 1e-3
"""What couples may leave of the optimum; smaller markets are searched to the end."""
SEARCHED: Final = 2_000
"""Edges up to which couples are solved without any gap, by search where prices leave one."""
UNLIMITED: Final = 2**40


@dataclass(frozen=True, eq=False)
class CountyBounds:
    """名额: of each home county, the least and the most of the workers `home` (rows) that may still be placed."""

    names: tuple[str, ...]
    least: Int64
    most: Int64
    home: Int64

    @classmethod
    def of(
        cls, names: tuple[str, ...], quotas: Mapping[str, Bounds], placed: Int64, later: Int64, home: Int32
    ) -> CountyBounds:
        """What is left of the quotas when `placed` are placed and `later` may be placed afterwards."""
        least, most = np.zeros(len(names), np.int64), np.full(len(names), UNLIMITED, np.int64)
        at = {name: k for k, name in enumerate(names)}
        for county, (low, high) in quotas.items():
            if county not in at:
                if low:
                    raise JieduiError(f"Nobody of {county} seeks work, but {low} are to be placed.", remedy="Ask less.")
                continue
            k = at[county]
            least[k] = max(0, low - placed[k] - later[k])
            if high is not None:
                most[k] = high - placed[k]
                if most[k] < 0:
                    raise JieduiError(
                        f"Of {county} {placed[k]} are placed already, but at most {high} may be.",
                        remedy="Take pins away or raise the limit.",
                    )
        return cls(names, least, most, home.astype(np.int64))

    def count(self, assignment: Int32) -> Int64:
        """How many of each county are placed."""
        return np.bincount(self.home[assignment >= 0], minlength=len(self.names))

    def kept(self, assignment: Int32) -> bool:
        """Whether all bounds are kept."""
        count = self.count(assignment)
        return bool(((count >= self.least) & (count <= self.most)).all())

    def capped(self, assignment: Int32) -> Bool:
        """(workers,): whose county has as many as it may."""
        return np.asarray((self.count(assignment) >= self.most)[self.home], bool)


@dataclass(frozen=True, eq=False)
class Weighed:
    """加权市场: a market in which each placement counts `premium` more; `groups`: couples."""

    market: Market
    premium: int
    groups: Groups | None
    crew: Crew

    def solve(self, bonus: Int64, warm: WarmState | None) -> Solution:
        """The best assignment where each agent's edges count its bonus more; verified."""
        market = self.market
        weight = market.utility.astype(np.int64) + np.repeat(bonus, np.diff(market.indptr))
        weighed = Market(
            market.indptr, market.indices, weight, market.seats, groups=self.groups, block_order=market.block_order
        )
        gap = 0.0 if self.groups is None or market.edges <= SEARCHED else GAP
        usable = warm if self.groups is None else None
        found = solve(weighed, objective="utility", gap=gap, threads=self.crew.threads, warm_start=usable)
        verify(weighed, found)
        return found


@dataclass(frozen=True, eq=False)
class Found:
    """结果: the assignment, the seat prices and the bonus of each agent at which it was found.

    `bound`: what utility and premiums of no assignment that keeps the bounds exceed; `by`: what proves it.
    """

    assignment: Int32
    prices: Int64
    bonus: Int64
    bound: int
    by: str


def solve_with_bounds(weighed: Weighed, bounds: CountyBounds) -> Found:
    """名额求解: the best that was found with all bounds kept. Raises `JieduiError` where they cannot all be met."""
    search = _Search(weighed, bounds)
    for _ in range(ROUNDS):
        if search.turn():
            break
    if search.best is None:
        search.refuse()
    return search.result()


class _Search:
    """The search for the prices `price` (counties,), above 0 a bonus, below 0 a malus."""

    def __init__(self, weighed: Weighed, bounds: CountyBounds) -> None:
        self.weighed, self.bounds = weighed, bounds
        counties = len(bounds.names)
        self.price = np.zeros(counties, np.int64)
        self.short = np.zeros(counties, np.int64)
        self.enough = np.full(counties, UNLIMITED, np.int64)
        self.dearest = 4 * weighed.premium
        self.bound: int | None = None
        self.best: tuple[int, Int32, Solution, Int64] | None = None
        market, linked = weighed.market, weighed.groups
        single = np.ones(market.agents, bool)
        if linked is not None:
            single[np.asarray(linked.agents)] = False
        self.repair = Repair(market, bounds.home, bounds.least, bounds.most, single)
        self.missing = np.zeros(counties, np.int64)
        self.warm: WarmState | None = None

    def turn(self) -> bool:
        """Solve at the prices, remember, and set other prices; true when there is nothing more to gain."""
        bonus = self.weighed.premium + self.price[self.bounds.home]
        found = self.weighed.solve(bonus, self.warm)
        self.warm = found.warm_state
        count = self.bounds.count(found.assignment)
        stands = np.where(self.price > 0, self.bounds.least, np.where(self.price < 0, self.bounds.most, 0))
        limit = found.bound - int((self.price * stands).sum())
        self.bound = limit if self.bound is None else min(self.bound, limit)
        few, many = self.bounds.least - count, count - self.bounds.most
        self.missing = np.maximum(few, many)
        kept = found.assignment if (self.missing <= 0).all() else self.repair(found.assignment)
        if kept is not None:
            value = self._value(kept)
            if self.best is None or value > self.best[0]:
                self.best = value, kept, found, bonus
            if self.bound - self.best[0] <= NEAR * self.bound:
                return True
        return self._other_prices(few, many, count)

    def _value(self, assignment: Int32) -> int:
        """Utility and premiums of an assignment."""
        taken = edges_taken(self.weighed.market, assignment)
        taken = taken[taken >= 0]
        worth = int(self.weighed.market.utility[taken].sum(dtype=np.int64))
        return worth + self.weighed.premium * len(taken)

    def _other_prices(self, few: Int64, many: Int64, count: Int64) -> bool:
        """Halve the interval of each county, or double its price; true where no price moves."""
        sign = np.where((few > 0) | (self.price > 0), 1, -1)
        wrong = (few > 0) | (many > 0)
        size = np.abs(self.price)
        # The other counties' prices moved what was enough: look further.
        self.enough = np.where(wrong & (self.enough <= size), UNLIMITED, self.enough)
        self.short = np.where(wrong, np.maximum(self.short, size), self.short)
        loose = ~wrong & (size > 0) & np.where(sign > 0, count > self.bounds.least, count < self.bounds.most)
        self.enough = np.where(~wrong & (size > 0), np.minimum(self.enough, size), self.enough)
        self.short = np.where(self.short >= self.enough, self.enough - 1, self.short)
        middle = (self.short + np.minimum(self.enough, UNLIMITED)) // 2
        doubled = np.minimum(np.maximum(8, 2 * size), self.dearest)
        raised = np.where(self.enough >= UNLIMITED, doubled, np.maximum(middle, self.short + 1))
        lowered = np.where(loose & (self.enough - self.short > 1), middle, size)
        following = sign * np.where(wrong, raised, lowered)
        still = bool((following == self.price).all())
        self.price = following
        return still

    def refuse(self) -> None:
        """Say which bounds could not be met."""
        worst = int(np.argmax(self.missing))
        raise JieduiError(
            f"The quotas of the counties cannot all be met: {self.bounds.names[worst]} misses its by "
            f"{max(1, int(self.missing[worst]))} at any price that was tried.",
            remedy="Lower the least numbers, or raise the most.",
        )

    def result(self) -> Found:
        """The best that was kept."""
        if self.best is None or self.bound is None:
            raise JieduiError("No assignment keeps the quotas.", remedy="Lower them.")
        _, assignment, found, bonus = self.best
        return Found(assignment, found.price_levels[0], bonus, self.bound, found.certificate)
