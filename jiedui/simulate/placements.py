"""就业安置: who took a job, through which pair, and what proves the months; dispatch, schooling, settlement.

Of those who work away or near home now a part was placed, and of those a part through a pair (domain fact 6: the two
differ widely). Some had another job before. Nobody has two jobs at once.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa

from jiedui.simulate import following, labour, offers
from jiedui.simulate.columns import MISSING, position, table
from jiedui.simulate.ground import Ground
from jiedui.simulate.irregularities import planted
from jiedui.simulate.labour import Workers
from jiedui.simulate.numbers import rank_in_group
from jiedui.simulate.society import Organisations
from jiedui.simulate.spells import IN_EAST, NEARBY, YEAR, Placements, spells, where, year_of
from jiedui.simulate.streams import pick
from jiedui.terms.codelists import (
    EDUCATION,
    LEAVING_REASON,
    SCHOOLING_STATUS,
    SETTLEMENT_STATE,
    STAY_EVIDENCE,
    VACANCY_STATE,
)

PER_VACANCY: Final = 6
MAJORS: Final = np.array(
    [
        "数控技术应用",
        "汽车运用与维修",
        "电子商务",
        "护理",
        "学前教育",
        "中餐烹饪",
        "服装设计与工艺",
        "机电技术应用",
        "物流服务与管理",
    ]
)
"""Majors of vocational schools; which a child takes is drawn."""


def placed(ground: Ground, orgs: Organisations, found: Workers) -> dict[str, pa.Table]:
    """造安置: placements, their vacancies together with the open ones, checks, dispatch, settlement."""
    rng = ground.streams.of("placement")
    worker, kind, start, end = spells(ground, found, rng)
    pair, county = where(ground, found.county[worker], kind, start, rng)
    past, vacancy = _past_vacancies(ground, orgs, county, kind, start, rng)
    wage = (
        np.where(vacancy > 0, past["monthly_wage_fen"][np.maximum(vacancy - 1, 0)], 0)
        if len(past["seats"])
        else vacancy * 0
    )
    own = labour.jobs(kind == NEARBY, year_of(start), rng)["monthly_wage_fen"]
    wage = np.where(rng.random(len(worker)) < 0.04, MISSING, np.where(wage > 0, wage, own))
    jobs = Placements(worker, kind, start, end, pair, county, np.where(vacancy > 0, vacancy, MISSING), wage)
    waiting = labour.vacancies(ground, orgs, found, len(past["seats"]) + 1)
    offered = offers.offers(ground, found, jobs, past, waiting)
    return {
        "worker": following.at_work(ground, found, jobs),
        "vacancy": labour.vacancy_table(ground, past, waiting),
        "job_offer": offered.offer,
        "dispatch_trip": offered.trip,
        "placement": _placement_table(ground, found, jobs, offered.of_job),
        "stay_check": _stay_checks(ground, found, jobs),
        "follow_up": following.follow_ups(ground, found, jobs),
        "work_month": following.work_months(ground, found, jobs),
        "subsidy": following.subsidies(ground, found, jobs),
        "settlement": _settlements(ground, found, jobs),
    }


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
    columns = labour.jobs(sort == NEARBY, year_of(first), rng) | {
        "vacancy_id": np.arange(1, count + 1),
        "organisation_id": orgs.firms_in(place, rng),
        "region_code": place,
        "seats": np.bincount(of, minlength=count) + rng.integers(0, 3, count),
        "open_from": first - rng.integers(5, 40, count),
        "open_to": np.minimum(last + rng.integers(0, 20, count), ground.last - 1).clip(min=first),
        "state": np.full(count, position(VACANCY_STATE, "checked")),
    }
    return columns, vacancy


def _placement_table(ground: Ground, found: Workers, jobs: Placements, of_job: np.ndarray) -> pa.Table:
    person = found.person[jobs.worker]
    rng = ground.streams.of("placement.left")
    reasons = position(LEAVING_REASON, "term_over", "other_job", "family", "wage", "health", "dismissed", "unknown")
    because = reasons[pick(rng, [34, 20, 20, 12, 6, 4, 4], len(jobs))]
    told = (jobs.end != MISSING) & (rng.random(len(jobs)) < 0.85)
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
            "job_offer_id": of_job,
            "left_because": np.where(told, because, MISSING),
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
            doubted |= (jobs.pair == pair) & (year_of(jobs.start) == ground.as_of.year)
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


def _settlements(ground: Ground, found: Workers, jobs: Placements) -> pa.Table:
    rng = ground.streams.of("settlement")
    long = (jobs.kind == IN_EAST) & (jobs.pair > 0) & (jobs.end == MISSING) & (jobs.start < ground.last - 200)
    rows = np.flatnonzero(long & (rng.random(len(jobs)) < 0.06))
    n, work = len(rows), jobs.county[rows]
    applied = np.minimum(jobs.start[rows] + rng.integers(120, 200, n), ground.last)
    settled = applied + rng.integers(20, 150, n)
    eligible = rng.random(n) < 0.9
    moved = eligible & (rng.random(n) < 0.7) & (settled <= ground.last)
    waits = position(SETTLEMENT_STATE, "applied", "refused", "given_up")[pick(rng, [70, 18, 12], n)]
    waits = np.where(eligible, waits, position(SETTLEMENT_STATE, "refused"))
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
            "settled_on": np.where(moved, settled, MISSING),
            "state": np.where(moved, position(SETTLEMENT_STATE, "settled"), waits),
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
    details = ground.streams.of("schooling.details")
    n = len(person)
    practises = enrolled + YEAR + details.integers(60, 400, n)
    practises = np.where((details.random(n) < 0.6) & (practises <= ground.last), practises, MISSING)
    firm = np.full(n, MISSING)
    inside = np.flatnonzero(practises != MISSING)
    firm[inside] = orgs.firms_in(ground.donor_county(pair[inside], details), details)
    aid = details.choice(np.array([100_000, 150_000, 200_000, 300_000, 500_000]), n)
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
            "major": pa.array(MAJORS[pick(details, [1] * len(MAJORS), n)], pa.string(), mask=details.random(n) < 0.1),
            "aid_fen": np.where(details.random(n) < 0.2, MISSING, aid),
            "internship_from": practises,
            "internship_firm_id": firm,
        },
    )
