"""造市场: workers and vacancies of any number as tables of a snapshot; everybody is made up.

Homes are the poor counties of 2014, places of work the districts of eastern cities and the home counties themselves.
Nobody's row depends on how many others there are, so that a larger market begins like a smaller one.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa

from jiedui import snapshot
from jiedui.policy import published
from jiedui.simulate.labour import occupations
from jiedui.snapshot import Snapshot
from jiedui.snapshot.schema import TABLES
from jiedui.snapshot.schema.arrow import arrow_schema
from jiedui.terms.divisions import Gazetteer

ON: Final = date(2019, 12, 31)
EAST: Final = ("11", "12", "21", "31", "32", "33", "35", "37", "44")
SEATS_EACH: Final = 10
FIRMS_FOR: Final = 5
"""Vacancies of a firm."""
PARTNERS: Final = 0.1
"""Share of the workers who go with a partner."""

Columns = dict[str, Any]


def write(
    folder: Path, workers: int, vacancies: int, *, seed: int = 1, changed: float = 0.0, partners: float = PARTNERS
) -> Snapshot:
    """造快照: the market as a snapshot; of `changed` of the rows other values (the same for the same share)."""
    made = {
        "worker": worker_columns(workers, seed, partners),
        "vacancy": vacancy_columns(vacancies, seed),
    }
    if changed:
        _change(made, changed, seed)
    people = made["worker"]
    made |= _behind(people)
    firms = vacancies // FIRMS_FOR + 1
    made["organisation"] = {
        "organisation_id": np.arange(1, firms + 1),
        "kind": _repeated(["firm"], firms),
        "name": _repeated(["模拟企业"], firms),
        "region_code": _repeated(["440000"], firms),
    }
    tables = {name: _table(name, made.get(name)) for name in TABLES}
    pairings = [{f: getattr(one, f) for f in one.__slots__} for one in published.pairings_2016()]
    tables["pairing"] = pa.Table.from_pylist(pairings, schema=arrow_schema(TABLES["pairing"], True))
    snapshot.write(tables, folder, as_of=ON, policy_digest="bench", synthetic=True)
    return snapshot.open(folder)


def worker_columns(n: int, seed: int, partners: float) -> Columns:
    """劳动力: the columns of `worker`, by number; and those of the person and household behind (`_…`)."""
    rng = np.random.default_rng([seed, 1])
    homes = [one.county_code for one in published.poverty_counties() if one.county_code]
    home = rng.integers(0, len(homes), n)
    wish, none = rng.choice(len(occupations().code), n, p=_share()), rng.random(n)
    second = rng.choice(len(occupations().code), n, p=_share())
    skill = rng.choice(4, n, p=[0.6, 0.25, 0.12, 0.03])
    far = np.array([0, 50, 150, 600, 1500])[rng.choice(5, n, p=[0.55, 0.1, 0.1, 0.1, 0.15])]
    place = rng.choice(len(EAST), n)
    number = np.arange(1, n + 1)
    partner = np.where((rng.random(n // 2 + 1) < partners)[(number - 1) // 2], ((number - 1) ^ 1) + 1, 0)
    partner[partner > n] = 0
    home[1::2][partner[1::2] > 0] = home[0 : n - n % 2 : 2][partner[1::2] > 0]
    household = np.where(partner > 0, np.minimum(number, partner), number)
    return {
        "worker_id": number,
        "person_id": _pseudonyms(number),
        "household_id": household,
        "region_code": pa.array([f"{code}101201" for code in homes]).take(pa.array(home)),
        "work_status": _repeated(["unemployed"], n),
        "willing": np.ones(n, bool),
        "able": np.ones(n, bool),
        "occupation": pa.array(occupations().code).take(pa.array(wish, mask=none < 0.15)),
        "occupation_2": pa.array(occupations().code).take(pa.array(second, mask=none < 0.7)),
        "wish_place": pa.array([f"{code}0000" for code in EAST]).take(pa.array(place, mask=rng.random(n) < 0.8)),
        "skill": pa.array(["none", "basic", "middle", "senior"]).take(pa.array(skill)),
        "min_wage_fen": _some(10_000 * (22 + skill * 4 + rng.integers(0, 14, n)), rng.random(n) < 0.1),
        "max_distance_km": _some(far, far == 0),
        "dependants": np.where(rng.random(n) < 0.3, rng.integers(1, 4, n), 0),
        "season": pa.array(["all_year", "off_season"]).take(pa.array((rng.random(n) < 0.1).astype(int))),
        "partner_id": _some(partner, partner == 0),
        "needs_dormitory": rng.random(n) < 0.6,
        "needs_school": _some(rng.random(n) < 0.05, rng.random(n) < 0.3),
        "work_limit": pa.array(["none", "light_only", "no_dust", "no_height"]).take(
            pa.array(rng.choice(4, n, p=[0.85, 0.07, 0.05, 0.03]))
        ),
        "night_shift": _some(rng.random(n) < 0.7, rng.random(n) < 0.4),
        "mandarin": _some(rng.random(n) < 0.9, rng.random(n) < 0.3),
        "registered_on": ON.toordinal() - date(1970, 1, 1).toordinal() - rng.integers(20, 700, n),
        "_status": np.where(rng.random(n) < 0.35, 0, 1)[household - 1],
        "_male": rng.random(n) < 0.5,
    }


def vacancy_columns(n: int, seed: int) -> Columns:
    """岗位: the columns of `vacancy`: a third at home, the others in the East."""
    rng = np.random.default_rng([seed, 2])
    homes = [one.county_code for one in published.poverty_counties() if one.county_code]
    east = [one.code for one in Gazetteer.load().at(ON) if one.level == "county" and one.code[:2] in EAST]
    places = [*homes, *east]
    near = rng.random(n) < 0.35
    at = np.where(near, rng.integers(0, len(homes), n), len(homes) + (rng.random(n) ** 2 * len(east)).astype(int))
    kind = rng.choice(len(occupations().code), n, p=_share())
    wage = occupations().wage[kind] * np.where(near, 0.7, 1.0) * (0.8 + 0.5 * rng.random(n))
    today = ON.toordinal() - date(1970, 1, 1).toordinal()
    return {
        "vacancy_id": np.arange(1, n + 1),
        "organisation_id": np.arange(n) // FIRMS_FOR + 1,
        "region_code": pa.array(places).take(pa.array(at)),
        "occupation": pa.array(occupations().code).take(pa.array(kind)),
        "title": pa.array(occupations().title).take(pa.array(kind)),
        "seats": 1 + rng.poisson(SEATS_EACH - 1, n),
        "monthly_wage_fen": np.round(wage / 50).astype(np.int64) * 5000,
        "skill": pa.array(["none", "basic", "middle"]).take(pa.array(rng.choice(3, n, p=[0.65, 0.25, 0.1]))),
        "dormitory": ~near & (rng.random(n) < 0.75),
        "season": pa.array(["all_year", "off_season"]).take(pa.array((rng.random(n) < 0.1).astype(int))),
        "open_from": today - rng.integers(3, 60, n),
        "open_to": today + rng.integers(10, 90, n),
        "state": _repeated(["checked"], n),
        "demand": pa.array(["light", "heavy", "dust", "height"]).take(
            pa.array(rng.choice(4, n, p=[0.6, 0.2, 0.12, 0.08]), mask=rng.random(n) < 0.2)
        ),
        "night_shift": _some(rng.random(n) < 0.3, rng.random(n) < 0.2),
        "mandarin": _some(rng.random(n) < 0.2, rng.random(n) < 0.2),
        "couple_room": _some(rng.random(n) < 0.2, rng.random(n) < 0.5),
        "school_place": _some(rng.random(n) < 0.4, rng.random(n) < 0.5),
    }


def _change(made: dict[str, Columns], share: float, seed: int) -> None:
    """Other wages asked and other seats, of `share` of the rows each; as many workers have gone from the register."""
    rng = np.random.default_rng([seed, 3])
    people, jobs = made["worker"], made["vacancy"]
    n = len(people["worker_id"])
    gone, other = rng.random(n) < share / 2, rng.random(n) < share / 2
    people["willing"] = ~gone
    wage = np.asarray(people["min_wage_fen"].fill_null(250_000))
    people["min_wage_fen"] = pa.array(np.where(other, wage + 20_000, wage))
    seats = np.asarray(jobs["seats"])
    jobs["seats"] = np.where(rng.random(len(seats)) < share, np.maximum(1, seats - 2), seats)


def _behind(people: Columns) -> dict[str, Columns]:
    """The persons, households and their years."""
    n = len(people["worker_id"])
    day = np.full(n, date(2016, 1, 1).toordinal() - date(1970, 1, 1).toordinal())
    first = people["household_id"] == people["worker_id"]
    rows = pa.array(np.flatnonzero(first))
    homes = int(first.sum())
    region = people["region_code"].take(rows)
    person = {
        "person_id": people["person_id"],
        "household_id": people["household_id"],
        "region_code": people["region_code"],
        "relation": _repeated(["head"], n),
        "sex": pa.array(["female", "male"]).take(pa.array(people["_male"].astype(int))),
        "birth_year": np.full(n, 1985),
        "ethnic_group": _repeated(["汉族"], n),
        "education": _repeated(["junior"], n),
        "in_school": np.zeros(n, bool),
        "health": _repeated(["healthy"], n),
        "labour_ability": _repeated(["ordinary"], n),
        "joined_on": day,
    }
    household = {
        "household_id": people["household_id"][first],
        "region_code": region,
        "entered_on": day[first],
        "cause": _repeated(["land"], homes),
        "unsafe_housing": np.zeros(homes, bool),
        "safe_water": np.ones(homes, bool),
    }
    year = {
        "household_year_id": people["household_id"][first],
        "household_id": people["household_id"][first],
        "region_code": region,
        "year": np.full(homes, 2019),
        "status": pa.array(["poor", "exited"]).take(pa.array(people["_status"][first])),
        "members": np.full(homes, 3),
    }
    return {"person": person, "household": household, "household_year": year}


def _share() -> np.ndarray:
    weight = occupations().weight
    return weight / weight.sum()


def _repeated(values: list[str], n: int) -> pa.Array:
    return pa.repeat(pa.scalar(values[0]), n)


def _some(values: Any, missing: np.ndarray) -> pa.Array:
    return pa.array(values, mask=missing)


def _pseudonyms(number: np.ndarray) -> pa.Array:
    return pa.array([f"{k:032x}" for k in number.tolist()])


def _table(name: str, columns: Columns | None) -> pa.Table:
    schema = arrow_schema(TABLES[name], True)
    if columns is None:
        return schema.empty_table()
    n = len(next(iter(columns.values())))
    arrays = []
    for field in schema:
        value = columns.get(field.name)
        if value is None:
            arrays.append(pa.nulls(n, field.type))
            continue
        made = value if isinstance(value, pa.Array | pa.ChunkedArray) else pa.array(value)
        made = made.cast(pa.int32()) if pa.types.is_date(field.type) and pa.types.is_integer(made.type) else made
        arrays.append(made.cast(field.type))
    return pa.table(arrays, schema=schema)
