"""解释: for every worker at once the next best vacancy, the first wish, and why it was not given, in one pass.

The same answers as `jiedui.matching.explain.Explainer` gives agent by agent (a test compares them), without sorting the
edges. What an edge leaves is compared level by level, see `Levels`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
from numba import njit

from jiedui.matching.solver.crew import Crew
from jiedui.matching.solver.market import Int64, Market
from jiedui.matching.solver.solution import Level

Array = Any
Scalar = Any
Int8 = npt.NDArray[np.int8]

REASONS: Final = (
    "got", "no_wish", "no_seats", "not_acceptable", "group", "equal", "whole", "tier", "placements", "price", "quota",
)  # fmt: skip
"""Why a first wish was not given, as in `jiedui.matching.explain.Reason`."""
GOT, NO_WISH, NO_SEATS, NOT_ACCEPTABLE, GROUP, EQUAL, WHOLE, TIER, PLACEMENTS, PRICE, QUOTA = range(11)
EVERY_TIER: Final = -(2**40)


class Levels(NamedTuple):
    """层: `counts` (levels,) whether a level counts placements, `tier` whose (`EVERY_TIER`: everybody's), and `price`
    (objects, levels) int64 of a seat.
    """

    counts: Array
    tier: Array
    price: Array

    @classmethod
    def of(cls, levels: tuple[Level, ...], prices: Int64) -> Levels:
        """Those of a solution; `prices` (levels, objects)."""
        tiers = [EVERY_TIER if level.tier is None else level.tier for level in levels]
        counts = np.array([level.measure == "placements" for level in levels])
        return cls(counts, np.array(tiers, np.int64), np.ascontiguousarray(prices.T))


@dataclass(frozen=True, eq=False)
class Told:
    """说明: of each agent the edge to the next best object and to the first wish (−1: none), and the reason, a place in
    `REASONS`.
    """

    next_best: Int64
    first_wish: Int64
    reason: Int8


def explain_all(
    market: Market,
    assignment: npt.NDArray[np.int32],
    levels: Levels,
    crew: Crew,
    *,
    proven: bool,
    bonus: Int64 | None = None,
    taken: Int64 | None = None,
    object_class: Int64 | None = None,
    member: npt.NDArray[np.bool_] | None = None,
    capped: npt.NDArray[np.bool_] | None = None,
) -> Told:
    """说明: of every agent of a solved market without quotas of its own.

    `bonus` (agents,) is added to each utility where the prices were found with it. `taken` (objects,): seats that
    earlier tiers hold and the market has no more. Agents of `member` are linked and must stay in the `object_class` of
    their partner; those `capped` belong to a county that has as many as it may.
    """
    agents, objects = market.agents, market.objects
    tier = np.zeros(agents, np.int64) if market.tier is None else market.tier
    load, latest = np.zeros(objects, np.int64), np.full(objects, np.iinfo(np.int64).min)
    _load(assignment, tier, load, latest)
    nobody = np.zeros(agents, np.bool_)
    told = Told(np.empty(agents, np.int64), np.empty(agents, np.int64), np.empty(agents, np.int8))
    facts = (
        np.zeros(agents, np.int64) if bonus is None else bonus,
        np.zeros(objects, np.int64) if taken is None else taken,
        np.zeros(objects, np.int64) if object_class is None else object_class.astype(np.int64),
        nobody if member is None else member,
        nobody if capped is None else capped,
    )
    rows = (market.indptr, market.indices, market.utility, market.seats, assignment.astype(np.int32), tier)
    crew.map(
        lambda lo, hi: _tell(
            *rows, levels, load, latest, *facts, proven, told.next_best, told.first_wish, told.reason, lo, hi
        ),
        crew.parts(agents),
    )
    return told


@njit(cache=True, nogil=True)
def _load(assignment: Array, tier: Array, load: Array, latest: Array) -> None:
    """Count the holders of each object, and find the last tier among them."""
    for agent in range(len(assignment)):
        j = assignment[agent]
        if j >= 0:
            load[j] += 1
            latest[j] = max(latest[j], tier[agent])


@njit(cache=True, nogil=True)
def _left(levels: Levels, k: Scalar, tier: Scalar, worth: Scalar, j: Scalar) -> Scalar:
    """What an edge leaves at level k."""
    own = levels.tier[k] == EVERY_TIER or levels.tier[k] == tier
    weight = 0 if not own else 1 if levels.counts[k] else worth
    return np.int64(weight - levels.price[j, k])


@njit(cache=True, nogil=True)
def _tell(
    indptr: Array, indices: Array, utility: Array, seats: Array, place: Array, tier: Array, levels: Levels, load: Array,
    latest: Array, bonus: Array, taken: Array, object_class: Array, member: Array, capped: Array, proven: Scalar,
    next_best: Array, first_wish: Array, reason: Array, lo: Scalar, hi: Scalar,
) -> None:  # fmt: skip
    """Agents lo to hi − 1."""
    depth = len(levels.counts)
    best = np.empty(depth, np.int64)
    for agent in range(lo, hi):
        wish: Scalar = np.int64(-1)
        following: Scalar = np.int64(-1)
        own: Scalar = np.int64(-1)
        for e in range(indptr[agent], indptr[agent + 1]):
            j = np.int64(indices[e])
            if wish < 0 or utility[e] > utility[wish]:
                wish = e
            if j == place[agent]:
                own = e
            elif seats[j] > 0:
                worth = np.int64(utility[e]) + bonus[agent]
                better: Scalar = following < 0
                for k in range(depth):
                    left = _left(levels, k, tier[agent], worth, j)
                    if not better and left != best[k]:
                        if left < best[k]:
                            break
                        better = True
                    if better:
                        best[k] = left
                if better:
                    following = e
        next_best[agent], first_wish[agent] = following, wish
        reason[agent] = _reason(
            indices, utility, seats, tier, levels, load, latest, bonus, taken, object_class, member, capped, proven,
            agent, wish, own,
        )  # fmt: skip


@njit(cache=True, nogil=True)
def _reason(
    indices: Array, utility: Array, seats: Array, tier: Array, levels: Levels, load: Array, latest: Array, bonus: Array,
    taken: Array, object_class: Array, member: Array, capped: Array, proven: Scalar, agent: Scalar, wish: Scalar,
    own: Scalar,
) -> Scalar:  # fmt: skip
    if wish < 0:
        return NO_WISH
    j = np.int64(indices[wish])
    if own == wish:
        return GOT
    if seats[j] == 0 and taken[j] == 0:
        return NO_SEATS
    if own < 0 and utility[wish] <= 0:
        return NOT_ACCEPTABLE
    if own < 0 and capped[agent]:
        return QUOTA
    if member[agent] and (own < 0 or object_class[j] != object_class[indices[own]]):
        return GROUP
    if load[j] < seats[j]:
        return EQUAL if own >= 0 and utility[own] == utility[wish] else WHOLE
    if (seats[j] == 0 and taken[j] > 0) or (load[j] > 0 and latest[j] < tier[agent]):
        return TIER
    for k in range(len(levels.counts)):
        there = _left(levels, k, tier[agent], np.int64(utility[wish]) + bonus[agent], j)
        here: Scalar = np.int64(0)
        if own >= 0:
            here = _left(levels, k, tier[agent], np.int64(utility[own]) + bonus[agent], np.int64(indices[own]))
        if there > here:
            return WHOLE
        if there < here:
            return (PLACEMENTS if proven else WHOLE) if levels.counts[k] else PRICE
    return PRICE
