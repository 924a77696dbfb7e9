"""Explanations say what the certificate says, and nothing that does not hold."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from jiedui.errors import JieduiError
from jiedui.matching import Group, Market, Quota, explain, solve, verify
from jiedui.matching.explain import Explainer, survey
from jiedui.matching.verify_side_constraints import dual_bound
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


def priced(market, solution, prices, quota_prices):
    """The solution with these prices as its certificate, for one level; its bound, gap and proof are theirs."""
    net = market.utility.astype(np.int64) - (0 if market.reserve is None else market.reserve[market.indices])
    bound = dual_bound(market, prices, quota_prices, net)
    closed = bound == solution.objective
    return replace(
        solution, certificate="prices", prices=prices, quota_prices=quota_prices, bounds=(bound,), bound=bound,
        gap=(bound - solution.objective) / max(1, abs(bound)), proven=closed,
        status="optimal" if closed else "feasible",
    )  # fmt: skip


def best_prices(market):
    """Prices of seats and quotas from the dual of the linear program, rounded."""
    agents, linked = market.edge_agents(), market.linked
    alone = np.ones(market.agents, bool) if linked is None else linked.group_of < 0
    open_ = [] if linked is None else np.flatnonzero(~alone[agents] & (linked.edge_class >= 0))
    blocks = sorted({(int(linked.group_of[agents[e]]), int(linked.edge_class[e])) for e in open_})
    width = market.edges + len(blocks)
    seats, upper, lower, rows, ends = np.zeros((market.objects, width)), [], [], [], []
    for j in range(market.objects):
        seats[j, np.flatnonzero(market.indices == j)] = 1
    for quota in market.quotas or ():
        inside = np.append(np.isin(market.indices, quota.objects), np.zeros(len(blocks))).astype(float)
        upper.append((inside, market.agents if quota.upper is None else quota.upper))
        lower.append((-inside, -quota.lower))
    for agent in np.flatnonzero(alone):
        rows.append((np.append(agents == agent, np.zeros(len(blocks))).astype(float), 1))
    closed = np.zeros(width, bool)
    if linked is not None:
        closed[: market.edges] = ~alone[agents] & (linked.edge_class < 0)
        for group in range(linked.groups):
            rows.append((np.append(np.zeros(market.edges), [b[0] == group for b in blocks]).astype(float), 1))
            for member in linked.agents[linked.indptr[group] : linked.indptr[group + 1]]:
                for k, (own, number) in enumerate(blocks):
                    if own == group:
                        end = np.append((agents == member) & (linked.edge_class == number), np.zeros(len(blocks)))
                        end[market.edges + k] = -1
                        ends.append(end)
    net = market.utility - (0 if market.reserve is None else market.reserve[market.indices])
    every = [*zip(seats, market.seats, strict=True), *upper, *lower, *rows]
    found = linprog(
        np.append(-net, np.zeros(len(blocks))), np.array([r for r, _ in every]), [float(b) for _, b in every],
        np.array(ends) if ends else None, np.zeros(len(ends)) if ends else None,
        bounds=[(0, 0) if shut else (0, None) for shut in closed],
    )  # fmt: skip
    assert found.status == 0
    dual, m, q = -found.ineqlin.marginals, market.objects, len(upper)
    whole = np.rint(dual).astype(np.int64)
    bounded = np.array([quota.upper is not None for quota in market.quotas or ()], bool)
    return np.maximum(whole[:m], 0), np.where(bounded, whole[m : m + q], 0) - whole[m + q : m + 2 * q]


@st.composite
def bound_markets(draw, *, quotas=True, tiers=False):
    """Small markets with quotas that have lower bounds too, and with couples."""
    market = draw(markets(lowest=-1, tiers=tiers, reserve=True, side_constraints=True))
    assume(market.edges)
    bounds = draw(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=2, max_size=2))
    old = [(quota.objects, low, low + more) for quota, (low, more) in zip(market.quotas or (), bounds, strict=False)]
    try:
        return Market(
            market.indptr, market.indices, market.utility, market.seats, tier=market.tier, reserve=market.reserve,
            groups=market.groups, quotas=[Quota(*one) for one in old] if quotas else None,
        )  # fmt: skip
    except JieduiError:
        assume(False)


def check(market, solution, told):
    """The reason holds in the assignment, and the first sentence claims no more than is proven."""
    got, wish, place = told.got, told.first_wish, solution.assignment
    proven_prices = solution.certificate == "prices" and solution.proven
    if wish is None:
        assert told.reason == "no_wish"
        return
    holders = np.flatnonzero(place == wish.object)
    full = len(holders) == market.seats[wish.object]
    here = 0 if got is None else got.reduced
    if told.quota is not None:
        quota = market.quotas[told.quota]
        count, inside = int(np.isin(place, quota.objects).sum()), [int(j) for j in quota.objects]
        capped = told.reason == "quota"
        assert (wish.object in inside, got is not None and got.object in inside) == (capped, not capped)
        assert count == (quota.upper if capped else quota.lower)
        assert capped or quota.lower > 0
    assert (told.quota is not None) == (told.reason in ("quota", "quota_floor"))
    match told.reason:
        case "price":
            assert (solution.certificate, full) == ("prices", True)
            assert wish.reduced <= here
        case "equal":
            assert (full, wish.utility) == (False, got.utility)
        case "tier":
            assert full
            assert (market.tier[holders] < market.tier[told.agent]).all()
        case "ranked":
            assert full
        case "whole":
            assert not proven_prices
        case "group" | "blocked":
            assert market.linked.group_of[told.agent] >= 0
    options = market.indices[market.row(told.agent)]
    if "no option" in told.sentences_en[0]:
        assert proven_prices
        if told.together is None and len(solution.levels) == 1:
            assert here >= max(told.next_best.reduced if told.next_best else 0, 0)
    if "below the best" in told.sentences_en[0] and told.together is None:
        assert (told.next_best.reduced if told.next_best else 0) - here <= solution.bound - solution.objective
    if told.together is not None and told.together.next_best is not None and proven_prices:
        assert told.together.next_best.reduced <= (told.together.got.reduced if told.together.got else 0)
    assert len(options) == 0 or len(told.sentences_en) == len(told.sentences_zh)


def check_all(market, solution):
    """Every agent, and the survey of all of them."""
    every, explainer = survey(market, solution), Explainer(market, solution)
    for agent in range(market.agents):
        told = explainer(agent)
        check(market, solution, told)
        for edge, option in ((every.next_best[agent], told.next_best), (every.first_wish[agent], told.first_wish)):
            assert (None if edge < 0 else int(market.indices[edge])) == (option.object if option else None)
        assert every.reason[agent] == told.reason
        assert every.quota[agent] == (-1 if told.quota is None else told.quota)


@settings(max_examples=60, deadline=None)
@given(bound_markets(tiers=True), st.sampled_from(["utility", "placements_then_utility"]))
def test_what_is_said_of_what_solve_returns_holds(market, objective):
    """With quotas and couples, by prices or by search: full is full, bounds bind, claims are proven."""
    try:
        solution = solve(market, objective=objective)
    except JieduiError:
        assume(False)
    check_all(market, solution)


@settings(max_examples=150, deadline=None)
@given(bound_markets())
def test_what_is_said_at_prices_of_quotas_and_groups_holds(market):
    """With prices of seats and quotas as the certificate, closed or with a gap."""
    try:
        solution = solve(market)
    except JieduiError:
        assume(False)
    solution = priced(market, solution, *best_prices(market))
    verify(market, solution)
    check_all(market, solution)


@settings(max_examples=100, deadline=None)
@given(bound_markets(), st.lists(st.integers(0, 4), min_size=4, max_size=4), st.integers(-2, 2))
def test_what_is_said_with_a_gap_holds(market, prices, price):
    """Any prices are a certificate with a gap: the sentences then claim the gap, not the optimum."""
    try:
        solution = solve(market)
    except JieduiError:
        assume(False)
    quota_prices = np.full(len(market.quotas or ()), price, np.int64)
    check_all(market, priced(market, solution, np.array(prices[: market.objects], np.int64), quota_prices))


@settings(max_examples=100, deadline=None)
@given(bound_markets(quotas=False, tiers=True))
def test_what_is_said_of_stable_groups_holds(market):
    """Members are told of ranks, of partners without a seat, of sums, or that their group blocks."""
    solution = solve(market, objective="stable")
    check_all(market, solution)
    for agent in range(market.agents):
        told = explain(market, solution, agent)
        blocks = market.linked is not None and int(market.linked.group_of[agent]) in solution.blocking_groups
        assert told.reason != "blocked" or blocks


def test_a_full_class_is_named_with_its_price():
    """Two want object 0, one may be in quota 0; the other learns that the class is full and what that costs."""
    market = Market([0, 2, 4], [0, 1, 0, 1], [9, 2, 8, 3], [2, 2], quotas=[Quota([0], 0, 1)])
    told = explain(market, priced(market, solve(market), np.array([0, 0]), np.array([5])), 1)
    assert (told.reason, told.quota, told.first_wish.quota_price, told.first_wish.reduced) == ("quota", 0, 5, 3)
    assert told.sentences_en[2] == "The first wish 0 is in quota 0, which is full: 1 of at most 1; its price is 5."
    assert explain(market, solve(market), 1).reason == "quota"


def test_who_was_drawn_by_a_lower_bound_is_told_so():
    """Object 1 must have one agent: the one whom it costs least goes there, for a price below 0."""
    market = Market([0, 2, 4], [0, 1, 0, 1], [9, 2, 8, 3], [2, 2], quotas=[Quota([1], 1, None)])
    solution = priced(market, solve(market), np.array([0, 0]), np.array([-5]))
    assert solution.proven
    told = explain(market, solution, 1)
    assert (told.got.object, told.reason, told.quota, told.got.reduced) == (1, "quota_floor", 0, 8)
    assert "needs at least 1 and has 1; that counts 5" in told.sentences_en[2]


@pytest.fixture
def couple():
    """Agents 0 and 1 belong together, in class 0 (object 0) or class 1 (object 1); 0 would rather be in class 0."""
    return Market([0, 2, 4], [0, 1, 0, 1], [9, 5, 1, 7], [2, 2], groups=[Group([0, 1], [[0], [1]])])


def test_a_member_learns_both_sums(couple):
    """Alone object 0 is better for agent 0; together they have 12 where they are and would have 10."""
    solution = priced(couple, solve(couple), np.array([0, 0]), np.zeros(0, np.int64))
    told = explain(couple, solution, 0)
    assert (solution.proven, told.reason) == (True, "group")
    assert (told.together.got.reduced, told.together.next_best.reduced) == (12, 10)
    assert told.sentences_en[0].endswith("no option in this class is better.")
    assert "at most 10 together; it has 12" in told.sentences_en[2]
    assert explain(couple, solve(couple, objective="stable"), 0).reason == "group"


def test_a_partner_without_an_option_is_named():
    """Agent 1 has nothing in the class that agent 0 wishes for."""
    market = Market([0, 2, 3], [0, 1, 1], [9, 5, 7], [2, 2], groups=[Group([0, 1], [[0], [1]])])
    told = explain(market, solve(market), 0)
    assert (told.reason, told.sentences_en[2][:37]) == ("group", "Agent 1 of its group has no option in")


def test_after_a_search_the_whole_is_the_reason():
    """Agent 1 would rather have the one seat of object 0; the search proved the sum, and no price is invented."""
    market = Market([0, 2, 4], [0, 1, 0, 1], [9, 2, 8, 3], [1, 2], quotas=[Quota([0, 1], 0, 2)])
    told = explain(market, replace(solve(market), certificate="search", prices=np.zeros(2, np.int64)), 1)
    assert told.reason == "whole"
    assert told.sentences_en[2].startswith("The assignment as a whole is the best (proven by search)")
    assert [rival.agent for rival in told.rivals] == [0]


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


def test_a_solution_knows_its_market(market):
    """`explain(solution, agent)` is the same as with the market; a solution without one is told how to ask."""
    solution = solve(market)
    assert explain(solution, 1) == explain(market, solution, 1)
    with pytest.raises(JieduiError, match="does not know its market"):
        explain(replace(solution, market=None), 1)
