"""谢绝: what a refused offer rules out for the next run: never that vacancy again, and by its reason more for a while.

`labour.refusal.<reason>` says what a reason rules out (`CUTS`), `labour.refusal_days` for how long.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import pyarrow as pa

from jiedui.errors import JieduiError
from jiedui.matching.problems.labour.asked import Pair
from jiedui.matching.problems.labour.places import Places
from jiedui.matching.problems.labour.sides import (
    UNKNOWN,
    Float64,
    Int8,
    Int64,
    Vacancies,
    Workers,
    coded,
    numbers,
    read_rows,
)
from jiedui.policy.parameters import Parameters
from jiedui.policy.registry import assumes
from jiedui.snapshot import Snapshot
from jiedui.terms import codelists

CUTS: Final = ("vacancy", "organisation", "occupation", "wage", "distance", "dormitory")
"""vacancy: it alone · organisation: every vacancy of that employer · occupation: every vacancy of that occupation ·
wage: what pays no more · distance: what is no nearer · dormitory: away from home only with a dormitory."""
OF_VACANCY, OF_ORGANISATION, OF_OCCUPATION = range(3)
"""Kinds of single cuts, see `Cuts`."""

_REFUSED: Final = """
SELECT o.worker_id, o.vacancy_id, o.refusal, v.organisation_id, v.occupation, v.monthly_wage_fen, v.region_code,
       CAST($day - coalesce(o.answered_on, o.offered_on) AS BIGINT) AS days
FROM job_offer o JOIN vacancy v USING (vacancy_id)
WHERE o.state = 'refused' AND o.offered_on <= $day ORDER BY o.worker_id, o.job_offer_id
"""


@dataclass(frozen=True, eq=False)
class Cuts:
    """排除: single cuts of worker w are `start[w]` to `start[w + 1]` − 1: `kind` and the number that it rules out (of a
    vacancy, of an occupation among the vacancies', or an organisation_id).

    `pays_over_fen` (workers,): only what pays more (`UNKNOWN`: anything); `nearer_than_km`: only what is surely nearer
    (inf: anything); `dormitory` (workers,) 1 where one is needed away from home.
    """

    start: Int64
    kind: Int8
    value: Int64
    pays_over_fen: Int64
    nearer_than_km: Float64
    dormitory: Int8


@assumes(
    "labour.3",
    because="The text asks for matching by need (因需): what somebody refused, and why, is such a need; what follows "
    "from a reason and for how long is our choice.",
)
def cuts(
    snapshot: Snapshot,
    on: date,
    parameters: Parameters,
    workers: Workers,
    vacancies: Vacancies,
    places: Places,
    forbids: Iterable[Pair] = (),
) -> Cuts:
    """排除: what refusals and forbidden pairs rule out for these workers."""
    rows = read_rows(snapshot, _REFUSED, day=on)
    row = _row_of(workers.worker_id, numbers(rows["worker_id"]))
    refused = _row_of(vacancies.vacancy_id, numbers(rows["vacancy_id"]))
    follows = _follows(parameters)
    recent = numbers(rows["days"]) <= int(parameters.value("labour.refusal_days"))
    reasons = coded(rows["refusal"])[0]
    meaning = np.array([CUTS.index(follows[reason]) for reason in reasons.codes] + [0])
    cut = np.where(recent, meaning[reasons.at], 0)
    cut[row < 0] = -1
    offered = {code: k for k, code in enumerate(vacancies.occupation.codes)}
    occupation = np.array([offered.get(code, UNKNOWN) for code in rows["occupation"].to_pylist()], np.int64)
    found = [(row[row >= 0], OF_VACANCY, refused[row >= 0])]
    for name, kind, value in (
        ("organisation", OF_ORGANISATION, numbers(rows["organisation_id"])),
        ("occupation", OF_OCCUPATION, occupation),
    ):
        mine = cut == CUTS.index(name)
        found.append((row[mine], kind, value[mine]))
    found.append(_forbidden(workers, vacancies, forbids))
    start, kinds, values = _by_worker(found, len(workers))
    pays, nearer, dormitory = _limits(rows, row, cut, workers, places)
    return Cuts(start, kinds, values, pays, nearer, dormitory)


def _limits(
    rows: dict[str, pa.Array], row: Int64, cut: Int64, workers: Workers, places: Places
) -> tuple[Int64, Float64, Int8]:
    """The cuts that are one number each: least pay, greatest distance, a dormitory."""
    pays = np.full(len(workers), UNKNOWN, np.int64)
    mine = cut == CUTS.index("wage")
    np.maximum.at(pays, row[mine], numbers(rows["monthly_wage_fen"])[mine])
    nearer = np.full(len(workers), np.inf)
    for k in np.flatnonzero(cut == CUTS.index("distance")).tolist():
        away = places.between(int(row[k]), rows["region_code"][k].as_py()[:6])
        if not np.isnan(away):
            nearer[row[k]] = min(nearer[row[k]], away)
    dormitory = np.zeros(len(workers), np.int8)
    dormitory[row[cut == CUTS.index("dormitory")]] = 1
    return pays, nearer, dormitory


def _follows(parameters: Parameters) -> dict[str, str]:
    found = {reason: str(parameters.value(f"labour.refusal.{reason}")) for reason in codelists.REFUSAL_REASON}
    for reason, cut in found.items():
        if cut not in CUTS:
            raise JieduiError(f"labour.refusal.{reason} = {cut!r} is no cut.", remedy=f"Use one of {', '.join(CUTS)}.")
    return found


def _row_of(known: Int64, wanted: Int64) -> Int64:
    """The place of each wanted number among those known, which rise; −1 where it is not among them."""
    at = np.searchsorted(known, wanted)
    at[at == len(known)] = 0
    if not len(known):
        return np.full(len(wanted), -1, np.int64)
    return np.where(known[at] == wanted, at, -1)


def _forbidden(workers: Workers, vacancies: Vacancies, forbids: Iterable[Pair]) -> tuple[Int64, int, Int64]:
    pairs = np.array(sorted(forbids), np.int64).reshape(-1, 2)
    w, v = _row_of(workers.worker_id, pairs[:, 0]), _row_of(vacancies.vacancy_id, pairs[:, 1])
    return w[w >= 0], OF_VACANCY, v[w >= 0]


def _by_worker(found: list[tuple[Int64, int, Int64]], workers: int) -> tuple[Int64, Int8, Int64]:
    """Sorted by worker; cuts of what is not open on the day are left out."""
    w = np.concatenate([one[0] for one in found])
    kind = np.concatenate([np.full(len(one[0]), one[1], np.int8) for one in found])
    value = np.concatenate([one[2] for one in found])
    kept = value >= 0
    order = np.flatnonzero(kept)[np.lexsort((value[kept], kind[kept], w[kept]))]
    start = np.zeros(workers + 1, np.int64)
    np.cumsum(np.bincount(w[order], minlength=workers), out=start[1:])
    return start, kind[order], value[order]
