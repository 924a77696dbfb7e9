"""岗位推荐签署: an officer's signature turns proposals into offers, all that still can be, each at most once.

One signing locks the vacancies in the order of their keys, counts their seats, and inserts in the order of the
workers; so two signings wait for each other and never block each other, and no seat is given twice.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.db import connection
from django.db.models import F, Q

from jiedui.errors import JieduiError
from jiedui.policy import parameters
from jiedui.policy.registry import implements
from jiedui.records import access
from jiedui.records.actions.labour_rights import written
from jiedui.records.actions.people import Helpers
from jiedui.records.models import DuplicatePair, Person, User, Vacancy, Worker
from jiedui.terms.codelists import CodeList

LEFT_OUT: Final[CodeList] = {
    "not_here": ("不是本地劳动力", "not a worker of your places"),
    "twice": ("同一人已在本次签署中", "signed for another vacancy just now"),
    "left_register": ("已死亡或离开", "died or left the register"),
    "unwilling": ("登记为无意愿或无能力", "registered as not willing or not able"),
    "open_offer": ("已有未完结的推荐", "has an open offer"),
    "in_work": ("已安置就业", "has a placement that lasts"),
    "same_person": ("与已推荐或已就业者为同一人", "is the same person as one with an offer or a placement"),
    "vacancy_gone": ("岗位不存在", "there is no such vacancy"),
    "vacancy_withdrawn": ("岗位已撤回", "the vacancy was withdrawn"),
    "vacancy_unchecked": ("岗位待核实", "the vacancy is not confirmed"),
    "vacancy_not_open": ("岗位招聘尚未开始", "the vacancy is not open yet"),
    "vacancy_closed": ("岗位招聘已截止", "the vacancy is closed"),
    "vacancy_full": ("岗位已满", "the vacancy is full"),
}
"""Why a proposal was not signed, in the order in which it is looked at."""


@dataclass(frozen=True, slots=True)
class Proposed:
    """建议: one worker and one vacancy, as a run proposes them."""

    worker_id: int
    vacancy_id: int


@dataclass(frozen=True, slots=True)
class LeftOut:
    """未签: a worker who got no offer; `reason` is a key of `LEFT_OUT`."""

    worker_id: int
    reason: str


@dataclass(frozen=True, slots=True)
class Signed:
    """签署结果: how many offers were made, and who was left out, by worker."""

    offers: int
    left_out: tuple[LeftOut, ...] = ()


@implements("labour.3")
def sign(run: uuid.UUID | None, proposals: Iterable[Proposed], *, by: User, day: date | None = None) -> Signed:
    """签署: nothing → offered, for every proposal that still holds; by an office of the workers' homes.

    Seats go in the order of the proposals. The pairing of an offer is that of the day between home and work place, the
    most specific one; none where nobody helps. Workers of other places are left out like the rest.

    Raises:
        JieduiError: none of the workers is of a place where `by` works in an office.
    """
    on = day or date.today()
    wanted = list(proposals)
    with written(by, f"run {run}" if run else "by hand"):
        workers = _workers([one.worker_id for one in wanted], by, on)
        if wanted and not workers:
            raise JieduiError(
                f"{by.username} may not offer work to these workers: none is of a place of yours.",
                remedy="Have an office of their home sign.",
            )
        vacancies = _vacancies({one.vacancy_id for one in wanted})
        refused = _Refusals(workers, vacancies, on)
        chosen = [one for one in wanted if refused.pass_on(one)]
        late = _insert(run, chosen, workers, vacancies, by, on)
    left_out = sorted([*refused.found, *late], key=lambda one: one.worker_id)
    return Signed(len(chosen) - len(late), tuple(left_out))


def _workers(wanted: Sequence[int], by: User, on: date) -> dict[int, dict[str, Any]]:
    """Those of the workers whose home's office `by` is, with what decides, by worker."""
    sight = access.sight_of(by, on)
    here = access.within(sight.office & sight.named, "person__region_code")
    rows = Worker.objects.filter(here, pk__in=wanted).values(
        "worker_id", "person_id", "willing", "able", left_on=F("person__left_on"), home=F("person__region_code"),
        home_of=F("person__household_id"),
    )  # fmt: skip
    return {row["worker_id"]: row for row in rows}


def _vacancies(wanted: Iterable[int]) -> dict[int, dict[str, Any]]:
    """The vacancies, locked, with the seats that are left (`left`), by vacancy."""
    keys = sorted(wanted)
    with connection.cursor() as cursor:
        cursor.execute("SELECT vacancy_id, state, seats - held FROM records_hold_seats(%s::bigint[])", [keys])
        held = {key: {"state": state, "left": left} for key, state, left in cursor.fetchall()}
    rows = Vacancy.objects.filter(pk__in=list(held)).values("vacancy_id", "region_code", "open_to", "open_from")
    return {row["vacancy_id"]: {**row, **held[row["vacancy_id"]]} for row in rows}


