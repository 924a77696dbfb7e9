"""增广路: shortest augmenting paths over agents, objects and quotas, from a nearly optimal start to a proven optimum.

A start is an assignment with integer potentials (what it costs to be at a node, the outside being 0) such that every
arc with a reduced cost that is not 0 carries what its sign demands. What does not add up at a node is its excess (> 0)
or deficit. One search by distance (Dijkstra 1959) takes one unit from an excess to the nearest deficit, or outside; or,
backwards, to a deficit from the nearest place, or from outside. Potentials follow the distances, so reduced costs stay
right, and when nothing is left over the assignment is optimal and the potentials prove it. Where no path is left the
bounds contradict each other (Hoffman 1960).
Source: successive shortest paths, Ahuja, Magnanti and Orlin 1993, §9.7.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from jiedui.matching.solver.arrays import Array, Scalar
from jiedui.matching.solver.quota_compiled import inner

FAR = np.iinfo(np.int64).max
"""The distance of a node that was not reached."""


class Net(NamedTuple):
    """网络: what does not change.

    Rows of the market (`indptr`, `indices`, `utility`); `first` (objects + 1): where the holders of an object begin,
    one place more than can be needed; the tree (see `QuotaTree`), `rest` (objects + quotas): the reserve of an object.
    Columns, for searches backwards: agents `column_agent[column[j]:column[j + 1]]` with the edges `column_edge`.
    """

    indptr: Array
    indices: Array
    utility: Array
    first: Array
    parent: Array
    low: Array
    up: Array
    rest: Array
    child_start: Array
    child: Array
    column: Array
    column_agent: Array
    column_edge: Array


class State(NamedTuple):
    """状态: `mate`, `own` (agents,): object (−1: none) and utility of its edge; `holder`, `held`: who holds an object.

    `potential` (nodes + root,): of an object with its reserve; `flow`, `excess` (nodes,).
    """

    mate: Array
    own: Array
    holder: Array
    held: Array
    potential: Array
    flow: Array
    excess: Array


class Scratch(NamedTuple):
    """草稿: per node distance, next node of the path, its edge (−1: an arc of the tree) and agent; an indexed heap."""

    distance: Array
    via: Array
    via_edge: Array
    via_agent: Array
    heap: Array
    place: Array
    touched: Array
    counts: Array


def scratch(nodes: int) -> Scratch:
    """For a tree with so many nodes, the root among them."""
    return Scratch(
        np.full(nodes, FAR, np.int64), np.full(nodes, -1, np.int64), np.full(nodes, -1, np.int64),
        np.full(nodes, -1, np.int64), np.empty(nodes, np.int32), np.full(nodes, -1, np.int32),
        np.empty(nodes, np.int32), np.zeros(2, np.int64),
    )  # fmt: skip


@inner
def _reach(s: Scratch, node: Scalar, distance: Scalar, via: Scalar, edge: Scalar, agent: Scalar) -> None:
    """A shorter way to `node`: note it and put the node into the heap, or up in it. `counts`: in the heap, touched."""
    if distance >= s.distance[node]:
        return
    if s.distance[node] == FAR:
        s.touched[s.counts[1]] = node
        s.counts[1] += 1
    s.distance[node] = distance
    s.via[node] = via
    s.via_edge[node] = edge
    s.via_agent[node] = agent
    at = np.int64(s.place[node])
    if at < 0:
        at = s.counts[0]
        s.counts[0] += 1
    while at > 0:
        above = (at - 1) >> 1
        other = s.heap[above]
        if s.distance[other] <= distance:
            break
        s.heap[at] = other
        s.place[other] = at
        at = above
    s.heap[at] = node
    s.place[node] = at


@inner
def _nearest(s: Scratch) -> Scalar:
    """Take the nearest node out of the heap."""
    top = np.int64(s.heap[0])
    s.place[top] = -1
    s.counts[0] -= 1
    size = s.counts[0]
    if size == 0:
        return top
    last = s.heap[size]
    key = s.distance[last]
    at = np.int64(0)
    while 2 * at + 1 < size:
        below = 2 * at + 1
        if below + 1 < size and s.distance[s.heap[below + 1]] < s.distance[s.heap[below]]:
            below += 1
        if s.distance[s.heap[below]] >= key:
            break
        s.heap[at] = s.heap[below]
        s.place[s.heap[at]] = at
        at = below
    s.heap[at] = last
    s.place[last] = at
    return top


@inner
def _clear(s: Scratch) -> None:
    for k in range(s.counts[1]):
        s.distance[s.touched[k]] = FAR
        s.place[s.touched[k]] = -1
    s.counts[:] = 0


@inner
def own_price(net: Net, state: State, node: Scalar) -> Scalar:
    """What a node itself costs: the price of a seat of an object, or the price of a quota."""
    return state.potential[node] - net.rest[node] - state.potential[net.parent[node]]


@inner
def _offer(net: Net, state: State, s: Scratch, agent: Scalar, come: Scalar, have: Scalar, limit: Scalar) -> Scalar:
    """Where `agent` could go, being at distance `come` and having `have`: all its edges, and outside."""
    via = np.int64(state.mate[agent])
    root = len(state.flow)
    if come + have < limit:
        limit = come + have
        _reach(s, root, limit, via, -1, agent)
    for e in range(net.indptr[agent], net.indptr[agent + 1]):
        j = np.int64(net.indices[e])
        there = come + have - (np.int64(net.utility[e]) - state.potential[j])
        if there < limit and there < s.distance[j]:
            _reach(s, j, there, via, e, agent)
            if state.excess[j] < 0:
                limit = there
    return limit


@inner
def _step(net: Net, state: State, s: Scratch, node: Scalar, to: Scalar, there: Scalar, limit: Scalar) -> Scalar:
    """Along an arc of the tree; whoever ends a path (a deficit or the root) becomes the limit."""
    if there < limit and there < s.distance[to]:
        _reach(s, to, there, node, -1, -1)
        if to == len(state.flow) or state.excess[to] < 0:
            return there
    return limit


@njit(cache=True, nogil=True)
def push_out(net: Net, state: State, s: Scratch, source: Scalar, agent: Scalar) -> bool:
    """Take one unit from `agent` (≥ 0; it has nothing) or from the excess of node `source`; False: there is no way."""
    objects, root = len(state.held), len(state.flow)
    limit = FAR
    if agent >= 0:
        best = np.int64(0)
        for e in range(net.indptr[agent], net.indptr[agent + 1]):
            best = max(best, np.int64(net.utility[e]) - state.potential[net.indices[e]])
        limit = _offer(net, state, s, agent, 0, best, limit)
    else:
        _reach(s, source, 0, -1, -1, -1)
    while s.counts[0] > 0:
        node = _nearest(s)
        come = s.distance[node]
        if come >= limit:
            break
        if node < objects:
            for at in range(net.first[node], net.first[node] + state.held[node]):
                holder = np.int64(state.holder[at])
                limit = _offer(net, state, s, holder, come, state.own[holder] - state.potential[node], limit)
                if limit == come:
                    break
        else:
            for at in range(net.child_start[node - objects], net.child_start[node - objects + 1]):
                below = np.int64(net.child[at])
                if below < objects or state.flow[below] > net.low[below]:
                    limit = _step(net, state, s, node, below, come + own_price(net, state, below), limit)
        if state.flow[node] < net.up[node]:
            limit = _step(net, state, s, node, np.int64(net.parent[node]), come - own_price(net, state, node), limit)
    found = limit < FAR
    if found:
        target = np.int64(-1)
        for k in range(s.counts[1]):
            node = np.int64(s.touched[k])
            near = s.distance[node]
            if near < limit:
                state.potential[node] += limit - near
            elif near == limit and target < 0 and (node == root or state.excess[node] < 0):
                target = node
        back_from(net, state, s, target, agent)
        if agent < 0:
            state.excess[source] -= 1
    _clear(s)
    return found


@inner
def back_from(net: Net, state: State, s: Scratch, target: Scalar, agent: Scalar) -> None:
    """Move along the path that ends at `target`, from its end to its start."""
    objects, root = len(state.held), len(state.flow)
    if target != root:
        state.excess[target] += 1
    node = target
    while True:
        before = s.via[node]
        mover = s.via_agent[node]
        if mover >= 0:
            move(net, state, mover, node if node < objects else -1, s.via_edge[node])
            if mover == agent:
                return
        elif before < 0:
            return
        else:
            _shift(net, state, before, node)
        node = before


@inner
def _shift(net: Net, state: State, tail: Scalar, head: Scalar) -> None:
    """One unit along the arc of the tree from `tail` to `head`: up, or back down."""
    if tail < len(net.parent) and net.parent[tail] == head:
        state.flow[tail] += 1
    else:
        state.flow[head] -= 1


@inner
def move(net: Net, state: State, agent: Scalar, to: Scalar, edge: Scalar) -> None:
    """Take `agent` from where it is to the object `to` by `edge` (−1: outside)."""
    j = np.int64(state.mate[agent])
    if j >= 0:
        at = net.first[j]
        while state.holder[at] != agent:
            at += 1
        state.held[j] -= 1
        state.holder[at] = state.holder[net.first[j] + state.held[j]]
    state.mate[agent] = to
    if to >= 0:
        state.holder[net.first[to] + state.held[to]] = agent
        state.held[to] += 1
        state.own[agent] = net.utility[edge]


@njit(cache=True, nogil=True)
def pull_in(net: Net, state: State, s: Scratch, source: Scalar) -> bool:
    """Bring one unit to the deficit of node `source`, from the nearest excess or from outside; False: no way.

    Every agent that wants a place must have one: who has none is content outside.
    """
    objects, root = len(state.held), len(state.flow)
    limit = FAR
    _reach(s, source, 0, -1, -1, -1)
    while s.counts[0] > 0:
        node = _nearest(s)
        come = s.distance[node]
        if come >= limit:
            break
        if node < objects:
            limit = _callers(net, state, s, node, come, limit)
        else:
            for at in range(net.child_start[node - objects], net.child_start[node - objects + 1]):
                below = np.int64(net.child[at])
                if state.flow[below] < net.up[below]:
                    limit = _back(state, s, below, come - own_price(net, state, below), node, -1, -1, limit)
        if state.flow[node] > net.low[node]:
            above = np.int64(net.parent[node])
            limit = _back(state, s, above, come + own_price(net, state, node), node, -1, -1, limit)
    found = limit < FAR
    if found:
        start = np.int64(-1)
        for k in range(s.counts[1]):
            node = np.int64(s.touched[k])
            near = s.distance[node]
            if near < limit:
                state.potential[node] -= limit - near
            elif near == limit and start < 0 and (node == root or state.excess[node] > 0):
                start = node
        along_to(net, state, s, start, source)
    _clear(s)
    return found


@inner
def along_to(net: Net, state: State, s: Scratch, start: Scalar, source: Scalar) -> None:
    """Move along the path from `start` (an excess or the root) to the deficit of `source`."""
    if start != len(state.flow):
        state.excess[start] -= 1
    state.excess[source] += 1
    while start != source:
        following = s.via[start]
        if s.via_agent[start] >= 0:
            move(net, state, s.via_agent[start], following, s.via_edge[start])
        else:
            _shift(net, state, start, following)
        start = following


@inner
def _callers(net: Net, state: State, s: Scratch, j: Scalar, come: Scalar, limit: Scalar) -> Scalar:
    """Who could come to object `j`: from its own object, or from outside."""
    root = len(state.flow)
    for at in range(net.column[j], net.column[j + 1]):
        agent = np.int64(net.column_agent[at])
        now = np.int64(state.mate[agent])
        if now == j:
            continue
        have = np.int64(0) if now < 0 else state.own[agent] - state.potential[now]
        edge = np.int64(net.column_edge[at])
        there = come + have - (np.int64(net.utility[edge]) - state.potential[j])
        limit = _back(state, s, root if now < 0 else now, there, j, edge, agent, limit)
        if limit == come:
            break
    return limit


@inner
def _back(
    state: State, s: Scratch, node: Scalar, there: Scalar, following: Scalar, edge: Scalar, agent: Scalar, limit: Scalar
) -> Scalar:
    """A way from `node` to `following`; the root and an excess can start a path and become the limit."""
    if there < limit and there < s.distance[node]:
        _reach(s, node, there, following, edge, agent)
        if node == len(state.flow) or state.excess[node] > 0:
            return there
    return limit
