"""名额扫描: many augmenting paths of length 0 by one search in depth.

After a search by distance many more units can often move along arcs whose reduced cost is 0: ties. A node that led
nowhere is not looked at again in the same sweep, and a node on a path goes on where it stopped, so a sweep looks at
each arc about once, however many paths it finds. What it misses the next search by distance finds.
Source: blocking flows, Dinic 1970; primal-dual algorithm, Ahuja, Magnanti and Orlin 1993, §9.8.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from jiedui.matching.solver.arrays import Array, Scalar
from jiedui.matching.solver.quota_compiled import inner
from jiedui.matching.solver.quota_paths import Net, Scratch, State, along_to, back_from, own_price

DONE = np.int64(1) << 60
"""The arc of a node that has no more."""


@njit(cache=True, nogil=True)
def sweep(net: Net, state: State, s: Scratch, source: Scalar, places: Array, seen: Array) -> Scalar:
    """Move units out of the excess of `source`, or into its deficit, along arcs that cost nothing; how many.

    `places` (2, nodes) int64, where the search of a node stopped, and `seen` (nodes,) int8 are 0 before and after.
    """
    root = len(state.flow)
    at, within = places[0], places[1]
    out = state.excess[source] > 0
    stack = s.heap
    s.via[source] = -1
    s.via_agent[source] = -1
    stack[0] = source
    depth = 1
    seen[source] = 1
    moved = 0
    while depth > 0 and state.excess[source] != 0:
        node = np.int64(stack[depth - 1])
        if out:
            to, edge, agent = _next_out(net, state, node, at, within, seen)
        else:
            to, edge, agent = _next_in(net, state, node, at, seen)
        if to < 0:
            depth -= 1
            continue
        s.via[to] = node
        s.via_edge[to] = edge
        s.via_agent[to] = agent
        if to == root or (state.excess[to] < 0 if out else state.excess[to] > 0):
            if out:
                back_from(net, state, s, to, np.int64(-1))
                state.excess[source] -= 1
            else:
                along_to(net, state, s, to, source)
            moved += 1
            for k in range(1, depth):
                seen[stack[k]] = 0
                within[stack[k]] = 0
            within[source] = 0
            depth = 1
            continue
        seen[to] = 1
        stack[depth] = to
        depth += 1
    places[:] = 0
    seen[:] = 0
    return moved


@inner
def _next_out(
    net: Net, state: State, node: Scalar, at: Array, within: Array, seen: Array
) -> tuple[Scalar, Scalar, Scalar]:
    """The next node that a unit can go to from `node` for nothing, with the edge and agent; −1: no more."""
    objects, root = len(state.held), len(state.flow)
    if node < objects:
        while at[node] < state.held[node]:
            agent = np.int64(state.holder[net.first[node] + at[node]])
            have = state.own[agent] - state.potential[node]
            begin = net.indptr[agent]
            size = net.indptr[agent + 1] - begin
            while within[node] <= size:
                edge = begin + within[node] - 1
                within[node] += 1
                if edge < begin:
                    if have == 0:
                        return root, np.int64(-1), agent
                    continue
                j = np.int64(net.indices[edge])
                if seen[j] == 0 and np.int64(net.utility[edge]) - state.potential[j] == have:
                    return j, edge, agent
            at[node] += 1
            within[node] = 0
    else:
        begin = net.child_start[node - objects]
        size = net.child_start[node - objects + 1] - begin
        while at[node] < size:
            below = np.int64(net.child[begin + at[node]])
            at[node] += 1
            if seen[below] == 0 and state.flow[below] > net.low[below] and own_price(net, state, below) == 0:
                return below, np.int64(-1), np.int64(-1)
    if at[node] < DONE:
        at[node] = DONE
        above = np.int64(net.parent[node])
        if state.flow[node] < net.up[node] and own_price(net, state, node) == 0 and seen[above] == 0:
            return above, np.int64(-1), np.int64(-1)
    return np.int64(-1), np.int64(-1), np.int64(-1)


@inner
def _next_in(net: Net, state: State, node: Scalar, at: Array, seen: Array) -> tuple[Scalar, Scalar, Scalar]:
    """The next node from which a unit can come to `node` for nothing, with the edge and agent; −1: no more."""
    objects, root = len(state.held), len(state.flow)
    if node < objects:
        begin = net.column[node]
        size = net.column[node + 1] - begin
        while at[node] < size:
            agent = np.int64(net.column_agent[begin + at[node]])
            edge = np.int64(net.column_edge[begin + at[node]])
            at[node] += 1
            now = np.int64(state.mate[agent])
            if now == node or (now >= 0 and seen[now] != 0):
                continue
            have = np.int64(0) if now < 0 else state.own[agent] - state.potential[now]
            if np.int64(net.utility[edge]) - state.potential[node] == have:
                return root if now < 0 else now, edge, agent
    else:
        begin = net.child_start[node - objects]
        size = net.child_start[node - objects + 1] - begin
        while at[node] < size:
            below = np.int64(net.child[begin + at[node]])
            at[node] += 1
            if seen[below] == 0 and state.flow[below] < net.up[below] and own_price(net, state, below) == 0:
                return below, np.int64(-1), np.int64(-1)
    if at[node] < DONE:
        at[node] = DONE
        above = np.int64(net.parent[node])
        if state.flow[node] > net.low[node] and own_price(net, state, node) == 0 and seen[above] == 0:
            return above, np.int64(-1), np.int64(-1)
    return np.int64(-1), np.int64(-1), np.int64(-1)
