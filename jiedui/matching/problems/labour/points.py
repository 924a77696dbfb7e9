"""效用: what a worker–vacancy pair is worth, in integer points that are added up; and whether it is possible at all.

Every weight is a dated parameter `labour.utility.*` with basis "ours". Sex and ethnic group are in none of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import numpy.typing as npt

from jiedui.matching.problems.labour.sides import SEASONS, SKILLS, Bool, Float64, Int64, Strings, Vacancies, Workers
from jiedui.policy.parameters import Parameters
from jiedui.policy.registry import assumes, implements
from jiedui.policy.rules.pairing import Edges
from jiedui.terms.divisions import Gazetteer, prefix
from jiedui.terms.pairs import Pairing

EARTH_KM: Final = 6371.0088
"""Mean radius of the Earth (IUGG)."""
ALL_YEAR: Final = SEASONS.index("all_year")
NO_SKILL: Final = SKILLS.index("none")
UNRELATED, RELATED, SAME, OPEN_TO_ALL = range(4)
"""How a vacancy's occupation relates to the wished one; OPEN_TO_ALL where no wish is known."""

PARTS: Final = (
    "placement",
    "wage",
    "distance",
    "nearby",
    "care",
    "pairing",
    "skill",
    "occupation",
    "dormitory",
    "all_year",
)
"""Parts of the utility in the order in which they are told."""


@dataclass(frozen=True, slots=True)
class Weights:
    """权重: the parameters `labour.utility.*` of a day, in points (km, fen where the name says so)."""

    placement: int
    wage_per_100_yuan: int
    wage_reference_fen: int
    wage_most: int
    distance_per_100_km: int
    distance_most: int
    nearby_km: int
    nearby: int
    care_per_dependant: int
    care_most: int
    pairing: int
    skill_exact: int
    occupation_same: int
    occupation_related: int
    dormitory: int
    all_year: int

    @classmethod
    def of(cls, parameters: Parameters) -> Weights:
        """The weights that hold on the parameters' day."""
        return cls(**{name: int(parameters.value(f"labour.utility.{name}")) for name in cls.__slots__})


@dataclass(frozen=True, eq=False)
class Places:
    """地点关系: for each home county × work county the distance in km (NaN: not known) and whether a donor is there."""

    home: Int64
    """Row of each worker's county."""
    work: Int64
    """Column of each vacancy's county."""
    distance_km: Float64
    paired: Bool

    @classmethod
    def of(
        cls, workers: Workers, vacancies: Vacancies, pairings: Iterable[Pairing], on: date, gazetteer: Gazetteer
    ) -> Places:
        """Look the counties up once each."""
        homes, home = _counties(workers.county)
        works, work = _counties(vacancies.county)
        edges = Edges(pairings, on, gazetteer=gazetteer, scheme=None)
        paired = np.zeros((len(homes), len(works)), bool)
        for row, county in enumerate(homes):
            donors = tuple(prefix(pairing.donor_code) for pairing in edges.of(county))
            paired[row] = [bool(donors) and code.startswith(donors) for code in works]
        distance = great_circle_km(_positions_of(homes, gazetteer), _positions_of(works, gazetteer))
        distance[np.array(homes, object)[:, None] == np.array(works, object)[None, :]] = 0.0
        return cls(home, work, distance, paired)


def great_circle_km(first: Float64, second: Float64) -> Float64:
    """大圆距离: (n, 2) and (m, 2) degrees of longitude and latitude → (n, m) km, by the haversine formula."""
    a, b = np.radians(first)[:, None, :], np.radians(second)[None, :, :]
    half = np.sin((b - a) / 2) ** 2
    chord = half[..., 1] + np.cos(a[..., 1]) * np.cos(b[..., 1]) * half[..., 0]
    return np.asarray(2 * EARTH_KM * np.arcsin(np.sqrt(np.clip(chord, 0, 1))))


