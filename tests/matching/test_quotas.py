"""名额测试: quotas against every assignment, against a flow, and against themselves."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ortools.graph.python import min_cost_flow

from jiedui.errors import JieduiError
from jiedui.matching import Market, Quota
from jiedui.matching.solver import quota_overlap, quotas
from jiedui.matching.solver.crew import Crew
from jiedui.matching.solver.quota_tree import quota_tree
from jiedui.matching.solver.quotas import solve_with_quotas
from tests.matching import brute_force


@st.composite
def quota_markets(draw, kind):
    """A small market with ties, reserves and edges worth less than 0, and quotas of one `kind`."""
    n, m = draw(st.integers(1, 6)), draw(st.integers(1, 4))
    highest, lowest = draw(st.sampled_from([1, 3, 9])), draw(st.sampled_from([0, -3]))
    cells = st.one_of(st.none(), st.integers(lowest, highest))
    table = draw(st.lists(st.lists(cells, min_size=m, max_size=m), min_size=n, max_size=n))
    edges = [(i, j, u) for i, row in enumerate(table) for j, u in enumerate(row) if u is not None]
    seats = draw(st.lists(st.integers(0, 3), min_size=m, max_size=m))
    classes = draw({"disjoint": disjoint, "nested": nested, "overlapping": overlapping}[kind](m))
    bounds = []
    for objects in classes:
        lower = draw(st.integers(0, min(3, sum(seats[j] for j in objects))))
        bounds.append(Quota(objects, lower, draw(st.one_of(st.none(), st.integers(lower, lower + 2)))))
    first, second, third = zip(*edges, strict=True) if edges else ((), (), ())
    reserve = draw(st.one_of(st.none(), st.lists(st.integers(0, 3), min_size=m, max_size=m)))
    return Market.from_edges(first, second, third, agents=n, seats=seats, quotas=bounds, reserve=reserve)


def disjoint(m):
    """Labels of objects; each label is a class, label 0 is none."""
    return st.lists(st.integers(0, 2), min_size=m, max_size=m).map(
        lambda labels: [[j for j in range(m) if labels[j] == c] for c in (1, 2)]
    )


def nested(m):
    """A class, a class inside it, the same again, and what is outside of the first."""
    return st.tuples(st.integers(0, m), st.integers(0, m), st.booleans()).map(
        lambda cuts: (
            [list(range(min(cuts[:2]))), list(range(max(cuts[:2]))), list(range(max(cuts[:2]), m))]
            + ([list(range(m))] * 2 if cuts[2] else [])
        )
    )


def overlapping(m):
    """Any classes."""
    return st.lists(st.lists(st.integers(0, m - 1), unique=True, min_size=1), min_size=1, max_size=3)


def bound_of(market, outcome):
    """D(p, q), written out agent by agent."""
    prices, quota_prices = outcome.prices.tolist(), outcome.quota_prices.tolist()
    assert min(prices) >= 0
    total = sum(int(c) * p for c, p in zip(market.seats, prices, strict=True))
    cost = list(prices)
    for quota, q in zip(market.quotas, quota_prices, strict=True):
        assert q <= 0 or quota.upper is not None
        total += q * (quota.upper if q > 0 else quota.lower)
        for j in quota.objects:
            cost[j] += q
    for agent in range(market.agents):
        row = market.indices[market.row(agent)].tolist()
        total += max([0, *(brute_force.worth(market, agent, j) - cost[j] for j in row)])
    return total


def solved(market, **keywords):
    """The outcome on one thread."""
    with Crew(1) as crew:
        return solve_with_quotas(market, crew, **keywords)


def check_exact(market):
    """Equal to the best of all assignments, and proven; or refused where there is none."""
    feasible = set(brute_force.assignments(market))
    if not feasible:
        with pytest.raises(JieduiError, match="contradict each other"):
            solved(market)
        return
    outcome = solved(market)
    assert tuple(outcome.assignment.tolist()) in feasible
    assert outcome.status == "exact"
    assert outcome.value == brute_force.optimum(market, "utility")[0]
    assert outcome.value == sum(brute_force.worth(market, i, j) for i, j in enumerate(outcome.assignment.tolist()))
    assert outcome.bound == outcome.value == bound_of(market, outcome)


@settings(max_examples=200, deadline=None)
@given(quota_markets("disjoint"))
def test_disjoint_quotas_are_solved_exactly(market):
    """Quotas that share no object: the optimum, its proof, or a refusal where nothing keeps them."""
    check_exact(market)


@settings(max_examples=200, deadline=None)
@given(quota_markets("nested"))
def test_nested_quotas_are_solved_exactly(market):
    """Quotas inside each other, some twice on the same objects: the optimum, its proof, or a refusal."""
    check_exact(market)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(["disjoint", "nested"]).flatmap(quota_markets))
def test_the_auction_leads_to_the_same_optimum(market):
    """With the auction in front, also on markets too small to need it, nothing changes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(quotas, "SMALL", -1)
        check_exact(market)


