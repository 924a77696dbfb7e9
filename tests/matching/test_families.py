"""The solver against OR-Tools and SciPy on the DIMACS families."""

from __future__ import annotations

import numpy as np
import pytest
from ortools.graph.python import min_cost_flow
from scipy.sparse import csr_array
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from jiedui.matching import Market, solve, verify
from tests.matching.families import FAMILIES, Costs

SIZE = 72
SEEDS = (1, 2, 3)


def market_of(costs: Costs, utility: np.ndarray, seats: np.ndarray) -> Market:
    """The edges of a family as a market."""
    return Market.from_edges(costs.agent, costs.object_, utility, agents=costs.size, seats=seats)


def greatest_sum(costs: Costs, utility: np.ndarray, seats: np.ndarray) -> int:
    """The optimum by OR-Tools: agents send a unit over an edge and a seat, or straight outside for nothing."""
    size = costs.size
    node = np.arange(size, dtype=np.int32)
    outside = np.full(size, 2 * size, np.int32)
    flow = min_cost_flow.SimpleMinCostFlow()
    flow.add_arcs_with_capacity_and_unit_cost(
        np.concatenate([costs.agent, node, size + node]).astype(np.int32),
        np.concatenate([size + costs.object_, outside, outside]).astype(np.int32),
        np.concatenate([np.ones(len(utility) + size, np.int64), seats]),
        np.concatenate([-utility, np.zeros(2 * size, np.int64)]),
    )
    flow.set_nodes_supplies(node, np.ones(size, np.int64))
    flow.set_node_supply(2 * size, -size)
    assert flow.solve() == flow.OPTIMAL
    return -flow.optimal_cost()


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("seed", SEEDS)
def test_each_family_is_what_it_says(family, seed):
    """Edges in order and once, costs whole and not negative, the same for the same seed, and a perfect assignment."""
    costs, again = (FAMILIES[family](np.random.default_rng(seed), SIZE) for _ in range(2))
    key = costs.agent * SIZE + costs.object_

    assert (np.diff(key) > 0).all()
    assert costs.cost.dtype == np.int64
    assert costs.cost.min() >= 0
    assert costs.cost.tobytes() == again.cost.tobytes()
    everybody = solve(market_of(costs, costs.cost, np.ones(SIZE, np.int64)), objective="placements_then_utility")
    assert everybody.placements == SIZE


@pytest.mark.parametrize("one_to_one", [True, False], ids=["one to one", "with seats"])
@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("seed", SEEDS)
def test_greatest_utility_equals_ortools(family, seed, one_to_one):
    """Dear edges are worth less than staying out, cheap ones more: the same optimum as OR-Tools, and proven."""
    rng = np.random.default_rng(seed)
    costs = FAMILIES[family](rng, SIZE)
    utility = int(costs.cost.max()) // 2 - costs.cost
    seats = np.ones(SIZE, np.int64) if one_to_one else rng.integers(0, 4, SIZE)
    market = market_of(costs, utility, seats)

    solution = solve(market)

    verify(market, solution)
    assert solution.proven
    assert solution.objective == greatest_sum(costs, utility, seats)


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("seed", SEEDS)
def test_cheapest_perfect_assignment_equals_scipy(family, seed):
    """Everybody is placed, at the least cost that SciPy finds."""
    costs = FAMILIES[family](np.random.default_rng(seed), SIZE)
    ceiling = int(costs.cost.max()) + 1
    market = market_of(costs, ceiling - costs.cost, np.ones(SIZE, np.int64))

    solution = solve(market, objective="placements_then_utility")

    verify(market, solution)
    assert solution.proven
    assert solution.placements == SIZE
    table = csr_array((costs.cost + 1.0, (costs.agent, costs.object_)), shape=(SIZE, SIZE))  # 0 would be no edge
    rows, columns = min_weight_full_bipartite_matching(table)
    assert SIZE * ceiling - solution.objective == int(table[rows, columns].sum()) - SIZE