@dataclass(frozen=True, eq=False)
class Scale:
    """评分: points and possibility of any pairs of these workers and vacancies."""

    workers: Workers
    vacancies: Vacancies
    places: Places
    relation: npt.NDArray[np.int8]
    """(worker occupations, vacancy occupations): UNRELATED, RELATED, SAME or OPEN_TO_ALL."""
    worker_occupation: Int64
    vacancy_occupation: Int64
    weights: Weights

    @classmethod
    def of(cls, workers: Workers, vacancies: Vacancies, places: Places, weights: Weights) -> Scale:
        """Relate the occupations once each."""
        wished, first = _distinct(workers.occupation)
        offered, second = _distinct(vacancies.occupation)
        relation = np.array([[_relation(a, b) for b in offered] for a in wished], np.int8)
        return cls(workers, vacancies, places, relation.reshape(len(wished), len(offered)), first, second, weights)

    def distance(self, w: Int64, v: Int64) -> Float64:
        """Distance in km of the pairs (w, v); NaN where not known."""
        return np.asarray(self.places.distance_km[self.places.home[w], self.places.work[v]])

    @implements("labour.3")
    def possible(self, w: Int64, v: Int64) -> Bool:
        """可行: wage, distance, skill, dormitory, season and occupation allow the pair (broadcast index arrays).

        A worker with a greatest distance is not sent to a place whose distance is not known.
        """
        workers, vacancies = self.workers, self.vacancies
        distance, farthest = self.distance(w, v), workers.max_distance_km[w]
        low = vacancies.monthly_wage_fen[v] < workers.min_wage_fen[w]
        far = ~np.isnan(farthest) & ~(distance <= farthest)
        unskilled = workers.skill[w] < vacancies.skill[v]
        homeless = workers.needs_dormitory[w] & ~vacancies.dormitory[v] & ~(distance <= self.weights.nearby_km)
        season = (workers.season[w] != ALL_YEAR) & (workers.season[w] != vacancies.season[v])
        relation = self.relation[self.worker_occupation[w], self.vacancy_occupation[v]]
        foreign = (relation == UNRELATED) & (vacancies.skill[v] != NO_SKILL)
        return np.asarray(~(low | far | unskilled | homeless | season | foreign))

    @assumes(
        "labour.3",
        because="The text asks for matching by person and need (因人因需) and gives no weights: all of them are ours, "
        "and what is not known adds and deducts nothing.",
    )
    def points(self, w: Int64, v: Int64) -> dict[str, Int64]:
        """效用构成: the points of each of `PARTS` for the pairs (w, v) (broadcast index arrays)."""
        workers, vacancies, weights = self.workers, self.vacancies, self.weights
        distance = self.distance(w, v)
        near = distance <= weights.nearby_km
        expected = np.where(np.isnan(workers.min_wage_fen[w]), weights.wage_reference_fen, workers.min_wage_fen[w])
        above = np.maximum(vacancies.monthly_wage_fen[v] - expected, 0) // 10_000
        hundreds = np.nan_to_num(np.round(distance / 100 * weights.distance_per_100_km), nan=0.0)
        relation = self.relation[self.worker_occupation[w], self.vacancy_occupation[v]]
        return {
            "placement": np.full(distance.shape, weights.placement, np.int64),
            "wage": np.minimum(above.astype(np.int64) * weights.wage_per_100_yuan, weights.wage_most),
            "distance": -np.minimum(hundreds.astype(np.int64), weights.distance_most),
            "nearby": np.where(near, weights.nearby, 0),
            "care": np.where(
                near, np.minimum(workers.dependants[w] * weights.care_per_dependant, weights.care_most), 0
            ),
            "pairing": np.where(self.places.paired[self.places.home[w], self.places.work[v]], weights.pairing, 0),
            "skill": np.where(workers.skill[w] == vacancies.skill[v], weights.skill_exact, 0),
            "occupation": np.select(
                [relation == SAME, relation == RELATED], [weights.occupation_same, weights.occupation_related], 0
            ),
            "dormitory": np.where(vacancies.dormitory[v] & ~near, weights.dormitory, 0),
            "all_year": np.where(vacancies.season[v] == ALL_YEAR, weights.all_year, 0),
        }

    def utility(self, w: Int64, v: Int64) -> Int64:
        """效用: the sum of the points, int64."""
        return np.asarray(sum(self.points(w, v).values()), np.int64)


def _counties(codes: Strings) -> tuple[list[str], Int64]:
    distinct, position = _distinct(codes)
    return [code for code in distinct if code is not None], position


def _relation(wished: str | None, offered: str | None) -> int:
    """SAME minor group, RELATED in the middle group, else UNRELATED."""
    if wished is None or offered is None:
        return OPEN_TO_ALL
    if wished == offered:
        return SAME
    return RELATED if wished.rpartition("-")[0] == offered.rpartition("-")[0] else UNRELATED


def _distinct(values: Strings) -> tuple[list[str | None], Int64]:
    """The distinct values (None first) and the position of each value among them."""
    order = sorted(set(values.tolist()), key=lambda value: (value is not None, value or ""))
    at = {value: k for k, value in enumerate(order)}
    return order, np.array([at[value] for value in values.tolist()], np.int64)


def _positions_of(codes: list[str], gazetteer: Gazetteer) -> Float64:
    """(n, 2) longitude and latitude in degrees; NaN where not known."""
    found = [gazetteer.coordinates(code) for code in codes]
    return np.array([(np.nan, np.nan) if seat is None else seat for seat in found], np.float64).reshape(-1, 2)
