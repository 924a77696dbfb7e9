"""就业之后: where workers are now, what the monitoring says of each month, subsidies, and who was asked on leaving."""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa

from jiedui.simulate.columns import MISSING, position, table
from jiedui.simulate.ground import Ground
from jiedui.simulate.labour import EAST, FARMING, NEAR, OTHER, UNEMPLOYED, Workers
from jiedui.simulate.spells import IN_EAST, YEAR, Placements, year_of
from jiedui.simulate.streams import pick
from jiedui.terms.codelists import FOLLOW_UP, FOUND_THROUGH, SUBSIDY_KIND, SUBSIDY_STATE

MONTHS: Final = 3
"""How many months back the monitoring is kept."""
_KINDS: Final = position(SUBSIDY_KIND, "transport", "stay")
TRANSPORT_FEN: Final = np.array([20_000, 30_000, 40_000, 60_000, 100_000])
STAY_FEN: Final = np.array([60_000, 100_000, 150_000, 200_000])
"""Usual amounts of a subsidy; ours."""


def at_work(ground: Ground, found: Workers, jobs: Placements) -> pa.Table:
    """现务工情况: the table of workers with where those who work are, since when, and how they found it."""
    where, since = _where_and_since(ground, found, jobs)
    rng = ground.streams.of("worker.now")
    n = len(found.person)
    works = np.isin(found.status, (EAST, OTHER, NEAR))
    paired = np.zeros(n, bool)
    paired[jobs.worker[(jobs.end == MISSING) & (jobs.pair > 0)]] = True
    way = position(FOUND_THROUGH, "kin", "own", "agency", "school")[pick(rng, [56, 28, 12, 4], n)]
    way = np.where(paired & (rng.random(n) < 0.85), position(FOUND_THROUGH, "organised"), way)
    return table(
        "worker",
        {name: found.table[name] for name in found.table.column_names}
        | {
            "works_in": np.where(works & (rng.random(n) > 0.08), where, MISSING),
            "works_since": np.where(works & (rng.random(n) > 0.12), since, MISSING),
            "found_through": np.where(works & (rng.random(n) > 0.1), way, MISSING),
        },
    )


