"""同行与名额: couples in one county or neither, and places per home county, tier by tier.

Each tier is a market of its own with the seats that earlier tiers leave. It is first solved as if nobody were linked
and no county had a bound: exactly, and no assignment with couples and bounds can place more. Where that keeps couples
and bounds, it is the optimum. Otherwise a placement weighs its utility and a premium; couples are solved as groups
(`solver.groups`), and a county's bound by a price on its workers, see `county_prices`.

What is proven of a tier: how many could be placed at most, and what the utility of as many could be at most; both given
what earlier tiers hold. Finding the optimum with couples is NP-hard (Ronn 1990), so a gap may be left; it is stated.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from jiedui.matching.problems.labour.asked import Bounds
from jiedui.matching.problems.labour.county_prices import CountyBounds, Weighed, solve_with_bounds
from jiedui.matching.problems.labour.explaining import Levels, Told, explain_all
from jiedui.matching.problems.labour.places import Places
from jiedui.matching.problems.labour.settling import Settled
from jiedui.matching.problems.labour.sides import Int32, Int64
from jiedui.matching.solver.block_order import block_order
from jiedui.matching.solver.crew import Crew
from jiedui.matching.solver.market import Groups, Market
from jiedui.matching.solver.solution import Solution, WarmState
from jiedui.matching.solver.solve import solve
from jiedui.matching.verify import verify

PREMIUM: Final = 2
"""A placement counts as much as this many times the span of the utilities."""

Record = dict[str, Any]


@dataclass(frozen=True, eq=False)
class Tier:
    """一级: its workers (rows of the whole market), their own market, and what earlier tiers hold of each vacancy."""

    number: int
    workers: Int64
    market: Market
    taken: Int64


@dataclass(frozen=True, eq=False)
class Part:
    """一级的结果: who has what, the prices of its utility, what is told, and the records of the certificate."""

    assignment: Int32
    prices: Int64
    told: Told
    levels: list[Record]
    proven: bool
    combined: Int64
    by: str


def settle_together(
    places: Places,
    market: Market,
    partner: Int64,
    quotas: Mapping[str, Bounds],
    held: Int64,
    warm: WarmState | None,
    crew: Crew,
    step: Callable[[str], None],
) -> Settled:
    """求解: couples (`partner` (workers,): rows, −1: none) and bounds of home counties, tier by tier; verified.

    A couple of two tiers is served with the earlier one. `held` (home counties,): placed already, by pins. What later
    tiers of a county can make up is not asked of an earlier one. Raises `JieduiError` where bounds cannot be met.
    """
    own = np.zeros(market.agents, np.int64) if market.tier is None else market.tier
    tier = np.where(partner >= 0, np.minimum(own, own[partner]), own)
    home, homes = places.home, places.homes
    numbers = [int(number) for number in np.unique(tier)]
    assignment = np.full(market.agents, -1, np.int32)
    none = np.full(market.agents, -1, np.int64)
    told = Told(none, none.copy(), np.zeros(market.agents, np.int8))
    placed, parts = held.copy(), []
    able = np.diff(market.indptr) > 0
    for k, number in enumerate(numbers):
        step(f"solve tier {number}")
        one = _tier(market, tier, number, assignment)
        later = np.bincount(home[able & (tier > number)], minlength=len(homes))
        bounds = CountyBounds.of(homes, quotas, placed, later, home[one.workers])
        part = _solve_tier(
            places.work, one, _inside(partner, one.workers, market.agents), bounds, _warm(warm, k, one), crew
        )
        parts.append(part)
        assignment[one.workers] = part.assignment
        placed = held + np.bincount(home[assignment >= 0], minlength=len(homes))
        _keep(told, part.told, one, market)
    combined = tuple(part.combined for part in parts)
    state = WarmState("placements_then_utility", assignment, combined)
    prices = np.stack([part.prices for part in parts]) if parts else np.zeros((1, market.objects), np.int64)
    certificate = _certificate(market, parts, partner, assignment, quotas)
    return Settled(market, assignment, prices, np.searchsorted(numbers, tier), partner, told, certificate, state)


def _tier(market: Market, tier: Int64, number: int, assignment: Int32) -> Tier:
    """The rows of one tier's workers, and the seats that are left."""
    workers = np.flatnonzero(tier == number)
    taken = np.bincount(assignment[assignment >= 0], minlength=market.objects)
    size = np.diff(market.indptr)[workers]
    indptr = np.concatenate([[0], np.cumsum(size)])
    mine = np.repeat(tier == number, np.diff(market.indptr))
    order = None
    if market.block_order is not None:
        place = np.empty(market.agents, np.int64)
        place[market.block_order] = np.arange(market.agents)
        order = np.argsort(place[workers], kind="stable")
    own = Market(indptr, market.indices[mine], market.utility[mine], market.seats - taken, block_order=order)
    return Tier(number, workers, own, taken)


