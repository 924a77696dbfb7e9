"""效用: what a worker–vacancy pair is worth, in integer points that are added up; and whether it is possible at all.

Every weight is a dated parameter `labour.utility.*` with basis "ours". Sex and ethnic group are in none of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from jiedui.errors import JieduiError
from jiedui.matching.problems.labour import judging
from jiedui.matching.problems.labour.judging import (
    FIT_RELATED,
    FIT_SAME,
    FIT_SECOND,
    NOT_TOLD,
    PART_COUNT,
    RELATED,
    SAME,
    UNRELATED,
    Tables,
)
from jiedui.matching.problems.labour.places import Places
from jiedui.matching.problems.labour.refusals import Cuts
from jiedui.matching.problems.labour.sides import Bool, Float64, Int8, Int32, Int64, Vacancies, Workers
from jiedui.matching.problems.labour.weights import POINTS_LIMIT, Weights
from jiedui.policy.registry import assumes, implements
from jiedui.terms.divisions import prefix

Int16 = npt.NDArray[np.int16]
WIDEST = 2**31 - 1


@dataclass(frozen=True, eq=False)
class Scale:
    """评分: points and possibility of any pairs of these workers and vacancies."""

    workers: Workers
    vacancies: Vacancies
    places: Places
    tables: Tables

    @classmethod
    def of(cls, workers: Workers, vacancies: Vacancies, places: Places, weights: Weights, cuts: Cuts) -> Scale:
        """Relate occupations and wished places once each. Raises `JieduiError` where a number is out of all range."""
        if max(map(abs, weights)) > WIDEST or weights.placement > POINTS_LIMIT:
            raise JieduiError("A weight `labour.utility.*` is out of range.", remedy=f"At most {POINTS_LIMIT} points.")
        tables = Tables(
            who=_who(workers, places, linked(workers) >= 0, cuts),
            what=_what(vacancies, places),
            distance_km=places.distance_km.astype(np.float32),
            between=_between(places, weights),
            fit_points=_fit_points(weights),
            relation=_relations(workers.occupation.codes, vacancies.occupation.codes),
            inside=_inside(workers.wish_place.codes, places.works),
            cut_start=cuts.start,
            cut_kind=cuts.kind,
            cut_value=cuts.value,
            nearer_than_km=cuts.nearer_than_km.astype(np.float32),
            organisation=vacancies.organisation_id,
            weights=weights,
        )
        return cls(workers, vacancies, places, tables)

    @cached_property
    def order(self) -> Int32:
        """分块顺序: the workers by home county and wish: neighbours look at the same vacancies."""
        return np.lexsort((self.workers.occupation.at, self.places.home)).astype(np.int32)

    def distance(self, w: Int64, v: Int64) -> Float64:
        """Distance in km of the pairs (w, v); NaN where not known."""
        return np.asarray(self.places.distance_km[self.places.home[w], self.places.work[v]])

    @implements("labour.3")
    def possible(self, w: Int64, v: Int64) -> Bool:
        """可行: whether nothing rules the pairs out (index arrays, broadcast).

        Wage, distance, skill, dormitory, season, occupation, school place, strain, night shift, Mandarin, refusals.
        What is not known rules nothing out, but for distance: who has a greatest distance is not sent to a place whose
        distance is not known. A dormitory or a school place is needed only away from home.
        """
        first, second, shape = _flat(w, v)
        found = np.empty(len(first), bool)
        judging.possible_of(self.tables, first, second, found)
        return found.reshape(shape)

    @assumes(
        "labour.3",
        because="The text asks for matching by person and need (因人因需) and gives no weights: all of them are ours, "
        "and what is not known adds and deducts nothing.",
    )
    def points(self, w: Int64, v: Int64) -> Int16:
        """效用构成: (pairs, parts) int16, the points of each of `PARTS`; they add up to the utility."""
        found = np.empty((len(w), PART_COUNT), np.int16)
        judging.points_of(self.tables, np.asarray(w, np.int64), np.asarray(v, np.int64), found)
        return found

    def utility(self, w: Int64, v: Int64) -> Int64:
        """效用: the sum of the points, int64."""
        first, second, shape = _flat(w, v)
        return np.asarray(self.points(first, second).sum(axis=1, dtype=np.int64).reshape(shape), np.int64)

    def fit(self, w: Int64, v: Int64) -> Int8:
        """职业相符: of each pair the place in `judging.FITS`."""
        found = np.empty(len(w), np.int8)
        judging.fits_of(self.tables, np.asarray(w, np.int64), np.asarray(v, np.int64), found)
        return found


def linked(workers: Workers) -> Int64:
    """同行: the row of each worker's partner who seeks work too; −1 where there is none.

    Two who name each other; or one who names somebody who names nobody, if it is the first to do so.
    """
    at = np.searchsorted(workers.worker_id, workers.partner_id)
    at[at == len(workers)] = 0
    rows = np.arange(len(workers))
    known = (workers.partner_id >= 0) & (workers.worker_id[at] == workers.partner_id) & (at != rows)
    to = np.where(known, at, -1) if len(workers) else np.zeros(0, np.int64)
    mutual = known & (to[to] == rows)
    found = np.where(mutual, to, -1)
    for w in np.flatnonzero(known & ~mutual).tolist():
        partner = int(to[w])
        if found[w] < 0 and found[partner] < 0 and workers.partner_id[partner] < 0:
            found[w], found[partner] = partner, w
    return found


def _flat(w: Int64, v: Int64) -> tuple[Int64, Int64, tuple[int, ...]]:
    first, second = np.broadcast_arrays(np.asarray(w, np.int64), np.asarray(v, np.int64))
    return np.ascontiguousarray(first).ravel(), np.ascontiguousarray(second).ravel(), first.shape


def _between(places: Places, by: Weights) -> Int32:
    """The table `judging.Tables.between`."""
    away = places.distance_km
    hundreds = np.nan_to_num(np.floor(away * by.distance_per_100_km / 100 + 0.5), nan=0.0)
    distance = -np.minimum(hundreds, by.distance_most).astype(np.int32)
    return np.asarray(distance * 4 + places.paired * np.int32(2) + (away.astype(np.float32) <= by.nearby_km), np.int32)


def _fit_points(by: Weights) -> Int64:
    points = np.zeros(len(judging.FITS), np.int64)
    points[FIT_SAME], points[FIT_SECOND], points[FIT_RELATED] = (
        by.occupation_same, by.occupation_second, by.occupation_related,
    )  # fmt: skip
    return points


def _who(workers: Workers, places: Places, partner: Bool, cuts: Cuts) -> Int32:
    """The columns `judging.W_…`; "no wish" is the last row of its table."""
    dormitory = np.maximum(workers.needs_dormitory, cuts.dormitory)
    columns = [
        places.home, workers.occupation.at, workers.occupation_2.at, workers.wish_place.at, workers.wish_place_2.at,
        workers.skill, _narrow("min_wage_fen", workers.min_wage_fen), workers.max_distance_km, workers.dependants,
        workers.season, dormitory, workers.needs_school, workers.work_limit, workers.night_shift, workers.mandarin,
        partner, _narrow("monthly_wage_fen", cuts.pays_over_fen),
    ]  # fmt: skip
    return np.stack([np.asarray(column, np.int32) for column in columns], axis=1)


def _what(vacancies: Vacancies, places: Places) -> Int32:
    """The columns `judging.V_…`."""
    columns = [
        places.work, vacancies.occupation.at, vacancies.skill, _narrow("monthly_wage_fen", vacancies.monthly_wage_fen),
        vacancies.dormitory, vacancies.season, vacancies.demand, vacancies.night_shift, vacancies.mandarin,
        vacancies.couple_room, vacancies.school_place,
    ]  # fmt: skip
    return np.stack([np.asarray(column, np.int32) for column in columns], axis=1)


def _narrow(name: str, values: Int64) -> Int64:
    if values.max(initial=0) > WIDEST:
        raise JieduiError(f"{name} has {values.max()} fen: no wage is so high.", remedy="Correct the record.")
    return values


def _relations(wished: tuple[str, ...], offered: tuple[str, ...]) -> Int8:
    """(wished + 1, offered): SAME minor group, RELATED in the middle group, else UNRELATED; last row NOT_TOLD."""
    found = np.full((len(wished) + 1, len(offered)), UNRELATED, np.int8)
    found[-1] = NOT_TOLD
    for a, one in enumerate(wished):
        for b, other in enumerate(offered):
            if one == other:
                found[a, b] = SAME
            elif one.rpartition("-")[0] == other.rpartition("-")[0]:
                found[a, b] = RELATED
    return found


def _inside(wished: tuple[str, ...], works: tuple[str, ...]) -> Bool:
    """(wished + 1, works): whether the county lies in the wished place; the last row, no wish, is false."""
    found = np.zeros((len(wished) + 1, len(works)), bool)
    for row, place in enumerate(wished):
        found[row] = [county.startswith(prefix(place)) for county in works]
    return found
