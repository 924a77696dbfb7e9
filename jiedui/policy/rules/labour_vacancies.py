"""岗位: what makes a reported vacancy doubtful, so that an office of the place looks at it before it counts (八).

A row has the columns of the table `vacancy` and `credit_code` of its firm. What is not known is doubtful only where it
is needed to judge.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Final

from jiedui.policy.findings import Finding, Row, RowRef
from jiedui.policy.parameters import Parameters
from jiedui.policy.registry import interprets
from jiedui.terms.identity import is_valid_credit_code
from jiedui.terms.money import yuan
from jiedui.terms.occupations import Occupations

DUTY: Final = "labour.2"
Doubts = tuple[Finding, ...]
"""Judged when a vacancy is reported or changed; a year is not judged by them (`policy.checks`)."""
Said = tuple[str, str, str]
"""Rule, Chinese, English."""


@interprets(
    "labour.2",
    because="The text wants vacancies gathered and does not say how they are checked: a plausible one counts at once, "
    "any other when an office of the place of work has confirmed it.",
)
def doubts(row: Row, parameters: Parameters) -> Doubts:
    """存疑之处: what to look at in one vacancy; () = plausible."""
    return tuple(
        Finding(DUTY, parameters.value("labour.vacancy.severity"), _subject(row), zh, _rows(row), en, rule)
        for check in _CHECKS
        for rule, zh, en in check(row, parameters)
    )


def _credit_code(row: Row, _: Parameters) -> Iterator[Said]:
    if "credit_code" not in row:
        return  # the reader does not see the firm
    code = row["credit_code"]
    if not code:
        yield "no_credit_code", "用人单位没有统一社会信用代码。", "The firm has no credit code."
    elif not is_valid_credit_code(code):
        yield "wrong_credit_code", "统一社会信用代码的校验位不对。", "The check character of the credit code is wrong."


def _wage(row: Row, parameters: Parameters) -> Iterator[Said]:
    wage = row["monthly_wage_fen"]
    floor, ceiling = (
        parameters.value("labour.vacancy.wage_floor_fen"),
        parameters.value("labour.vacancy.wage_ceiling_fen"),
    )
    if wage < floor:
        yield "wage_too_low", f"月工资低于{yuan(floor)}元。", f"The monthly wage is below {yuan(floor)} yuan."
    if wage > ceiling:
        yield "wage_too_high", f"月工资高于{yuan(ceiling)}元。", f"The monthly wage is above {yuan(ceiling)} yuan."


def _seats(row: Row, parameters: Parameters) -> Iterator[Said]:
    most = parameters.value("labour.vacancy.seats_most")
    if row["seats"] < 1:
        yield "no_seats", "人数为零。", "There are no seats."
    if row["seats"] > most:
        yield "many_seats", f"人数超过{most}人。", f"There are more than {most} seats."


def _days(row: Row, parameters: Parameters) -> Iterator[Said]:
    most = parameters.value("labour.vacancy.open_days_most")
    opened, closed, starts = row["open_from"], row["open_to"], row.get("starts_on")
    if (closed - opened).days > most:
        yield "open_long", f"招聘期超过{most}天。", f"It is open for more than {most} days."
    if closed < parameters.on:
        yield "closed_already", "招聘已经截止。", "It is closed already."
    if isinstance(starts, date) and starts < opened:
        yield "starts_before_open", "上岗日期早于招聘开始。", "Work begins before it is open."


def _occupation(row: Row, _: Parameters) -> Iterator[Said]:
    if Occupations.load().resolve(row["occupation"]) is None:
        yield "unknown_occupation", "职业不在职业分类大典中。", "The occupation is not in the list of occupations."


_CHECKS: Final[tuple[Callable[[Row, Parameters], Iterator[Said]], ...]] = (
    _credit_code, _wage, _seats, _days, _occupation,
)  # fmt: skip


def _subject(row: Row) -> str:
    return f"vacancy:{row.get('vacancy_id') or ''}"


def _rows(row: Row) -> tuple[RowRef, ...]:
    return (RowRef("vacancy", row["vacancy_id"]),) if row.get("vacancy_id") else ()
