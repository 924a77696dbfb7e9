"""校验: does a solution say the truth? Plain NumPy; shares no code with the solver and does not trust it.

Any prices p ≥ 0 give a bound that no assignment can exceed (weak duality):
D(p) = Σ_agents max(0, max over its edges of (u − p)) + Σ_objects seats · p; with quotas and groups see
`verify_side_constraints`. If it equals the value of the assignment,
the assignment is optimal. With several levels the same holds for vectors compared lexicographically.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NoReturn

import numpy as np
import numpy.typing as npt

from jiedui.errors import NotVerified
from jiedui.matching.solver.market import Market
from jiedui.matching.solver.solution import Level, Solution
from jiedui.matching.verify_side_constraints import dual_bound
from jiedui.matching.verify_stability import blocking_groups, blocking_pair

Array = npt.NDArray[np.int64]

BLOCK: Final = 1 << 16
"""Edges that are looked at together: what is computed of them stays in the cache."""


def verify(market: Market, solution: Solution) -> None:
    """校验: raise `NotVerified` with the first thing in `solution` that does not hold on `market`.

    Checks feasibility (edges, seats, groups, quotas), the stated sums, then what the certificate claims: the dual
    bound and the gap ("prices"), no blocking pair ("stability"). For "search" optimality cannot be checked from
    outside; that the bound is not below the value is.
    """
    taken = _taken_edges(market, solution)
    _check_seats(market, solution)
    _check_quotas(market, solution)
    _check_groups(market, solution, taken)
    _check_kind(market, solution)
    levels = _levels(market, solution)
    worth = _net_utility(market, taken)
    _check_sums(solution, worth, _weights(levels, worth, _tiers(market, solution.assignment >= 0)))
    if solution.certificate == "prices":
        _check_duality(market, solution, levels)
    elif solution.certificate == "stability":
        _check_stability(market, solution, taken, worth)
        _check_duality(market, solution, levels)
    elif any(bound < value for bound, value in zip(solution.bounds, solution.values, strict=True)):
        _fail(f"a bound of {solution.bounds} is below the value reached {solution.values}")
    _check_claims(solution)


def _fail(what: str) -> NoReturn:
    raise NotVerified(f"The solution does not hold: {what}.", remedy="Do not use it; solve again and report this.")


def _taken_edges(market: Market, solution: Solution) -> npt.NDArray[np.intp]:
    """The edges used; fails on an object that does not exist or that an agent has no edge to."""
    assignment = np.asarray(solution.assignment)
    if assignment.shape != (market.agents,) or assignment.dtype.kind != "i":
        _fail(
            f"`assignment` is {assignment.dtype}{assignment.shape}, not one integer for each of {market.agents} agents"
        )
    beyond = np.flatnonzero((assignment < -1) | (assignment >= market.objects))
    if beyond.size:
        _fail(f"agent {beyond[0]} is assigned to object {assignment[beyond[0]]}, which does not exist")
    taken = np.flatnonzero(market.indices == np.repeat(assignment, np.diff(market.indptr)))
    has_edge = np.zeros(market.agents, bool)
    has_edge[np.searchsorted(market.indptr, taken, side="right") - 1] = True
    missing = np.flatnonzero((assignment >= 0) & ~has_edge)
    if missing.size:
        _fail(f"agent {missing[0]} is assigned to object {assignment[missing[0]]} without an edge to it")
    return taken


def _check_seats(market: Market, solution: Solution) -> None:
    load = np.bincount(solution.assignment[solution.assignment >= 0], minlength=market.objects)
    full = np.flatnonzero(load > market.seats)
    if full.size:
        _fail(f"object {full[0]} has {market.seats[full[0]]} seats and {load[full[0]]} agents")


def _check_quotas(market: Market, solution: Solution) -> None:
    for k, quota in enumerate(market.quotas or ()):
        count = int(np.isin(solution.assignment, np.asarray(quota.objects, np.int64)).sum())
        if count < quota.lower or (quota.upper is not None and count > quota.upper):
            _fail(f"quota {k} asks for {quota.lower} to {quota.upper} agents and has {count}")


def _check_groups(market: Market, solution: Solution, taken: npt.NDArray[np.intp]) -> None:
    """Every group is inside one of its classes, whole, or stays out, whole."""
    linked = market.linked
    if linked is None:
        return
    at = np.full(market.agents, -2, np.int64)
    at[np.repeat(np.arange(market.agents), np.diff(market.indptr))[taken]] = linked.edge_class[taken]
    group = np.repeat(np.arange(linked.groups), np.diff(linked.indptr))
    low, high = np.full(linked.groups, np.iinfo(np.int64).max), np.full(linked.groups, np.iinfo(np.int64).min)
    np.minimum.at(low, group, at[linked.agents])
    np.maximum.at(high, group, at[linked.agents])
    broken = np.flatnonzero((np.diff(linked.indptr) > 0) & ((low != high) | (low == -1)))
    if broken.size:
        own = linked.agents[linked.indptr[broken[0]] : linked.indptr[broken[0] + 1]]
        _fail(f"group {broken[0]} is broken: its agents {own.tolist()} are at {solution.assignment[own].tolist()}")


def _check_kind(market: Market, solution: Solution) -> None:
    """The kind of proof fits the problem: search only where prices cannot prove anything."""
    if (solution.kind == "stable") != (solution.certificate == "stability"):
        _fail(f"objective {solution.kind!r} cannot be proven by {solution.certificate}")
    if solution.certificate == "search" and not (market.groups or market.quotas):
        _fail("it claims a proof by search, but without groups or quotas prices must prove it")
    side = market.linked is not None or bool(market.quotas)
    if solution.certificate == "prices" and side and len(solution.levels) > 1:
        _fail("it claims a proof by prices of several levels, which quotas and groups do not allow")
    if np.shape(solution.quota_prices) != (len(market.quotas or ()) if solution.certificate == "prices" else 0,):
        _fail(f"it states {np.size(solution.quota_prices)} quota prices for {len(market.quotas or ())} quotas")


def _net_utility(market: Market, edges: slice | npt.NDArray[np.intp]) -> Array:
    """Utility less the reserve of the object, of some edges."""
    worth: Array = market.utility[edges].astype(np.int64)
    return worth if market.reserve is None else worth - market.reserve[market.indices[edges]]


def _tiers(market: Market, agents: npt.NDArray[np.bool_] | Array) -> Array | None:
    return None if market.tier is None else np.asarray(market.tier[agents], np.int64)


def _levels(market: Market, solution: Solution) -> list[Level]:
    """The levels of the objective; fails when those stated are others."""
    tiers = [None] if market.tier is None or not market.agents else np.unique(market.tier).tolist()
    measures = ("placements", "utility") if solution.kind == "placements_then_utility" else ("utility",)
    expected = [(measure, tier) for tier in tiers for measure in measures]
    if [(level.measure, level.tier) for level in solution.levels] != expected:
        _fail(f"its levels are {solution.levels}, but objective {solution.kind!r} has {expected}")
    return list(solution.levels)


def _weights(levels: list[Level], worth: Array, tier: Array | None) -> list[Array]:
    """What edges of net utility `worth`, of agents in `tier`, count, level by level."""
    weights = []
    for level in levels:
        weight = np.ones_like(worth) if level.measure == "placements" else worth
        weights.append(weight if level.tier is None or tier is None else np.where(tier == level.tier, weight, 0))
    return weights


def _check_sums(solution: Solution, worth: Array, weights: list[Array]) -> None:
    """`worth`, `weights`: of the edges taken."""
    if solution.placements != len(worth):
        _fail(f"it states {solution.placements} placements and has {len(worth)}")
    if solution.objective != int(worth.sum()):
        _fail(f"it states objective {solution.objective} and has {int(worth.sum())}")
    values = tuple(int(weight.sum()) for weight in weights)
    if tuple(solution.values) != values:
        _fail(f"it states {solution.values} for its levels and has {values}")


def _check_duality(market: Market, solution: Solution, levels: list[Level]) -> None:
    """Prices are not negative and give the stated bounds; an agent's best edge is taken lexicographically."""
    prices = np.atleast_2d(np.asarray(solution.prices))
    if prices.shape != (len(levels), market.objects) or prices.dtype.kind != "i":
        _fail(f"`prices` is {prices.dtype}{prices.shape}, not integers for {len(levels)} × {market.objects}")
    sign = np.zeros(market.objects, np.int64)
    for price in prices:
        sign = np.where(sign == 0, np.sign(price), sign)
    negative = np.flatnonzero(sign < 0)
    if negative.size:
        _fail(f"the price of object {negative[0]} is negative: {prices[:, negative[0]].tolist()}")
    if (market.linked is None and not market.quotas) or solution.certificate == "stability":
        bounds = _dual_values(market, prices, levels)
    else:
        everything = _net_utility(market, slice(None))
        tier = _tiers(market, np.repeat(np.arange(market.agents), np.diff(market.indptr)))
        weight = _weights(levels, everything, tier)[0]
        bounds = (dual_bound(market, prices[0], np.asarray(solution.quota_prices), weight),)
    if tuple(solution.bounds) != bounds:
        _fail(f"its prices prove the bound {bounds}, not {solution.bounds}")


