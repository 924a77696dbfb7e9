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
import pyarrow.compute as pc

from jiedui.policy.parameters import Parameters
from jiedui.policy.registry import assumes, implements
from jiedui.snapshot import Snapshot
from jiedui.terms import codelists

Int8 = npt.NDArray[np.int8]
Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]
Float64 = npt.NDArray[np.float64]
Bool = npt.NDArray[np.bool_]
Rows = dict[str, pa.Array]

UNKNOWN: Final = -1
"""What stands in an array of numbers where nothing is known; no number of these columns is below 0."""

SKILLS: Final = tuple(codelists.SKILL_LEVEL)
SEASONS: Final = tuple(codelists.SEASON)
LIMITS: Final = tuple(codelists.WORK_LIMIT)
DEMANDS: Final = tuple(codelists.WORK_DEMAND)
OPEN_OFFERS: Final = ("offered", "accepted", "departed", "started")
"""States in which an offer holds its seat and its worker."""


@dataclass(frozen=True, eq=False)
class Coded:
    """编码列: a text column as positions in its distinct `codes`, which rise; `UNKNOWN` where it is empty."""

    codes: tuple[str, ...]
    at: Int32


@dataclass(frozen=True, eq=False)
class Workers:
    """求职者: one row per seeking worker, by worker_id. What is not known is `UNKNOWN`, never 0.

    `wished`: the codes of both occupations; `places`: those of both wished places. The three-valued columns
    (`needs_school`, `night_shift`, `mandarin`) are 0, 1 or `UNKNOWN`.
    """

    worker_id: Int64
    person_id: pa.Array
    region_code: pa.Array
    county: Coded
    occupation: Coded
    occupation_2: Coded
    wish_place: Coded
    wish_place_2: Coded
    skill: Int8
    min_wage_fen: Int64
    max_distance_km: Int64
    dependants: Int64
    season: Int8
    partner_id: Int64
    needs_dormitory: Int8
    needs_school: Int8
    work_limit: Int8
    night_shift: Int8
    mandarin: Int8
    registered_on: Int32
    tier: Int64

    def __len__(self) -> int:
        return len(self.worker_id)


@dataclass(frozen=True, eq=False)
class Vacancies:
    """岗位: one row per vacancy with a free seat on the day, by vacancy_id; `seats` are those still free."""

    vacancy_id: Int64
    organisation_id: Int64
    region_code: pa.Array
    county: Coded
    occupation: Coded
    seats: Int64
    monthly_wage_fen: Int64
    skill: Int8
    dormitory: Int8
    season: Int8
    demand: Int8
    night_shift: Int8
    mandarin: Int8
    couple_room: Int8
    school_place: Int8

    def __len__(self) -> int:
        return len(self.vacancy_id)


_PLACED: Final = "started_on <= $day AND (ended_on IS NULL OR ended_on > $day)"
_HELD: Final = "offered_on <= $day AND state IN (SELECT unnest($held))"

_SEEKING: Final = f"""
WITH known AS (
  SELECT household_id, arg_max(status, year) AS status
  FROM household_year WHERE make_date(year, 12, 31) <= $day GROUP BY household_id
), busy AS (
  SELECT person_id FROM placement WHERE {_PLACED} UNION SELECT person_id FROM job_offer WHERE {_HELD}
)
SELECT w.worker_id, w.person_id, w.region_code, w.occupation, w.occupation_2, w.wish_place, w.wish_place_2, w.skill,
       w.min_wage_fen, w.max_distance_km, w.dependants, w.season, w.partner_id, w.needs_dormitory, w.needs_school,
       w.work_limit, w.night_shift, w.mandarin, w.registered_on,
       CASE WHEN known.status IN (SELECT unnest($first)) THEN 0 ELSE 1 END AS tier
FROM worker w JOIN person p USING (person_id) LEFT JOIN known ON known.household_id = w.household_id
WHERE w.willing AND w.able AND w.registered_on <= $day AND starts_with(w.region_code, $prefix)
  AND w.work_status NOT IN (SELECT unnest($working))
  AND NOT p.in_school AND (p.left_on IS NULL OR p.left_on > $day)
  AND year($day) - p.birth_year > $age
  AND NOT EXISTS (SELECT 1 FROM busy WHERE busy.person_id = w.person_id)
ORDER BY w.worker_id
"""

_OPEN: Final = f"""
WITH held AS (
  SELECT vacancy_id FROM placement WHERE vacancy_id IS NOT NULL AND job_offer_id IS NULL AND {_PLACED}
  UNION ALL SELECT vacancy_id FROM job_offer WHERE {_HELD}
), taken AS (SELECT vacancy_id, count(*) AS seats FROM held GROUP BY vacancy_id)
SELECT v.vacancy_id, v.organisation_id, v.region_code, v.occupation,
       CAST(v.seats - coalesce(taken.seats, 0) AS BIGINT) AS seats, v.monthly_wage_fen, v.skill, v.dormitory, v.season,
       v.demand, v.night_shift, v.mandarin, v.couple_room, v.school_place
FROM vacancy v LEFT JOIN taken USING (vacancy_id)
WHERE v.state = 'checked' AND v.open_from <= $day AND $day <= v.open_to AND v.seats > coalesce(taken.seats, 0)
ORDER BY v.vacancy_id
"""