@settings(max_examples=200, deadline=None)
@given(quota_markets("overlapping"))
def test_overlapping_quotas_have_a_valid_bound(market):
    """The bound is never below the best of all assignments, and the status is honest about the assignment."""
    feasible = set(brute_force.assignments(market))
    try:
        outcome = solved(market)
    except JieduiError:
        assert not feasible
        return
    kept = tuple(outcome.assignment.tolist()) in feasible
    assert kept == (outcome.status != "unmet")
    assert outcome.bound == bound_of(market, outcome)
    if feasible:
        assert outcome.bound >= brute_force.optimum(market, "utility")[0]
    if kept:
        assert outcome.value <= outcome.bound
        assert (outcome.status == "exact") == (outcome.value == outcome.bound)


def labour(agents=3_000, objects=480, regions=8, *, seed=5, spread=50):
    """A synthetic market with regions that are too full and too empty; quotas bind."""
    rng = np.random.default_rng(seed)
    rows = np.stack([rng.choice(objects, 12, replace=False) for _ in range(agents)])
    rows.sort(axis=1)
    utility = rng.integers(1, spread, rows.shape)
    region = np.arange(objects) * regions // objects
    seats = rng.integers(4, 13, objects)
    room = np.bincount(region, seats, regions).astype(int)
    bounds = []
    for r in range(regions):
        lower, upper = int(0.97 * room[r]) if r % 3 == 0 else 0, int(0.5 * room[r]) if r % 3 == 1 else None
        bounds.append(Quota(np.flatnonzero(region == r), lower, upper))
    utility[region[rows] % 3 == 0] -= 2 * spread // 3
    indptr = np.arange(agents + 1) * rows.shape[1]
    return Market(indptr, rows.ravel(), utility.ravel(), seats, quotas=bounds), region


def by_flow(market, region):
    """The same optimum by OR-Tools: agents, objects, regions, and a reward for the lower bounds."""
    regions, reward = len(market.quotas), 100 * int(np.abs(market.utility).max())
    agent, j = market.edge_agents(), market.agents + market.indices
    r = market.agents + market.objects + np.arange(regions)
    sink = market.agents + market.objects + regions
    lower = np.array([q.lower for q in market.quotas])
    upper = np.array([market.agents if q.upper is None else q.upper for q in market.quotas])
    tails = np.concatenate([agent, market.agents + np.arange(market.objects), r, r, np.arange(market.agents)])
    heads = np.concatenate([j, r[region], np.full(2 * regions + market.agents, sink)])
    room = np.concatenate([np.ones(market.edges), market.seats, lower, upper - lower, np.ones(market.agents)])
    cost = np.concatenate([-market.utility, np.zeros(market.objects), np.full(regions, -reward),
                           np.zeros(regions + market.agents)])  # fmt: skip
    flow = min_cost_flow.SimpleMinCostFlow()
    flow.add_arcs_with_capacity_and_unit_cost(
        tails.astype(np.int32), heads.astype(np.int32), room.astype(np.int64), cost.astype(np.int64)
    )
    flow.set_nodes_supplies(np.arange(market.agents, dtype=np.int32), np.ones(market.agents, np.int64))
    flow.set_node_supply(sink, -market.agents)
    assert flow.solve() == flow.OPTIMAL
    return -flow.optimal_cost() - reward * int(lower.sum())


