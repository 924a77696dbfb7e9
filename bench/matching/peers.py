"""同类: the libraries that a user could pick instead, each as its own documentation would use it, arrays vectorised.

Each function takes an `Instance` and gives an `Outcome`; `PeerCannot` says why it has none. What only builds the
library's own form of the problem is timed apart from solving it. Nothing is imported before it is needed, so that a
peer that is not installed stops only itself.
"""

from __future__ import annotations

import importlib
import sys
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType

import numpy as np
import numpy.typing as npt

from bench.matching.instances import Instance
from bench.matching.side_problems import RegionalQuotas

Int64 = npt.NDArray[np.int64]
PLACEMENT = 100_000
"""Weight of a placement where placements count first: a hundred times the greatest utility. A modest weight is the
easier problem for a peer; that it was enough shows in the number placed, which must be ours."""


class PeerCannot(Exception):  # noqa: N818 — named for what it is
    """A peer has no answer for this market: not installed, or it gave up; the message says which."""


@dataclass(frozen=True)
class Outcome:
    """What a peer found: the sum of utilities, the agents placed, and the seconds of building and of solving."""

    value: int
    placements: int
    build_seconds: float
    solve_seconds: float


def _library(name: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise PeerCannot(f"`{name.split('.')[0]}` is not installed here") from error


# ── flows ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, eq=False)
class Arcs:
    """A market as a flow: agents in block order, then objects, then one node outside; arcs by tail, then by head.

    Every agent sends one unit: over an edge and a seat, or straight outside. `edge` is the edge of an arc, −1 = none.
    """

    tail: npt.NDArray[np.int32]
    head: npt.NDArray[np.int32]
    room: Int64
    edge: npt.NDArray[np.int32]
    supply: Int64


def _arcs(instance: Instance) -> Arcs:
    agents, objects, edges = instance.agents, instance.objects, len(instance.indices)
    order = instance.block_order()
    length = np.diff(instance.indptr)[order]
    ends = np.cumsum(length)
    total = edges + agents + objects
    tail, head = np.empty(total, np.int32), np.empty(total, np.int32)
    room, edge = np.ones(total, np.int64), np.full(total, -1, np.int32)
    row = np.repeat(np.arange(agents, dtype=np.int32), length)
    place = np.arange(edges) + row  # one arc to the outside stands at the end of every row
    taken = np.arange(edges) + np.repeat(instance.indptr[order] - (ends - length), length)
    outside = agents + objects
    tail[place], head[place], edge[place] = row, agents + instance.indices[taken], taken
    stay = ends + np.arange(agents)
    tail[stay], head[stay] = np.arange(agents), outside
    tail[edges + agents :], head[edges + agents :] = np.arange(agents, outside), outside
    room[edges + agents :] = instance.seats
    supply = np.zeros(outside + 1, np.int64)
    supply[:agents], supply[outside] = 1, -agents
    return Arcs(tail, head, room, edge, supply)


def _worth(instance: Instance, arcs: Arcs, objective: str) -> Int64:
    """What a unit on each arc is worth: the utility of an edge (and a placement, where these count), otherwise 0."""
    worth = np.where(arcs.edge >= 0, instance.utility[arcs.edge].astype(np.int64), 0)
    if objective == "placements_then_utility":
        worth[arcs.edge >= 0] += PLACEMENT
    return worth


def _outcome(instance: Instance, edges: npt.NDArray[np.integer], started: float, built: float, ended: float) -> Outcome:
    value = int(instance.utility[edges].sum(dtype=np.int64))
    return Outcome(value, len(edges), built - started, ended - built)


def ortools_flow(instance: Instance, objective: str) -> Outcome:
    """OR-Tools SimpleMinCostFlow (cost scaling, push–relabel)."""
    library = _library("ortools.graph.python.min_cost_flow")
    started = time.perf_counter()
    arcs = _arcs(instance)
    flow = library.SimpleMinCostFlow()
    flow.add_arcs_with_capacity_and_unit_cost(arcs.tail, arcs.head, arcs.room, -_worth(instance, arcs, objective))
    flow.set_nodes_supplies(np.arange(len(arcs.supply), dtype=np.int32), arcs.supply)
    built = time.perf_counter()
    status = flow.solve()
    ended = time.perf_counter()
    if status != flow.OPTIMAL:
        raise PeerCannot(f"SimpleMinCostFlow ended with {status}")
    used = flow.flows(np.flatnonzero(arcs.edge >= 0).astype(np.int32)) > 0
    return _outcome(instance, arcs.edge[arcs.edge >= 0][used], started, built, ended)


def lemon(instance: Instance, objective: str) -> Outcome:
    """LEMON's network simplex, its fastest on these flows, through `pylmcf`; it wants costs that are not negative."""
    library = _library("pylmcf")
    started = time.perf_counter()
    arcs = _arcs(instance)
    worth = _worth(instance, arcs, objective)
    cost = np.where(arcs.tail < instance.agents, int(worth.max(initial=0)) - worth, 0)
    graph = library.Graph(len(arcs.supply), arcs.tail.astype(np.int64), arcs.head.astype(np.int64))
    graph.set_node_supply(arcs.supply)
    graph.set_edge_costs(cost)
    graph.set_edge_capacities(arcs.room)
    built = time.perf_counter()
    graph.solve()
    ended = time.perf_counter()
    return _outcome(instance, arcs.edge[(arcs.edge >= 0) & (graph.result() > 0)], started, built, ended)


def ortools_flow_with_quotas(instance: Instance, quotas: RegionalQuotas) -> Outcome:
    """SimpleMinCostFlow with a node per region: exact; a lower bound is room that pays more than any path can."""
    library = _library("ortools.graph.python.min_cost_flow")
    started = time.perf_counter()
    arcs = _arcs(instance)
    regions, outside = len(quotas.lower), instance.agents + instance.objects
    head = arcs.head.copy()
    seats = (arcs.tail >= instance.agents) & (head == outside)
    head[seats] = outside + 1 + instance.object_region.astype(np.int32)
    node = np.arange(outside + 1, outside + 1 + regions, dtype=np.int32)
    zero = np.zeros(regions, np.int64)
    flow = library.SimpleMinCostFlow()
    worth = _worth(instance, arcs, "utility")
    flow.add_arcs_with_capacity_and_unit_cost(
        np.concatenate([arcs.tail, node, node]),
        np.concatenate([head, np.full(2 * regions, outside, np.int32)]),
        np.concatenate([arcs.room, quotas.lower, quotas.upper - quotas.lower]),
        -np.concatenate([worth, zero + PLACEMENT, zero]),
    )
    flow.set_nodes_supplies(np.arange(len(arcs.supply), dtype=np.int32), arcs.supply)
    built = time.perf_counter()
    status = flow.solve()
    ended = time.perf_counter()
    if status != flow.OPTIMAL:
        raise PeerCannot(f"SimpleMinCostFlow ended with {status}")
    used = arcs.edge[(arcs.edge >= 0) & (flow.flows(np.arange(len(arcs.tail), dtype=np.int32)) > 0)]
    count = np.bincount(instance.object_region[instance.indices[used]], minlength=regions)
    if (count < quotas.lower).any():
        raise PeerCannot("the lower quotas cannot all be met")
    return _outcome(instance, used, started, built, ended)


# ── linear programmes and matrices ───────────────────────────────────────────────────────────────────────────────────


def highs(instance: Instance, objective: str) -> Outcome:
    """HiGHS, as a linear programme: a column per edge, a row per agent and per object. Its corners are integral."""
    library = _library("highspy")
    started = time.perf_counter()
    edges, rows = len(instance.indices), instance.agents + instance.objects
    programme = library.HighsLp()
    programme.num_col_, programme.num_row_ = edges, rows
    extra = PLACEMENT if objective == "placements_then_utility" else 0
    programme.col_cost_ = -(instance.utility.astype(np.float64) + extra)
    programme.col_lower_, programme.col_upper_ = np.zeros(edges), np.full(edges, library.kHighsInf)
    programme.row_lower_ = np.full(rows, -library.kHighsInf)
    programme.row_upper_ = np.concatenate([np.ones(instance.agents), instance.seats]).astype(np.float64)
    matrix = programme.a_matrix_
    matrix.format_ = library.MatrixFormat.kColwise
    matrix.start_ = np.arange(0, 2 * edges + 1, 2, dtype=np.int32)
    source = np.repeat(np.arange(instance.agents, dtype=np.int32), np.diff(instance.indptr))
    matrix.index_ = np.stack([source, instance.agents + instance.indices], axis=1).ravel()
    matrix.value_ = np.ones(2 * edges)
    solver = library.Highs()
    solver.setOptionValue("output_flag", False)
    solver.passModel(programme)
    built = time.perf_counter()
    solver.run()
    ended = time.perf_counter()
    if solver.getModelStatus() != library.HighsModelStatus.kOptimal:
        raise PeerCannot(f"HiGHS ended with {solver.modelStatusToString(solver.getModelStatus())}")
    used = np.flatnonzero(np.array(solver.getSolution().col_value) > 0.5)
    return _outcome(instance, used, started, built, ended)


def scipy_sparse(instance: Instance, objective: str) -> Outcome:
    """SciPy min_weight_full_bipartite_matching: a column per seat, and one per agent for staying out."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching

    started = time.perf_counter()
    agents = instance.agents
    seats = np.minimum(instance.seats, np.bincount(instance.indices, minlength=instance.objects)).astype(np.int64)
    first = np.concatenate([[0], np.cumsum(seats)])
    copies = seats[instance.indices]
    until = np.concatenate([[0], np.cumsum(copies)])
    edge = np.repeat(np.arange(len(copies)), copies)
    column = first[instance.indices[edge]] + np.arange(len(edge)) - until[edge]
    row = np.repeat(np.arange(agents), np.diff(instance.indptr))[edge]
    extra = PLACEMENT if objective == "placements_then_utility" else 0
    most = int(instance.utility.max()) + extra + 1  # a stored 0 would count as no edge, so every cost is above it
    cost = np.concatenate([most - extra - instance.utility[edge].astype(np.int64), np.full(agents, most)])
    rows, columns = np.concatenate([row, np.arange(agents)]), np.concatenate([column, first[-1] + np.arange(agents)])
    matrix = csr_array((cost.astype(np.float64), (rows, columns)), shape=(agents, int(first[-1]) + agents))
    built = time.perf_counter()
    who, where = min_weight_full_bipartite_matching(matrix)
    ended = time.perf_counter()
    placed = where < first[-1]
    objects = np.searchsorted(first, where[placed], side="right") - 1
    return _outcome(instance, _edges_between(instance, who[placed], objects), started, built, ended)


def scipy_dense(instance: Instance, objective: str) -> Outcome:
    """SciPy linear_sum_assignment on the full table of a one-to-one market in which everybody can be placed."""
    from scipy.optimize import linear_sum_assignment

    started = time.perf_counter()
    table = np.full((instance.agents, instance.objects), -float(PLACEMENT) * 100)
    source = np.repeat(np.arange(instance.agents), np.diff(instance.indptr))
    table[source, instance.indices] = instance.utility
    built = time.perf_counter()
    who, where = linear_sum_assignment(table, maximize=True)
    ended = time.perf_counter()
    placed = table[who, where] > 0
    return _outcome(instance, _edges_between(instance, who[placed], where[placed]), started, built, ended)


def ortools_assignment(instance: Instance, objective: str) -> Outcome:
    """OR-Tools SimpleLinearSumAssignment, for a one-to-one market in which everybody can be placed."""
    library = _library("ortools.graph.python.linear_sum_assignment")
    started = time.perf_counter()
    source = np.repeat(np.arange(instance.agents, dtype=np.int32), np.diff(instance.indptr))
    assignment = library.SimpleLinearSumAssignment()
    assignment.add_arcs_with_cost(source, instance.indices, -instance.utility.astype(np.int64))
    built = time.perf_counter()
    status = assignment.solve()
    ended = time.perf_counter()
    if status != assignment.OPTIMAL:
        raise PeerCannot(f"SimpleLinearSumAssignment ended with {status}")
    return Outcome(-assignment.optimal_cost(), instance.agents, built - started, ended - built)


def _edges_between(instance: Instance, agents: npt.NDArray[np.integer], objects: npt.NDArray[np.integer]) -> Int64:
    """The edge of each pair; every pair must have one."""
    key = np.repeat(np.arange(instance.agents), np.diff(instance.indptr)) * instance.objects + instance.indices
    wanted = agents.astype(np.int64) * instance.objects + objects
    edge = np.searchsorted(key, wanted)
    if (edge >= len(key)).any() or (key[edge] != wanted).any():
        raise PeerCannot("it placed somebody without an edge")
    return edge


# ── stable matching ──────────────────────────────────────────────────────────────────────────────────────────────────


def matching_stable(instance: Instance, objective: str) -> Outcome:
    """The package `matching`: hospitals and residents in Python objects; both sides rank by utility, then number."""
    library = _library("matching.games")
    started = time.perf_counter()
    source = np.repeat(np.arange(instance.agents), np.diff(instance.indptr))
    liked = np.lexsort((instance.indices, -instance.utility.astype(np.int64), source))
    residents: dict[int, list[int]] = {agent: [] for agent in range(instance.agents)}
    for agent, object_ in zip(source[liked].tolist(), instance.indices[liked].tolist(), strict=True):
        residents[agent].append(object_)
    ranked = np.lexsort((source, -instance.utility.astype(np.int64), instance.indices))
    hospitals: dict[int, list[int]] = {}
    for agent, object_ in zip(source[ranked].tolist(), instance.indices[ranked].tolist(), strict=True):
        hospitals.setdefault(object_, []).append(agent)
    seats = {object_: int(instance.seats[object_]) for object_ in hospitals}
    sys.setrecursionlimit(1_000_000)  # it copies its web of players recursively
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        game = library.HospitalResident.create_from_dictionaries(residents, hospitals, seats)
        built = time.perf_counter()
        found = game.solve(optimal="resident")
    ended = time.perf_counter()
    pairs = [(resident.name, hospital.name) for hospital, held in found.items() for resident in held]
    agents, objects = (np.array(side, np.int64) for side in zip(*pairs, strict=True))
    return _outcome(instance, _edges_between(instance, agents, objects), started, built, ended)


PEERS: dict[str, tuple[str, Callable[[Instance, str], Outcome]]] = {
    "ortools_flow": ("OR-Tools SimpleMinCostFlow", ortools_flow),
    "lemon": ("LEMON network simplex (pylmcf)", lemon),
    "highs": ("HiGHS (highspy)", highs),
    "scipy_sparse": ("SciPy min_weight_full_bipartite_matching", scipy_sparse),
    "scipy_dense": ("SciPy linear_sum_assignment", scipy_dense),
    "ortools_assignment": ("OR-Tools LinearSumAssignment", ortools_assignment),
    "matching_stable": ("matching HospitalResident", matching_stable),
}
"""Peers by name: how the table calls them, and the function."""
