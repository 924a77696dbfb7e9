"""国家: one synthetic country, every table of the schema, from a seed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Final

import pyarrow as pa

from jiedui.errors import JieduiError
from jiedui.simulate import funding, industry, labour, leadership, pairing, placements, places, poverty, society, talent
from jiedui.simulate.ground import Ground
from jiedui.simulate.streams import Streams
from jiedui.snapshot.schema import TABLES

FIRST_DAY: Final = date(2016, 12, 31)
LAST_DAY: Final = date(2020, 12, 31)


def country(
    *,
    persons: int = 100_000,
    seed: int = 2016,
    as_of: date = date(2019, 12, 31),
    progress: Callable[[str], None] | None = None,
) -> dict[str, pa.Table]:
    """造国家: every table of the schema, private columns included, as of a day.

    `persons` registered poor (≥ 1) live on the real poor counties; the rest follows from them and from the 32
    published pairings. The same arguments give the same tables. `progress` is called with the name of each step.
    Raises `JieduiError` for no persons, a negative seed, or a day outside 2016-12-31 to 2020-12-31.
    """
    _check(persons, as_of)
    streams, tell = Streams(seed), progress or (lambda _: None)
    tell("people")
    ground = places.load(as_of)
    population = poverty.populate(persons, ground, as_of, streams)
    tables = population.tables | _areas(Ground(as_of, streams, ground, population), tell)
    return {name: tables[name] for name in TABLES}


def _areas(ground: Ground, tell: Callable[[str], None]) -> dict[str, pa.Table]:
    tell("organisations")
    orgs, organisation = society.organisations(ground)
    tell("work")
    workers = labour.workers(ground)
    placed = placements.placed(ground, orgs, workers)
    tell("projects")
    projects, industrial = industry.projects(ground, orgs)
    tell("money")
    money = funding.funding(ground, projects)
    tell("exchange")
    return {
        "pairing": pairing.pairings(ground),
        "plan_target": pairing.plan_targets(ground),
        "organisation": organisation,
        "donation": society.donations(ground, orgs),
        "village_pair": society.village_pairs(ground, orgs),
        "worker": workers.table,
        **placed,
        "schooling": placements.schooling(ground, orgs),
        **industrial,
        **money,
        "secondment": talent.secondments(ground),
        "support_team": talent.support_teams(ground),
        "training": talent.trainings(ground),
        **leadership.leadership(ground),
    }


def _check(persons: int, as_of: date) -> None:
    if persons < 1:
        raise JieduiError(f"A country of {persons} persons cannot be made.", remedy="Ask for at least 1 person.")
    if not FIRST_DAY <= as_of <= LAST_DAY:
        raise JieduiError(
            f"The country is known from {FIRST_DAY} to {LAST_DAY}, not on {as_of}.",
            remedy="Give a day in between, e.g. 2019-12-31.",
        )
