"""The other libraries, as the benchmark calls them, solve the same problem as ours."""

from __future__ import annotations

import importlib.util

import numpy as np
import pytest

from bench.matching.instances import FAMILIES, Instance, make
from bench.matching.peers import PEERS, PeerCannot, ortools_flow_with_quotas
from bench.matching.side_problems import RegionalQuotas
from jiedui.errors import JieduiError
from jiedui.matching import Market, Quota, Solution, solve, verify

MODULE = {"lemon": "pylmcf", "highs": "highspy", "matching_stable": "matching"}
"""Peers of the lock file bench.lock; the others come with the product."""


def ours(instance: Instance, objective: str, **side: object) -> Solution:
    """Our verified solution."""
    market = Market(instance.indptr, instance.indices, instance.utility, instance.seats, **side)
    solution = solve(market, objective=objective)
    verify(market, solution)
    return solution


@pytest.mark.parametrize(
    ("peer", "family"),
    [
        *((peer, family) for peer in ("ortools_flow", "lemon", "highs", "scipy_sparse") for family in
          ("base", "cardinality", "one_seat", "scarce")),
        *((peer, "perfect") for peer in ("ortools_assignment", "scipy_dense", "scipy_sparse", "ortools_flow")),
        ("matching_stable", "base"),
    ],
)  # fmt: skip
def test_equal_optimum(peer, family):
    """Same sum and same number placed as ours; a peer that is not installed says so."""
    instance = make(family, 400)
    objective = "stable" if peer == "matching_stable" else FAMILIES[family].objective
    if importlib.util.find_spec(MODULE.get(peer, "numpy")) is None:
        with pytest.raises(PeerCannot, match="is not installed"):
            PEERS[peer][1](instance, objective)
        return
    found, own = PEERS[peer][1](instance, objective), ours(instance, objective)

    assert found.value == own.objective
    if objective != "utility":  # among equal sums the number placed may differ
        assert found.placements == own.placements
    assert found.build_seconds > 0
    assert found.solve_seconds > 0


def small_with_quotas(family: str = "base") -> tuple[Instance, RegionalQuotas]:
    """Sixty agents and bounds that the optimum without them breaks."""
    instance = make(family, 60)
    regions = int(instance.object_region.max()) + 1
    found = ours(instance, "utility").assignment
    count = np.bincount(instance.object_region[found[found >= 0]], minlength=regions)
    upper = np.bincount(instance.object_region, instance.seats, regions).astype(np.int64)
    upper[np.argmax(count)] = count.max() - 2
    return instance, RegionalQuotas(np.zeros(regions, np.int64), upper)


def test_quotas_by_a_node_per_region():
    """OR-Tools with region nodes finds the optimum that ours finds with `Quota`s, and it is below the free one."""
    instance, bounds = small_with_quotas()
    quotas = [
        Quota(np.flatnonzero(instance.object_region == region), int(lower), int(upper))
        for region, (lower, upper) in enumerate(zip(bounds.lower, bounds.upper, strict=True))
    ]
    found = ortools_flow_with_quotas(instance, bounds)

    assert found.value == ours(instance, "utility", quotas=quotas).objective
    assert found.value < ours(instance, "utility").objective


def test_a_lower_quota_is_met_at_a_cost_or_not_at_all():
    """One more agent in a region than the optimum has: less utility, or impossible; ours and the peer agree."""
    instance, bounds = small_with_quotas("slack")
    free = ours(instance, "utility")
    regions = len(bounds.lower)
    count = np.bincount(instance.object_region[free.assignment[free.assignment >= 0]], minlength=regions)
    seats = np.bincount(instance.object_region, instance.seats, regions).astype(np.int64)
    met = 0
    for region in np.flatnonzero(count < seats):
        lower = np.zeros_like(seats)
        lower[region] = count[region] + 1
        quota = Quota(np.flatnonzero(instance.object_region == region), int(lower[region]))
        try:
            found = ortools_flow_with_quotas(instance, RegionalQuotas(lower, seats))
        except PeerCannot:
            with pytest.raises(JieduiError):
                ours(instance, "utility", quotas=[quota])
            continue
        assert found.value == ours(instance, "utility", quotas=[quota]).objective <= free.objective
        met += 1
    assert met > 0
