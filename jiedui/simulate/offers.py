"""岗位推荐: what was offered to whom: the offers that became jobs, and those of the last weeks that wait or failed.

No vacancy gives more seats than it has, no worker has two open offers. Nothing is offered before the pairs begin.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa

from jiedui.simulate import naming
from jiedui.simulate.columns import MISSING, position, table
from jiedui.simulate.ground import Ground
from jiedui.simulate.labour import Workers
from jiedui.simulate.numbers import rank_in_group
from jiedui.simulate.spells import IN_EAST, Placements
from jiedui.simulate.streams import Streams, pick
from jiedui.terms.codelists import OFFER_STATE, REFUSAL_REASON, TRIP_STATE, VACANCY_STATE

ANSWER_DAYS: Final = 7
OFFERED_NOW: Final = 0.2
"""Share of those who look for work in whose hands an offer is or was in the last weeks; ours."""
_STATES: Final = ("offered", "accepted", "refused", "lapsed", "withdrawn")
_WINDOW: Final = 20
"""Days within which those of one trip begin to work."""
_VEHICLES: Final = np.array(["大巴", "火车", "高铁", "包机"])


@dataclass(frozen=True)
class Offers:
    """推荐: `offer` and `trip` tables; `of_job` (n,) key of the offer from which each placement came, or MISSING."""

    offer: pa.Table
    trip: pa.Table
    of_job: np.ndarray


def offers(ground: Ground, found: Workers, jobs: Placements, past: dict[str, Any], waiting: dict[str, Any]) -> Offers:
    """造推荐: of the jobs through a pair, and of those who look for work now; with the trips that bring people away."""
    trips, trip_of = _trips(ground, found, jobs)
    first, of_job = _that_became_jobs(ground, jobs, past["open_from"], trips["departed_on"], trip_of)
    later = _of_now(ground, found, waiting)
    trips, later["trip"] = _planned(ground, found, later, trips)
    columns = {name: np.concatenate([first[name], later[name]]) for name in first}
    worker, people = columns.pop("worker"), ground.population.persons
    person = found.person[worker]
    trip = columns.pop("trip")
    shown = columns | {
        "job_offer_id": np.arange(1, len(worker) + 1),
        "worker_id": worker + 1,
        "person_id": person + 1,
        "household_id": people.family.household[person] + 1,
        "region_code": found.village[worker],
        "dispatch_trip_id": trip,
    }
    return Offers(table("job_offer", shown), _trip_table(ground, trips), of_job)


def _that_became_jobs(
    ground: Ground, jobs: Placements, opened: np.ndarray, departed: np.ndarray, trip_of: np.ndarray
) -> tuple[dict[str, np.ndarray], np.ndarray]:
    rng = ground.streams.of("job_offer")
    n = len(jobs)
    taken = np.flatnonzero((jobs.pair > 0) & (jobs.vacancy != MISSING) & (rng.random(n) < 0.92))
    of_job = np.full(n, MISSING)
    of_job[taken] = np.arange(1, len(taken) + 1)
    start, trip = jobs.start[taken], trip_of[taken]
    since = opened[jobs.vacancy[taken] - 1] if len(taken) else start
    leaves = np.where(trip >= 0, departed[np.maximum(trip, 0)] if len(departed) else start, start)
    trip = np.where((trip >= 0) & (since <= leaves), trip, -1)
    until = np.where(trip >= 0, leaves, start)
    offered = np.maximum(since, until - rng.integers(8, 30, len(taken)))
    state = np.where(jobs.end[taken] == MISSING, *position(OFFER_STATE, "started", "left"))
    return {
        "worker": jobs.worker[taken],
        "vacancy_id": jobs.vacancy[taken],
        "work_region_code": jobs.county[taken],
        "pairing_id": jobs.pair[taken],
        "trip": np.where(trip >= 0, trip + 1, MISSING),
        "state": state,
        "offered_on": offered,
        "answer_by": offered + ANSWER_DAYS,
        "answered_on": np.minimum(offered + rng.integers(0, ANSWER_DAYS, len(taken)), until),
        "refusal": np.full(len(taken), MISSING),
    }, of_job


def _of_now(ground: Ground, found: Workers, waiting: dict[str, Any]) -> dict[str, np.ndarray]:
    """Offers of the last weeks to those who look for work, of vacancies with their donor."""
    rng = ground.streams.of("job_offer.now")
    worker, pair, vacancy = _whom_and_what(ground, found, waiting, rng)
    state = pick(rng, [40, 14, 26, 12, 8], len(worker))
    holds = state <= 1
    order = rank_in_group(np.where(holds, vacancy, -1 - np.arange(len(vacancy))))
    keep = np.flatnonzero(~holds | (order < waiting["seats"][vacancy]))
    worker, pair, vacancy, state, holds = worker[keep], pair[keep], vacancy[keep], state[keep], holds[keep]
    n = len(worker)
    ago = np.where(holds, rng.integers(0, ANSWER_DAYS, n), rng.integers(ANSWER_DAYS + 1, 50, n))
    offered = np.maximum(waiting["open_from"][vacancy], ground.last - ago)
    state = np.where((state == 3) & (offered + ANSWER_DAYS >= ground.last), 4, state)
    answered = np.minimum(offered + rng.integers(0, ANSWER_DAYS, n), ground.last)
    reason = pick(rng, [24, 22, 26, 10, 5, 3, 6, 2, 2], n)
    return {
        "worker": worker,
        "vacancy_id": waiting["vacancy_id"][vacancy],
        "work_region_code": waiting["region_code"][vacancy],
        "pairing_id": pair,
        "trip": np.full(n, MISSING),
        "state": position(OFFER_STATE, *_STATES)[state],
        "offered_on": offered,
        "answer_by": offered + ANSWER_DAYS,
        "answered_on": np.where((state == 1) | (state == 2), answered, MISSING),
        "refusal": np.where(state == 2, position(REFUSAL_REASON, *REFUSAL_REASON)[reason], MISSING),
    }


def _whom_and_what(
    ground: Ground, found: Workers, waiting: dict[str, Any], rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(row of the worker, pairing, place of the vacancy among the waiting ones)."""
    worker = np.flatnonzero(found.looking & (rng.random(len(found.person)) < OFFERED_NOW * bool(ground.years)))
    pair = ground.places.pairing_of(ground.as_of.year, found.county[worker], rng)
    vacancy = np.full(len(worker), -1)
    checked = np.flatnonzero(waiting["state"] == position(VACANCY_STATE, "checked"))
    for one in np.unique(pair[pair > 0]).tolist():
        there = checked[np.isin(waiting["region_code"][checked], ground.places.donor_counties[ground.donor(one)])]
        mine = np.flatnonzero(pair == one)
        if len(there):
            vacancy[mine] = rng.choice(there, len(mine))
    keep = np.flatnonzero(vacancy >= 0)
    return worker[keep], pair[keep], vacancy[keep]