class _Refusals:
    """Looks at one proposal after another, and keeps count of seats and persons."""

    def __init__(self, workers: dict[int, dict[str, Any]], vacancies: dict[int, dict[str, Any]], on: date) -> None:
        self._workers, self._vacancies, self._on = workers, vacancies, on
        self._engaged = _engaged([row["person_id"] for row in workers.values()], on)
        self._second = _second_entries([row["person_id"] for row in workers.values()])
        self._taken: Counter[int] = Counter()
        self._persons: set[int] = set()
        self.found: list[LeftOut] = []

    def pass_on(self, one: Proposed) -> bool:
        """Whether an offer may be made; otherwise the reason is kept."""
        reason = next(self._reasons(one), None)
        if reason is not None:
            self.found.append(LeftOut(one.worker_id, reason))
            return False
        self._taken[one.vacancy_id] += 1
        self._persons.add(self._workers[one.worker_id]["person_id"])
        return True

    def _reasons(self, one: Proposed) -> Iterator[str]:
        worker, vacancy = self._workers.get(one.worker_id), self._vacancies.get(one.vacancy_id)
        if worker is None:
            yield "not_here"
            return
        person = worker["person_id"]
        if person in self._persons:
            yield "twice"
        if worker["left_on"] is not None and worker["left_on"] <= self._on:
            yield "left_register"
        if not (worker["willing"] and worker["able"]):
            yield "unwilling"
        if person in self._engaged:
            yield self._engaged[person]
        if person in self._second:
            yield "same_person"
        yield from self._of_vacancy(vacancy, self._taken[one.vacancy_id])

    def _of_vacancy(self, vacancy: dict[str, Any] | None, taken: int) -> Iterator[str]:
        if vacancy is None:
            yield "vacancy_gone"
            return
        if vacancy["state"] != "checked":
            yield "vacancy_withdrawn" if vacancy["state"] == "withdrawn" else "vacancy_unchecked"
        if vacancy["open_from"] > self._on:
            yield "vacancy_not_open"
        if vacancy["open_to"] < self._on:
            yield "vacancy_closed"
        if vacancy["left"] <= taken:
            yield "vacancy_full"


def _engaged(persons: list[int], on: date) -> dict[int, str]:
    """Person → why no offer may be made; the database looks where the reader does not see."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT person_id, because FROM records_engaged(%s::bigint[], %s)", [persons, on])
        rows = cursor.fetchall()
    order = list(LEFT_OUT)
    return dict(sorted(rows, key=lambda row: -order.index(row[1])))


def _second_entries(persons: list[int]) -> set[int]:
    """Those of the persons who were decided to be another's second entry: they are about to leave the register.

    Who stands first is who was registered first, as in `duplicates.settle`.
    """
    pairs = DuplicatePair.objects.filter(Q(left_id__in=persons) | Q(right_id__in=persons), decision="same")
    both = list(pairs.values_list("left_id", "right_id"))
    present = Person.objects.filter(pk__in={one for pair in both for one in pair}, left_on=None)
    joined = dict(present.values_list("pk", "joined_on"))
    return {max(pair, key=lambda one: (joined[one], one)) for pair in both if joined.keys() >= set(pair)}


def _insert(
    run: uuid.UUID | None,
    chosen: list[Proposed],
    workers: dict[int, dict[str, Any]],
    vacancies: dict[int, dict[str, Any]],
    by: User,
    on: date,
) -> list[LeftOut]:
    """One statement for all, in the order of the workers; tells whom somebody else was faster to offer work."""
    helpers = Helpers(on)
    answer_by = on + timedelta(days=parameters.load(on).value("labour.offer_answer_days"))
    ordered = sorted(chosen, key=lambda one: one.worker_id)
    rows = [(workers[one.worker_id], vacancies[one.vacancy_id]) for one in ordered]
    edges = [helpers.of(worker["home"], vacancy["region_code"]) for worker, vacancy in rows]
    columns = [
        [worker["worker_id"] for worker, _ in rows],
        [worker["person_id"] for worker, _ in rows],
        [worker["home_of"] for worker, _ in rows],
        [worker["home"] for worker, _ in rows],
        [vacancy["vacancy_id"] for _, vacancy in rows],
        [vacancy["region_code"] for _, vacancy in rows],
        [edge and edge.pairing_id for edge in edges],
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO records_job_offer (worker_id, person_id, household_id, region_code, vacancy_id, "
            "work_region_code, pairing_id, run, state, offered_on, answer_by, entered_by_id) "
            "SELECT u.*, %s, 'offered', %s, %s, %s FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::text[], "
            "%s::bigint[], %s::text[], %s::bigint[]) AS u ON CONFLICT DO NOTHING RETURNING worker_id",
            [str(run) if run else None, on, answer_by, by.pk, *columns],
        )
        made = {worker for (worker,) in cursor.fetchall()}
    return [LeftOut(one.worker_id, "open_offer") for one in ordered if one.worker_id not in made]
