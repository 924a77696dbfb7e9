"""就业安置: who took a job, through which pair, and what proves the months; dispatch, schooling, settlement.

Of those who work away or near home now a part was placed, and of those a part through a pair (domain fact 6: the two
differ widely). Some had another job before. Nobody has two jobs at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import pyarrow as pa

from jiedui.simulate import labour
from jiedui.simulate.columns import MISSING, days, position, table
from jiedui.simulate.ground import Ground
from jiedui.simulate.irregularities import planted
from jiedui.simulate.labour import EAST, NEAR, OFF_SEASON, OTHER, Workers
from jiedui.simulate.numbers import rank_in_group
from jiedui.simulate.society import Organisations
from jiedui.simulate.streams import pick
from jiedui.terms.codelists import EDUCATION, PLACEMENT_KIND, SCHOOLING_STATUS, STAY_EVIDENCE

IN_EAST, NEARBY, ELSEWHERE = position(PLACEMENT_KIND, "east", "near", "other").tolist()
PLACED: Final = {EAST: 0.85, OTHER: 0.25, NEAR: 0.6}
"""Share of those who work there now that has a placement; ours."""
THROUGH_PAIR: Final = {IN_EAST: 0.5, NEARBY: 0.45, ELSEWHERE: 0.0}
PER_VACANCY: Final = 6
YEAR: Final = 365


@dataclass(frozen=True)
class Placements:
    """安置: arrays of one length; `worker` row, `pair` −1 for none, `vacancy` id or MISSING, days, `organised`."""

    worker: np.ndarray
    kind: np.ndarray
    start: np.ndarray
    end: np.ndarray
    pair: np.ndarray
    county: np.ndarray
    vacancy: np.ndarray
    wage: np.ndarray

    def __len__(self) -> int:
        return len(self.worker)


def placed(ground: Ground, orgs: Organisations, found: Workers) -> dict[str, pa.Table]:
    """造安置: placements, their vacancies together with the open ones, checks, dispatch, settlement."""
    rng = ground.streams.of("placement")
    worker, kind, start, end = _spells(ground, found, rng)
    pair, county = _where(ground, found.county[worker], kind, start, rng)
    past, vacancy = _past_vacancies(ground, orgs, county, kind, start, rng)
    wage = (
        np.where(vacancy > 0, past["monthly_wage_fen"][np.maximum(vacancy - 1, 0)], 0)
        if len(past["seats"])
        else vacancy * 0
    )
    own = labour.jobs(kind == NEARBY, _year_of(start), rng)["monthly_wage_fen"]
    wage = np.where(rng.random(len(worker)) < 0.04, MISSING, np.where(wage > 0, wage, own))
    jobs = Placements(worker, kind, start, end, pair, county, np.where(vacancy > 0, vacancy, MISSING), wage)
    waiting = labour.vacancies(ground, orgs, found, len(past["seats"]) + 1)
    return {
        "vacancy": labour.vacancy_table(past, waiting),
        "placement": _placement_table(ground, found, jobs),
        "stay_check": _stay_checks(ground, found, jobs),
        "dispatch_trip": _trips(ground, found, jobs),
        "settlement": _settlements(ground, found, jobs),
    }


def _spells(ground: Ground, found: Workers, rng: np.random.Generator) -> tuple[np.ndarray, ...]:
    """Jobs in time: (worker row, kind, first day, last day or MISSING), the current ones and the earlier ones."""
    n, begin = len(found.person), days(date(ground.years.start, 1, 5))
    share = np.zeros(5)
    share[list(PLACED)] = list(PLACED.values())
    now = np.flatnonzero(rng.random(n) < share[found.status])
    current = begin + ((1 - rng.random(len(now)) ** 1.7) * max(ground.last - begin, 0)).astype(np.int64)
    short = found.season[now] == OFF_SEASON
    current = np.where(short, ground.last - rng.integers(5, 110, len(now)), current)
    kind_now = np.select([found.status[now] == EAST, found.status[now] == NEAR], [IN_EAST, NEARBY], ELSEWHERE)
    before = np.flatnonzero(rng.random(n) < 0.1)
    earlier = begin + (rng.random(len(before)) * max(ground.last - begin - 200, 0)).astype(np.int64)
    left = earlier + rng.integers(30, 330, len(before))
    next_start = np.full(n, ground.last)
    next_start[now] = current
    left = np.minimum(left, next_start[before] - 7)
    kind_before = np.array([IN_EAST, NEARBY, ELSEWHERE])[pick(rng, [50, 38, 12], len(before))]
    worker = np.r_[now, before]
    start, end = np.r_[current, earlier], np.r_[np.full(len(now), MISSING), left]
    people = ground.population.persons
    of_age = people.birth[found.person[worker]] + 16 * YEAR + 5
    fits = (
        (start >= np.maximum(of_age, people.joined_on[found.person[worker]]))
        & (start >= begin)
        & (start <= ground.last)
    )
    fits &= (end == MISSING) | (end > start + 20)
    keep = np.flatnonzero(fits)
    return worker[keep], np.r_[kind_now, kind_before][keep], start[keep], end[keep]


def _where(
    ground: Ground, home: np.ndarray, kind: np.ndarray, start: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """(pairing id or −1, six-digit place of work) of each placement."""
    year, pair = _year_of(start), np.full(len(home), -1)
    for y in np.unique(year):
        rows = np.flatnonzero(year == y)
        pair[rows] = ground.places.pairing_of(int(y), home[rows], rng)
    share = np.zeros(3)
    share[list(THROUGH_PAIR)] = list(THROUGH_PAIR.values())
    pair = np.where(rng.random(len(home)) < share[kind], pair, -1)
    county = np.where(
        kind == ELSEWHERE, rng.choice(ground.places.other_counties, len(home)), ground.places.county[home]
    )
    county = np.where(kind == IN_EAST, rng.choice(ground.places.east, len(home)), county)
    with_donor = np.flatnonzero((kind == IN_EAST) & (pair > 0))
    county[with_donor] = ground.donor_county(pair[with_donor], rng)
    return pair, county


def _past_vacancies(
    ground: Ground,
    orgs: Organisations,
    county: np.ndarray,
    kind: np.ndarray,
    start: np.ndarray,
    rng: np.random.Generator,
) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Vacancies that were filled: up to six who began in one county and quarter share one; 0 for no vacancy."""
    chosen = np.flatnonzero(rng.random(len(county)) < 0.82)
    quarter = start[chosen] // 91
    group = (county[chosen] * 1000 + quarter) * 3 + kind[chosen]
    _, of = np.unique(np.stack([group, rank_in_group(group) // PER_VACANCY]), axis=1, return_inverse=True)
    of = of.reshape(-1)
    count = int(of.max()) + 1 if len(of) else 0
    first, last = np.full(count, 10**6), np.zeros(count, np.int64)
    np.minimum.at(first, of, start[chosen])
    np.maximum.at(last, of, start[chosen])
    place, sort = np.zeros(count, np.int64), np.zeros(count, np.int64)
    place[of], sort[of] = county[chosen], kind[chosen]
    vacancy = np.zeros(len(county), np.int64)
    vacancy[chosen] = of + 1
    columns = labour.jobs(sort == NEARBY, _year_of(first), rng) | {
        "vacancy_id": np.arange(1, count + 1),
        "organisation_id": orgs.firms_in(place, rng),
        "region_code": place,
        "seats": np.bincount(of, minlength=count) + rng.integers(0, 3, count),
        "open_from": first - rng.integers(5, 40, count),
        "open_to": np.minimum(last + rng.integers(0, 20, count), ground.last - 1).clip(min=first),
    }
    return columns, vacancy


def _placement_table(ground: Ground, found: Workers, jobs: Placements) -> pa.Table:
    person = found.person[jobs.worker]
    return table(
        "placement",
        {
            "placement_id": np.arange(1, len(jobs) + 1),
            "person_id": person + 1,
            "household_id": ground.population.persons.family.household[person] + 1,
            "region_code": found.village[jobs.worker],
            "vacancy_id": jobs.vacancy,
            "pairing_id": np.where(jobs.pair > 0, jobs.pair, MISSING),
            "work_region_code": jobs.county,
            "kind": jobs.kind,
            "started_on": jobs.start,
            "ended_on": jobs.end,
            "monthly_wage_fen": jobs.wage,
        },
    )


def _stay_checks(ground: Ground, found: Workers, jobs: Placements) -> pa.Table:
    """One row for a month that something proves: most months of most placements, none of some."""
    rng = ground.streams.of("stay_check")
    end = np.where(jobs.end == MISSING, ground.last, jobs.end - 1)
    first, last = (on.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) for on in (jobs.start, end))
    months = np.maximum(last - first + 1, 0)
    doubted = rng.random(len(jobs)) < 0.07
    for pair in np.unique(jobs.pair):
        if planted("no_evidence", int(pair)):
            doubted |= (jobs.pair == pair) & (_year_of(jobs.start) == ground.as_of.year)
    months = np.where(doubted, 0, months)
    of = np.repeat(np.arange(len(jobs)), months)
    month = first[of] + np.arange(len(of)) - np.repeat(np.cumsum(months) - months, months)
    usual = pick(rng, [25, 34, 27, 11, 3], len(jobs))
    checked = rng.random(len(of)) < 0.88
    kind = np.where(rng.random(len(of)) < 0.93, usual[of], pick(rng, [1, 1, 1, 1, 1], len(of)))[checked]
    kinds = position(STAY_EVIDENCE, "certificate", "contract", "pay_flow", "insurance", "phone")
    return table(
        "stay_check",
        {
            "stay_check_id": np.arange(1, len(kind) + 1),
            "placement_id": of[checked] + 1,
            "region_code": found.village[jobs.worker[of[checked]]],
            "month": month[checked].astype("datetime64[M]").astype("datetime64[D]").astype(np.int64),
            "evidence": kinds[kind],
        },
    )


def _trips(ground: Ground, found: Workers, jobs: Placements) -> pa.Table:
    """Organised dispatch: one trip for those of a county and year whom a pair brought to the East."""
    rng = ground.streams.of("dispatch_trip")
    rows = np.flatnonzero((jobs.kind == IN_EAST) & (jobs.pair > 0) & (rng.random(len(jobs)) < 0.6))
    home = found.county[jobs.worker[rows]]
    group = (jobs.pair[rows] * 10_000 + home) * 10_000 + _year_of(jobs.start[rows])
    _, first, persons = np.unique(group, return_index=True, return_counts=True)
    lead = rows[first]
    n = len(lead)
    return table(
        "dispatch_trip",
        {
            "dispatch_trip_id": np.arange(1, n + 1),
            "pairing_id": jobs.pair[lead],
            "region_code": ground.places.county[home[first]],
            "work_region_code": jobs.county[lead],
            "departed_on": jobs.start[lead] - 1,
            "persons": persons,
            "transport_fen": np.where(rng.random(n) < 0.08, MISSING, persons * rng.integers(180, 620, n) * 100),
        },
    )


def _settlements(ground: Ground, found: Workers, jobs: Placements) -> pa.Table:
    rng = ground.streams.of("settlement")
    long = (jobs.kind == IN_EAST) & (jobs.pair > 0) & (jobs.end == MISSING) & (jobs.start < ground.last - 200)
    rows = np.flatnonzero(long & (rng.random(len(jobs)) < 0.06))
    n, work = len(rows), jobs.county[rows]
    applied = np.minimum(jobs.start[rows] + rng.integers(120, 200, n), ground.last)
    settled = applied + rng.integers(20, 150, n)
    eligible = rng.random(n) < 0.9
    # The districts of a municipality stand directly under it.
    city = np.where(np.isin(work // 10_000, (11, 12, 31, 50)), work // 10_000 * 10_000, work // 100 * 100)
    return table(
        "settlement",
        {
            "settlement_id": np.arange(1, n + 1),
            "person_id": found.person[jobs.worker[rows]] + 1,
            "region_code": found.village[jobs.worker[rows]],
            "city_code": city,
            "eligible": eligible,
            "applied_on": applied,
            "settled_on": np.where(eligible & (rng.random(n) < 0.7) & (settled <= ground.last), settled, MISSING),
        },
    )


def schooling(ground: Ground, orgs: Organisations) -> pa.Table:
    """造职业教育: children of registered families in the donor's vocational schools, from enrolment to a first job."""
    rng = ground.streams.of("schooling")
    people = ground.population.persons
    age = people.family.age
    taught = (people.education == position(EDUCATION, "vocational")) & people.present & (age >= 16) & (age <= 21)
    person = np.flatnonzero(taught & (rng.random(len(people)) < 0.35))
    year = ground.as_of.year - age[person] + rng.integers(15, 18, len(person))
    enrolled = (year - 1970).astype("datetime64[Y]").astype("datetime64[D]").astype(np.int64) + 243
    pair = np.full(len(person), -1)
    for y in ground.years:
        rows = np.flatnonzero(year == y)
        pair[rows] = ground.places.pairing_of(y, people.county[person[rows]], rng)
    keep = (pair > 0) & (enrolled <= ground.last) & (enrolled >= people.joined_on[person])
    person, enrolled, pair, year = person[keep], enrolled[keep], pair[keep], year[keep]
    school = np.array([rng.choice(orgs.of_kind("school", ground.donor(p))) for p in pair.tolist()], np.int64)
    done = enrolled + 2 * YEAR - 50
    job_on = done + rng.integers(10, 120, len(person))
    finished = ~people.in_school[person] & (done <= ground.last)
    works = finished & (job_on <= ground.last) & (rng.random(len(person)) < 0.75)
    status = np.select(
        [people.in_school[person], works, finished],
        position(SCHOOLING_STATUS, "enrolled", "employed", "graduated"),
        position(SCHOOLING_STATUS, "left"),
    )
    return table(
        "schooling",
        {
            "schooling_id": np.arange(1, len(person) + 1),
            "person_id": person + 1,
            "region_code": people.village[person],
            "pairing_id": pair,
            "school_id": school,
            "enrolled_on": enrolled,
            "status": status,
            "first_job_on": np.where(works, job_on, MISSING),
        },
    )


def _year_of(day: np.ndarray) -> np.ndarray:
    return day.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970