@implements("labour.1")
@assumes(
    "labour.1",
    because="The text does not say who counts as without work: here whoever is not working for pay and holds no "
    "placement and no open offer on the day; of age surely, since only the year of birth is known.",
)
def seeking(snapshot: Snapshot, on: date, parameters: Parameters, prefix: str = "") -> Workers:
    """求职者: registered poor who are willing, able, of age, out of school and without work or offer on the day.

    `prefix`: only those whose region code begins with it.
    """
    return workers_of(
        read_rows(
            snapshot,
            _SEEKING,
            day=on,
            prefix=prefix,
            held=list(OPEN_OFFERS),
            working=list(parameters.value("labour.working_statuses")),
            first=list(parameters.value("labour.first_served_statuses")),
            age=parameters.value("labour.minimum_age"),
        )
    )


def workers_of(rows: Rows) -> Workers:
    """The columns of `worker`, and the tier, as arrays."""
    occupation, occupation_2 = coded(rows["occupation"], rows["occupation_2"])
    wish_place, wish_place_2 = coded(rows["wish_place"], rows["wish_place_2"])
    return Workers(
        worker_id=numbers(rows["worker_id"]),
        person_id=rows["person_id"],
        region_code=rows["region_code"],
        county=_counties(rows["region_code"]),
        occupation=occupation,
        occupation_2=occupation_2,
        wish_place=wish_place,
        wish_place_2=wish_place_2,
        skill=_positions(rows["skill"], SKILLS),
        season=_positions(rows["season"], SEASONS),
        work_limit=_positions(rows["work_limit"], LIMITS),
        registered_on=rows["registered_on"].cast(pa.int32()).to_numpy(zero_copy_only=False),
        needs_dormitory=_yes_or_no(rows["needs_dormitory"]),
        needs_school=_yes_or_no(rows["needs_school"]),
        night_shift=_yes_or_no(rows["night_shift"]),
        mandarin=_yes_or_no(rows["mandarin"]),
        min_wage_fen=numbers(rows["min_wage_fen"]),
        max_distance_km=numbers(rows["max_distance_km"]),
        dependants=numbers(rows["dependants"]),
        partner_id=numbers(rows["partner_id"]),
        tier=numbers(rows["tier"]),
    )


@implements("labour.2")
def open_vacancies(snapshot: Snapshot, on: date) -> Vacancies:
    """在招岗位: checked vacancies open on the day, with the seats that placements and open offers leave free."""
    return vacancies_of(read_rows(snapshot, _OPEN, day=on, held=list(OPEN_OFFERS)))


def vacancies_of(rows: Rows) -> Vacancies:
    """The columns of `vacancy` as arrays."""
    return Vacancies(
        region_code=rows["region_code"],
        county=_counties(rows["region_code"]),
        occupation=coded(rows["occupation"])[0],
        skill=_positions(rows["skill"], SKILLS),
        season=_positions(rows["season"], SEASONS),
        demand=_positions(rows["demand"], DEMANDS),
        dormitory=_yes_or_no(rows["dormitory"]),
        night_shift=_yes_or_no(rows["night_shift"]),
        mandarin=_yes_or_no(rows["mandarin"]),
        couple_room=_yes_or_no(rows["couple_room"]),
        school_place=_yes_or_no(rows["school_place"]),
        vacancy_id=numbers(rows["vacancy_id"]),
        organisation_id=numbers(rows["organisation_id"]),
        seats=numbers(rows["seats"]),
        monthly_wage_fen=numbers(rows["monthly_wage_fen"]),
    )


def read_rows(snapshot: Snapshot, sql: str, **values: Any) -> Rows:
    """The columns of a query; of `values` those that it names."""
    connection = snapshot.duckdb()
    try:
        used = {name: value for name, value in values.items() if f"${name}" in sql}
        rows: pa.Table = connection.sql(sql, params=used).to_arrow_table()
    finally:
        connection.close()
    found = {}
    for name in rows.column_names:
        column = rows[name].combine_chunks()
        found[name] = column if isinstance(column, pa.Array) else pa.concat_arrays(column.chunks)
    return found


def numbers(column: pa.Array) -> Int64:
    """Whole numbers, `UNKNOWN` where there is none."""
    return np.asarray(column.fill_null(UNKNOWN).to_numpy(zero_copy_only=False), np.int64)


def coded(*columns: pa.Array) -> list[Coded]:
    """The columns over one list of distinct codes."""
    distinct = pc.unique(pa.concat_arrays([column.cast(pa.string()) for column in columns])).drop_null()
    distinct = distinct.take(pc.sort_indices(distinct))
    codes = tuple(distinct.to_pylist())
    return [
        Coded(codes, pc.index_in(column, value_set=distinct).fill_null(UNKNOWN).to_numpy(zero_copy_only=False))
        for column in columns
    ]


def _yes_or_no(column: pa.Array) -> Int8:
    return np.asarray(column.cast(pa.int8()).fill_null(UNKNOWN).to_numpy(zero_copy_only=False), np.int8)


def _positions(column: pa.Array, codes: tuple[str, ...]) -> Int8:
    at = pc.index_in(column, value_set=pa.array(codes, pa.string())).fill_null(UNKNOWN)
    return np.asarray(at.to_numpy(zero_copy_only=False), np.int8)


def _counties(regions: pa.Array) -> Coded:
    return coded(pc.utf8_slice_codeunits(regions, 0, 6))[0]