def _inside(partner: Int64, workers: Int64, agents: int) -> Int64:
    """The partners of a tier's workers in its own numbers."""
    at = np.full(agents + 1, -1, np.int64)
    at[workers] = np.arange(len(workers))
    return at[partner[workers]]


def _warm(warm: WarmState | None, k: int, one: Tier) -> WarmState | None:
    if warm is None or k >= len(warm.combined):
        return None
    held = warm.assignment[one.workers]
    return WarmState("placements_then_utility", held, (warm.combined[k],), block_order(one.market))


def _solve_tier(
    work: Int32, one: Tier, partner: Int64, bounds: CountyBounds, warm: WarmState | None, crew: Crew
) -> Part:
    market = one.market
    free = solve(market, objective="placements_then_utility", threads=crew.threads, warm_start=warm)
    verify(market, free)
    combined = free.warm_state.combined[0] if free.warm_state.combined else np.zeros(market.objects, np.int64)
    if _kept(free.assignment, partner, work) and bounds.kept(free.assignment):
        levels = Levels.of(free.levels, free.price_levels)
        told = explain_all(market, free.assignment, levels, crew, proven=free.proven, taken=one.taken)
        records = _records(one.number, free.values, free.bounds)
        return Part(free.assignment, free.price_levels[1], told, records, free.proven, combined, "prices")
    premium = _premium(market)
    member = partner >= 0
    groups = None
    if member.any():
        first = np.flatnonzero(partner > np.arange(len(partner)))
        groups = Groups.pairs(first, partner[first], work)
    found = solve_with_bounds(Weighed(market, premium, groups, crew), bounds)
    levels = Levels(np.zeros(1, bool), np.full(1, -(2**40)), np.ascontiguousarray(found.prices[:, None]))
    told = explain_all(
        market, found.assignment, levels, crew, proven=False, bonus=found.bonus, taken=one.taken,
        object_class=work.astype(np.int64), member=member, capped=bounds.capped(found.assignment),
    )  # fmt: skip
    values, limits = _proven(market, found.assignment, found.bound, premium, free)
    records = _records(one.number, values, limits)
    return Part(found.assignment, found.prices, told, records, values == limits, combined, found.by)


def _premium(market: Market) -> int:
    low, high = int(market.utility.min(initial=0)), int(market.utility.max(initial=0))
    return max(PREMIUM * max(high - min(low, 0), 1), 1 - low)


def _kept(assignment: Int32, partner: Int64, work: Int32) -> bool:
    """Whether every couple is in one county or out."""
    county = np.where(assignment >= 0, work[assignment], -1) if len(work) else np.full(len(assignment), -1)
    mine = partner >= 0
    return bool((county[mine] == county[partner[mine]]).all())


def _proven(
    market: Market, assignment: Int32, bound: int, premium: int, free: Solution
) -> tuple[tuple[int, int], tuple[int, int]]:
    """Placements and utility, and what neither can exceed: of the utility, where as many are placed."""
    taken = market.indices == np.repeat(assignment, np.diff(market.indptr))
    placements, utility = int(taken.sum()), int(market.utility[taken].sum(dtype=np.int64))
    most = bound - premium * placements
    if placements == free.values[0]:
        most = min(most, free.values[1])
    return (placements, utility), (free.values[0], most)


def _records(tier: int, values: tuple[int, ...], bounds: tuple[int, ...]) -> list[Record]:
    names = (f"placements of tier {tier}", f"utility of tier {tier}")
    return [
        {"level": name, "value": value, "bound": bound}
        for name, value, bound in zip(names, values, bounds, strict=True)
    ]


def _keep(told: Told, part: Told, one: Tier, market: Market) -> None:
    """Put what is told of a tier to its workers, with the edges of the whole market."""
    shift = market.indptr[one.workers] - one.market.indptr[:-1]
    for whole, own in ((told.next_best, part.next_best), (told.first_wish, part.first_wish)):
        whole[one.workers] = np.where(own >= 0, own + shift, -1)
    told.reason[one.workers] = part.reason


def _certificate(
    market: Market, parts: list[Part], partner: Int64, assignment: Int32, quotas: Mapping[str, Bounds]
) -> dict[str, Any]:
    levels = [record for part in parts for record in part.levels]
    utility = [record for record in levels if record["level"].startswith("utility")]
    objective, bound = sum(r["value"] for r in utility), sum(r["bound"] for r in utility)
    proven = all(part.proven for part in parts)
    one = np.flatnonzero(partner > np.arange(len(partner)))
    return {
        "aim": "placements_then_utility",
        "status": "optimal" if proven else "within gap",
        "proven": proven,
        "proof": "search" if any(part.by == "search" for part in parts) else "prices",
        "workers": market.agents,
        "placements": int((assignment >= 0).sum()),
        "objective": objective,
        "bound": bound,
        "gap": (bound - objective) / max(1, abs(bound)),
        "levels": levels,
        "order": "tier by tier",
        "couples": {"linked": len(one), "placed": int((assignment[one] >= 0).sum())},
        "quotas": {county: list(bounds) for county, bounds in sorted(quotas.items())},
    }