def _dual_values(market: Market, prices: Array, levels: list[Level]) -> tuple[int, ...]:
    """D(p) as a vector: each agent's lexicographically greatest reduced utility (staying out: 0) plus seats · p."""
    seats = np.minimum(market.seats, market.agents).astype(object)
    bounds = [int(np.dot(seats, price.astype(object))) if len(price) else 0 for price in prices]
    for agents in _blocks(market):
        for k, best in enumerate(_bests(market, prices, levels, agents)):
            bounds[k] += sum(best.tolist())
    return tuple(bounds)


def _blocks(market: Market) -> Iterator[Array]:
    """The agents that have edges, by turns about as many as have `BLOCK` edges."""
    busy = np.flatnonzero(np.diff(market.indptr) > 0)
    ends = np.searchsorted(market.indptr[busy], np.arange(BLOCK, market.edges + BLOCK, BLOCK))
    yield from (block for block in np.split(busy, ends) if block.size)


def _bests(market: Market, prices: Array, levels: list[Level], agents: Array) -> Iterator[Array]:
    """Level by level the best that each of some agents, between whom nobody has edges, could have at the prices."""
    first = market.indptr[agents[0]]
    edges = slice(first, market.indptr[agents[-1] + 1])
    starts, lengths = market.indptr[agents] - first, market.indptr[agents + 1] - market.indptr[agents]
    tier = _tiers(market, agents)
    weights = _weights(levels, _net_utility(market, edges), None if tier is None else np.repeat(tier, lengths))
    to, lowest = market.indices[edges], np.iinfo(np.int64).min
    open_edge, open_out = np.ones(len(to), bool), np.ones(len(agents), bool)
    for price, weight in zip(prices, weights, strict=True):
        reduced = np.where(open_edge, weight - price[to], lowest)
        best = np.maximum.reduceat(reduced, starts)
        best = np.where(open_out, np.maximum(best, 0), best)
        yield best
        open_edge &= reduced == np.repeat(best, lengths)
        open_out &= best == 0


