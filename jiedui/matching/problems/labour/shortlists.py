"""短名单: the vacancies that are looked at for everybody of one home county and one wished occupation.

Vacancies of one county of work, one occupation, with or without a skill asked, are a cell: they differ only by wage and
conditions. A list takes the nearest cells and those worth most before the person is known, some vacancies of each: the
best paid, and others by hash, so that not everybody looks at the same. A second wish has a list of its own, a wished
place as well.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
from numba import njit

from jiedui.matching.problems.labour.judging import (
    NO_SKILL,
    RELATED,
    SAME,
    UNRELATED,
    V_OCCUPATION,
    V_SKILL,
    V_WAGE,
    V_WORK,
    Tables,
)
from jiedui.matching.problems.labour.points import Scale
from jiedui.matching.problems.labour.ring import mixed
from jiedui.matching.problems.labour.sides import Int32, Int64
from jiedui.matching.solver.crew import Crew

Array = Any
Scalar = Any

LISTS: Final = 4
"""Lists of a worker at most: of the first and the second occupation, and of the first one in both wished places."""
BEST_OF_CELL, SOME_OF_CELL = 2, 4
"""Vacancies that a list takes of a cell: the best paid, and others by hash."""
SMALLER: Final = 4
"""By what the lists of second wishes and of wished places are shorter."""
NOWHERE: Final = -1
NOT_NEAR: Final = -(2**31) + 1
LISTS_AT_ONCE: Final = 512


@dataclass(frozen=True, eq=False)
class Shortlists:
    """短名单: `of_worker` (workers, LISTS) the lists of each (−1: none); list k is `vacancy[start[k]:start[k + 1]]`."""

    of_worker: Int32
    start: Int64
    vacancy: Int32

    @classmethod
    def of(cls, scale: Scale, considered: int, crew: Crew) -> Shortlists:
        """Lists of at most `considered` vacancies; of all where there are no more."""
        workers, total = len(scale.workers), len(scale.vacancies)
        if total <= considered:
            of_worker = np.full((workers, LISTS), -1, np.int32)
            of_worker[:, 0] = 0
            return cls(of_worker, np.array([0, total]), np.arange(total, dtype=np.int32))
        keys, of_worker = _blocks(scale)
        cells, near, worth = Cells.of(scale), _nearness(scale), _county_worth(scale)
        homes = _in_parts(
            crew, len(scale.places.homes), lambda lo, hi: _open_to_all(cells, near, worth, considered, lo, hi)
        )
        related = _related(scale, cells)
        found = crew.map(
            lambda lo, hi: _lists(scale.tables, cells, related, near, worth, homes, keys[lo:hi], considered),
            [(lo, min(lo + LISTS_AT_ONCE, len(keys))) for lo in range(0, len(keys), LISTS_AT_ONCE)],
        )
        sizes = np.concatenate([np.zeros(0, np.int64), *(one for one, _ in found)])
        start = np.zeros(len(sizes) + 1, np.int64)
        np.cumsum(sizes, out=start[1:])
        return cls(of_worker, start, np.concatenate([np.zeros(0, np.int32), *(two for _, two in found)]))


class Cells(NamedTuple):
    """单元: vacancies of one county (`county`), one `occupation`, with or without a skill asked (`open_to_all`).

    Those of cell c are `vacancy[start[c]:start[c + 1]]`, the best paid first; `wage`: points of the best wage.
    """

    county: Array
    occupation: Array
    open_to_all: Array
    wage: Array
    start: Array
    vacancy: Array

    @classmethod
    def of(cls, scale: Scale) -> Cells:
        """The cells of all vacancies."""
        what, by = scale.tables.what, scale.tables.weights
        skilled = what[:, V_SKILL] != NO_SKILL
        order = np.lexsort((-what[:, V_WAGE], skilled, what[:, V_OCCUPATION], what[:, V_WORK])).astype(np.int32)
        key = np.stack([what[order, V_WORK], what[order, V_OCCUPATION], skilled[order].astype(np.int32)], axis=1)
        new = np.concatenate([[True], (key[1:] != key[:-1]).any(axis=1)])
        first = np.flatnonzero(new)
        above = np.maximum(what[order[first], V_WAGE].astype(np.int64) - by.wage_reference_fen, 0) // 10_000
        wage = np.minimum(above * by.wage_per_100_yuan, by.wage_most)
        return cls(
            np.ascontiguousarray(key[first, 0]), np.ascontiguousarray(key[first, 1]), key[first, 2] == 0, wage,
            np.append(first, len(order)), order,
        )  # fmt: skip


class Related(NamedTuple):
    """相关单元: of wished occupation o (the last: no wish) the cells of the same or a related one: `cell` and what the
    occupation is `worth` there, from `start[o]` to `start[o + 1]`; `close` (wished + 1, offered): which these are.
    """

    start: Array
    cell: Array
    worth: Array
    close: Array


def _in_parts(crew: Crew, rows: int, work: Callable[[int, int], tuple[Array, ...]]) -> tuple[Array, ...]:
    """`work` on parts of the rows, its arrays put together."""
    found = crew.map(work, crew.parts(rows) if rows >= 1024 else [(0, rows)])
    return tuple(np.concatenate(parts) for parts in zip(*found, strict=True))


def _nearness(scale: Scale) -> Int32:
    """(homes, works): the distance in sixteenths of a km below 0; `NOT_NEAR` where it is not known."""
    away = -np.nan_to_num(scale.places.distance_km, nan=0.0) * 16
    return np.where(np.isnan(scale.places.distance_km), NOT_NEAR, away).astype(np.int32)


def _county_worth(scale: Scale) -> Int32:
    """(homes + 1, works): points of distance, nearness and pairing; the last row, wherever from, is 0."""
    by, between = scale.tables.weights, scale.tables.between
    worth = (between >> 2) + (between & 1) * by.nearby + (between >> 1 & 1) * by.pairing
    return np.concatenate([worth, np.zeros((1, worth.shape[1]))]).astype(np.int32)


def _related(scale: Scale, cells: Cells) -> Related:
    by, relation = scale.tables.weights, scale.tables.relation
    points = np.zeros(4, np.int64)
    points[SAME], points[RELATED] = by.occupation_same, by.occupation_related
    close = relation != UNRELATED
    mine = [np.flatnonzero(close[o][cells.occupation]) for o in range(len(relation))]
    worth = [points[relation[o][cells.occupation[cell]]] for o, cell in enumerate(mine)]
    start = np.concatenate([[0], np.cumsum([len(cell) for cell in mine])])
    return Related(start, np.concatenate(mine).astype(np.int32), np.concatenate(worth), close)


def _blocks(scale: Scale) -> tuple[Int64, Int32]:
    """(lists, 3): home, occupation, wished place of each list (`NOWHERE`: not asked for); and the lists of workers."""
    workers, home = scale.workers, scale.places.home.astype(np.int64)
    first, second = workers.occupation.at.astype(np.int64), workers.occupation_2.at.astype(np.int64)
    nothing = np.full(len(workers), NOWHERE, np.int64)
    asked = np.stack([
        np.stack([home, first, nothing], axis=1),
        np.stack([home, second, nothing], axis=1),
        np.stack([nothing, first, workers.wish_place.at], axis=1),
        np.stack([nothing, first, workers.wish_place_2.at], axis=1),
    ], axis=1)  # fmt: skip
    span = np.array([len(scale.places.homes) + 2, len(workers.occupation.codes) + 2, len(workers.wish_place.codes) + 2])
    key = ((asked[:, :, 0] + 1) * span[1] + asked[:, :, 1] + 1) * span[2] + asked[:, :, 2] + 1
    key[:, 1][second < 0] = -1
    key[:, 2][workers.wish_place.at < 0] = -1
    key[:, 3][workers.wish_place_2.at < 0] = -1
    distinct, at = _distinct(key, int(span.prod()))
    keys: Int64 = np.stack(
        [distinct // (span[1] * span[2]) - 1, distinct // span[2] % span[1] - 1, distinct % span[2] - 1], 1
    )
    return keys.astype(np.int64), at.astype(np.int32)


def _distinct(key: Int64, limit: int) -> tuple[Int64, Int64]:
    """Different keys below `limit`, rising, and the place of each in them; of those below 0: −1."""
    if limit > max(1 << 22, 8 * key.size):
        distinct = np.unique(key[key >= 0])
        return distinct, np.where(key < 0, -1, np.searchsorted(distinct, key))
    there = np.zeros(limit, bool)
    there[key[key >= 0]] = True
    place = np.append(np.cumsum(there) - 1, -1)
    return np.flatnonzero(there), place[key]


@njit(cache=True, nogil=True)
def _open_to_all(
    cells: Cells, near: Array, worth: Array, considered: Scalar, lo: Scalar, hi: Scalar
) -> tuple[Array, Array]:
    """(homes, considered, 2): keys and cells of the nearest, and of the best, that anybody may take; −1: no more."""
    nearest = np.full((hi - lo, considered, 2), -1, np.int64)
    best = np.full((hi - lo, considered, 2), -1, np.int64)
    for home in range(lo, hi):
        near_size, size = 0, 0
        for c in range(len(cells.county)):
            if cells.open_to_all[c]:
                key = ((worth[home, cells.county[c]] + cells.wage[c]) << 10) + _tie(cells, home, c)
                size = _push(best[home - lo], size, considered, key, c)
                if near[home, cells.county[c]] != NOT_NEAR:
                    key = (np.int64(near[home, cells.county[c]]) << 10) + _tie(cells, home, c)
                    near_size = _push(nearest[home - lo], near_size, considered, key, c)
    return nearest, best


@njit(cache=True, nogil=True)
def _tie(cells: Cells, name: Scalar, c: Scalar) -> Scalar:
    """What decides between equals: a hash of 10 bits."""
    return mixed(name + 2, cells.county[c] * 8191 + cells.occupation[c]) & 1023


@njit(cache=True, nogil=True)
def _lists(
    t: Tables, cells: Cells, related: Related, near: Array, worth: Array, homes: tuple[Array, Array], keys: Array,
    considered: Scalar,
) -> tuple[Array, Array]:  # fmt: skip
    """Sizes and vacancies of the lists `keys`."""
    sizes = np.zeros(len(keys), np.int64)
    found = np.empty(len(keys) * considered, np.int32)
    heaps = np.empty((2, considered + 1, 2), np.int64)
    mark = np.full(len(cells.county), -1, np.int64)
    used = 0
    for k in range(len(keys)):
        home, wished, place = keys[k]
        most = considered if place < 0 else considered // SMALLER
        name = ((home + 1) * 8191 + wished + 1) * 8191 + place + 1
        near_size, size = 0, 0
        if place < 0:
            near_size = _others(cells, related, homes[0][home], heaps[0], most, wished)
            size = _others(cells, related, homes[1][home], heaps[1], most, wished)
        row = wished if wished >= 0 else len(related.start) - 2
        for at in range(related.start[row], related.start[row + 1]):
            c = related.cell[at]
            county = cells.county[c]
            if place >= 0 and not t.inside[place, county]:
                continue
            key = np.int64(worth[home, county] + cells.wage[c] + related.worth[at]) << 10
            if size < most or key + 1024 > heaps[1, 0, 0]:
                size = _push(heaps[1], size, most, key + _tie(cells, name, c), c)
            if place < 0 and near[home, county] != NOT_NEAR:
                key = np.int64(near[home, county]) << 10
                if near_size < most or key + 1024 > heaps[0, 0, 0]:
                    near_size = _push(heaps[0], near_size, most, key + _tie(cells, name, c), c)
        begin = used
        if place < 0:
            used = _take(cells, heaps[0], near_size, begin + most // 2, mark, k, name, found, used)
        used = _take(cells, heaps[1], size, begin + most, mark, k, name, found, used)
        sizes[k] = used - begin
    return sizes, found[:used].copy()


@njit(cache=True, nogil=True)
def _others(cells: Cells, related: Related, known: Array, heap: Array, most: Scalar, wished: Scalar) -> Scalar:
    """Start a heap with the home's cells that are not close to the wish; how many."""
    size = 0
    for nth in range(len(known)):
        c = known[nth, 1]
        if c >= 0 and not related.close[wished, cells.occupation[c]]:
            size = _push(heap, size, most, known[nth, 0], c)
    return size


