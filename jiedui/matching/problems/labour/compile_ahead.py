"""预编译: compile the loops of the labour market on a handful of made-up rows."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa

from jiedui.matching.problems.labour.candidates import Sizes, candidates
from jiedui.matching.problems.labour.comparing import comparison
from jiedui.matching.problems.labour.households import settle_together
from jiedui.matching.problems.labour.places import Places
from jiedui.matching.problems.labour.points import Scale, linked
from jiedui.matching.problems.labour.refusals import Cuts
from jiedui.matching.problems.labour.settling import settle_plain
from jiedui.matching.problems.labour.sides import vacancies_of, workers_of
from jiedui.matching.problems.labour.table import proposal_table
from jiedui.matching.problems.labour.weights import Weights
from jiedui.matching.solver.crew import Crew
from jiedui.matching.solver.market import Market
from jiedui.terms.divisions import Gazetteer

HOME, WORK = "533301", "440402"
DAY = date(2019, 12, 31)


def compile_labour() -> None:
    """预编译: every pair and chosen candidates, alone and as a couple, told and compared."""
    scale = _scale()
    nobody = np.full(len(scale.workers), -1, np.int64)
    with Crew(1) as crew:
        for limit in (1000, 0):
            rows = candidates(scale, Sizes(2, 1, 4, 2, limit), crew)
        market = Market(
            rows.indptr, rows.indices, rows.utility, scale.vacancies.seats, tier=scale.workers.tier,
            block_order=scale.order,
        )  # fmt: skip
        for settled in (
            settle_plain(market, None, crew),
            settle_together(
                scale.places, market, linked(scale.workers), {}, np.zeros(1, np.int64), None, crew, lambda _name: None
            ),
        ):
            proposal_table(scale, settled)
            comparison(scale, settled, nobody, crew)


def _scale() -> Scale:
    workers = workers_of(_rows(4, {
        "worker_id": [1, 2, 3, 4], "person_id": "x", "region_code": HOME + "101201", "occupation": "6-05-01",
        "occupation_2": None, "wish_place": "440000", "wish_place_2": None, "skill": "basic", "min_wage_fen": 200_000,
        "max_distance_km": None, "dependants": 0, "season": "all_year", "partner_id": [2, 1, None, None],
        "needs_dormitory": True, "needs_school": None, "work_limit": "none", "night_shift": True, "mandarin": True,
        "registered_on": DAY, "tier": [0, 0, 1, 1],
    }))  # fmt: skip
    vacancies = vacancies_of(_rows(3, {
        "vacancy_id": [1, 2, 3], "organisation_id": 1, "region_code": [HOME, WORK, WORK], "occupation": "6-05-01",
        "seats": 1, "monthly_wage_fen": 300_000, "skill": "none", "dormitory": True, "season": "all_year",
        "demand": "light", "night_shift": False, "mandarin": False, "couple_room": None, "school_place": None,
    }))  # fmt: skip
    places = Places.of(workers, vacancies, [], DAY, Gazetteer.load())
    count = len(workers)
    cuts = Cuts(
        np.zeros(count + 1, np.int64), np.zeros(0, np.int8), np.zeros(0, np.int64), np.full(count, -1, np.int64),
        np.full(count, np.inf), np.zeros(count, np.int8),
    )  # fmt: skip
    return Scale.of(workers, vacancies, places, Weights(*([1] * len(Weights._fields))), cuts)


TEXT = ("person_id", "region_code", "occupation", "occupation_2", "wish_place", "wish_place_2", "skill", "season")
TEXTS = (*TEXT, "work_limit", "demand")
FLAGS = ("dormitory", "night_shift", "mandarin", "couple_room", "school_place", "needs_dormitory", "needs_school")


def _rows(count: int, columns: dict[str, Any]) -> dict[str, pa.Array]:
    """Arrow columns; a value that is no list stands in every row."""
    made = {}
    for name, value in columns.items():
        kind = pa.string() if name in TEXTS else pa.bool_() if name in FLAGS else pa.int64()
        kind = pa.date32() if name == "registered_on" else kind
        made[name] = pa.array(value if isinstance(value, list) else [value] * count, kind)
    return made
