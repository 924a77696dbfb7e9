"""带联动组的最优解: couples and families with the singles, by a package auction, proven to within a small gap.

Finding the optimum is NP-hard (Ronn 1990: couples), so what is promised is an assignment that keeps every group whole
and a bound that anybody can check: D(p) of `group_slackness`. Steps: everybody as a single (an auction, for prices and
places to start from); then by turns singles and groups against each other, where groups choose their classes
(`group_bidding`), and the best assignment that leaves each group in its class (`group_classes`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np

from jiedui.matching.solver.arrays import Bool, Int32, Int64, MarketError
from jiedui.matching.solver.auction import Auction, Outcome, fits
from jiedui.matching.solver.crew import Crew
from jiedui.matching.solver.group_auction import GroupAuction, Incumbent
from jiedui.matching.solver.group_packages import Packages, grouped, packages
from jiedui.matching.solver.group_phases import improve
from jiedui.matching.solver.group_slackness import best_of_singles
from jiedui.matching.solver.market import Market
from jiedui.matching.solver.packing import Packed, Weighing, pack

START_GAP: Final = 1e-3
"""How near the auction of everybody as a single comes: its prices are a start only."""
FRACTION: Final = 10
"""Bits after the point of the prices, at most."""


@dataclass(frozen=True, eq=False)
class GroupOutcome:
    """带组结果: `assignment` (agents,) int32, −1 = out; `prices` (objects,) int64 ≥ 0; `bids` of singles and groups.

    No assignment is worth more than `bound`, the D of `prices`; `value` is what this one is worth. `status`: "exact"
    (they are equal), "gap" (as near as was asked), "gap left".
    """

    assignment: Int32
    prices: Int64
    value: int
    bound: int
    status: Literal["exact", "gap", "gap left"]
    bids: int


def solve_with_groups(market: Market, crew: Crew, *, gap: float = 0.0, deadline: float | None = None) -> GroupOutcome:
    """带组求解: the greatest sum of net utilities that can be found with every group in one class or out.

    Ends early when the relative `gap` is reached, or at the `deadline` of `time.monotonic`. Tiers and quotas are not
    looked at. The same market and threads give the same result (a deadline aside). Raises `MarketError` where the
    utilities are too wide for the auction.
    """
    packed = _packed(market, crew)
    auction = Auction(packed, crew, deadline=deadline)
    together = grouped(market)
    if not together.any():
        return _plain(market, packed, auction.run(gap=gap), gap, crew)
    outcome = auction.run(gap=max(gap, START_GAP))
    offered = packages(market, packed.agent_at, packed.object_to)
    seats = _usable(market, packed, offered)
    fraction, closed = _precision(market, packed, seats, offered)
    shared = GroupAuction(packed, seats, offered, fraction, closed, crew, deadline)
    shared.start(outcome.mate, outcome.own, _start_prices(market, auction, seats, fraction))
    best = improve(shared, gap)
    return _outcome(market, packed, offered, best, gap, outcome.bids + shared.turns)


def _packed(market: Market, crew: Crew) -> Packed:
    """Everybody as a single; linked agents with the edges that their groups allow."""
    opened: Bool | None = None
    if market.linked is not None:
        opened = market.linked.edge_class >= 0
        opened |= np.repeat(market.linked.group_of < 0, np.diff(market.indptr))
    packed = pack(market, replace(Weighing.utility(market), open_edges=opened), crew)
    if packed is None or not fits(packed):
        raise _too_wide(market)
    return packed


def _too_wide(market: Market) -> MarketError:
    return MarketError(
        f"{market!r}: the utilities are too wide for prices with groups.",
        remedy="Divide the utilities, so that the heaviest has fewer digits.",
    )


def _usable(market: Market, packed: Packed, offered: Packages) -> Int64:
    """Seats in packed numbers, at least one more than could be taken where there are very many."""
    wanted = packed.seats + np.bincount(offered.object, minlength=packed.objects)
    seats = np.empty(packed.objects, np.int64)
    seats[packed.object_to] = market.seats
    return np.minimum(seats, wanted + 1)


def _precision(market: Market, packed: Packed, seats: Int64, offered: Packages) -> tuple[int, int]:
    """Bits after the point of the prices, and a price that no group would pay, in weights."""
    most = np.abs(offered.weight).max(initial=packed.heaviest)
    closed = int(most) * (int(np.diff(offered.member_start).max(initial=1)) + 1) + 1
    names = max(packed.agents, int(seats.sum()), 2).bit_length()
    fraction = min(FRACTION, 61 - names - (2 * closed).bit_length())
    if fraction < 0:
        raise _too_wide(market)
    return fraction, closed


def _start_prices(market: Market, auction: Auction, seats: Int64, fraction: int) -> Int64:
    """The prices of `auction` with other bits after the point; 0 where no competition can fill the seats."""
    shift = auction.fraction - fraction
    prices = auction.price.astype(np.int64)
    prices = prices >> shift if shift >= 0 else prices << -shift
    full = np.empty(len(prices), bool)
    full[auction.packed.object_to] = market.seats == seats[auction.packed.object_to]
    return np.where(full, prices, 0)


def _object_from(packed: Packed) -> Int32:
    """The market's number of each packed object, and −1 at the end."""
    found = np.full(packed.objects + 1, -1, np.int32)
    found[packed.object_to] = np.arange(packed.objects, dtype=np.int32)
    return found


def _status(value: int, bound: int, gap: float) -> Literal["exact", "gap", "gap left"]:
    if value == bound:
        return "exact"
    return "gap" if bound - value <= gap * max(1, abs(bound)) else "gap left"


def _plain(market: Market, packed: Packed, outcome: Outcome, gap: float, crew: Crew) -> GroupOutcome:
    """The outcome where no group has two members.

    An object with more seats than edges costs nothing: the auction, which leaves such seats out, may say otherwise.
    """
    assignment = np.empty(market.agents, np.int32)
    assignment[packed.agent_at] = _object_from(packed)[outcome.mate]
    spare = market.seats > packed.seats[packed.object_to]
    prices = np.where(spare, 0, outcome.prices[packed.object_to])
    ordered = np.empty_like(prices)
    ordered[packed.object_to] = prices
    nobody = np.full(packed.agents, -1, np.int32)
    singles = crew.map(
        lambda lo, hi: best_of_singles(packed.indptr, packed.edges, packed.shift, ordered, nobody, lo, hi),
        crew.parts(packed.agents),
    )
    bound = sum(map(int, singles)) + int((market.seats * prices).sum())
    status = _status(outcome.value, bound, gap)
    return GroupOutcome(assignment, prices, outcome.value, bound, status, outcome.bids)


def _outcome(market: Market, packed: Packed, offered: Packages, best: Incumbent, gap: float, bids: int) -> GroupOutcome:
    """Back to the numbers of the market."""
    assigned = best.assigned
    places = assigned.mate.copy()
    held = assigned.taken >= 0
    places[offered.member[held]] = offered.object[assigned.taken[held]]
    assignment = np.empty(market.agents, np.int32)
    assignment[packed.agent_at] = _object_from(packed)[places]
    status = _status(assigned.value, best.bound, gap)
    return GroupOutcome(assignment, best.prices[packed.object_to], assigned.value, best.bound, status, bids)
