"""国家: one synthetic country, every table of the schema, from a seed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import count
from typing import Final

import pyarrow as pa

from jiedui.errors import JieduiError
from jiedui.simulate import (
    funding,
    industry,
    labour,
    leadership,
    needs,
    pairing,
    placements,
    posts,
    poverty,
    society,
    talent,
)
from jiedui.simulate import places as ground_places
from jiedui.simulate.ground import Ground
from jiedui.simulate.streams import Streams
from jiedui.snapshot.schema import TABLES

FIRST_DAY: Final = date(2016, 12, 31)
LAST_DAY: Final = date(2020, 12, 31)
PARTS: Final = 6
Progress = Callable[[float, float], None]
"""Called with how many of how many parts are made."""


def country(
    *,
    persons: int = 100_000,
    seed: int = 2016,
    as_of: date = date(2019, 12, 31),
    progress: Progress | None = None,
) -> dict[str, pa.Table]:
    """造国家: every table of the schema, private columns included, as of a day.

    `persons` registered poor (≥ 1) live on the real poor counties; the rest follows from them and from the 32
    published pairings. The same arguments give the same tables. `progress(done, of)` is called after each part.
    Raises `JieduiError` for no persons, a negative seed, or a day outside 2016-12-31 to 2020-12-31.
    """
    _check(persons, as_of)
    streams = Streams(seed)
    tell = _counter(progress)
    places = ground_places.load(as_of)
    population = poverty.populate(persons, places, as_of, streams)
    tell()
    tables = population.tables | _areas(Ground(as_of, streams, places, population), tell)
    return {name: tables[name] for name in TABLES}


def pseudonym_key(seed: int) -> bytes:
    """假名密钥: the key under which a synthetic country is frozen without an installation.

    It is no secret: nobody is to be protected, and the same seed gives the same snapshot everywhere.
    """
    return f"jiedui simulate {seed}".encode()


def _areas(ground: Ground, tell: Callable[[], None]) -> dict[str, pa.Table]:
    orgs, organisation = society.organisations(ground)
    workers = labour.workers(ground)
    tell()
    placed = placements.placed(ground, orgs, workers) | {"schooling": placements.schooling(ground, orgs)}
    tell()
    projects, industrial = industry.projects(ground, orgs)
    tell()
    money = funding.funding(ground, projects)
    tell()
    rest = {
        "pairing": pairing.pairings(ground),
        "plan_target": pairing.plan_targets(ground),
        "organisation": organisation,
        "donation": society.donations(ground, orgs),
        "village_pair": society.village_pairs(ground, orgs),
        "secondment": talent.secondments(ground),
        "support_team": talent.support_teams(ground),
        "training": talent.trainings(ground),
        "post": posts.posts(ground),
        "candidate": posts.candidates(ground),
    }
    tell()
    rest |= needs.needs_and_offers(ground, orgs)
    return placed | industrial | money | rest | leadership.leadership(ground)


def _counter(progress: Progress | None) -> Callable[[], None]:
    done = count(1)

    def tell() -> None:
        if progress is not None:
            progress(next(done), PARTS)

    return tell


def _check(persons: int, as_of: date) -> None:
    if persons < 1:
        raise JieduiError(f"A country of {persons} persons cannot be made.", remedy="Ask for at least 1 person.")
    if not FIRST_DAY <= as_of <= LAST_DAY:
        raise JieduiError(
            f"The country is known from {FIRST_DAY} to {LAST_DAY}, not on {as_of}.",
            remedy="Give a day in between, e.g. 2019-12-31.",
        )
