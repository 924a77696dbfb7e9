"""名额求解: the most utility under bounds on classes of objects, with prices that prove it.

For prices p ≥ 0 of seats and q of quotas (any sign; > 0 only where there is an upper bound)

    D(p, q) = Σ_i max(0, max_j w_ij − p_j − Σ_{k ∋ j} q_k) + Σ_j c_j p_j + Σ_k (q_k upper_k if q_k > 0 else q_k lower_k)

bounds every assignment that keeps the quotas. Where quotas lie inside each other or apart the constraints are those of
a flow, so some integer p and q reach the optimum: an auction that knows of quotas comes near, shortest augmenting paths
end it. Sources: Ahuja, Magnanti and Orlin 1993, §9; Kamada and Kojima 2015 (regional caps).
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from jiedui.matching.solver.arrays import Int32, Int64
from jiedui.matching.solver.crew import Crew
from jiedui.matching.solver.market import Market
from jiedui.matching.solver.quota_bound import dual_bound, keeps, value_of
from jiedui.matching.solver.quota_overlap import overlapping
from jiedui.matching.solver.quota_prices import approach
from jiedui.matching.solver.quota_repair import cold, repair
from jiedui.matching.solver.quota_rounding import rounded
from jiedui.matching.solver.quota_tree import quota_tree

SMALL = 2_000
"""Up to so many edges no auction is needed: paths from nothing are as fast."""


@dataclass(frozen=True, eq=False)
class QuotaOutcome:
    """名额结果: `assignment` (agents,) int32, −1 = out; `prices` (objects,) int64 ≥ 0 of a seat alone; `quota_prices`
    (quotas,) int64: ≥ 0 where the upper bound binds, ≤ 0 where the lower one does.

    `value`: net utility of the assignment; `bound`: D of the prices. `status`: "exact" (equal), "gap" (as near as was
    asked), "time" (the limit; all quotas are kept), "far" (overlapping quotas: kept, but no nearer proof), "unmet" (the
    assignment does not keep all quotas: the time was over before, or overlapping ones were too hard). `bids`: as made.
    """

    assignment: Int32
    prices: Int64
    quota_prices: Int64
    value: int
    bound: int
    status: str
    bids: int


def solve_with_quotas(market: Market, crew: Crew, *, gap: float = 0.0, deadline: float | None = None) -> QuotaOutcome:
    """The assignment of greatest net utility that keeps `market.quotas`; tiers and groups are not looked at.

    Exact where quotas are disjoint or nested. An edge worth less than 0 is taken only where a lower bound needs it.
    `deadline`: of `time.monotonic`. Raises `JieduiError` where no assignment keeps the quotas.
    """
    quotas = market.quotas or ()
    tree = quota_tree(market, quotas)
    if tree is None:
        found = overlapping(market, crew, gap, deadline)
        return _outcome(market, found.assignment, found.prices, found.quota_prices, crew, gap, 0, deadline)
    near = None if market.edges <= SMALL else approach(market, tree, crew, deadline)
    start, bids = near or (cold(market, tree), 0)
    done = repair(market, tree, start, crew, deadline)
    assignment = done.assignment if done.complete else _better(market, start.assignment, done.assignment)
    return _outcome(market, assignment, done.prices, done.quota_prices, crew, gap, bids, deadline)


def _better(market: Market, *unfinished: Int32) -> Int32:
    """The best of what can be made of unfinished assignments."""
    made = [rounded(market, assignment) for assignment in unfinished]
    return max(made, key=lambda assignment: (keeps(market, assignment), value_of(market, assignment)))


def _outcome(
    market: Market,
    assignment: Int32,
    prices: Int64,
    quota_prices: Int64,
    crew: Crew,
    gap: float,
    bids: int,
    deadline: float | None,
) -> QuotaOutcome:
    prices = np.maximum(prices, 0)
    value, bound = value_of(market, assignment), dual_bound(market, prices, quota_prices, crew)
    if not keeps(market, assignment):
        status = "unmet"
    elif value == bound:
        status = "exact"
    elif bound - value <= gap * max(1, abs(bound)):
        status = "gap"
    else:
        status = "time" if deadline is not None and time.monotonic() > deadline else "far"
    return QuotaOutcome(assignment, prices, quota_prices, value, bound, status, bids)
