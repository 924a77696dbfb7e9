"""The solver against brute force, SciPy, and itself on relabelled and widened markets."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from jiedui.errors import JieduiError
from jiedui.matching import Group, Market, Quota, solve, verify
from tests.matching.brute_force import assignments, blocking_pairs, optimum, value, worth
from tests.matching.markets import markets

OPTIMISING = ("utility", "placements_then_utility")


def random_market(rng, agents, objects, degree, *, seats=3, tiers=1):
    """A seeded market with `degree` edges per agent, all ties and seats by chance."""
    indices = np.concatenate([np.sort(rng.choice(objects, degree, replace=False)) for _ in range(agents)])
    return Market(
        np.arange(agents + 1) * degree,
        indices,
        rng.integers(0, 50, agents * degree),
        rng.integers(0, seats + 1, objects),
        tier=rng.integers(0, tiers, agents),
    )


@settings(max_examples=300, deadline=None)
@given(markets(lowest=-2, reserve=True), st.sampled_from(OPTIMISING))
def test_equals_brute_force(market, objective):
    """The value of every level is the greatest of all assignments, and the prices prove it."""
    solution = solve(market, objective=objective)
    verify(market, solution)
    assert solution.values == (optimum(market, objective) if market.agents else solution.values)
    assert solution.values == solution.bounds
    assert solution.proven
    if market.agents:
        assert value(market, tuple(solution.assignment.tolist()), objective) == solution.values


@settings(max_examples=150, deadline=None)
@given(markets(agents=5, objects=3, side_constraints=True), st.sampled_from(OPTIMISING))
def test_quotas_and_groups_equal_brute_force(market, objective):
    """With upper quotas and linked couples the search still finds the greatest value."""
    solution = solve(market, objective=objective)
    verify(market, solution)
    if market.agents:
        assert solution.values == optimum(market, objective)
    assert solution.proven


@settings(max_examples=200, deadline=None)
@given(markets(reserve=True))
def test_stable_has_no_blocking_pair_and_is_best_for_every_agent(market):
    """No pair blocks, and no other stable assignment is better for any agent."""
    solution = solve(market, objective="stable")
    verify(market, solution)
    own = tuple(solution.assignment.tolist())
    assert blocking_pairs(market, own) == []
    for other in assignments(market):
        if all(worth_positive(market, other)) and not blocking_pairs(market, other):
            for agent in range(market.agents):
                assert rank(market, agent, own[agent]) >= rank(market, agent, other[agent])


def worth_positive(market, assignment):
    """Per agent: whether its place is worth more than staying out."""
    return [place < 0 or worth(market, agent, place) > 0 for agent, place in enumerate(assignment)]


def rank(market, agent, place):
    """How an agent ranks a place; greater is better."""
    return (worth(market, agent, place), -place) if place >= 0 else (0, 0)


def test_equals_scipy_on_a_larger_market():
    """300 agents, 60 objects with seats: the same optimum as SciPy with the seats written out."""
    market = random_market(np.random.default_rng(7), 300, 60, 12)
    dense = np.zeros((market.agents, int(market.seats.sum()) + market.agents))
    column = np.repeat(np.arange(market.objects), market.seats)
    for agent in range(market.agents):
        row = market.row(agent)
        worth = np.zeros(market.objects)
        worth[market.indices[row]] = market.utility[row]
        dense[agent, : len(column)] = worth[column]
    rows, columns = linear_sum_assignment(dense, maximize=True)
    solution = solve(Market(market.indptr, market.indices, market.utility, market.seats))
    assert solution.objective == int(dense[rows, columns].sum())


@pytest.mark.parametrize("objective", [*OPTIMISING, "stable"])
def test_large_markets_are_proven_and_the_same_bytes_twice(objective):
    """2,000 agents in three tiers: verified, and solving again gives identical arrays."""
    market = random_market(np.random.default_rng(3), 2000, 300, 10, seats=8, tiers=3)
    first, second = solve(market, objective=objective), solve(market, objective=objective)
    verify(market, first)
    assert first.assignment.tobytes() == second.assignment.tobytes()
    assert first.prices.tobytes() == second.prices.tobytes()


@pytest.mark.parametrize("objective", OPTIMISING)
def test_relabelling_changes_nothing(objective):
    """Numbering agents and objects otherwise leaves every level's value as it is."""
    rng = np.random.default_rng(11)
    market = random_market(rng, 200, 40, 8, tiers=2)
    agent, thing = rng.permutation(market.agents), rng.permutation(market.objects)
    tier, seats = np.empty(market.agents, int), np.empty(market.objects, int)
    tier[agent], seats[thing] = market.tier, market.seats
    other = Market.from_edges(
        agent[market.edge_agents()], thing[market.indices], market.utility, agents=200, seats=seats, tier=tier
    )
    assert solve(other, objective=objective).values == solve(market, objective=objective).values


@settings(max_examples=100, deadline=None)
@given(markets(), st.integers(0, 3), st.sampled_from(OPTIMISING))
def test_more_seats_never_lower_the_optimum(market, which, objective):
    """One more seat anywhere gives a value at least as great."""
    seats = market.seats.copy()
    seats[which % market.objects] += 1
    more = Market(market.indptr, market.indices, market.utility, seats, tier=market.tier)
    assert solve(more, objective=objective).values >= solve(market, objective=objective).values


