"""The most utility with couples and families against brute force: a feasible assignment and a bound that holds."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jiedui.matching import Group, Market, solve
from jiedui.matching.solver.arrays import MarketError
from jiedui.matching.solver.crew import Crew
from jiedui.matching.solver.groups import GroupOutcome, solve_with_groups
from jiedui.matching.solver.side_constraints import Groups
from tests.matching.markets import markets


@st.composite
def linked_markets(draw, agents=6, objects=5, sizes=(1, 2, 2, 3)):
    """Markets with groups, in two classes or one, objects in no class, edges worth less than 0, reserves."""
    market = draw(markets(agents=agents, objects=objects, lowest=-2, tiers=False, reserve=True))
    order = draw(st.permutations(range(market.agents)))
    cut, end = sorted(draw(st.tuples(st.integers(0, market.objects), st.integers(0, market.objects))))
    groups = []
    for size in draw(st.lists(st.sampled_from(sizes), max_size=3)):
        if len(order) >= size:
            groups.append(Group(order[:size], [list(range(cut)), list(range(cut, max(cut, end)))]))
            order = order[size:]
    return _with_groups(market, groups)


def _with_groups(market, groups):
    return Market(market.indptr, market.indices, market.utility, market.seats, reserve=market.reserve, groups=groups)


def _solve(market: Market, **how) -> GroupOutcome:
    with Crew(1) as crew:
        return solve_with_groups(market, crew, **how)


def _net(market: Market) -> np.ndarray:
    net = market.utility.astype(np.int64)
    return net if market.reserve is None else net - market.reserve[market.indices]


def _options(market: Market, agents: list[int], classes: list[set[int]] | None) -> list[tuple[tuple[int, ...], int]]:
    """What a group (a single: `classes` None) may have, with its worth: nothing, or a place for each in one class."""
    net, found = _net(market), [((-1,) * len(agents), 0)]
    for allowed in classes or [set(range(market.objects))]:
        tuples: list[tuple[tuple[int, ...], int]] = [((), 0)]
        for agent in agents:
            row = market.row(agent)
            edges = [(int(j), int(w)) for j, w in zip(market.indices[row], net[row], strict=True) if j in allowed]
            tuples = [((*places, j), worth + w) for places, worth in tuples for j, w in edges]
        found += tuples
    return found


def _parties(market: Market) -> list[tuple[list[int], list[set[int]] | None]]:
    linked = {agent for group in market.groups or () for agent in group.agents}
    parties = [([i], None) for i in range(market.agents) if i not in linked]
    return parties + [(list(g.agents), [set(c) for c in g.classes]) for g in market.groups or ()]


def _optimum(market: Market) -> int:
    """Brute force, party by party, over the seats that are left."""
    best = {tuple(market.seats.tolist()): 0}
    for agents, classes in _parties(market):
        after: dict[tuple[int, ...], int] = {}
        for seats, value in best.items():
            for places, worth in _options(market, agents, classes):
                left = list(seats)
                for j in places:
                    if j >= 0:
                        left[j] -= 1
                if min(left) >= 0:
                    after[tuple(left)] = max(after.get(tuple(left), -(10**9)), value + worth)
        best = after
    return max(best.values())


def _bound(market: Market, prices: np.ndarray) -> int:
    """D(p) by its definition, party by party."""
    net, total = _net(market), int((market.seats * prices).sum())
    for agents, classes in _parties(market):
        most = 0
        for allowed in classes or [set(range(market.objects))]:
            bests = []
            for agent in agents:
                row = market.row(agent)
                reduced = [int(w) - int(prices[j]) for j, w in zip(market.indices[row], net[row], strict=True)
                           if j in allowed]  # fmt: skip
                bests.append(max(reduced, default=None))
            if None not in bests:
                most = max(most, sum(bests))
        total += most
    return total


def _value(market: Market, assignment: np.ndarray) -> int:
    """What an assignment is worth; fails where it breaks a seat, an edge or a group."""
    net, total = _net(market), 0
    load = np.bincount(assignment[assignment >= 0], minlength=market.objects)
    assert (load <= market.seats).all()
    for agents, classes in _parties(market):
        options = dict(_options(market, agents, classes))
        total += options[tuple(assignment[agents].tolist())]
    for agent in set(np.flatnonzero(assignment >= 0).tolist()) - {a for g in market.groups or () for a in g.agents}:
        row = market.row(agent)
        assert net[row][market.indices[row] == assignment[agent]][0] >= 0
    return total


def _check(market: Market, outcome: GroupOutcome) -> None:
    assert outcome.assignment.dtype == np.int32
    assert outcome.prices.dtype == np.int64
    assert outcome.prices.shape == (market.objects,)
    assert (outcome.prices >= 0).all()
    assert _value(market, outcome.assignment) == outcome.value
    assert _bound(market, outcome.prices) == outcome.bound
    assert (outcome.status == "exact") == (outcome.value == outcome.bound)


@settings(max_examples=400, deadline=None)
@given(linked_markets())
def test_bound_and_value_enclose_the_optimum(market):
    """Seats and groups hold, the value and the bound are what they say, and the optimum lies between them."""
    outcome = _solve(market)
    _check(market, outcome)
    assert outcome.value <= _optimum(market) <= outcome.bound


@settings(max_examples=60, deadline=None)
@given(linked_markets(agents=7, objects=7, sizes=(2, 2, 3, 4)))
def test_seven_by_seven(market):
    """The same up to seven agents and seven objects, with larger groups."""
    outcome = _solve(market)
    _check(market, outcome)
    assert outcome.value <= _optimum(market) <= outcome.bound


@settings(max_examples=60, deadline=None)
@given(linked_markets())
def test_wide_utilities(market):
    """The same with utilities of ten digits."""
    wide = Market(
        market.indptr, market.indices, market.utility.astype(np.int64) * 1_234_567_891, market.seats,
        groups=market.groups,
    )  # fmt: skip
    outcome = _solve(wide)
    _check(wide, outcome)
    assert outcome.value <= _optimum(wide) <= outcome.bound


@settings(max_examples=100, deadline=None)
@given(linked_markets(sizes=(1,)))
def test_without_groups_of_two_it_is_the_plain_optimum(market):
    """Groups of one are singles on the objects that they allow: the result is exact."""
    outcome = _solve(market)
    _check(market, outcome)
    assert outcome.status == "exact"
    assert outcome.value == _optimum(market)


def _province(agents: int, share: float, seed: int = 5, reserve: bool = False) -> Market:
    """A market of a few regions, with `share` of its agents in couples of any two."""
    rng = np.random.default_rng(seed)
    objects = agents // 10
    region = rng.integers(0, 5, objects)
    places = np.stack([rng.choice(objects, 12, replace=False) for _ in range(agents)])
    order = np.argsort(places, axis=1)
    utility = rng.integers(1, 1000, (agents, 12)) - (50 if reserve else 0)
    couples = rng.permutation(agents)[: int(share * agents) // 2 * 2].reshape(-1, 2)
    return Market(
        np.arange(agents + 1) * 12, np.take_along_axis(places, order, 1).ravel(), utility.ravel(),
        rng.integers(0, 19, objects), groups=Groups.pairs(couples[:, 0], couples[:, 1], region),
        reserve=rng.integers(0, 100, objects) if reserve else None,
    )  # fmt: skip


def _bound_of_couples(market: Market, prices: np.ndarray) -> int:
    """D(p) for couples, with plain arrays."""
    reduced = _net(market) - prices[market.indices]
    who = market.edge_agents()
    single = market.linked.group_of[who] < 0
    best = np.zeros(market.agents, np.int64)
    np.maximum.at(best, who[single], reduced[single])
    mine = (~single) & (market.linked.edge_class >= 0)
    table = np.full((market.agents, int(market.linked.edge_class.max()) + 1), -(10**9))
    np.maximum.at(table, (who[mine], market.linked.edge_class[mine]), reduced[mine])
    pairs = market.linked.agents.reshape(-1, 2)
    both = (table[pairs[:, 0]] + table[pairs[:, 1]]).max(axis=1)
    return int(best.sum() + np.maximum(0, both).sum() + (market.seats * prices).sum())


@pytest.mark.parametrize(("share", "reserve"), [(0.05, False), (0.2, True), (0.6, False)])
def test_two_thousand_agents(share, reserve):
    """With couples the certified gap is below a hundredth, and the bound is what the prices give."""
    market = _province(2000, share, reserve=reserve)
    outcome = _solve(market)
    assert outcome.bound == _bound_of_couples(market, outcome.prices)
    assert outcome.bound - outcome.value < 0.01 * outcome.bound
    pairs = market.linked.agents.reshape(-1, 2)
    first, second = outcome.assignment[pairs[:, 0]], outcome.assignment[pairs[:, 1]]
    assert ((first < 0) == (second < 0)).all()
    region = market.groups.object_class
    assert (region[first] == region[second])[first >= 0].all()


def test_stops_at_the_gap_and_repeats_itself():
    """A gap that is asked for is reached, with fewer bids than without; the same call gives the same bytes."""
    market = _province(2000, 0.2)
    rough, again, fine = _solve(market, gap=0.01), _solve(market, gap=0.01), _solve(market)
    assert rough.status in ("gap", "exact")
    assert rough.bids < fine.bids
    assert rough.bound - rough.value <= 0.01 * rough.bound
    assert rough.assignment.tobytes() == again.assignment.tobytes()
    assert rough.prices.tobytes() == again.prices.tobytes()
    assert fine.bound - fine.value <= rough.bound - rough.value


def test_a_deadline_that_has_passed_gives_a_valid_result():
    """With no time left the result is feasible, poor, and still enclosed by its bound."""
    market = _province(2000, 0.2)
    outcome = _solve(market, deadline=time.monotonic() - 1.0)
    assert outcome.bound == _bound_of_couples(market, outcome.prices)
    assert outcome.value <= _solve(market).bound <= outcome.bound


def test_a_partner_may_pay_for_the_other():
    """A member takes an edge worth less than 0 where the sum is positive; a single never does."""
    market = Market([0, 1, 2, 3], [0, 1, 1], [5, -2, -1], [1, 1], groups=[Group([0, 1], [[0, 1]])])
    outcome = _solve(market)
    assert outcome.assignment.tolist() == [0, 1, -1]
    assert (outcome.value, outcome.bound, outcome.status) == (3, 3, "exact")


def test_two_couples_at_one_object():
    """Of two couples that want the same two seats the one that is worth more has them, at a price that proves it."""
    groups = [Group([0, 1], [[0]]), Group([2, 3], [[0]])]
    market = Market([0, 1, 2, 3, 4], [0, 0, 0, 0], [1, 9, 4, 5], [2], groups=groups)
    outcome = _solve(market)
    assert outcome.assignment.tolist() == [0, 0, -1, -1]
    assert outcome.status == "exact"


def test_utilities_too_wide_are_refused():
    """Utilities that leave no bits for prices give a sentence that says so."""
    market = Market([0, 1, 2], [0, 0], [2**50, 1], [2], groups=[Group([0, 1], [[0]])])
    with pytest.raises(MarketError, match="too wide"):
        _solve(market)


def test_markets_at_the_edge():
    """Groups without a common class stay out; a market without edges is worth 0."""
    apart = Market([0, 1, 2], [0, 1], [5, 5], [1, 1], groups=[Group([0, 1], [[0], [1]])])
    assert _solve(apart).assignment.tolist() == [-1, -1]
    nothing = Market([0, 0, 0], [], [], [1], groups=[Group([0, 1], [[0]])])
    assert (_solve(nothing).value, _solve(nothing).status) == (0, "exact")


def test_without_linked_agents_it_is_what_solve_gives():
    """A market without groups: the plain optimum."""
    market = _province(2000, 0.2)
    free = Market(market.indptr, market.indices, market.utility, market.seats)
    assert _solve(free).value == solve(free).objective
