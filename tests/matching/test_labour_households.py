"""同行与名额: couples, tiers and places per county against every assignment; and what is told of each worker."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jiedui.errors import JieduiError
from jiedui.matching import Market, solve
from jiedui.matching.explain import Explainer
from jiedui.matching.problems.labour.explaining import REASONS, Levels, explain_all
from jiedui.matching.problems.labour.households import settle_together
from jiedui.matching.problems.labour.places import Places
from jiedui.matching.solver.crew import Crew
from jiedui.terms.divisions import Gazetteer
from tests.matching.markets import markets

HOMES, WORKS = ("530602", "533301"), ("440402", "441900")


@st.composite
def worlds(draw):
    """Up to five workers of two counties, some in couples, two tiers, up to four vacancies in two counties."""
    n, m = draw(st.integers(2, 5)), draw(st.integers(1, 4))
    agent, job, worth = [], [], []
    for i, j in product(range(n), range(m)):
        if draw(st.booleans()):
            agent, job, worth = [*agent, i], [*job, j], [*worth, draw(st.integers(1, 12))]
    seats = draw(st.lists(st.integers(0, 2), min_size=m, max_size=m))
    tier = draw(st.lists(st.integers(0, 1), min_size=n, max_size=n))
    partner = np.full(n, -1)
    for one in range(0, draw(st.integers(0, n - 1)), 2):
        partner[[one, one + 1]] = one + 1, one
    home = draw(st.lists(st.integers(0, 1), min_size=n, max_size=n))
    work = draw(st.lists(st.integers(0, 1), min_size=m, max_size=m))
    market = Market.from_edges(agent, job, worth, agents=n, seats=seats, tier=tier)
    nowhere = np.zeros((2, 2))
    places = Places(
        HOMES, WORKS, np.array(home, np.int32), np.array(work, np.int32), nowhere, nowhere > 0, Gazetteer.load()
    )
    return places, market, partner.astype(np.int64)


def every(market, partner, work):
    """All assignments with seats and couples kept."""
    options = [[-1, *market.indices[market.row(i)].tolist()] for i in range(market.agents)]
    for place in product(*options):
        used = np.bincount([j for j in place if j >= 0], minlength=market.objects)
        county = [work[j] if j >= 0 else -1 for j in place]
        if (used <= market.seats).all() and all(p < 0 or county[i] == county[p] for i, p in enumerate(partner)):
            yield np.array(place)


def worth(market, place, who):
    """Placements and utility of some workers."""
    found = [0, 0]
    for i in np.flatnonzero(who & (place >= 0)):
        row = market.row(int(i))
        found[0] += 1
        found[1] += int(market.utility[row][market.indices[row] == place[i]][0])
    return tuple(found)


def settled(places, market, partner, quotas):
    """The result for these."""
    with Crew(1) as crew:
        return settle_together(places, market, partner, quotas, np.zeros(2, np.int64), None, crew, lambda name: None)


@settings(max_examples=60, deadline=None)
@given(worlds())
def test_couples_and_tiers_against_every_assignment(world):
    """Couples and seats are kept; the first tier's bounds hold for every assignment, and are reached where claimed."""
    places, market, partner = world
    found = settled(places, market, partner, {})
    everything = [place.tolist() for place in every(market, partner, places.work)]
    assert found.assignment.tolist() in everything
    tier = np.where(partner >= 0, np.minimum(market.tier, market.tier[partner]), market.tier)
    first = tier == tier.min()
    best = max(worth(market, np.array(place), first) for place in everything)
    (placed, value), (most, limit) = (
        tuple(level[key] for level in found.certificate["levels"][:2]) for key in ("value", "bound")
    )
    assert (placed, value) == worth(market, found.assignment, first)
    assert best[0] <= most
    assert max((w[1] for w in _worths(market, everything, first) if w[0] == placed), default=0) <= limit
    if (placed, value) == (most, limit):
        assert best == (placed, value)
    if not (partner >= 0).any():
        assert found.certificate["proven"]


def _worths(market, everything, who):
    return [worth(market, np.array(place), who) for place in everything]


@settings(max_examples=60, deadline=None)
@given(worlds(), st.integers(0, 2), st.integers(0, 2), st.integers(0, 1))
def test_places_per_county_against_every_assignment(world, least, most, county):
    """One tier: bounds are kept or refused; what is stated as bound holds for every assignment that keeps them."""
    places, market, partner = world
    flat = Market(market.indptr, market.indices, market.utility, market.seats)
    quotas = {HOMES[county]: (least, None), HOMES[1 - county]: (0, most)}
    everybody = np.ones(market.agents, bool)

    def kept(place):
        count = np.bincount(places.home[place >= 0], minlength=2)
        return count[county] >= least and count[1 - county] <= most

    allowed = [place for place in every(flat, partner, places.work) if kept(place)]
    try:
        found = settled(places, flat, partner, quotas)
    except JieduiError:
        assert not allowed or least > 0
        return
    assert found.assignment.tolist() in [place.tolist() for place in allowed]
    (placed, value), (high, limit) = (
        tuple(level[key] for level in found.certificate["levels"]) for key in ("value", "bound")
    )
    reached = [worth(flat, place, everybody) for place in allowed]
    assert max(w[0] for w in reached) <= high
    assert max(w[1] for w in reached if w[0] == placed) <= limit
    assert (placed, value) == worth(flat, found.assignment, everybody)


def test_a_floor_that_nobody_can_fill_is_refused():
    """A county without anybody who seeks work, and a limit below who is placed already, are said."""
    nowhere = np.zeros((2, 2))
    places = Places(HOMES, WORKS, np.zeros(1, np.int32), np.zeros(1, np.int32), nowhere, nowhere > 0, Gazetteer.load())
    market = Market.from_edges([0], [0], [1], agents=1, seats=[1])
    nobody = np.full(1, -1)
    with pytest.raises(JieduiError, match="Nobody of 620102"):
        settled(places, market, nobody, {"620102": (1, None)})
    with Crew(1) as crew, pytest.raises(JieduiError, match="placed already"):
        settle_together(places, market, nobody, {HOMES[0]: (0, 1)}, np.array([2, 0]), None, crew, lambda name: None)


@settings(max_examples=60, deadline=None)
@given(markets(tiers=True), st.sampled_from(["utility", "placements_then_utility"]))
def test_everybody_is_told_what_the_explainer_tells_one_by_one(market, objective):
    """Next best, first wish and reason of each agent are those of `Explainer`."""
    solution = solve(market, objective=objective)
    levels = Levels.of(solution.levels, solution.price_levels)
    with Crew(1) as crew:
        told = explain_all(market, solution.assignment, levels, crew, proven=solution.proven)
    one_by_one = Explainer(market, solution)
    for agent in range(market.agents):
        said = one_by_one(agent)
        assert REASONS[told.reason[agent]] == said.reason
        for edge, option in ((told.next_best[agent], said.next_best), (told.first_wish[agent], said.first_wish)):
            assert (None if edge < 0 else int(market.indices[edge])) == (None if option is None else option.object)
