"""The engine's own promises: wide numbers, threads, limits, warm starts, ways out. What is best is held elsewhere."""

from __future__ import annotations

import signal
import subprocess
import sys
import textwrap
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ortools.graph.python import min_cost_flow
from scipy.optimize import linear_sum_assignment

from jiedui.matching import Market, solve, verify
from jiedui.matching.solver import auction, optimum, stage
from jiedui.matching.solver.block_order import block_order
from jiedui.matching.solver.crew import Crew
from jiedui.matching.solver.packing import Weighing, pack
from tests.matching.markets import markets

OPTIMISING = ("utility", "placements_then_utility")


def blocks(agents, *, degree=6, highest=900, seed=1, seats=3):
    """A market of neighbouring blocks, numbered at random: what the block order has to find again."""
    rng = np.random.default_rng(seed)
    objects = agents // 4
    home = rng.integers(0, objects, agents)
    columns = (home[:, None] + rng.integers(0, 40, (agents, degree))) % objects
    columns = rng.permutation(objects)[columns]
    columns.sort(axis=1)
    keep = np.ones_like(columns, bool)
    keep[:, 1:] = columns[:, 1:] != columns[:, :-1]
    indptr = np.concatenate([[0], np.cumsum(keep.sum(axis=1))])
    return Market(
        indptr, columns[keep], rng.integers(1, highest + 1, int(keep.sum())), rng.integers(0, seats + 1, objects)
    )


def flow_optimum(market):
    """The greatest sum of utilities, by OR-Tools' SimpleMinCostFlow."""
    agents, objects = market.agents, market.objects
    sink = agents + objects
    flow = min_cost_flow.SimpleMinCostFlow()
    who, what = np.arange(agents), np.arange(objects)
    flow.add_arcs_with_capacity_and_unit_cost(
        np.concatenate([market.edge_agents(), agents + what, who]).astype(np.int32),
        np.concatenate([agents + market.indices, np.full(objects + agents, sink)]).astype(np.int32),
        np.concatenate([np.ones(market.edges, np.int64), market.seats, np.ones(agents, np.int64)]),
        np.concatenate([-market.utility.astype(np.int64), np.zeros(objects + agents, np.int64)]),
    )
    flow.set_nodes_supplies(who.astype(np.int32), np.ones(agents, np.int64))
    flow.set_node_supply(sink, -agents)
    assert flow.solve() == min_cost_flow.SimpleMinCostFlow.OPTIMAL
    return -flow.optimal_cost()


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_threads_change_nothing_that_counts(threads):
    """30,000 agents, cut for one, two and three threads: the same optimum and the same prices, twice the same bytes."""
    market = blocks(30_000)
    first, again = solve(market, threads=threads), solve(market, threads=threads)
    verify(market, first)
    assert first.objective == flow_optimum(market)
    assert first.assignment.tobytes() == again.assignment.tobytes()
    assert first.prices.tobytes() == solve(market, threads=1).prices.tobytes() == again.prices.tobytes()


def test_the_market_is_really_cut():
    """The test above is about several parts: with two threads most agents are inside one."""
    market = blocks(30_000)
    with Crew(2) as crew:
        packed = pack(market, Weighing.utility(market), crew)
        parts = auction.Auction(packed, crew).cut
    assert parts.parts == 2
    assert (np.bincount(parts.part, minlength=3)[:2] > 10_000).all()


def test_the_block_order_is_a_permutation_that_finds_neighbours():
    """Every number once; and objects of one row lie far closer than at random."""
    market = blocks(30_000)
    agent_at, object_to = block_order(market)
    assert np.array_equal(np.sort(agent_at), np.arange(market.agents))
    assert np.array_equal(np.sort(object_to), np.arange(market.objects))
    placed = object_to[market.indices]
    spread = np.maximum.reduceat(placed, market.indptr[:-1]) - np.minimum.reduceat(placed, market.indptr[:-1])
    assert np.median(spread) < market.objects / 50


@settings(max_examples=60, deadline=None)
@given(markets(lowest=-2, reserve=True), st.sampled_from([2**20, 2**33, 2**41]), st.sampled_from(OPTIMISING))
def test_wide_utilities_give_the_same_answer_in_other_units(market, unit, objective):
    """32-bit edges, 64-bit edges, numbers too wide for the auction: the value is the narrow market's, scaled."""
    wide = Market(
        market.indptr,
        market.indices,
        market.utility * unit,
        market.seats,
        tier=market.tier,
        reserve=None if market.reserve is None else market.reserve * unit,
    )
    narrow, scaled = solve(market, objective=objective), solve(wide, objective=objective)
    verify(wide, scaled)
    assert scaled.proven
    assert scaled.objective == narrow.objective * unit
    assert scaled.placements >= narrow.placements or objective == "utility"


