"""Explanations say what the certificate says."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jiedui.errors import JieduiError
from jiedui.matching import Group, Market, explain, solve
from jiedui.matching.explain import survey
from tests.matching.markets import markets


@pytest.fixture
def market():
    """Three agents want one seat at object 0; object 1 has room."""
    return Market([0, 2, 4, 6], [0, 1, 0, 1, 0, 1], [10, 4, 9, 8, 6, 1], [1, 3])


@settings(max_examples=200, deadline=None)
@given(markets(lowest=-1, reserve=True), st.sampled_from(["utility", "placements_then_utility"]))
def test_what_an_agent_got_is_never_worse_than_any_option_at_the_prices(market, objective):
    """No option is better than what the agent got; a first wish not given is named with a reason that fits."""
    solution = solve(market, objective=objective)
    for agent in range(market.agents):
        told = explain(market, solution, agent)
        assert (told.got is None) == (solution.assignment[agent] < 0)
        if told.first_wish is None:
            assert told.reason == "no_wish"
        elif told.reason == "got":
            assert told.got.object == told.first_wish.object
        elif told.reason == "equal":
            assert (told.first_wish.worse_at, told.first_wish.price) == (None, 0)
        if objective == "utility" and market.tier is None:
            net = told.got.reduced if told.got else 0
            assert net >= max((told.next_best.reduced if told.next_best else 0), 0)
            assert told.first_wish is None or net >= told.first_wish.reduced


def test_the_loser_learns_the_price_and_who_holds_the_seat(market):
    """Agent 1 wanted the seat of agent 0: its price is above what the seat is worth to agent 1 beyond object 1."""
    told = explain(market, solve(market), 1)
    assert (told.got.object, told.first_wish.object, told.reason) == (1, 0, "price")
    assert [(rival.agent, rival.margin) for rival in told.rivals] == [(0, 1)]
    assert told.first_wish.reduced <= told.got.reduced
    assert "第一志愿0" in told.sentences_zh[2]
    assert "first wish 0" in told.sentences_en[2]


def test_the_winner_is_told_so(market):
    """Agent 0 has its first wish; the next best is named with its price."""
    told = explain(market, solve(market), 0, object_name="岗位{}".format)
    assert (told.reason, told.next_best.object, told.rivals) == ("got", 1, ())
    assert told.sentences_zh[0].startswith("安排到岗位0")


def test_an_earlier_tier_is_given_as_the_reason():
    """The seat went to tier 0; the agent of tier 1 is told that, not a price."""
    market = Market([0, 1, 2], [0, 0], [1, 9], [1], tier=[0, 1])
    assert explain(market, solve(market), 1).reason == "tier"


def test_leaving_nobody_out_is_given_as_the_reason():
    """With placements first the flexible agent is told why it does not get its first wish."""
    market = Market([0, 2, 3, 4], [0, 1, 0, 0], [10, 1, 5, 4], [1, 1])
    assert explain(market, solve(market, objective="placements_then_utility"), 0).reason == "placements"


def test_stable_explains_by_rank():
    """Without prices the reason is that the holder ranks higher."""
    market = Market([0, 1, 2], [0, 0], [5, 9], [1])
    told = explain(market, solve(market, objective="stable"), 0)
    assert (told.reason, [rival.agent for rival in told.rivals]) == ("ranked", [1])


@pytest.mark.parametrize(("seats", "utility", "reason"), [([0], [5], "no_seats"), ([1], [-5], "not_acceptable")])
def test_other_reasons(seats, utility, reason):
    """No seats at all; or staying out is better."""
    market = Market([0, 1], [0], utility, seats)
    assert explain(market, solve(market), 0).reason == reason


def test_an_agent_without_edges_or_outside_the_market():
    """Nothing to wish for is said; a number that is no agent is refused."""
    market = Market([0, 0], [], [], [1])
    assert explain(market, solve(market), 0).reason == "no_wish"
    with pytest.raises(JieduiError, match="no agent 1"):
        explain(market, solve(market), 1)


def test_linked_groups_are_refused_honestly():
    """Under groups there are no prices to explain by."""
    market = Market([0, 1, 2], [0, 0], [5, 9], [2], groups=[Group([0, 1], [[0]])])
    with pytest.raises(JieduiError, match="Not yet"):
        explain(market, solve(market), 0)


@settings(max_examples=200, deadline=None)
@given(markets(lowest=-1, reserve=True), st.sampled_from(["utility", "placements_then_utility", "stable"]))
def test_the_survey_of_all_agents_says_what_each_explanation_says(market, objective):
    """Next best, first wish and reason, computed for all agents at once, are those of `explain`."""
    solution = solve(market, objective=objective)
    told = survey(market, solution)
    for agent in range(market.agents):
        one = explain(market, solution, agent)
        for edge, option in ((told.next_best[agent], one.next_best), (told.first_wish[agent], one.first_wish)):
            assert (None if edge < 0 else int(market.indices[edge])) == (option.object if option else None)
        assert told.reason[agent] == one.reason
