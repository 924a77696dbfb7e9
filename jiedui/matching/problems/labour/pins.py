"""指定: pairs that an officer decided; the worker gets that vacancy, and its seat is nobody else's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from jiedui.errors import JieduiError
from jiedui.matching.problems.labour.asked import Pair
from jiedui.matching.problems.labour.candidates import Rows
from jiedui.matching.problems.labour.explaining import GOT, Told
from jiedui.matching.problems.labour.points import Scale
from jiedui.matching.problems.labour.settling import Settled
from jiedui.matching.problems.labour.sides import Int32, Int64


def pinned(scale: Scale, pins: Iterable[Pair]) -> tuple[Int64, int]:
    """指定: the vacancy (row) to which each worker is bound, −1 where none; and how many pins name nobody who seeks.

    Raises `JieduiError` where a pinned vacancy is not open, the pair is not possible, or a vacancy has too few seats.
    """
    workers, vacancies = scale.workers, scale.vacancies
    bound, idle = np.full(len(workers), -1, np.int64), 0
    row = {number: k for k, number in enumerate(vacancies.vacancy_id.tolist())} if pins else {}
    for worker, vacancy in pins:
        w = int(np.searchsorted(workers.worker_id, worker))
        if w == len(workers) or workers.worker_id[w] != worker:
            idle += 1
            continue
        if vacancy not in row:
            raise JieduiError(
                f"Worker {worker} is pinned to vacancy {vacancy}, which is not open or has no free seat on the day.",
                remedy="Take the pin away.",
            )
        if not scale.possible(np.array([w]), np.array([row[vacancy]]))[0]:
            raise JieduiError(
                f"Worker {worker} is pinned to vacancy {vacancy}, but the pair is not possible: wage, distance, skill, "
                "lodging, season, work, school place, strain, shift, language or a refusal rules it out.",
                remedy="Correct the records or take the pin away.",
            )
        bound[w] = row[vacancy]
    asked = np.bincount(bound[bound >= 0], minlength=len(vacancies))
    for v in np.flatnonzero(asked > vacancies.seats)[:1].tolist():
        raise JieduiError(
            f"Vacancy {vacancies.vacancy_id[v]} has {vacancies.seats[v]} free seats and {asked[v]} workers are pinned "
            "to it.",
            remedy="Take pins away.",
        )
    return bound, idle


def without_pinned(rows: Rows, pins: Int64, partner: Int64, work: Int32) -> Rows:
    """去除指定者: no candidates for who is pinned; for a pinned worker's partner only those in the same county."""
    size = np.diff(rows.indptr)
    bound = np.where(pins >= 0, work[pins], -1)
    beside = np.where((partner >= 0) & (pins < 0), bound[partner], -1)
    kept = np.repeat(pins < 0, size)
    kept &= np.repeat(beside < 0, size) | (work[rows.indices] == np.repeat(beside, size))
    first = np.concatenate([[0], np.cumsum(kept)])[rows.indptr]
    return Rows(first, rows.indices[kept], rows.utility[kept], rows.complete)


def with_pinned(scale: Scale, settled: Settled, pins: Int64, partner: Int64) -> Settled:
    """加入指定者: the pinned workers with their vacancies; they count in the sums of the certificate, on both sides.

    `partner`: of everybody, pinned or not.
    """
    who = np.flatnonzero(pins >= 0)
    if not len(who):
        return replace(settled, partner=partner)
    assignment, reason = settled.assignment.copy(), settled.told.reason.copy()
    assignment[who], reason[who] = pins[who], GOT
    worth = int(scale.utility(who, pins[who]).sum())
    certificate = dict(settled.certificate)
    certificate |= {
        "placements": certificate["placements"] + len(who),
        "objective": certificate["objective"] + worth,
        "bound": certificate["bound"] + worth,
        "pinned": len(who),
    }
    certificate["gap"] = (certificate["bound"] - certificate["objective"]) / max(1, abs(certificate["bound"]))
    told = Told(settled.told.next_best, settled.told.first_wish, reason)
    return replace(settled, assignment=assignment, partner=partner, told=told, certificate=certificate)