def _where_and_since(ground: Ground, found: Workers, jobs: Placements) -> tuple[np.ndarray, np.ndarray]:
    """(place of work, first day) of each worker: the placement's, for the others drawn."""
    rng = ground.streams.of("worker.place")
    n, places = len(found.person), ground.places
    east = rng.choice(places.east, n)
    east = np.where(rng.random(n) < 0.3, east // 10_000 * 10_000, east)
    where = np.where(found.status == OTHER, rng.choice(places.other_counties, n), east)
    where = np.where(found.status == NEAR, places.county[found.county], where)
    of_age = ground.population.persons.birth[found.person] + 16 * YEAR + 5
    since = np.minimum(np.maximum(ground.last - rng.integers(30, 1500, n), of_age), ground.last)
    now = np.flatnonzero(jobs.end == MISSING)
    where[jobs.worker[now]], since[jobs.worker[now]] = jobs.county[now], jobs.start[now]
    return where, since


def work_months(ground: Ground, found: Workers, jobs: Placements) -> pa.Table:
    """造监测: the last whole months of most who work and some who do not; the newest agrees with the worker."""
    rng = ground.streams.of("work_month")
    where, since = _where_and_since(ground, found, jobs)
    works = np.isin(found.status, (EAST, OTHER, NEAR))
    worker = np.flatnonzero(rng.random(len(found.person)) < np.where(works, 0.9, 0.4))
    newest = _month(np.array([ground.last + 1]))[0] - 1
    month = np.tile(newest - np.arange(MONTHS)[::-1], len(worker))
    worker = np.repeat(worker, MONTHS)
    keep = month >= _month(ground.population.persons.joined_on[found.person[worker]])
    worker, month = worker[keep], month[keep]
    n, first = len(worker), _day(month)
    length = _day(month + 1) - first
    working = works[worker] & (since[worker] < first + length)
    idle = np.where(found.status[worker] == FARMING, FARMING, UNEMPLOYED)
    days = np.minimum(np.minimum(length, first + length - since[worker]), rng.integers(16, 28, n))
    fen = days * rng.integers(100, 240, n) * 100
    return table(
        "work_month",
        {
            "work_month_id": np.arange(1, n + 1),
            "person_id": found.person[worker] + 1,
            "region_code": found.village[worker],
            "month": first,
            "work_status": np.where(working, found.status[worker], idle),
            "works_in": np.where(working & (rng.random(n) > 0.06), where[worker], MISSING),
            "days": np.where(working, np.where(rng.random(n) < 0.05, MISSING, days), 0),
            "income_fen": np.where(working & (rng.random(n) > 0.12), fen, MISSING),
        },
    )


def subsidies(ground: Ground, found: Workers, jobs: Placements) -> pa.Table:
    """造补贴: for going east, and for staying half a year; a person has a kind once in a year."""
    rng = ground.streams.of("subsidy")
    end = np.where(jobs.end == MISSING, ground.last, jobs.end)
    going = np.flatnonzero((jobs.kind == IN_EAST) & (rng.random(len(jobs)) < 0.5))
    staying = np.flatnonzero((end - jobs.start > 183) & (jobs.kind == IN_EAST) & (rng.random(len(jobs)) < 0.3))
    job, kind = np.r_[going, staying], np.repeat([0, 1], [len(going), len(staying)])
    due = jobs.start[job] + np.where(kind == 1, 183, 0)
    approved = due + rng.integers(15, 120, len(job))
    person = found.person[jobs.worker[job]]
    _, first = np.unique(np.stack([person, kind, year_of(due)]), axis=1, return_index=True)
    keep = np.sort(first[approved[first] <= ground.last])
    job, kind, due, approved, person = job[keep], kind[keep], due[keep], approved[keep], person[keep]
    n, paid = len(job), approved + rng.integers(3, 60, len(job))
    state = pick(rng, [12, 83, 5], n)
    state = np.where((state == 1) & (paid > ground.last), 0, state)
    amount = np.where(kind == 1, rng.choice(STAY_FEN, n), rng.choice(TRANSPORT_FEN, n))
    return table(
        "subsidy",
        {
            "subsidy_id": np.arange(1, n + 1),
            "person_id": person + 1,
            "household_id": ground.population.persons.family.household[person] + 1,
            "region_code": found.village[jobs.worker[job]],
            "placement_id": job + 1,
            "kind": _KINDS[kind],
            "year": year_of(due),
            "amount_fen": amount,
            "state": position(SUBSIDY_STATE, "approved", "paid", "cancelled")[state],
            "approved_on": approved,
            "paid_on": np.where(state == 1, paid, MISSING),
        },
    )


def follow_ups(ground: Ground, found: Workers, jobs: Placements) -> pa.Table:
    """造回访: most of those who left a job through a pair were asked within weeks."""
    rng = ground.streams.of("follow_up")
    done = jobs.end + rng.integers(2, 45, len(jobs))
    asked = (jobs.end != MISSING) & (jobs.pair > 0) & (rng.random(len(jobs)) < 0.65) & (done <= ground.last)
    job = np.flatnonzero(asked)
    outcome = position(FOLLOW_UP, "new_offer", "other_job", "stays_home", "unreachable")
    return table(
        "follow_up",
        {
            "follow_up_id": np.arange(1, len(job) + 1),
            "placement_id": job + 1,
            "region_code": found.village[jobs.worker[job]],
            "done_on": done[job],
            "outcome": outcome[pick(rng, [28, 34, 26, 12], len(job))],
        },
    )


def _month(day: np.ndarray) -> np.ndarray:
    return day.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)


def _day(month: np.ndarray) -> np.ndarray:
    return month.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