def _check_stability(market: Market, solution: Solution, taken: npt.NDArray[np.intp], worth: Array) -> None:
    """Nobody holds what is worth nothing to it alone; no single blocks; the groups that block are those named."""
    agent = np.repeat(np.arange(market.agents), np.diff(market.indptr))
    forced = taken[worth <= 0]
    if forced.size:
        _fail(f"agent {agent[forced[0]]} holds object {market.indices[forced[0]]}, which is worth nothing to it")
    pair = blocking_pair(market, solution.assignment)
    if pair is not None:
        _fail(f"agent {pair[0]} and object {pair[1]} prefer each other: they block it")
    groups = tuple(blocking_groups(market, solution.assignment))
    if groups != tuple(solution.blocking_groups):
        _fail(f"groups {groups} block it, it names {tuple(solution.blocking_groups)}")
    if solution.proven != (not groups):
        _fail(f"it states proven={solution.proven}, but {len(groups)} groups block it")


def _check_claims(solution: Solution) -> None:
    """`bound`, `gap`, `proven` and `status` follow from the levels."""
    bound = sum(b for level, b in zip(solution.levels, solution.bounds, strict=True) if level.measure == "utility")
    if solution.bound != bound:
        _fail(f"it states bound {solution.bound}, its levels give {bound}")
    gap = (bound - solution.objective) / max(1, abs(bound))
    if solution.gap != gap:
        _fail(f"it states gap {solution.gap}, its bound gives {gap}")
    closed = tuple(solution.values) == tuple(solution.bounds)
    if solution.certificate == "prices" and solution.proven != closed:
        _fail(f"it states proven={solution.proven}, but value {solution.values} and bound {solution.bounds}")
    if solution.certificate == "search" and solution.proven and not closed:
        _fail(f"it claims the optimum at {solution.values} with the bound {solution.bounds}")