def test_the_three_widths_are_really_met():
    """The units above stand for 32-bit words, 64-bit words, and the way out."""
    market = blocks(300)
    with Crew(1) as crew:
        kinds = []
        for unit in (1, 2**20, 2**41):
            wide = Market(market.indptr, market.indices, market.utility * unit, market.seats)
            packed = pack(wide, Weighing.utility(wide), crew)
            kinds.append(None if packed is None else packed.edges.dtype)
    assert kinds == [np.uint32, np.uint64, None]


@pytest.mark.parametrize("objective", OPTIMISING)
def test_a_cap_on_bids_falls_back_to_a_flow_and_says_so(monkeypatch, objective):
    """Without a single bid allowed the answer is the same, proven, and the status tells who computed it."""
    market = blocks(3000)
    expected = solve(market, objective=objective)
    monkeypatch.setattr(auction, "BIDS_PER_AGENT", -1)
    solution = solve(market, objective=objective)
    verify(market, solution)
    assert (expected.status, solution.status, solution.proven) == ("optimal", "optimal by flow", True)
    assert solution.values == expected.values
    assert solution.prices.tobytes() == expected.prices.tobytes()


def test_premiums_that_are_too_small_are_noticed(monkeypatch):
    """With a premium of almost nothing a long chain would leave somebody out: it is raised until nobody is."""
    monkeypatch.setattr(stage, "PREMIUM", 0)
    length = 12
    indptr = np.arange(0, 2 * length + 1, 2)
    indices = np.stack([np.arange(length), np.arange(1, length + 1)], axis=1).ravel()
    utility = np.tile([50, 1], length)
    market = Market(
        np.append(indptr, indptr[-1] + 1), np.append(indices, 0), np.append(utility, 60), np.ones(length + 1, int)
    )
    solution = solve(market, objective="placements_then_utility")
    verify(market, solution)
    assert (solution.placements, solution.proven) == (length + 1, True)


@pytest.mark.parametrize("gap", [0.05, 0.001])
def test_a_gap_that_is_enough_is_kept_and_certified(gap):
    """The solution is within the gap that was asked, by its own certificate."""
    market = blocks(30_000, seats=2)
    solution = solve(market, gap=gap)
    verify(market, solution)
    assert 0 <= solution.gap <= gap
    assert solution.status in ("within gap", "optimal")
    assert solution.bound >= solve(market).objective >= solution.objective


@settings(max_examples=200, deadline=None)
@given(markets(reserve=True, tiers=False), st.sampled_from([0.5, 0.1]))
def test_any_gap_is_certified_on_any_market(market, gap):
    """More seats than edges, no seats, no edges: the bound of a solution that is only near is what verify finds."""
    solution = solve(market, gap=gap)
    verify(market, solution)
    assert solution.gap <= gap


@pytest.mark.parametrize("objective", OPTIMISING)
def test_a_time_limit_gives_a_feasible_answer_with_a_bound(objective):
    """A limit that is over at once: what was reached is feasible, and the bound holds."""
    market = blocks(30_000)
    solution = solve(market, objective=objective, time_limit=1e-9)
    verify(market, solution)
    assert (solution.status, solution.proven) == ("time limit", False)
    assert solution.bounds >= solve(market, objective=objective).values


@settings(max_examples=100, deadline=None)
@given(markets(reserve=True, lowest=-1), markets(reserve=True, lowest=-1), st.sampled_from(OPTIMISING))
def test_any_warm_start_leads_to_the_optimum(market, other, objective):
    """Whatever market the state comes from, of this size or another, the answer is that of a cold start."""
    cold = solve(market, objective=objective)
    warm = solve(market, objective=objective, warm_start=solve(other, objective=objective).warm_state)
    verify(market, warm)
    assert warm.values == cold.values
    assert warm.prices.tobytes() == cold.prices.tobytes()


