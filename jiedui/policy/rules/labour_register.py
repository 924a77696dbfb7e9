"""摸清底数: contradictions in the register of workers and placements (八).

The checks are those of registers in use (not of the text); how grave each is stands in the parameters. Rows are of
the tables `worker`, `person` and `placement`. What is not recorded is not judged.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from jiedui.policy.findings import Finding, Row, RowRef, Severity, refs
from jiedui.policy.parameters import Parameters
from jiedui.policy.registry import interprets

DUTY = "labour.1"


@interprets("labour.1", because="Only the year of birth is kept: who turns the minimum age within the year may work.")
def under_age(workers: Iterable[Row], persons: Iterable[Row], on: date, parameters: Parameters) -> tuple[Finding, ...]:
    """未满最低年龄: a finding for each working person who has not reached the minimum age by the end of the year."""
    least = parameters.value("labour.minimum_age")
    return tuple(
        _of_worker(
            worker,
            person,
            parameters.value("labour.severity_under_age"),
            f"未满{least}岁却登记为务工。",
            f"Recorded as working before the age of {least}.",
            "under_age",
        )
        for worker, person in _working(workers, persons, parameters)
        if on.year - person["birth_year"] < least
    )


@interprets("labour.1", because="Who has no ability to work cannot be working; one of the two entries is wrong.")
def working_without_ability(
    workers: Iterable[Row], persons: Iterable[Row], parameters: Parameters
) -> tuple[Finding, ...]:
    """无劳动能力却务工: a finding for each working person recorded without any ability to work."""
    return tuple(
        _of_worker(
            worker,
            person,
            parameters.value("labour.severity_no_ability"),
            "登记为无劳动能力，却在务工。",
            "Recorded as unable to work, and as working.",
            "working_without_ability",
        )
        for worker, person in _working(workers, persons, parameters)
        if person["labour_ability"] == "none"
    )


@interprets("labour.1", because="A pupil in school is not in a job; one of the two entries is wrong.")
def working_pupil(workers: Iterable[Row], persons: Iterable[Row], parameters: Parameters) -> tuple[Finding, ...]:
    """在校生务工: a finding for each working person recorded as in school."""
    return tuple(
        _of_worker(
            worker,
            person,
            parameters.value("labour.severity_student"),
            "登记为在校生，却在务工。",
            "Recorded as a pupil, and as working.",
            "working_pupil",
        )
        for worker, person in _working(workers, persons, parameters)
        if person["in_school"]
    )


@interprets(
    "labour.1",
    because="Public-welfare posts (公益性岗位) are for those who can do them. Placements of a source that marks such "
    "posts carry `public_post`; a placement without the mark is not judged.",
)
def too_old_for_public_post(
    placements: Iterable[Row], persons: Iterable[Row], on: date, parameters: Parameters
) -> tuple[Finding, ...]:
    """超龄公益性岗位: a finding for each holder of a public-welfare post who has reached the age limit for certain."""
    limit = parameters.value("labour.public_post_age")
    born = {person["person_id"]: person["birth_year"] for person in persons}
    return tuple(
        _of_placement(
            row,
            parameters.value("labour.severity_public_post_age"),
            f"已满{limit}岁，仍在公益性岗位。",
            f"In a public-welfare post at the age of {limit} or more.",
            "too_old_for_public_post",
        )
        for row in placements
        if row.get("public_post") and row["person_id"] in born and on.year - born[row["person_id"]] > limit
    )


@interprets("labour.1", because="So low a monthly wage is nearly always a slip (a daily wage, or thousands of yuan).")
def wage_below_floor(placements: Iterable[Row], parameters: Parameters) -> tuple[Finding, ...]:
    """月工资过低: a finding for each placement whose recorded monthly wage is below the floor."""
    floor = parameters.value("labour.wage_floor_fen")
    return tuple(
        _of_placement(
            row,
            parameters.value("labour.severity_low_wage"),
            "登记的月工资低于核查线。",
            "The recorded monthly wage is below the floor.",
            "wage_below_floor",
        )
        for row in placements
        if row["monthly_wage_fen"] is not None and row["monthly_wage_fen"] < floor
    )


@interprets("labour.1", because="Who is without work has left the last job; then the placement has an end.")
def left_without_end(workers: Iterable[Row], placements: Iterable[Row], parameters: Parameters) -> tuple[Finding, ...]:
    """未就业却无离岗日期: a finding for each open placement of a person recorded as without work."""
    idle = {worker["person_id"] for worker in workers if worker["work_status"] == "unemployed"}
    return tuple(
        _of_placement(
            row,
            parameters.value("labour.severity_open_end"),
            "登记为未就业，但安置没有离岗日期。",
            "Recorded as without work, and the placement has no end.",
            "left_without_end",
        )
        for row in placements
        if row["ended_on"] is None and row["person_id"] in idle
    )


def _working(workers: Iterable[Row], persons: Iterable[Row], parameters: Parameters) -> Iterable[tuple[Row, Row]]:
    statuses = parameters.value("labour.working_statuses")
    known: dict[Any, Row] = {person["person_id"]: person for person in persons}
    for worker in workers:
        person = known.get(worker["person_id"])
        if person is not None and worker["work_status"] in statuses:
            yield worker, person


def _of_worker(worker: Row, person: Row, severity: Severity, zh: str, en: str, rule: str) -> Finding:
    rows = (*refs("worker", [worker]), RowRef("person", person["person_id"]))
    return Finding(DUTY, severity, f"worker:{worker['worker_id']}", zh, rows, en, rule)


def _of_placement(placement: Row, severity: Severity, zh: str, en: str, rule: str) -> Finding:
    return Finding(
        DUTY, severity, f"placement:{placement['placement_id']}", zh, refs("placement", [placement]), en, rule
    )
