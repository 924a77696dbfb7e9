"""合成世界: a province whose million workers each got a proposal; people by SQL, proposals through `results.store`.

Nobody in it is real: there are no names behind the numbers, identity numbers are random bytes. Triggers are off while
people are made; constraints, indexes and policies hold.
"""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any, Final

import numpy as np
import pyarrow as pa

from jiedui.terms.divisions import Gazetteer

PROVINCE: Final = "530000"
WORK: Final = ("440000", "310000", "330000", "530000")
"""Where the vacancies are: three donors' provinces and home."""
VILLAGES: Final = 120
"""Of each county."""
SEATS: Final = 10
PARTS: Final = (
    *("placement", "wage", "distance", "nearby", "care", "pairing", "skill", "occupation", "wish_place"),
    *("dormitory", "couple_room", "school", "all_year"),
)


def counties(province: str) -> list[str]:
    """县: codes of a province's counties today."""
    return [one.code for one in Gazetteer.load().children(province, date.today()) if one.level == "county"]


def villages() -> list[str]:
    """村: a made-up list for each county of the province."""
    return [f"{county}{101 + k // 12}{201 + k % 12}" for county in counties(PROVINCE) for k in range(VILLAGES)]


def fill(cursor: Any, workers: int, vacancies: int) -> None:
    """装载: a household, a person and a worker for each number, firms and vacancies."""
    places = villages()
    work = [code for province in WORK for code in counties(province)]
    for table in ("household", "person", "worker", "organisation", "vacancy"):
        cursor.execute(f"ALTER TABLE records_{table} DISABLE TRIGGER USER")
    given = {"places": places, "work": work, "n": workers, "m": vacancies}
    for statement in _STATEMENTS:
        cursor.execute(statement, given)
    for table in ("household", "person", "worker", "organisation", "vacancy"):
        cursor.execute(f"ALTER TABLE records_{table} ENABLE TRIGGER USER")


_VILLAGE: Final = "(%(places)s::text[])[1 + (g - 1)::bigint * cardinality(%(places)s::text[]) / %(n)s]"
_STATEMENTS: Final = (
    "INSERT INTO records_household (household_id, region_code, entered_on, cause, unsafe_housing, safe_water, address) "
    f"SELECT g, {_VILLAGE}, '2014-05-01', 'land', false, true, '合成住址' FROM generate_series(1, %(n)s) g",
    "INSERT INTO records_person (person_id, household_id, region_code, sex, birth_year, relation, ethnic_group, "
    "education, in_school, health, labour_ability, joined_on, name, id_number, id_number_index, pseudonym) "
    f"SELECT g, g, {_VILLAGE}, CASE WHEN g %% 2 = 0 THEN 'male' ELSE 'female' END, 1960 + g %% 40, 'head', '汉族', "
    "'primary', false, 'healthy', 'ordinary', '2014-05-01', '合成' || g, decode(md5(g::text), 'hex'), "
    "decode(md5('i' || g), 'hex'), md5('p' || g) FROM generate_series(1, %(n)s) g",
    "INSERT INTO records_worker (worker_id, person_id, household_id, region_code, work_status, willing, able, skill, "
    "dependants, season, needs_dormitory, registered_on) "
    f"SELECT g, g, g, {_VILLAGE}, 'unemployed', true, true, 'none', 0, 'all_year', false, '2019-01-03' "
    "FROM generate_series(1, %(n)s) g",
    "INSERT INTO records_organisation (organisation_id, kind, name, region_code) SELECT g, 'firm', '合成企业' || g, "
    "(%(work)s::text[])[1 + g %% cardinality(%(work)s::text[])] FROM generate_series(1, 2000) g",
    "INSERT INTO records_vacancy (vacancy_id, organisation_id, region_code, occupation, title, seats, "
    "monthly_wage_fen, skill, dormitory, season, open_from, open_to, state) SELECT g, 1 + g %% 2000, "
    "(%(work)s::text[])[1 + g %% cardinality(%(work)s::text[])], '6-05-01', '缝纫工', 10, 300000 + g %% 200 * 1000, "
    "'none', true, 'all_year', '2019-01-01', '2019-12-31', 'checked' FROM generate_series(1, %(m)s) g",
)


def proposals(workers: int, vacancies: int, seed: int = 2016) -> pa.Table:
    """建议: one for each worker, its vacancy by chance; work places are as uneven as cities are."""
    rng = np.random.default_rng(seed)
    places, work = villages(), [code for province in WORK for code in counties(province)]
    worker = np.arange(1, workers + 1)
    vacancy = 1 + np.minimum(rng.geometric(6 / vacancies, workers) - 1, vacancies - 1)
    points = rng.integers(-40, 60, (workers, len(PARTS))).astype(np.int16)
    points[:, 0] = 100
    regions = pa.array(places).take(pa.array((worker - 1) * len(places) // workers))
    works = pa.array(work).take(pa.array(vacancy % len(work)))
    other = rng.integers(1, vacancies + 1, workers)
    utility = points.sum(axis=1).astype(np.int64)
    first = rng.random(workers) < 0.7
    partner = pa.array(
        np.array(["", "together", "apart", "alone"])[rng.choice(4, workers, p=[0.8, 0.19, 0.0005, 0.0095])]
    )
    return pa.table({
        "worker_id": worker, "person_id": pa.array([uuid.UUID(int=int(k)).hex for k in worker]), "region_code": regions,
        "vacancy_id": vacancy, "work_region_code": works, "utility": utility, "price": utility // 2,
        "tier": rng.integers(0, 2, workers), "distance_km": rng.random(workers) * 2000,
        "points": pa.FixedSizeListArray.from_arrays(pa.array(points.ravel()), len(PARTS)),
        "wage_fen": 300_000 + vacancy % 200 * 1000, "expected_fen": pa.array(np.full(workers, 300_000)),
        "dependants": rng.integers(0, 3, workers),
        "occupation_fit": pa.array(np.array(["same", "related", "any"])[rng.integers(0, 3, workers)]),
        "partner": partner, "next_vacancy_id": other, "next_region_code": works, "next_utility": utility - 5,
        "next_price": utility // 2, "wish_vacancy_id": pa.array(other, mask=first), "wish_region_code": works,
        "wish_utility": utility + 5, "wish_price": utility // 2 + 9,
        "wish_reason": pa.array(np.where(first, "", "price")),
    })  # fmt: skip


def save(table: pa.Table) -> uuid.UUID:
    """存入: as a finished run of the labour problem, through the same door as the job."""
    from jiedui.results import store

    asked = store.Asked(problem="labour", region_code=PROVINCE)
    with store.running(
        "match", area="labour", year=date.today().year, snapshot_digest="-", snapshot_path="-", policy_digest="-",
        asked=asked,
    ) as run:  # fmt: skip
        store.save_proposals(run, table, summary={"parts": list(PARTS), "certificate": _certificate(len(table))})
    return run.run_id


def _certificate(placed: int) -> dict[str, Any]:
    return {
        "proven": True, "workers": placed, "placements": placed, "objective": 1, "bound": 1, "gap": 0.0,
    }  # fmt: skip
