"""校验: does a solution say the truth? Plain NumPy; shares no code with the solver and does not trust it.

Any prices p ≥ 0 give a bound that no assignment can exceed (weak duality):
D(p) = Σ_agents max(0, max over its edges of (u − p)) + Σ_objects seats · p; with quotas and groups see
`verify_side_constraints`. If it equals the value of the assignment,
the assignment is optimal. With several levels the same holds for vectors compared lexicographically.
"""

from __future__ import annotations

from typing import NoReturn

import numpy as np
import numpy.typing as npt

from jiedui.errors import NotVerified
from jiedui.matching.solver.market import Market
from jiedui.matching.solver.solution import Solution
from jiedui.matching.verify_side_constraints import dual_bound
from jiedui.matching.verify_stability import blocking_groups, blocking_pair

Array = npt.NDArray[np.int64]


def verify(market: Market, solution: Solution) -> None:
    """校验: raise `NotVerified` with the first thing in `solution` that does not hold on `market`.

    Checks feasibility (edges, seats, groups, quotas), the stated sums, then what the certificate claims: the dual
    bound and the gap ("prices"), no blocking pair ("stability"). For "search" optimality cannot be checked from
    outside; that the bound is not below the value is.
    """
    utility = market.utility.astype(np.int64)
    if market.reserve is not None:
        utility -= market.reserve[market.indices]
    taken = _taken_edges(market, solution)
    _check_seats(market, solution)
    _check_quotas(market, solution)
    _check_groups(market, solution, taken)
    _check_kind(market, solution)
    weights = _weights(market, solution, utility)
    _check_sums(solution, taken, utility, weights)
    if solution.certificate == "prices":
        _check_duality(market, solution, weights)
    elif solution.certificate == "stability":
        _check_stability(market, solution, taken, utility)
        _check_duality(market, solution, weights)
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
    agent_of_edge = np.repeat(np.arange(market.agents), np.diff(market.indptr))
    taken = np.flatnonzero(market.indices == assignment[agent_of_edge])
    has_edge = np.zeros(market.agents, bool)
    has_edge[agent_of_edge[taken]] = True
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


def _weights(market: Market, solution: Solution, utility: Array) -> list[Array]:
    """What each edge counts, level by level; fails when the stated levels are not those of the objective."""
    tiers = [None] if market.tier is None or not market.agents else sorted(set(market.tier.tolist()))
    measures = ("placements", "utility") if solution.kind == "placements_then_utility" else ("utility",)
    expected = [(measure, tier) for tier in tiers for measure in measures]
    if [(level.measure, level.tier) for level in solution.levels] != expected:
        _fail(f"its levels are {solution.levels}, but objective {solution.kind!r} has {expected}")
    tier_of_edge = None if market.tier is None else np.repeat(market.tier, np.diff(market.indptr))
    weights = []
    for measure, tier in expected:
        weight = np.ones_like(utility) if measure == "placements" else utility
        weights.append(weight if tier is None or tier_of_edge is None else np.where(tier_of_edge == tier, weight, 0))
    return weights


def _check_sums(solution: Solution, taken: npt.NDArray[np.intp], utility: Array, weights: list[Array]) -> None:
    if solution.placements != len(taken):
        _fail(f"it states {solution.placements} placements and has {len(taken)}")
    if solution.objective != int(utility[taken].sum()):
        _fail(f"it states objective {solution.objective} and has {int(utility[taken].sum())}")
    values = tuple(int(weight[taken].sum()) for weight in weights)
    if tuple(solution.values) != values:
        _fail(f"it states {solution.values} for its levels and has {values}")


def _check_duality(market: Market, solution: Solution, weights: list[Array]) -> None:
    """Prices are not negative and give the stated bounds; an agent's best edge is taken lexicographically."""
    prices = np.atleast_2d(np.asarray(solution.prices))
    if prices.shape != (len(weights), market.objects) or prices.dtype.kind != "i":
        _fail(f"`prices` is {prices.dtype}{prices.shape}, not integers for {len(weights)} × {market.objects}")
    sign = np.zeros(market.objects, np.int64)
    for price in prices:
        sign = np.where(sign == 0, np.sign(price), sign)
    negative = np.flatnonzero(sign < 0)
    if negative.size:
        _fail(f"the price of object {negative[0]} is negative: {prices[:, negative[0]].tolist()}")
    if (market.linked is None and not market.quotas) or solution.certificate == "stability":
        bounds = _dual_values(market, prices, weights)
    else:
        bounds = (dual_bound(market, prices[0], np.asarray(solution.quota_prices), weights[0]),)
    if tuple(solution.bounds) != bounds:
        _fail(f"its prices prove the bound {bounds}, not {solution.bounds}")


def _dual_values(market: Market, prices: Array, weights: list[Array]) -> tuple[int, ...]:
    """D(p) as a vector: each agent's lexicographically greatest reduced utility (staying out: 0) plus seats · p."""
    busy = np.flatnonzero(np.diff(market.indptr) > 0)
    starts = market.indptr[busy]
    lengths = np.diff(market.indptr)[busy]
    lowest = np.iinfo(np.int64).min
    open_edge, open_out = np.ones(market.edges, bool), np.ones(len(busy), bool)
    seats = np.minimum(market.seats, market.agents)
    bounds = []
    for price, weight in zip(prices, weights, strict=True):
        reduced = np.where(open_edge, weight - price[market.indices], lowest)
        best = np.maximum.reduceat(reduced, starts) if busy.size else np.zeros(0, np.int64)
        best = np.where(open_out, np.maximum(best, 0), best)
        bounds.append(sum(best.tolist()) + int(np.dot(seats.astype(object), price.astype(object)) if len(price) else 0))
        open_edge &= reduced == np.repeat(best, lengths)
        open_out &= best == 0
    return tuple(bounds)


def _check_stability(market: Market, solution: Solution, taken: npt.NDArray[np.intp], utility: Array) -> None:
    """Nobody holds what is worth nothing to it alone; no single blocks; the groups that block are those named."""
    agent = np.repeat(np.arange(market.agents), np.diff(market.indptr))
    forced = taken[utility[taken] <= 0]
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
