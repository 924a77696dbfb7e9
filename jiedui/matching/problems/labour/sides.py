"""两边: who seeks work and what is open on a day, as arrays.

Only the columns named here are ever read; sex and ethnic group are not among them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from jiedui.policy.parameters import Parameters
from jiedui.policy.registry import assumes, implements
from jiedui.snapshot import Snapshot
from jiedui.terms import codelists

Strings = npt.NDArray[np.object_]
Int64 = npt.NDArray[np.int64]
Float64 = npt.NDArray[np.float64]
Bool = npt.NDArray[np.bool_]

SKILLS: Final = tuple(codelists.SKILL_LEVEL)
SEASONS: Final = tuple(codelists.SEASON)


@dataclass(frozen=True, eq=False)
class Workers:
    """求职者: one row per seeking worker, by worker_id. What is not known is None or NaN, never 0."""

    worker_id: Int64
    person_id: Strings
    region_code: Strings
    county: Strings
    occupation: Strings
    skill: Int64
    min_wage_fen: Float64
    max_distance_km: Float64
    dependants: Int64
    season: Int64
    partner_id: Float64
    needs_dormitory: Bool
    registered_on: npt.NDArray[np.datetime64]
    tier: Int64

    def __len__(self) -> int:
        return len(self.worker_id)


@dataclass(frozen=True, eq=False)
class Vacancies:
    """岗位: one row per vacancy with a free seat on the day, by vacancy_id; `seats` are those still free."""

    vacancy_id: Int64
    region_code: Strings
    county: Strings
    occupation: Strings
    title: Strings
    seats: Int64
    monthly_wage_fen: Int64
    skill: Int64
    dormitory: Bool
    season: Int64

    def __len__(self) -> int:
        return len(self.vacancy_id)


_PLACED: Final = "started_on <= $day AND (ended_on IS NULL OR ended_on > $day)"

_SEEKING: Final = f"""
WITH known AS (
  SELECT household_id, arg_max(status, year) AS status
  FROM household_year WHERE make_date(year, 12, 31) <= $day GROUP BY household_id
)
SELECT w.worker_id, w.person_id, w.region_code, w.occupation, w.skill, w.min_wage_fen, w.max_distance_km, w.dependants,
       w.season, w.partner_id, w.needs_dormitory, w.registered_on,
       CASE WHEN known.status IN (SELECT unnest($first)) THEN 0 ELSE 1 END AS tier
FROM worker w JOIN person p USING (person_id) LEFT JOIN known ON known.household_id = w.household_id
WHERE w.willing AND w.able AND w.registered_on <= $day
  AND w.work_status NOT IN (SELECT unnest($working))
  AND NOT p.in_school AND (p.left_on IS NULL OR p.left_on > $day)
  AND year($day) - p.birth_year > $age
  AND w.person_id NOT IN (SELECT person_id FROM placement WHERE {_PLACED})
ORDER BY w.worker_id
"""

_OPEN: Final = f"""
WITH taken AS (
  SELECT vacancy_id, count(*) AS seats FROM placement WHERE vacancy_id IS NOT NULL AND {_PLACED} GROUP BY vacancy_id
)
SELECT v.vacancy_id, v.region_code, v.occupation, v.title, v.seats - coalesce(taken.seats, 0) AS seats,
       v.monthly_wage_fen, v.skill, v.dormitory, v.season
FROM vacancy v LEFT JOIN taken USING (vacancy_id)
WHERE v.open_from <= $day AND $day <= v.open_to AND v.seats > coalesce(taken.seats, 0)
ORDER BY v.vacancy_id
"""


@implements("labour.1")
@assumes(
    "labour.1",
    because="The text does not say who counts as without work: here whoever is not working for pay and holds no "
    "placement on the day; of age surely, since only the year of birth is known.",
)
def seeking(snapshot: Snapshot, on: date, parameters: Parameters) -> Workers:
    """求职者: registered poor who are willing, able, of age, out of school and without work on the day."""
    rows = _rows(
        snapshot,
        _SEEKING,
        day=on,
        working=list(parameters.value("labour.working_statuses")),
        first=list(parameters.value("labour.first_served_statuses")),
        age=parameters.value("labour.minimum_age"),
    )
    region = _strings(rows["region_code"])
    return Workers(
        worker_id=_integers(rows["worker_id"]),
        person_id=_strings(rows["person_id"]),
        region_code=region,
        county=_counties(region),
        occupation=_strings(rows["occupation"]),
        skill=_positions(rows["skill"], SKILLS),
        min_wage_fen=_floats(rows["min_wage_fen"]),
        max_distance_km=_floats(rows["max_distance_km"]),
        dependants=_integers(rows["dependants"]),
        season=_positions(rows["season"], SEASONS),
        partner_id=_floats(rows["partner_id"]),
        needs_dormitory=np.array(rows["needs_dormitory"], bool),
        registered_on=np.array(rows["registered_on"], "datetime64[D]"),
        tier=_integers(rows["tier"]),
    )


@implements("labour.2")
def open_vacancies(snapshot: Snapshot, on: date) -> Vacancies:
    """在招岗位: vacancies open on the day, with the seats that running placements leave free."""
    rows = _rows(snapshot, _OPEN, day=on)
    region = _strings(rows["region_code"])
    return Vacancies(
        vacancy_id=_integers(rows["vacancy_id"]),
        region_code=region,
        county=_counties(region),
        occupation=_strings(rows["occupation"]),
        title=_strings(rows["title"]),
        seats=_integers(rows["seats"]),
        monthly_wage_fen=_integers(rows["monthly_wage_fen"]),
        skill=_positions(rows["skill"], SKILLS),
        dormitory=np.array(rows["dormitory"], bool),
        season=_positions(rows["season"], SEASONS),
    )


def _rows(snapshot: Snapshot, sql: str, **values: Any) -> dict[str, list[Any]]:
    connection = snapshot.duckdb()
    try:
        used = {name: value for name, value in values.items() if f"${name}" in sql}
        rows: pa.Table = connection.sql(sql, params=used).to_arrow_table()
    finally:
        connection.close()
    columns: dict[str, list[Any]] = rows.to_pydict()
    return columns


def _strings(values: list[Any]) -> Strings:
    array = np.empty(len(values), object)
    array[:] = values
    return array


def _integers(values: list[Any]) -> Int64:
    return np.array(values, np.int64)


def _floats(values: list[Any]) -> Float64:
    return np.array([np.nan if value is None else value for value in values], np.float64)


def _positions(values: list[Any], codes: tuple[str, ...]) -> Int64:
    order = {code: k for k, code in enumerate(codes)}
    return np.array([order[value] for value in values], np.int64)


def _counties(regions: Strings) -> Strings:
    return _strings([code[:6] for code in regions])
