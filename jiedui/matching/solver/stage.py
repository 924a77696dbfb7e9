"""阶段: the levels of one tier (its placements, if they count first, and its utility) by one auction.

What earlier tiers have is kept by what they leave open (`open_choices`): their agents may only move along their tight
edges, with weight 0. Who may not stay out gets a bonus, and so does an object whose seats must all be sold; that both
came about is checked. Placements count first by a premium on every edge; that it was large enough is checked by the
search for one more placement (`cardinality`), which also gives the prices of that level.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from jiedui.matching.solver.arrays import Array, Bool, Int32, Int64
from jiedui.matching.solver.auction import Auction, Outcome, fits
from jiedui.matching.solver.cardinality import reach
from jiedui.matching.solver.crew import Crew
from jiedui.matching.solver.lowest_prices import BOUNDLESS, lower
from jiedui.matching.solver.market import Market
from jiedui.matching.solver.open_choices import Open
from jiedui.matching.solver.packing import NO_PART, Packed, Weighing, pack
from jiedui.matching.solver.repacking import Before, keep, repack

PREMIUM: Final = 2
"""A placement counts as much as this many times the span of the utilities, to begin with."""
BONUS: Final = 4
"""Staying in, where one must, counts as much as this many of the heaviest edge."""
RAISE: Final = 8
"""By what premium and bonus grow when they were too small."""
TRIES: Final = 4


@dataclass(frozen=True, eq=False)
class Start:
    """起点: an assignment (agents,) and combined prices (objects,) of a similar market, in its numbers; its packing.

    Without the bonus of seats that must be sold: which these are differs from market to market.
    """

    assignment: Int32
    prices: Int64
    before: Before | None


@dataclass(frozen=True, eq=False)
class Staged:
    """阶段结果: `assignment` (agents,) int32; `prices`: of each level (objects,) int64; `combined`: of the auction,
    less the bonus of seats that must be sold.

    `status` as in `auction.Outcome`; with "exact" every level is proven. `bound`: of the utility (one level only).
    """

    assignment: Int32
    prices: list[Int64]
    combined: Int64
    bound: int
    status: str
    bids: int
    order: tuple[Int32, Int32]
    before: Before | None


def solve_stage(
    market: Market,
    tier: int | None,
    open_: Open | None,
    crew: Crew,
    *,
    placements: bool,
    gap: float = 0.0,
    deadline: float | None = None,
    order: tuple[Int32, Int32] | None = None,
    start: Start | None = None,
) -> Staged | None:
    """Solve the levels of `tier` (None: everybody) on what is `open_` (None: all); None where an auction cannot."""
    counted = np.ones(market.agents, bool) if tier is None or market.tier is None else market.tier == tier
    low, high = _span(market, counted)
    premium = max(PREMIUM * max(high - min(low, 0), 1), 1 - low) if placements else 0
    heaviest, bids = max(1, high + premium), 0
    bonus = BONUS * heaviest
    for _ in range(TRIES):
        weighing, forced, full = _weighing(market, tier, open_, counted, premium, bonus)
        packed = None
        if start is not None and start.before is not None and tier is None:
            packed = repack(start.before, market, premium, crew)
        packed = packed or pack(market, weighing, crew, order)
        if packed is None or not fits(packed):
            return None
        order = packed.agent_at, packed.object_to
        del weighing  # by now only memory: two numbers for every agent
        auction = Auction(packed, crew, deadline=deadline)
        later = bool(full.any() or forced.any())
        if start is not None and auction.resume(start.assignment, start.prices, bonus * full.astype(np.int64)):
            outcome = auction.run_resumed(
                gap=gap, epsilon=auction.warm_epsilon_later if later else auction.warm_epsilon
            )
        else:
            outcome = auction.run(gap=gap)
        bids += outcome.bids
        if outcome.status not in ("exact", "gap"):
            break
        if (outcome.mate[forced[packed.agent_at]] < 0).any() or _unfilled(auction, full, packed):
            bonus *= RAISE
            continue
        cover = np.zeros(packed.objects, np.int8)
        if placements and _one_more(auction, packed, counted, forced, cover):
            premium, bonus = premium * RAISE, bonus * RAISE
            continue
        return _result(market, auction, packed, outcome, cover, counted, premium, bonus, full, bids)
    else:
        return None
    return _result(market, auction, packed, outcome, None, counted, premium, bonus, full, bids)


def _span(market: Market, counted: Bool) -> tuple[int, int]:
    """Least and greatest net utility (a little wide where there are reserves)."""
    if not market.edges:
        return 0, 0
    worth = market.utility
    if not counted.all():
        worth = worth[np.repeat(counted, np.diff(market.indptr))]
        if not worth.size:
            return 0, 0
    most = 0 if market.reserve is None else int(market.reserve.max(initial=0))
    return int(worth.min()) - most, int(worth.max())


def _weighing(
    market: Market, tier: int | None, open_: Open | None, counted: Bool, premium: int, bonus: int
) -> tuple[Weighing, Bool, Bool]:
    """How edges weigh, who may not stay out (agents,), and whose seats must be sold (objects,)."""
    forced, full = np.zeros(market.agents, bool), np.zeros(market.objects, bool)
    plus = np.full(market.agents, premium, np.int64)
    if open_ is None or tier is None or market.tier is None:
        plus[~counted] = NO_PART
        return Weighing(counted.astype(np.int64), plus), forced, full
    forced, full = ~open_.staying_out, ~open_.unsold
    earlier = market.tier < tier
    plus[earlier] = np.where(forced[earlier], bonus, 0)
    plus[market.tier > tier] = NO_PART
    return Weighing(counted.astype(np.int64), plus, full * np.int64(bonus), open_.edges), forced, full


def _unfilled(auction: Auction, full: Bool, packed: Packed) -> bool:
    old = np.empty(packed.objects, bool)
    old[packed.object_to] = full
    return bool((auction.held[old] < packed.seats[old]).any())


def _one_more(auction: Auction, packed: Packed, counted: Bool, forced: Bool, cover: Array) -> bool:
    """Whether one more of those counted could be placed; if not, `cover` becomes the proof."""
    start, holders = auction.holders()
    who, may_leave = counted[packed.agent_at], ~forced[packed.agent_at]
    rows = (packed.indptr, packed.edges, packed.shift)
    return bool(
        reach(*rows, auction.mate, who, may_leave, start, holders, packed.seats, cover, np.empty_like(packed.object_to))
    )


def _result(
    market: Market,
    auction: Auction,
    packed: Packed,
    outcome: Outcome,
    cover: Array | None,
    counted: Bool,
    premium: int,
    bonus: int,
    full: Bool,
    bids: int,
) -> Staged:
    """Back to the numbers of the market; `cover` None: nothing is proven, prices of placements are 0."""
    prices = outcome.prices
    sold = np.empty(packed.objects, bool)
    sold[packed.object_to] = full
    exact = outcome.exact and cover is not None
    covered = np.zeros(packed.objects, np.int8) if cover is None else cover
    if exact:
        start, holders = auction.holders()
        least = np.where(sold | (covered > 0), -BOUNDLESS, 0)
        prices = lower(
            packed, prices, least, outcome.own, outcome.mate, start, holders, covered, counted[packed.agent_at]
        )
    object_from = np.empty(packed.objects, np.int32)
    object_from[packed.object_to] = np.arange(packed.objects, dtype=np.int32)
    assignment = np.full(market.agents, -1, np.int32)
    placed = outcome.mate >= 0
    assignment[packed.agent_at[placed]] = object_from[outcome.mate[placed]]
    lifted = premium * covered.astype(np.int64) + bonus * sold.astype(np.int64)
    levels = [(prices - lifted)[packed.object_to]]
    if premium:
        levels.insert(0, covered[packed.object_to].astype(np.int64))
    status = outcome.status if exact or outcome.status != "exact" else "gap"
    return Staged(
        assignment, levels, (prices - bonus * sold)[packed.object_to], outcome.bound, status, bids,
        (packed.agent_at, packed.object_to), keep(market, packed, premium),
    )  # fmt: skip