@njit(cache=True, nogil=True)
def _push(heap: Array, size: Scalar, most: Scalar, key: Scalar, cell: Scalar) -> Scalar:
    """Keep the `most` greatest keys in `heap[:size]`, its least first; the new size."""
    if size == most:
        if most == 0 or key <= heap[0, 0]:
            return size
        at = 0
        while 2 * at + 1 < size:
            child = 2 * at + 1
            if child + 1 < size and heap[child + 1, 0] < heap[child, 0]:
                child += 1
            if heap[child, 0] >= key:
                break
            heap[at] = heap[child]
            at = child
        heap[at, 0], heap[at, 1] = key, cell
        return size
    at = size
    while at > 0 and heap[(at - 1) >> 1, 0] > key:
        heap[at] = heap[(at - 1) >> 1]
        at = (at - 1) >> 1
    heap[at, 0], heap[at, 1] = key, cell
    return size + 1


@njit(cache=True, nogil=True)
def _take(
    cells: Cells, heap: Array, size: Scalar, until: Scalar, mark: Array, k: Scalar, name: Scalar, found: Array,
    used: Scalar,
) -> Scalar:  # fmt: skip
    """Take some vacancies of each cell of the heap, the greatest key first, until `found` has `until`; how many now."""
    order = np.argsort(heap[:size, 0])
    for nth in range(size - 1, -1, -1):
        c = heap[order[nth], 1]
        if used >= until:
            break
        if mark[c] == k:
            continue
        mark[c] = k
        first, there = cells.start[c], cells.start[c + 1] - cells.start[c]
        for n in range(min(BEST_OF_CELL, there)):
            if used < until:
                found[used] = cells.vacancy[first + n]
                used += 1
        left = there - BEST_OF_CELL
        if left <= 0:
            continue
        turn = mixed(name, c) % left
        for n in range(min(SOME_OF_CELL, left)):
            if used < until:
                found[used] = cells.vacancy[first + BEST_OF_CELL + (turn + n) % left]
                used += 1
    return used
