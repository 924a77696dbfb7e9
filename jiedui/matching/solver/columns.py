"""列: the edges by object, for the reverse auction; and the cut that lets threads work side by side."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit

from jiedui.matching.solver.arrays import Array, Int64, Scalar
from jiedui.matching.solver.crew import Crew
from jiedui.matching.solver.packing import Packed


@dataclass(frozen=True, eq=False)
class Columns:
    """列: of object j the agents `agents[start[j]:start[j + 1]]` (int32, rising) and the weights of their edges."""

    start: Int64
    agents: Array
    weights: Array


def columns(packed: Packed, crew: Crew) -> Columns:
    """Transpose the rows: 6 bytes per edge where weights fit 16 bits."""
    parts = crew.parts(packed.agents)
    degree = np.zeros((len(parts), packed.objects), np.int64)
    crew.map(
        lambda lo, hi, p: _degrees(packed.edges[packed.indptr[lo] : packed.indptr[hi]], packed.shift, degree[p]),
        [(lo, hi, p) for p, (lo, hi) in enumerate(parts)],
    )
    start = np.zeros(packed.objects + 1, np.int64)
    np.cumsum(degree.sum(axis=0), out=start[1:])
    place = start[:-1] + np.cumsum(degree, axis=0) - degree
    kind = np.uint16 if packed.shift <= 16 else packed.edges.dtype
    agents, weights = np.empty(start[-1], np.int32), np.empty(start[-1], kind)
    crew.map(
        lambda lo, hi, p: _scatter(packed.indptr, packed.edges, packed.shift, place[p], agents, weights, lo, hi),
        [(lo, hi, p) for p, (lo, hi) in enumerate(parts)],
    )
    return Columns(start, agents, weights)


@njit(cache=True, nogil=True)
def _degrees(edges: Array, shift: Scalar, degree: Array) -> None:
    down = edges.dtype.type(shift)
    for e in range(len(edges)):
        degree[edges[e] >> down] += 1


@njit(cache=True, nogil=True)
def _scatter(
    indptr: Array, edges: Array, shift: Scalar, place: Array, agents: Array, weights: Array, lo: Scalar, hi: Scalar
) -> None:
    mask = edges.dtype.type((1 << shift) - 1)
    down = edges.dtype.type(shift)
    for agent in range(lo, hi):
        row = edges[indptr[agent] : indptr[agent + 1]]
        for k in range(len(row)):
            j = row[k] >> down
            at = np.uint64(place[j])
            place[j] += 1
            agents[at] = agent
            weights[at] = row[k] & mask


@dataclass(frozen=True, eq=False)
class Cut:
    """切分: objects cut into ranges of about as many edges.

    `part` (agents,) int8: the range of all objects of an agent; agents with objects in several ranges, and agents
    without an edge, are in the last part, `parts`. `inner` (objects,) int8: the range of an object whose agents are all
    in that part; −1 for the others. One part: everything is in it.
    """

    parts: int
    part: Array
    inner: Array


def cut(packed: Packed, crew: Crew) -> Cut:
    """Cut for the threads of `crew`, or not at all where more than a quarter of the agents would be across."""
    whole = Cut(1, np.zeros(packed.agents, np.int8), np.zeros(packed.objects, np.int8))
    count = min(crew.threads, 100)
    if count == 1 or packed.agents < 20_000:
        return whole
    degree = np.zeros(packed.objects, np.int64)
    _degrees(packed.edges, packed.shift, degree)
    ends = np.cumsum(degree)
    range_of = np.minimum(count - 1, (ends - degree) * count // max(1, int(ends[-1]))).astype(np.int8)
    part = np.empty(packed.agents, np.int8)
    inner = range_of.copy()
    crew.map(
        lambda lo, hi: _parts(packed.indptr, packed.edges, packed.shift, range_of, count, part, lo, hi),
        crew.parts(packed.agents),
    )
    across = np.flatnonzero(part == count)
    if len(across) * 4 > packed.agents:
        return whole
    _close(packed.indptr, packed.edges, packed.shift, across, inner)
    return Cut(count, part, inner)


@njit(cache=True, nogil=True)
def _parts(
    indptr: Array, edges: Array, shift: Scalar, range_of: Array, count: Scalar, part: Array, lo: Scalar, hi: Scalar
) -> None:
    down = edges.dtype.type(shift)
    for agent in range(lo, hi):
        row = edges[indptr[agent] : indptr[agent + 1]]
        least = np.int8(count)
        most = np.int8(-1)
        for k in range(len(row)):
            least = min(least, range_of[row[k] >> down])
            most = max(most, range_of[row[k] >> down])
        part[agent] = least if least == most else count


@njit(cache=True, nogil=True)
def _close(indptr: Array, edges: Array, shift: Scalar, across: Array, inner: Array) -> None:
    down = edges.dtype.type(shift)
    for agent in across:
        for e in range(indptr[agent], indptr[agent + 1]):
            inner[edges[e] >> down] = -1
