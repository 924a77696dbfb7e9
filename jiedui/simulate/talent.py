"""人才支援: secondments in both directions, group support, training."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from jiedui.simulate import naming, numbers
from jiedui.simulate.columns import MISSING, position, table
from jiedui.simulate.ground import Ground
from jiedui.simulate.irregularities import planted
from jiedui.simulate.streams import pick
from jiedui.terms.codelists import FIELD, SECONDMENT_DIRECTION, TALENT_KIND, TRAINING_KIND

_FIELDS = ("education", "health", "technology", "culture", "social_work", "agriculture")
_FIELD_WEIGHTS = (36, 34, 6, 3, 3, 18)


def secondments(ground: Ground) -> pa.Table:
    """造挂职: officials and specialists, most for two to three years (talent.1), each in one post at a time."""
    rng = ground.streams.of("secondment")
    empty = np.zeros(0, np.int64)
    pairs, started, county = [empty], [empty], [empty]
    for year in ground.years:
        for pair in ground.pairs:
            n = ground.volume(pair, year, 10, rng)
            pairs.append(np.full(n, pair))
            started.append(ground.days_of(year, 20, 330, n, rng))
            county.append(ground.draw_counties(pair, year, n, rng))
    pair, start, position_of = np.concatenate(pairs), np.concatenate(started), np.concatenate(county)
    n = len(pair)
    east_west = rng.random(n) < 0.6
    official = rng.random(n) < np.where(east_west, 0.45, 0.5)
    months = np.where(rng.random(n) < 0.94, rng.choice([24, 24, 30, 36], n), rng.choice([12, 18], n))
    key = numbers.hex_keys(rng.integers(0, 2**63, (n, 2), dtype=np.uint64))
    months, start, key = _plant(pair, months, start, key, ground.last)
    planned = _plus_months(start, months)
    ended = np.where(planned <= ground.last, planned, MISSING)
    west, east = ground.places.county[position_of], ground.donor_county(pair, rng)
    return table(
        "secondment",
        {
            "secondment_id": np.arange(1, n + 1),
            "pairing_id": pair,
            "direction": np.where(
                east_west, *position(SECONDMENT_DIRECTION, "donor_to_recipient", "recipient_to_donor")
            ),
            "kind": np.where(official, *position(TALENT_KIND, "official", "specialist")),
            "field": np.where(
                official, position(FIELD, "government"), position(FIELD, *_FIELDS)[pick(rng, _FIELD_WEIGHTS, n)]
            ),
            "region_code": np.where(east_west, west, east),
            "home_region_code": np.where(east_west, east, west),
            "poverty_duty": rng.random(n) < 0.96,
            "started_on": start,
            "planned_end_on": planned,
            "ended_on": ended,
            "person_key": key,
            "name": _names(n, ground),
        },
    )


def _plant(
    pair: np.ndarray, months: np.ndarray, start: np.ndarray, key: list[str], last: int
) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """A secondment of 14 months, and one person in two posts at once."""
    months, start, key = months.copy(), start.copy(), list(key)
    short = [i for i, p in enumerate(pair.tolist()) if planted("short_term", p)]
    two = [i for i, p in enumerate(pair.tolist()) if planted("two_posts", p)]
    if short:
        months[short[0]] = 14
    if len(two) > 1:
        first, second = two[0], two[1]
        months[[first, second]] = 24
        start[second] = min(start[first] + 90, last)
        key[second] = key[first]
    return months, start, key


def _plus_months(start: np.ndarray, months: np.ndarray) -> np.ndarray:
    month = start.astype("datetime64[D]").astype("datetime64[M]")
    day = (start.astype("datetime64[D]") - month).astype(np.int64)
    return (month + months).astype("datetime64[D]").astype(np.int64) + np.minimum(day, 27)


def _names(n: int, ground: Ground) -> pa.Array | list[str]:
    if n == 0:
        return []
    rng = ground.streams.of("secondment.name")
    born = rng.integers(1966, 1990, n)
    return naming.names(np.zeros(n, np.int64), np.arange(n), born, rng.random(n) < 0.7, ground.streams)


def support_teams(ground: Ground) -> pa.Table:
    """造组团帮扶: teams of teachers, doctors, farming specialists; persons and person-times apart."""
    rng = ground.streams.of("support_team")
    rows = [
        (pair, year) for year in ground.years for pair in ground.pairs for _ in range(ground.volume(pair, year, 4, rng))
    ]
    n = len(rows)
    persons = rng.integers(3, 16, n)
    return table(
        "support_team",
        {
            "support_team_id": np.arange(1, n + 1),
            "pairing_id": [pair for pair, _ in rows],
            "field": position(FIELD, "education", "health", "agriculture")[pick(rng, [40, 40, 20], n)],
            "region_code": _counties(ground, rows, rng),
            "started_on": _days(ground, rows, rng),
            "persons": persons,
            "person_times": persons * rng.integers(1, 5, n),
        },
    )


def trainings(ground: Ground) -> pa.Table:
    """造培训: officials, grass-roots cadres, village entrepreneurs (and how many began), specialists."""
    rng = ground.streams.of("training")
    rows = [
        (pair, year) for year in ground.years for pair in ground.pairs for _ in range(ground.volume(pair, year, 6, rng))
    ]
    n = len(rows)
    kind = position(TRAINING_KIND, "official", "grass_roots", "leader", "specialist")[pick(rng, [25, 25, 25, 25], n)]
    persons = rng.integers(15, 90, n)
    began = (persons * rng.uniform(0.1, 0.6, n)).astype(np.int64)
    is_leader = (kind == position(TRAINING_KIND, "leader")) & (rng.random(n) < 0.9)
    return table(
        "training",
        {
            "training_id": np.arange(1, n + 1),
            "pairing_id": [pair for pair, _ in rows],
            "kind": kind,
            "region_code": _counties(ground, rows, rng),
            "held_on": _days(ground, rows, rng),
            "persons": persons,
            "started_business": np.where(is_leader, began, MISSING),
        },
    )


def _counties(ground: Ground, rows: list[tuple[int, int]], rng: np.random.Generator) -> np.ndarray:
    drawn = [ground.draw_counties(pair, year, 1, rng)[0] for pair, year in rows]
    return ground.places.county[np.array(drawn, np.int64)]


def _days(ground: Ground, rows: list[tuple[int, int]], rng: np.random.Generator) -> np.ndarray:
    return np.array([ground.days_of(year, 60, 340, 1, rng)[0] for _, year in rows], np.int64)
