"""Plain stable matching against brute force: every market, ties, tiers, reserves, zero degrees, spare seats."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jiedui.matching import Market
from jiedui.matching.solver import stable
from jiedui.matching.solver.stable import deferred_acceptance
from jiedui.matching.verify_stability import blocking_pair
from tests.matching.brute_force import worth
from tests.matching.markets import markets
from tests.matching.stable_brute_force import blocking_singles, stable_assignments


@settings(max_examples=150, deadline=None)
@given(markets(agents=5, objects=4, lowest=-1, reserve=True))
def test_agent_optimal(market):
    """No pair blocks, and no agent is better off in any other stable assignment."""
    assignment, _ = deferred_acceptance(market)
    assert assignment.dtype == np.int32
    everything = stable_assignments(market)
    assert tuple(assignment.tolist()) in everything
    for other in everything:
        for i, (own, place) in enumerate(zip(assignment.tolist(), other, strict=True)):
            assert (worth(market, i, own), -own) >= (worth(market, i, place), -place)


@settings(max_examples=100, deadline=None)
@given(markets(agents=7, objects=7, lowest=-1, reserve=True))
def test_proposals_are_those_of_deferred_acceptance(market):
    """Each agent proposes to all it likes at least as much as what it gets; who gets nothing, to all it wants."""
    assignment, proposals = deferred_acceptance(market)
    expected = 0
    for i, own in enumerate(assignment.tolist()):
        least = (worth(market, i, own), -own) if own >= 0 else (0, 1)
        row = market.indices[market.row(i)].tolist()
        expected += sum(worth(market, i, j) > 0 and (worth(market, i, j), -j) >= least for j in row)
    assert proposals == expected


@settings(max_examples=60, deadline=None)
@given(markets(agents=7, objects=5), st.integers(0, 2**32 - 1), st.sampled_from([np.int16, np.int32, np.int64]))
def test_wide_utilities_are_served_in_order(market, seed, dtype):
    """Buckets of several utilities serve the greater first: wide random utilities leave no blocking pair."""
    rng = np.random.default_rng(seed)
    widest = min(np.iinfo(dtype).max, 2**62 // 100)
    utility = rng.integers(1, widest, market.edges).astype(dtype)
    wide = Market(market.indptr, market.indices, utility, market.seats, tier=market.tier)
    assignment, _ = deferred_acceptance(wide)
    assert not blocking_singles(wide, tuple(assignment.tolist()))


@pytest.mark.parametrize("highest", [3, 1000, 10**12])
def test_thousands_of_agents(highest, monkeypatch):
    """Thousands of agents with few or many values of utility and tiers: no pair blocks (radix sort, side queue)."""
    rng = np.random.default_rng(5)
    agents, objects, degree = 6000, 300, 12
    rows = np.sort(np.argsort(rng.random((agents, objects)), axis=1)[:, :degree], axis=1)
    market = Market(
        np.arange(agents + 1) * degree, rows.ravel(), rng.integers(0, highest, agents * degree),
        rng.integers(0, 30, objects), tier=rng.integers(0, 2, agents),
    )  # fmt: skip
    assignment, proposals = deferred_acceptance(market)
    assert blocking_pair(market, assignment) is None
    assert (np.bincount(assignment[assignment >= 0], minlength=objects) <= market.seats).all()
    again, repeated = deferred_acceptance(market)
    assert assignment.tobytes() == again.tobytes()
    assert proposals == repeated


def test_each_agent_its_own_tier():
    """With a tier for each agent, each in turn takes the best that is left."""
    rng = np.random.default_rng(6)
    agents, objects = 40, 15
    utility = rng.integers(1, 9, (agents, objects))
    tier = rng.permutation(agents)
    market = Market(
        np.arange(agents + 1) * objects, np.tile(np.arange(objects), agents), utility.ravel(), np.full(objects, 2),
        tier=tier,
    )  # fmt: skip
    left, expected = np.full(objects, 2), np.full(agents, -1)
    for i in np.argsort(tier):
        if left.any():
            expected[i] = np.argmax(np.where(left > 0, utility[i], 0))
            left[expected[i]] -= 1
    assert deferred_acceptance(market)[0].tolist() == expected.tolist()


@given(st.lists(st.integers(0, 2**40), max_size=3000))
@settings(max_examples=20, deadline=None)
def test_radix_sort(values):
    """The radix sort sorts, whichever way it takes."""
    turns = np.array(values * 3, np.int64)
    assert stable._sorted(turns.copy(), 41).tolist() == sorted(turns.tolist())


@settings(max_examples=100, deadline=None)
@given(markets(agents=5, objects=4, lowest=-1, reserve=True), st.data())
def test_checker_finds_the_first_blocking_pair(market, data):
    """The checker names the first pair that blocks any assignment, or None."""
    assignment = np.full(market.agents, -1, np.int32)
    left = market.seats.copy()
    for i in range(market.agents):
        free = [j for j in market.indices[market.row(i)].tolist() if left[j] > 0 and worth(market, i, j) > 0]
        assignment[i] = data.draw(st.sampled_from([-1, *free]))
        if assignment[i] >= 0:
            left[assignment[i]] -= 1
    expected = blocking_singles(market, tuple(assignment.tolist()))
    assert blocking_pair(market, assignment) == (expected[0] if expected else None)
