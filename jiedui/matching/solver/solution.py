"""解: an assignment and what proves it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from jiedui.matching.solver.market import Int32, Int64, Market
from jiedui.matching.solver.repacking import Before

Objective = Literal["utility", "placements_then_utility", "stable"]
Status = Literal["optimal", "optimal by flow", "within gap", "time limit", "feasible", "stable", "blocked"]
"""optimal: proven · optimal by flow: proven, but OR-Tools had to compute it, the auction having reached a cap or the
numbers being too wide for it · within gap: as near as was asked · time limit: the best until then · feasible: a search
ended before it was proven, or prices leave a gap · stable: nothing blocks · blocked: no stable one was found,
`blocking_groups` names who is left unsatisfied."""
Certificate = Literal["prices", "stability", "search"]
"""prices: anyone can check the optimum from the prices · stability: anyone can check that no pair blocks ·
search: the solver proved it by exhausting the alternatives, which only the solver can repeat."""


@dataclass(frozen=True, slots=True)
class Level:
    """层: one step of a lexicographic objective: what is counted (`measure`), for which tier (None: everybody)."""

    measure: Literal["placements", "utility"]
    tier: int | None = None

    def __str__(self) -> str:
        return self.measure if self.tier is None else f"{self.measure} of tier {self.tier}"


@dataclass(frozen=True, eq=False)
class WarmState:
    """热启动: what a later `solve` of a slightly changed market may start from; nothing in it is trusted.

    `combined`: the prices (objects,) of each auction, see `stage.Start`; `order`: the block order of agents and
    objects. `before`: the market and its packed rows, where they are not too large to keep.
    """

    objective: Objective
    assignment: Int32
    combined: tuple[Int64, ...] = ()
    order: tuple[Int32, Int32] | None = None
    before: Before | None = None

    def order_for(self, market: Market) -> tuple[Int32, Int32] | None:
        """The block order, if it is one of a market of this size."""
        fits = self.order is not None and tuple(map(len, self.order)) == (market.agents, market.objects)
        return self.order if fits else None


@dataclass(frozen=True, eq=False)
class Solution:
    """解: who gets what, at which prices, and how far from the optimum it can be at most.

    `assignment` (agents,) int32, −1 = unplaced. `prices` (objects,) int64 in units of utility, or (levels, objects)
    where the objective has several `levels`: then prices, values and bounds compare lexicographically.
    `objective` is the utility of the assignment less the reserves of the seats it uses, `placements` the number of
    agents placed, `bound` what no assignment can exceed, `gap` = (bound − objective) / max(1, |bound|).
    `values`, `bounds`: the same per level; equal means exact. `proven`: the certificate closes.
    `quota_prices` (quotas,) int64 where prices are the certificate: above 0 the price of an upper bound, below 0 of a
    lower one. `blocking_groups`: with "stable" the groups that still block, named.
    `market`: the market that was solved, for `explain`; nothing is copied.
    `bids`: proposals or bids made (0 where a flow was computed). `seconds`: wall time of `solve`.
    """

    kind: Objective
    assignment: Int32
    prices: Int64
    objective: int
    placements: int
    bound: int
    gap: float
    proven: bool
    status: Status
    certificate: Certificate
    levels: tuple[Level, ...]
    values: tuple[int, ...]
    bounds: tuple[int, ...]
    bids: int
    seconds: float
    warm_state: WarmState
    quota_prices: Int64 = field(default_factory=lambda: np.zeros(0, np.int64))
    blocking_groups: tuple[int, ...] = ()
    market: Market | None = None

    @property
    def price_levels(self) -> Int64:
        """Prices as (levels, objects), also where there is one level."""
        return np.atleast_2d(self.prices)

    def __repr__(self) -> str:
        return (
            f"Solution({self.status}: {self.placements} placed, utility {self.objective} of at most {self.bound}, "
            f"{'proven' if self.proven else 'not proven'} by {self.certificate}, {self.seconds:.3f} s)"
        )
