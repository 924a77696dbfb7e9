"""A made-up labour market of any size as a real snapshot; every row is a dictionary that a test may change."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa

from jiedui import snapshot
from jiedui.policy import parameters, published
from jiedui.snapshot.schema import TABLES
from jiedui.snapshot.schema.arrow import arrow_schema

ON = date(2019, 12, 31)
ZHAOYANG, LUSHUI, DONGGUAN, ZHUHAI = "530602", "533301", "441900", "440402"
OCCUPATIONS = ("6-05-01", "6-05-04", "6-25-04", "4-03-02")


def worker(number: int, **changed: Any) -> dict[str, Any]:
    """A worker who may take anything, and the person and household behind it (keys with a prefix)."""
    row = {
        "worker_id": number,
        "person_id": f"{number:032x}",
        "household_id": number,
        "region_code": ZHAOYANG + "101201",
        "work_status": "unemployed",
        "willing": True,
        "able": True,
        "occupation": None,
        "occupation_2": None,
        "wish_place": None,
        "wish_place_2": None,
        "skill": "basic",
        "min_wage_fen": None,
        "max_distance_km": None,
        "dependants": 0,
        "season": "all_year",
        "partner_id": None,
        "needs_dormitory": False,
        "needs_school": None,
        "work_limit": None,
        "night_shift": None,
        "mandarin": None,
        "registered_on": date(2019, 1, 1),
        "status": "exited",
        "sex": "female",
        "ethnic_group": "彝族",
        "birth_year": 1985,
        "in_school": False,
        "left_on": None,
    }
    return row | changed


def vacancy(number: int, **changed: Any) -> dict[str, Any]:
    """A vacancy in 东莞 with one seat that asks for nothing."""
    row = {
        "vacancy_id": number,
        "organisation_id": 1,
        "region_code": DONGGUAN,
        "occupation": OCCUPATIONS[0],
        "title": "缝纫工",
        "seats": 1,
        "monthly_wage_fen": 400_000,
        "skill": "none",
        "dormitory": True,
        "season": "all_year",
        "open_from": date(2019, 6, 1),
        "open_to": date(2020, 6, 1),
        "state": "checked",
        "demand": None,
        "night_shift": None,
        "mandarin": None,
        "couple_room": None,
        "school_place": None,
    }
    return row | changed


def offer(number: int, person: int, job: int, **changed: Any) -> dict[str, Any]:
    """An offer of a vacancy to a worker, made in December and not yet answered."""
    row = {
        "job_offer_id": number,
        "worker_id": person,
        "person_id": f"{person:032x}",
        "household_id": person,
        "region_code": ZHAOYANG + "101201",
        "vacancy_id": job,
        "work_region_code": DONGGUAN,
        "state": "offered",
        "offered_on": date(2019, 12, 1),
        "answer_by": date(2019, 12, 31),
        "answered_on": None,
        "refusal": None,
    }
    return row | changed


def freeze(folder, workers, vacancies, placements=(), offers=()):
    """Write the rows, the persons and households behind them, and the published pairings; open the snapshot."""
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in TABLES}
    rows["worker"], rows["vacancy"], rows["placement"] = list(workers), list(vacancies), list(placements)
    rows["job_offer"] = list(offers)
    rows["person"] = [_person(row) for row in workers]
    rows["household"] = [_household(row) for row in workers]
    rows["organisation"] = [
        {"organisation_id": number, "kind": "firm", "name": f"试验{number}厂", "region_code": DONGGUAN}
        for number in (1, 2, 3)
    ]
    rows["household_year"] = [_household_year(row) for row in workers if row["status"] is not None]
    rows["pairing"] = [
        {field: getattr(pairing, field) for field in pairing.__slots__} for pairing in published.pairings_2016()
    ]
    tables = {name: _table(name, rows[name]) for name in TABLES}
    snapshot.write(tables, folder, as_of=ON, policy_digest="test", synthetic=True)
    return snapshot.open(folder)


def weights():
    """The parameters of the day."""
    return parameters.load(ON)


def random_rows(seed: int, workers: int, vacancies: int):
    """Workers and vacancies by chance, in poor counties and donor cities."""
    rng = np.random.default_rng(seed)
    homes = [county.county_code for county in published.poverty_counties() if county.county_code]
    works = [DONGGUAN, ZHUHAI, "330102", "310115", *homes[:40]]
    people = [
        worker(
            k + 1,
            region_code=str(rng.choice(homes)) + "101201",
            occupation=None if rng.random() < 0.2 else str(rng.choice(OCCUPATIONS)),
            skill=str(rng.choice(["none", "basic", "middle"])),
            min_wage_fen=None if rng.random() < 0.3 else int(rng.integers(20, 50)) * 10_000,
            max_distance_km=None if rng.random() < 0.6 else int(rng.integers(50, 2000)),
            dependants=int(rng.integers(0, 4)),
            season=str(rng.choice(["all_year", "off_season"], p=[0.8, 0.2])),
            partner_id=(k ^ 1) + 1 if k % 10 < 2 and (k ^ 1) < workers else None,
            needs_dormitory=bool(rng.random() < 0.5),
            registered_on=date(2019, int(rng.integers(1, 13)), 1),
            status=str(rng.choice(["poor", "exited", "relapsed"])),
            sex=str(rng.choice(["female", "male"])),
            occupation_2=_maybe(rng, 0.6, OCCUPATIONS),
            wish_place=_maybe(rng, 0.7, ("440000", DONGGUAN, "330000")),
            wish_place_2=_maybe(rng, 0.8, ("310000", "440400")),
            needs_school=_maybe(rng, 0.5, (True, False, False)),
            work_limit=_maybe(rng, 0.5, ("none", "light_only", "no_dust", "no_height")),
            night_shift=_maybe(rng, 0.4, (True, True, False)),
            mandarin=_maybe(rng, 0.4, (True, True, False)),
        )
        for k in range(workers)
    ]
    jobs = [
        vacancy(
            k + 1,
            region_code=str(rng.choice(works)),
            occupation=str(rng.choice(OCCUPATIONS)),
            seats=int(rng.integers(1, 8)),
            monthly_wage_fen=int(rng.integers(20, 60)) * 10_000,
            skill=str(rng.choice(["none", "basic", "middle"], p=[0.6, 0.3, 0.1])),
            dormitory=bool(rng.random() < 0.6),
            season=str(rng.choice(["all_year", "off_season"], p=[0.8, 0.2])),
            organisation_id=int(rng.integers(1, 4)),
            demand=_maybe(rng, 0.3, ("light", "heavy", "dust", "height")),
            night_shift=_maybe(rng, 0.4, (True, False, False)),
            mandarin=_maybe(rng, 0.4, (True, False, False)),
            couple_room=_maybe(rng, 0.5, (True, False)),
            school_place=_maybe(rng, 0.4, (True, False)),
        )
        for k in range(vacancies)
    ]
    return people, jobs


def _maybe(rng: np.random.Generator, unknown: float, values: tuple[Any, ...]) -> Any:
    """One of the values, or None."""
    drawn = values[int(rng.integers(len(values)))]
    return None if rng.random() < unknown else drawn


def _person(row: dict[str, Any]) -> dict[str, Any]:
    kept = {key: row[key] for key in ("person_id", "household_id", "region_code", "sex", "ethnic_group")}
    return kept | {
        "birth_year": row["birth_year"],
        "relation": "head",
        "education": "junior",
        "in_school": row["in_school"],
        "health": "healthy",
        "labour_ability": "ordinary",
        "joined_on": date(2016, 1, 1),
        "left_on": row["left_on"],
    }


def _household(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "household_id": row["household_id"],
        "region_code": row["region_code"],
        "entered_on": date(2016, 1, 1),
        "cause": "land",
        "unsafe_housing": False,
        "safe_water": True,
    }


def _household_year(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "household_year_id": row["worker_id"],
        "household_id": row["household_id"],
        "region_code": row["region_code"],
        "year": 2019,
        "status": row["status"],
        "members": 3,
        "income_per_head_fen": None,
    }


def _table(name: str, rows: list[dict[str, Any]]) -> pa.Table:
    schema = arrow_schema(TABLES[name], True)
    return pa.Table.from_pylist([{field: row.get(field) for field in schema.names} for row in rows], schema=schema)