@pytest.mark.parametrize("spread", [12, 50, 2_000_000])
def test_three_thousand_agents_as_by_flow(spread):
    """Upper and lower bounds that bind, some met only by edges worth less than 0: as OR-Tools finds it, and proven."""
    market, region = labour(spread=spread)
    outcome = solved(market)
    assert outcome.status == "exact"
    assert outcome.value == by_flow(market, region) == bound_of(market, outcome)
    assert (outcome.quota_prices < 0).any()
    assert (outcome.quota_prices > 0).any()


def test_the_same_bytes_again():
    """Same market, same threads: the same assignment and prices."""
    market, _ = labour()
    one, other = solved(market), solved(market)
    assert one.assignment.tobytes() == other.assignment.tobytes()
    assert one.prices.tobytes() == other.prices.tobytes()


def test_a_province_within_provinces():
    """Two levels of quotas over a larger market: exact, although inner and outer bounds bind."""
    market, region = labour()
    outer = [Quota(np.flatnonzero(region < 4), 0, 1300), Quota(np.flatnonzero(region >= 4), 1000, None)]
    inner = [Quota(q.objects, q.lower * 3 // 4, q.upper) for q in market.quotas]
    rows = (market.indptr, market.indices, market.utility)
    market = Market(*rows, market.seats, quotas=[outer[0], *inner, outer[1]])
    outcome = solved(market)
    assert outcome.status == "exact"
    assert outcome.quota_prices[0] > 0
    assert bound_of(market, outcome) == outcome.value


def test_too_little_time_is_said():
    """A limit that is over at once: an honest status and a valid bound, never a wrong claim."""
    market, region = labour()
    outcome = solved(market, deadline=time.monotonic() - 1)
    assert outcome.status in ("time", "unmet")
    assert outcome.bound == bound_of(market, outcome) >= by_flow(market, region)


def test_contradictions_are_found_in_a_larger_market():
    """More must go into a region than any agent has an edge to: refused, however the search started."""
    market, region = labour()
    rows = np.flatnonzero(region[market.indices] != 2)
    agent = market.edge_agents()[rows]
    quotas_ = [*market.quotas[:2], Quota(market.quotas[2].objects, 1, None), *market.quotas[3:]]
    without = Market.from_edges(agent, market.indices[rows], market.utility[rows], agents=market.agents,
                                seats=market.seats, quotas=quotas_)  # fmt: skip
    with pytest.raises(JieduiError, match="contradict each other"):
        solved(without)


def test_overlapping_regions_and_trades():
    """Regions and trades both have bounds: kept, with a bound within two per cent."""
    market, _ = labour()
    trade = np.arange(market.objects) % 5
    room = np.bincount(trade, market.seats).astype(int)
    trades = [Quota(np.flatnonzero(trade == t), 0, int(0.6 * room[t]) if t < 2 else None) for t in range(5)]
    both = Market(market.indptr, market.indices, market.utility, market.seats, quotas=[*market.quotas, *trades])
    assert quota_tree(both, both.quotas) is None
    outcome = solved(both)
    assert outcome.status in ("exact", "far")
    assert outcome.bound == bound_of(both, outcome)
    assert outcome.bound - outcome.value <= 0.02 * outcome.bound
    assert len(quota_overlap.laminar_part(both, both.quotas)[0]) >= len(market.quotas)
