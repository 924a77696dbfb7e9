"""席位环: seats on a ring of hashes, from which each home county draws some, and of these each worker.

Each seat stands at a place that only its vacancy's number and its own number say; a draw takes the next seat after a
place that only the county's code and the draw's number say. So every seat is as likely as any other, and where a few
seats come or go, few draws change. Source: Karger et al. 1997 (consistent hashing).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit

from jiedui.matching.problems.labour.sides import Vacancies

Array = Any
Scalar = Any

MOST_SEATS_EACH = 256
"""Seats of a vacancy that stand on the ring at most."""


class Ring(NamedTuple):
    """席位环: `place` (seats,) rising, the `vacancy` of each, and by the bits above `shift` the `first` of a part."""

    place: Array
    vacancy: Array
    first: Array
    shift: int

    @classmethod
    def of(cls, vacancies: Vacancies) -> Ring:
        """The seats of all vacancies; of very large ones the first `MOST_SEATS_EACH`."""
        each = np.minimum(vacancies.seats, MOST_SEATS_EACH)
        vacancy = np.repeat(np.arange(len(each), dtype=np.int32), each)
        place = np.empty(len(vacancy), np.int64)
        _places(vacancies.vacancy_id, each, place)
        order = np.argsort(place, kind="stable")
        place, vacancy = place[order], vacancy[order]
        bits = max(1, len(place).bit_length())
        shift = 62 - bits
        first = np.searchsorted(place, np.arange((1 << bits) + 1, dtype=np.int64) << shift)
        return cls(place, vacancy, first.astype(np.int32), shift)


@njit(cache=True, nogil=True)
def mixed(first: Scalar, second: Scalar) -> Scalar:
    """A fixed mixing of two numbers into 0 … 2^62 − 1 (splitmix64)."""
    z = np.uint64(first) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(second)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.int64((z ^ (z >> np.uint64(31))) >> np.uint64(2))


@njit(cache=True, nogil=True)
def seat_at(ring: Ring, place: Scalar) -> Scalar:
    """The vacancy of the first seat at or after `place`; after the last comes the first."""
    k = np.int64(ring.first[place >> ring.shift])
    while k < len(ring.place) and ring.place[k] < place:
        k += 1
    return ring.vacancy[k if k < len(ring.place) else 0]


@njit(cache=True, nogil=True)
def pools(ring: Ring, codes: Array, size: Scalar) -> Array:
    """(homes, size) vacancies: the seats that each home county, with these `codes`, draws."""
    found = np.empty((len(codes), size), np.int32)
    for home in range(len(codes)):
        for k in range(size):
            found[home, k] = seat_at(ring, mixed(codes[home], k))
    return found


@njit(cache=True, nogil=True)
def _places(vacancy_id: Array, each: Array, place: Array) -> None:
    at = 0
    for v in range(len(each)):
        for k in range(each[v]):
            place[at] = mixed(vacancy_id[v] + 0x5EA7, k)
            at += 1
