"""The simple rules: feasible, as their names say, and never above the optimum."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from jiedui.errors import JieduiError
from jiedui.matching import Market, solve
from jiedui.matching.baselines import compare, first_come_first_served, greedy
from tests.matching.brute_force import value, worth
from tests.matching.markets import markets


@settings(max_examples=200, deadline=None)
@given(markets(tiers=False, lowest=-1))
def test_no_rule_exceeds_the_optimum(market):
    """Both rules keep to the seats, take nothing worthless, and give at most the optimal utility."""
    best = solve(market).objective
    for assignment in (first_come_first_served(market), greedy(market)):
        load = np.bincount(assignment[assignment >= 0], minlength=market.objects)
        assert (load <= market.seats).all()
        assert all(worth(market, agent, place) > 0 for agent, place in enumerate(assignment) if place >= 0)
        if market.agents:
            assert value(market, tuple(assignment.tolist()), "utility") <= (best,)


def test_rules_do_what_they_are_called():
    """First come takes the best free seat in turn; greedy lets the greatest utility choose first."""
    market = Market([0, 2, 4], [0, 1, 0, 1], [5, 4, 9, 1], [1, 1])
    assert first_come_first_served(market).tolist() == [0, 1]
    assert first_come_first_served(market, [1, 0]).tolist() == [1, 0]
    assert greedy(market).tolist() == [1, 0]
    with pytest.raises(JieduiError, match="permutation"):
        first_come_first_served(market, [0, 0])


def test_comparison_leaves_unknown_distances_out():
    """Placements, utility, and the mean of the distances that are known; None where none is."""
    market = Market([0, 1, 2], [0, 0], [5, 3], [2])
    rules = {"both": np.array([0, 0], np.int32), "nobody": np.array([-1, -1], np.int32)}
    both, nobody = compare(market, rules, np.array([10.0, np.nan]))
    assert (both.placements, both.utility, both.mean_distance_km) == (2, 8, 10.0)
    assert (nobody.placements, nobody.utility, nobody.mean_distance_km) == (0, 0, None)