@pytest.mark.parametrize("tiers", [0, 2])
@pytest.mark.parametrize("objective", OPTIMISING)
def test_a_warm_start_after_changed_rows_and_seats(objective, tiers):
    """One in a hundred agents has other edges, and of other number; seats come and go: as from a cold start."""
    market = blocks(30_000)
    rng = np.random.default_rng(5)
    tier = rng.integers(0, tiers, market.agents) if tiers else None
    market = Market(market.indptr, market.indices, market.utility, market.seats, tier=tier)
    row = np.arange(market.agents)
    row[rng.choice(market.agents, 300, replace=False)] = rng.integers(0, market.agents, 300)
    parts = [market.row(i) for i in row]
    seats = market.seats.copy()
    seats[rng.choice(market.objects, 75, replace=False)] = rng.integers(0, 4, 75)
    changed = Market(
        np.concatenate([[0], np.cumsum([part.stop - part.start for part in parts])]),
        np.concatenate([market.indices[part] for part in parts]),
        np.concatenate([market.utility[part] for part in parts]),
        seats,
        tier=tier,
    )
    warm = solve(changed, objective=objective, warm_start=solve(market, objective=objective).warm_state)
    verify(changed, warm)
    cold = solve(changed, objective=objective)
    assert warm.values == cold.values
    assert warm.prices.tobytes() == cold.prices.tobytes()
    assert warm.bids < cold.bids


def test_a_warm_start_that_is_dear_becomes_a_cold_one(monkeypatch):
    """With no bids to spend the state is dropped stage by stage: the very assignment of a cold start, for more bids."""
    market = blocks(3_000)
    market = Market(
        market.indptr, market.indices, market.utility, market.seats, tier=np.arange(market.agents) % 2,
        block_order=np.arange(market.agents),
    )  # fmt: skip
    cold = solve(market, objective="placements_then_utility")
    far = replace(cold.warm_state, combined=tuple(np.zeros_like(price) for price in cold.warm_state.combined))
    monkeypatch.setattr(auction, "WARM_BIDS", 0)
    warm = solve(market, objective="placements_then_utility", warm_start=far)
    verify(market, warm)
    assert warm.assignment.tobytes() == cold.assignment.tobytes()
    assert warm.prices.tobytes() == cold.prices.tobytes()
    assert warm.bids > cold.bids


def test_a_forged_state_proves_nothing():
    """Prices and places out of any range in a warm state change nothing about the answer."""
    market = blocks(300)
    state = solve(market).warm_state
    forged = replace(
        state,
        assignment=np.full(market.agents, 10**6, np.int32),
        combined=(np.full(market.objects, -(2**40)),),
        order=(np.zeros(0, np.int32), np.zeros(0, np.int32)),
    )
    assert solve(market, warm_start=forged).values == solve(market).values


def test_one_to_one_markets_take_the_assignment_solver(monkeypatch):
    """As many agents as objects, placements first: SciPy's optimum, the auction's prices, and no bid was made."""
    rng = np.random.default_rng(2)
    size = 60
    utility = rng.integers(0, 30, (size, size))
    market = Market(
        np.arange(size + 1) * size, np.tile(np.arange(size), size), utility.ravel(), np.ones(size, np.int64)
    )
    solution = solve(market, objective="placements_then_utility")
    verify(market, solution)
    rows, columns = linear_sum_assignment(utility, maximize=True)
    assert (solution.objective, solution.bids) == (int(utility[rows, columns].sum()), 0)
    monkeypatch.setattr(optimum, "is_one_to_one", lambda market: False)
    by_auction = solve(market, objective="placements_then_utility")
    assert by_auction.bids > 0
    assert by_auction.prices.tobytes() == solution.prices.tobytes()


def test_one_to_one_without_a_perfect_matching_is_solved_all_the_same():
    """Two agents with one object between them: the assignment solver has no answer, the auction has."""
    market = Market([0, 1, 2], [0, 0], [3, 4], [1, 1])
    solution = solve(market, objective="placements_then_utility")
    verify(market, solution)
    assert solution.assignment.tolist() == [-1, 0]


@pytest.mark.parametrize("threads", [1, 2])
def test_ctrl_c_ends_a_long_solve(threads):
    """SIGINT while it computes: KeyboardInterrupt, and the process is gone."""
    code = f"""
        import numpy as np
        from jiedui.matching import Market, solve
        from tests.matching.test_engine import blocks
        solve(blocks(300))
        market = blocks(30_000)
        print("ready", flush=True)
        while True:
            solve(market, threads={threads})
    """
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "ready\n"
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate()
    assert errors.rstrip().endswith("KeyboardInterrupt")
    assert process.returncode == -signal.SIGINT