def test_price_is_what_one_more_seat_is_worth():
    """Three agents want one seat worth 10, 8 and 5: its smallest price is 8, the gain of a second seat."""
    market = Market([0, 1, 2, 3], [0, 0, 0], [10, 8, 5], [1])
    assert solve(market).prices.tolist() == [8]
    assert solve(Market([0, 1, 2, 3], [0, 0, 0], [10, 8, 5], [2])).objective - solve(market).objective == 8


def test_a_lower_tier_number_is_served_first_whatever_it_costs_the_others():
    """One seat: an agent of tier 0 with utility 1 gets it before an agent of tier 1 with utility a million."""
    market = Market([0, 1, 2], [0, 0], [1, 1_000_000], [1], tier=[0, 1])
    solution = solve(market)
    assert solution.assignment.tolist() == [0, -1]
    assert solution.values == (1, 0)


def test_placements_come_before_utility():
    """The flexible agent gives way: 2 placed with utility 6 rather than 1 placed with utility 10."""
    market = Market([0, 2, 3], [0, 1, 0], [10, 1, 5], [1, 1])
    assert solve(market).assignment.tolist() == [0, -1]
    assert solve(market, objective="placements_then_utility").assignment.tolist() == [1, 0]


def test_many_tiers_with_wide_utilities_do_not_overflow():
    """A hundred tiers with utilities of twelve digits: each tier still gets its best, in order."""
    agents = 100
    tier = np.arange(agents)[::-1]
    market = Market(np.arange(agents + 1), np.zeros(agents, np.int32), np.full(agents, 10**12), [3], tier=tier)
    solution = solve(market)
    verify(market, solution)
    assert np.flatnonzero(solution.assignment == 0).tolist() == [97, 98, 99]


@pytest.mark.parametrize("objective", [*OPTIMISING, "stable"])
def test_degenerate_markets_have_the_right_answer(objective):
    """No agents; no edges; no seats; agents without an edge among others."""
    for market, expected in (
        (Market([0], [], [], [2]), []),
        (Market([0], [], [], []), []),
        (Market([0, 0, 0], [], [], [2]), [-1, -1]),
        (Market([0, 1], [0], [5], [0]), [-1]),
        (Market([0, 0, 1], [0], [5], [1]), [-1, 0]),
    ):
        solution = solve(market, objective=objective)
        verify(market, solution)
        assert solution.assignment.tolist() == expected


def test_block_order_changes_no_value():
    """The hint for speed leaves the optimum as it is."""
    rng = np.random.default_rng(2)
    market = random_market(rng, 100, 20, 5)
    hinted = Market(
        market.indptr, market.indices, market.utility, market.seats, tier=market.tier,
        block_order=rng.permutation(100),
    )  # fmt: skip
    assert solve(hinted).objective == solve(market).objective


def test_warm_start_returns_what_still_proves_itself():
    """An unchanged market is proven again from the old prices; a changed one is solved anew, and right."""
    market = random_market(np.random.default_rng(5), 100, 20, 5, tiers=2)
    first = solve(market)
    again = solve(market, warm_start=first.warm_state)
    assert again.assignment.tobytes() == first.assignment.tobytes()
    verify(market, again)
    seats = market.seats.copy()
    seats[:5] = 0
    changed = Market(market.indptr, market.indices, market.utility, seats, tier=market.tier)
    assert solve(changed, warm_start=first.warm_state).values == solve(changed).values


def test_a_forged_warm_start_proves_nothing():
    """Negative prices in a warm state cannot pass a poor assignment off as the optimum."""
    market = Market([0, 1], [0], [5], [1, 1])
    forged = replace(solve(market).warm_state, assignment=np.array([-1], np.int32), combined=(np.array([0, -5]),))
    assert solve(market, warm_start=forged).assignment.tolist() == [0]


def test_lower_quota_is_met_and_contradictory_quotas_are_refused():
    """A lower bound moves an agent to a worse object; bounds that no assignment meets give an error."""
    edges = {"indptr": [0, 2, 4], "indices": [0, 1, 0, 1], "utility": [9, 1, 8, 2], "seats": [2, 2]}
    solution = solve(Market(**edges, quotas=[Quota([1], 1)]))
    assert solution.assignment.tolist() == [0, 1]
    with pytest.raises(JieduiError, match="contradict"):
        solve(Market(**edges, quotas=[Quota([1], 2), Quota([0], 1)]))


def test_a_couple_stays_together():
    """Two partners prefer different counties; together they take the county that is better for both in sum."""
    market = Market([0, 2, 4], [0, 1, 0, 1], [9, 5, 1, 6], [1, 2], groups=[Group([0, 1], [[0], [1]])])
    assert solve(market).assignment.tolist() == [1, 1]


@pytest.mark.parametrize(
    ("keywords", "message"),
    [
        ({"objective": "fair"}, "no objective 'fair'"),
        ({"gap": -0.1}, "gap"),
        ({"threads": 0}, "threads"),
        ({"time_limit": 0}, "time_limit"),
    ],
)
def test_wrong_arguments_are_named(keywords, message):
    """An argument out of its range gives a sentence with its name."""
    with pytest.raises(JieduiError, match=message):
        solve(Market([0, 1], [0], [1], [1]), **keywords)
