"""列: the edges by object, for the reverse auction; and the cut that lets threads work side by side."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit

from jiedui.matching.solver.arrays import Array, Int64, Scalar
from jiedui.matching.solver.crew import Crew
from jiedui.matching.solver.packing import Packed, count_by_object


@dataclass(frozen=True, eq=False)
class Columns:
    """列: of object j the words `words[start[j]:start[j + 1]]`, `agent << shift | weight`, agents rising."""

    start: Int64
    words: Array


def columns(packed: Packed, crew: Crew) -> Columns:
    """Transpose the rows: 4 bytes per edge where agent and weight fit 32 bits, else 8; one write each."""
    parts = crew.parts(packed.agents)
    degree = np.zeros((len(parts), packed.objects), np.uint32)
    crew.map(
        lambda lo, hi, p: count_by_object(packed.edges[packed.indptr[lo] : packed.indptr[hi]], packed.shift, degree[p]),
        [(lo, hi, p) for p, (lo, hi) in enumerate(parts)],
    )
    start = np.zeros(packed.objects + 1, np.int64)
    np.cumsum(degree.sum(axis=0, dtype=np.int64), out=start[1:])
    place = start[:-1] + np.cumsum(degree, axis=0, dtype=np.int64) - degree
    narrow = packed.shift + packed.agent_bits <= 32
    words = np.empty(start[-1], np.uint32 if narrow else np.uint64)
    crew.map(
        lambda lo, hi, p: _scatter(packed.indptr, packed.edges, packed.shift, place[p], words, lo, hi),
        [(lo, hi, p) for p, (lo, hi) in enumerate(parts)],
    )
    return Columns(start, words)


@njit(cache=True, nogil=True)
def _scatter(indptr: Array, edges: Array, shift: Scalar, place: Array, words: Array, lo: Scalar, hi: Scalar) -> None:
    mask = edges.dtype.type((1 << shift) - 1)
    down = edges.dtype.type(shift)
    for agent in range(lo, hi):
        row = edges[indptr[agent] : indptr[agent + 1]]
        name = words.dtype.type(agent) << words.dtype.type(shift)
        for k in range(len(row)):
            j = np.uint64(row[k] >> down)
            at = np.uint64(place[j])
            place[j] = at + np.uint64(1)
            words[at] = name | words.dtype.type(row[k] & mask)


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
    degree = np.zeros(packed.objects, np.uint32)
    count_by_object(packed.edges, packed.shift, degree)
    ends = np.cumsum(degree, dtype=np.int64)
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