# ── trips ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _trips(ground: Ground, found: Workers, jobs: Placements) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Organised dispatch: a trip for those of a county whom a pair brought to the East within some days; (n,) trip of
    each placement, −1 for none.
    """
    rng = ground.streams.of("dispatch_trip")
    rows = np.flatnonzero((jobs.kind == IN_EAST) & (jobs.pair > 0) & (rng.random(len(jobs)) < 0.6))
    home, start = found.county[jobs.worker[rows]], jobs.start[rows]
    group = (jobs.pair[rows] * 10_000 + home) * 10_000 + start // _WINDOW
    _, first, of, persons = np.unique(group, return_index=True, return_inverse=True, return_counts=True)
    departed = np.full(len(first), np.iinfo(np.int64).max)
    np.minimum.at(departed, of.reshape(-1), start)
    trip_of = np.full(len(jobs), -1)
    trip_of[rows] = of.reshape(-1)
    lead, n = rows[first], len(first)
    return {
        "pair": jobs.pair[lead],
        "home": home[first],
        "work": jobs.county[lead],
        "departed_on": departed - 1,
        "persons": persons,
        "transport_fen": np.where(rng.random(n) < 0.08, MISSING, persons * rng.integers(180, 620, n) * 100),
        "state": np.full(n, position(TRIP_STATE, "arrived")),
    }, trip_of


def _planned(
    ground: Ground, found: Workers, now: dict[str, np.ndarray], trips: dict[str, np.ndarray]
) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """The trips with those that are planned for most of whom have said yes; (n,) trip of each offer of now."""
    rng = ground.streams.of("dispatch_trip.planned")
    coming = (now["state"] == position(OFFER_STATE, "accepted")) & (rng.random(len(now["worker"])) < 0.7)
    rows = np.flatnonzero(coming)
    home = found.county[now["worker"][rows]]
    _, first, of, persons = np.unique(
        now["pairing_id"][rows] * 10_000 + home, return_index=True, return_inverse=True, return_counts=True
    )
    n = len(first)
    planned = {
        "pair": now["pairing_id"][rows][first],
        "home": home[first],
        "work": now["work_region_code"][rows][first],
        "departed_on": ground.last + rng.integers(2, 15, n),
        "persons": persons,
        "transport_fen": np.full(n, MISSING),
        "state": np.full(n, position(TRIP_STATE, "planned")),
    }
    trip = np.full(len(coming), MISSING)
    trip[rows] = len(trips["pair"]) + 1 + of.reshape(-1)
    return {name: np.concatenate([trips[name], planned[name]]) for name in trips}, trip


def _trip_table(ground: Ground, trips: dict[str, np.ndarray]) -> pa.Table:
    rng = ground.streams.of("dispatch_trip.details")
    n = len(trips["pair"])
    arrived = trips["state"] == position(TRIP_STATE, "arrived")
    unknown = rng.random(n) < 0.1
    points = np.array([f"{name}人力资源和社会保障局" for name in ground.places.name], object)
    leaders, hosts = _names(ground, n, 1), _names(ground, n, 2)
    return table(
        "dispatch_trip",
        {
            "dispatch_trip_id": np.arange(1, n + 1),
            "pairing_id": trips["pair"],
            "region_code": ground.places.county[trips["home"]],
            "work_region_code": trips["work"],
            "departed_on": trips["departed_on"],
            "persons": trips["persons"],
            "transport_fen": trips["transport_fen"],
            "state": trips["state"],
            "vehicle": pa.array(_VEHICLES[pick(rng, [58, 22, 17, 3], n)], pa.string(), mask=unknown),
            "meeting_point": pa.array(points[trips["home"]], pa.string(), mask=unknown),
            "handed_over_by": pa.array(leaders, pa.string(), mask=unknown),
            "picked_up_by": pa.array(hosts, pa.string(), mask=~arrived | (rng.random(n) < 0.2)),
            "arrived_on": np.where(
                arrived, np.minimum(trips["departed_on"] + rng.integers(0, 3, n), ground.last), MISSING
            ),
        },
    )


def _names(ground: Ground, n: int, which: int) -> np.ndarray:
    """Made-up names of who leads a trip, or receives it."""
    if not n:
        return np.empty(0, object)
    rng = ground.streams.of(f"dispatch_trip.names.{which}")
    streams = Streams(ground.streams.seed + which)
    found = naming.names(
        np.zeros(n, np.int64), np.arange(n), rng.integers(1962, 1992, n), rng.random(n) < 0.75, streams
    )
    return np.array(found.to_pylist(), object)
