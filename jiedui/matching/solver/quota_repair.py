"""名额修补: from an assignment and prices that almost fit each other to an optimum that its prices prove.

Frees who would rather have something else, sets what every quota must carry at its price, and takes what does not add
up along shortest paths (`quota_paths`): first the freed agents, then surpluses, then deficits.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field

import numpy as np
from numba import njit

from jiedui.errors import JieduiError
from jiedui.matching.solver.arrays import Array, Int32, Int64, Scalar
from jiedui.matching.solver.crew import Crew
from jiedui.matching.solver.edges import edges_taken
from jiedui.matching.solver.market import Market
from jiedui.matching.solver.open_choices import reserve_of
from jiedui.matching.solver.quota_paths import Net, Scratch, State, move, pull_in, push_out, scratch
from jiedui.matching.solver.quota_sweeps import sweep
from jiedui.matching.solver.quota_tree import QuotaTree


@dataclass(frozen=True, eq=False)
class Start:
    """起点: `assignment` (agents,) int32; `prices` (objects,) int64: what a seat costs, its quotas included, less the
    reserve; `quota_prices` (quotas,) int64.
    """

    assignment: Int32
    prices: Int64
    quota_prices: Int64


@dataclass(eq=False)
class Repaired:
    """修补结果: `assignment`, `prices` (objects,) int64 of a seat alone, `quota_prices`; `complete`: proven optimal."""

    assignment: Int32
    prices: Int64
    quota_prices: Int64
    complete: bool
    paths: int = 0
    counts: dict[str, int] = field(default_factory=dict)


def contradiction() -> JieduiError:
    """No assignment keeps all quotas."""
    return JieduiError(
        "The quotas contradict each other: no assignment satisfies them all.",
        remedy="Lower the lower bounds, or add edges and seats.",
    )


def cold(market: Market, tree: QuotaTree) -> Start:
    """Nobody placed, nothing costs anything: a valid start, if a slow one."""
    return Start(
        np.full(market.agents, -1, np.int32), np.zeros(market.objects, np.int64), np.zeros(tree.quotas, np.int64)
    )


def repair(
    market: Market, tree: QuotaTree, start: Start, crew: Crew, deadline: float | None = None, rest: Int64 | None = None
) -> Repaired:
    """Repair `start`. Raises `JieduiError` where no assignment keeps the quotas: no path is left then.

    `rest` (objects,) int64: what a seat costs besides its price and its quotas (None: its reserve).
    """
    net = _network(market, tree, reserve_of(market) if rest is None else rest)
    state = _state(market, tree, start, net)
    free = _envious(net, state, crew)
    _free(net, state, free)
    _balance(tree, net, state)
    s = scratch(tree.root + 1)
    done = Repaired(start.assignment, start.prices, start.quota_prices, False)
    done.counts = {
        "free": len(free),
        "over": int(state.excess[state.excess > 0].sum()),
        "under": -int(state.excess[state.excess < 0].sum()),
    }
    done.complete = _agents_out(net, state, s, free, done, deadline) and _level(market, net, state, s, done, deadline)
    own = state.potential[:-1] - net.rest - state.potential[tree.parent]
    done.assignment, done.prices, done.quota_prices = state.mate, own[: tree.objects], own[tree.objects :]
    return done


def _network(market: Market, tree: QuotaTree, reserve: Int64) -> Net:
    degree = np.bincount(market.indices, minlength=market.objects)
    first = np.zeros(market.objects + 1, np.int64)
    np.cumsum(np.minimum(degree, market.seats) + 1, out=first[1:])
    rest = np.concatenate([reserve, np.zeros(tree.quotas, np.int64)])
    none = np.zeros(0, np.int64)
    return Net(
        market.indptr, market.indices, market.utility, first, tree.parent, tree.low, tree.up, rest, tree.child_start,
        tree.child, none, np.zeros(0, np.int32), none,
    )  # fmt: skip


def _state(market: Market, tree: QuotaTree, start: Start, net: Net) -> State:
    """Arrays of the state; potentials such that no seat costs less than nothing, and an unsold one just that."""
    objects = tree.objects
    taken = edges_taken(market, start.assignment)
    mate = np.where(taken >= 0, start.assignment, -1).astype(np.int32)
    own = np.where(taken >= 0, market.utility[taken] if market.edges else 0, 0).astype(np.int64)
    held = np.bincount(mate[mate >= 0], minlength=objects).astype(np.int64)
    quota_prices = start.quota_prices.copy()
    quota_prices[(quota_prices > 0) & (tree.up[objects:] > market.agents)] = 0
    quota_prices[(quota_prices < 0) & (tree.low[objects:] == 0)] = 0
    potential = np.zeros(tree.root + 1, np.int64)
    for k in tree.inner_first[::-1].tolist():
        potential[objects + k] = quota_prices[k] + potential[tree.parent[objects + k]]
    floor = potential[tree.parent[:objects]]
    seat = np.where(held < market.seats, floor, np.maximum(floor, start.prices))
    potential[:objects] = seat + net.rest[:objects]
    nodes = len(tree.parent)
    holder = np.empty(int(net.first[-1]), np.int32)
    _take_seats(net.first, mate, holder, held)
    return State(mate, own, holder, held, potential, np.zeros(nodes, np.int64), np.zeros(nodes, np.int64))


def _envious(net: Net, state: State, crew: Crew) -> Int32:
    """Who would rather have something else."""
    parts = crew.parts(len(state.mate))
    found = np.empty(len(state.mate), np.int32)
    rows = (net.indptr, net.indices, net.utility, state.potential, state.own, state.mate, found)
    counted = crew.map(lambda lo, hi: dissatisfied(*rows, lo, hi), parts)
    return np.concatenate([found[lo : lo + count] for (lo, _), (count, _) in zip(parts, counted, strict=True)])


@njit(cache=True, nogil=True)
def dissatisfied(
    indptr: Array, indices: Array, utility: Array, price: Array, own: Array, mate: Array, found: Array,
    lo: Scalar, hi: Scalar,
) -> tuple[Scalar, Scalar]:  # fmt: skip
    """Write agents lo to hi − 1 that do not have their best to `found[lo:]`; how many; Σ max(0, utility − price)."""
    count = 0
    total = np.int64(0)
    for agent in range(lo, hi):
        best = np.int64(0)
        worth = utility[indptr[agent] : indptr[agent + 1]]
        to = indices[indptr[agent] : indptr[agent + 1]]
        for k in range(len(to)):
            best = max(best, np.int64(worth[k]) - price[np.uint32(to[k])])
        total += best
        j = np.int64(mate[agent])
        if best != (0 if j < 0 else own[agent] - price[j]):
            found[lo + count] = agent
            count += 1
    return count, total


@njit(cache=True, nogil=True)
def _take_seats(first: Array, mate: Array, holder: Array, held: Array) -> None:
    """Who holds an object, in order of the agents."""
    held[:] = 0
    for agent in range(len(mate)):
        j = np.int64(mate[agent])
        if j >= 0:
            holder[first[j] + held[j]] = agent
            held[j] += 1


@njit(cache=True, nogil=True)
def _free(net: Net, state: State, free: Array) -> None:
    """Take the agents `free` out of what they have."""
    for agent in free:
        if state.mate[agent] >= 0:
            move(net, state, np.int64(agent), np.int64(-1), np.int64(-1))


def _balance(tree: QuotaTree, net: Net, state: State) -> None:
    """What every node must pass on at its price, and what is then left over there."""
    objects = tree.objects
    own = state.potential[:-1] - net.rest - state.potential[tree.parent]
    seats, flow = tree.up[:objects], state.flow
    flow[:objects] = np.where(own[:objects] > 0, seats, state.held)
    inflow = np.zeros(tree.root + 1, np.int64)
    inflow[:objects] = state.held
    np.add.at(inflow, tree.parent[:objects], flow[:objects])
    for k in (objects + tree.inner_first).tolist():
        low, up = int(tree.low[k]), int(tree.up[k])
        flow[k] = up if own[k] > 0 else low if own[k] < 0 else min(max(int(inflow[k]), low), up)
        inflow[tree.parent[k]] += flow[k]
    state.excess[:] = inflow[:-1] - flow


def _late(deadline: float | None) -> bool:
    return deadline is not None and time.monotonic() > deadline


def _agents_out(net: Net, state: State, s: Scratch, free: Int32, done: Repaired, deadline: float | None) -> bool:
    """A place for each freed agent; False when the time is over."""
    for agent in free.tolist():
        if _late(deadline):
            return False
        push_out(net, state, s, -1, agent)
        done.paths += 1
    return True


def _level(market: Market, net: Net, state: State, s: Scratch, done: Repaired, deadline: float | None) -> bool:
    """Surpluses out, then deficits in; False when the time is over."""
    room = np.zeros((2, len(net.parent) + 1), np.int64), np.zeros(len(net.parent) + 1, np.int8)
    for sign in (1, -1):
        nodes = np.flatnonzero(state.excess * sign > 0)
        if sign < 0 and len(nodes):
            net = _with_columns(market, net)
        for node in nodes.tolist():
            while state.excess[node] * sign > 0:
                if _late(deadline):
                    return False
                if abs(state.excess[node]) > 1:
                    done.paths += sweep(net, state, s, node, *room)
                if state.excess[node] * sign > 0:
                    if not (push_out(net, state, s, node, -1) if sign > 0 else pull_in(net, state, s, node)):
                        raise contradiction()
                    done.paths += 1
    return True


def _with_columns(market: Market, net: Net) -> Net:
    """The edges by object."""
    column = np.zeros(market.objects + 1, np.int64)
    np.cumsum(np.bincount(market.indices, minlength=market.objects), out=column[1:])
    agents, edges = np.empty(market.edges, np.int32), np.empty(market.edges, np.int64)
    _transpose(market.indptr, market.indices, column[:-1].copy(), agents, edges)
    return net._replace(column=column, column_agent=agents, column_edge=edges)


@njit(cache=True, nogil=True)
def _transpose(indptr: Array, indices: Array, place: Array, agents: Array, edges: Array) -> None:
    for agent in range(len(indptr) - 1):
        for e in range(indptr[agent], indptr[agent + 1]):
            j = np.uint32(indices[e])
            agents[place[j]] = agent
            edges[place[j]] = e
            place[j] += 1
