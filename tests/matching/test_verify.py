"""`verify` accepts what `solve` gives and rejects every planted fault by name."""

from __future__ import annotations

import importlib
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jiedui.errors import NotVerified
from jiedui.matching import Group, Market, Quota, solve, verify
from jiedui.matching.solver.solution import Level
from tests.matching.markets import markets

OPTIMISING = ("utility", "placements_then_utility")


@pytest.fixture
def market():
    """Four agents, two contested objects; the optimum is 0→1, 1→0, 2→0, 3 unplaced."""
    return Market([0, 2, 4, 6, 7], [0, 1, 0, 1, 0, 1, 0], [6, 5, 9, 3, 8, 2, 4], [2, 1])


def rejected(market, solution, message):
    """Hold that `verify` refuses and names `message`."""
    with pytest.raises(NotVerified, match=message):
        verify(market, solution)


def with_assignment(solution, assignment):
    """The solution with another assignment and nothing else changed."""
    return replace(solution, assignment=np.array(assignment, np.int32))


def test_rejects_a_swapped_pair(market):
    """Two agents exchange their objects: the stated utility no longer holds."""
    solution = solve(market)
    assert solution.assignment.tolist() == [1, 0, 0, -1]
    rejected(market, with_assignment(solution, [0, 1, 0, -1]), "objective 22 and has 17")


def test_rejects_a_swapped_pair_with_its_sums_corrected(market):
    """The same exchange with consistent sums: the bound shows that it is not proven."""
    solution = replace(with_assignment(solve(market), [0, 1, 0, -1]), objective=17, values=(17,))
    rejected(market, replace(solution, gap=5 / 22), "proven=True")


def test_rejects_an_overfull_object(market):
    """Three agents on two seats."""
    rejected(market, with_assignment(solve(market), [1, 0, 0, 0]), "object 0 has 2 seats and 3 agents")


def test_rejects_an_object_without_an_edge(market):
    """An agent on an object that it may not take."""
    rejected(market, with_assignment(solve(market), [-1, 0, 0, 1]), "agent 3 .* without an edge")


def test_rejects_an_object_that_does_not_exist(market):
    """Object numbers end where the seats end."""
    rejected(market, with_assignment(solve(market), [1, 0, 0, 2]), "agent 3 .* does not exist")


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("objective", 23, "objective 23 and has 22"),
        ("values", (23,), "for its levels"),
        ("placements", 4, "4 placements and has 3"),
        ("bounds", (23,), "prove the bound"),
        ("bound", 23, "bound 23"),
        ("gap", 0.01, "gap"),
        ("proven", False, "proven=False"),
        ("levels", (Level("placements"),), "levels"),
        ("certificate", "search", "prices must prove it"),
        ("certificate", "stability", "cannot be proven by"),
        ("prices", np.zeros(3, np.int64), "prices"),
        ("assignment", np.zeros(4), "assignment"),
    ],
)
def test_rejects_a_false_statement(market, field, value, message):
    """Every stated number is recomputed."""
    rejected(market, replace(solve(market), **{field: value}), message)


@settings(max_examples=200, deadline=None)
@given(markets(), st.sampled_from(OPTIMISING), st.data())
def test_rejects_any_lowered_price(market, objective, data):
    """The prices are the smallest that prove the optimum: lowering any one of them is noticed."""
    solution = solve(market, objective=objective)
    usable = np.flatnonzero(np.minimum(market.seats, market.agents) > 0)
    if not usable.size:
        return
    prices = solution.price_levels.copy()
    level = data.draw(st.integers(0, len(prices) - 1))
    prices[level, data.draw(st.sampled_from(usable.tolist()))] -= data.draw(st.integers(1, 3))
    rejected(market, replace(solution, prices=prices.reshape(np.shape(solution.prices))), "price")


@settings(max_examples=150, deadline=None)
@given(markets(), st.sampled_from(OPTIMISING), st.data())
def test_rejects_any_assignment_of_smaller_value(market, objective, data):
    """Whatever one agent is moved to, a consistent claim of optimality for a smaller value is refused."""
    solution = solve(market, objective=objective)
    if not market.agents:
        return
    agent = data.draw(st.integers(0, market.agents - 1))
    moved = solution.assignment.copy()
    moved[agent] = data.draw(st.sampled_from([-1, *market.indices[market.row(agent)].tolist()]))
    try:
        verify(market, replace(solution, assignment=moved))
    except NotVerified:
        return
    source = market.edge_agents()
    old, new = (int(market.utility[market.indices == a[source]].sum()) for a in (solution.assignment, moved))
    assert new == old


@settings(max_examples=60, deadline=None)
@given(markets(tiers=True), st.sampled_from(OPTIMISING), st.integers(1, 5))
def test_looks_at_edges_in_blocks_of_any_size(market, objective, size):
    """However few edges are looked at together, also fewer than a row has: the same bounds, and a false one is seen."""
    module, solution = importlib.import_module("jiedui.matching.verify"), solve(market, objective=objective)
    whole = module.BLOCK
    try:
        module.BLOCK = size
        verify(market, solution)
        bounds = (solution.bounds[0] + 1, *solution.bounds[1:])
        rejected(market, replace(solution, bounds=bounds), "prove the bound")
    finally:
        module.BLOCK = whole


def test_rejects_a_blocking_pair():
    """An agent and an object that prefer each other are named."""
    market = Market([0, 2, 4], [0, 1, 0, 1], [9, 5, 8, 2], [1, 1])
    solution = solve(market, objective="stable")
    assert solution.assignment.tolist() == [0, 1]
    swapped = replace(with_assignment(solution, [1, 0]), objective=13, values=(13,))
    rejected(market, swapped, "agent 0 and object 0 prefer each other")


def test_rejects_a_broken_couple_and_a_missed_quota():
    """A group in two classes, and a class over its upper bound."""
    couple = Market([0, 2, 4], [0, 1, 0, 1], [9, 5, 1, 6], [1, 2], groups=[Group([0, 1], [[0], [1]])])
    rejected(couple, with_assignment(solve(couple), [0, 1]), "group 0 is broken")
    capped = Market([0, 1, 2], [0, 0], [3, 4], [2], quotas=[Quota([0], 0, 1)])
    rejected(capped, with_assignment(solve(capped), [0, 0]), "quota 0")
