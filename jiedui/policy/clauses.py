"""条款与职责: the 14 clauses of the opinion and the duties that follow, from `clauses.toml`, in our own words."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Final, Literal, get_args

from jiedui.errors import JieduiError

DutyKind = Literal["record", "rule", "match", "compute", "publish"]
Status = Literal["implemented", "partly", "recorded_only", "guiding", "not_yet"]

KINDS: Final[dict[DutyKind, tuple[str, str]]] = {
    "record": ("记录", "people enter or import it"),
    "rule": ("规则", "checked, with a finding where it does not hold"),
    "match": ("对接", "the engine proposes, a person signs"),
    "compute": ("计算", "derived from a frozen snapshot"),
    "publish": ("发布", "leaves the system as a report or a file"),
}
STATUSES: Final[dict[Status, tuple[str, str]]] = {
    "implemented": ("已实现", "done, with a test"),
    "partly": ("部分实现", "some of it; the note says what is missing"),
    "recorded_only": ("仅记录", "kept and frozen, not judged"),
    "guiding": ("指导性", "the text guides; there is nothing to compute"),
    "not_yet": ("尚未实现", "no code serves it; the note says so"),
}


@dataclass(frozen=True, slots=True)
class Clause:
    """条款: one clause; `numeral` is the Chinese number without brackets, e.g. 十四."""

    number: int
    numeral: str
    chapter_zh: str
    title_zh: str
    title_en: str
    text_zh: str
    text_en: str


@dataclass(frozen=True, slots=True)
class Duty:
    """职责: what a clause asks of the software. `clause` is None where it concerns the page as a whole.

    `missing_zh` and `missing_en` say in one line what is not there; they are empty only where nothing is missing.
    """

    id: str
    clause: int | None
    kind: DutyKind
    title_zh: str
    title_en: str
    text_zh: str
    text_en: str
    status: Status
    missing_zh: str = ""
    missing_en: str = ""

    @property
    def area(self) -> str:
        """领域: the part of the id before the dot, e.g. labour."""
        return self.id.partition(".")[0]

    @property
    def text(self) -> str:
        """正文: the duty in Chinese."""
        return self.text_zh


@dataclass(frozen=True, slots=True)
class Clauses:
    """意见: the document's id, titles, day of publication, its clauses and duties in order."""

    id: str
    title_zh: str
    title_en: str
    published_on: date
    clauses: tuple[Clause, ...]
    duties: tuple[Duty, ...]

    def duty(self, duty_id: str) -> Duty:
        """职责: the duty with this id; `JieduiError` if there is none."""
        found = next((duty for duty in self.duties if duty.id == duty_id), None)
        if found is None:
            raise JieduiError(f"There is no duty {duty_id!r}.", remedy="`jiedui duties` lists all of them.")
        return found

    def clause(self, number: int | str) -> Clause:
        """条款: by number or Chinese numeral (9, "九", "（九）"); `JieduiError` if there is none."""
        wanted = number.strip("()（） ") if isinstance(number, str) else str(number)
        found = next((clause for clause in self.clauses if wanted in (clause.numeral, str(clause.number))), None)
        if found is None:
            raise JieduiError(
                f"There is no clause {number!r}.",
                remedy=f"Clauses run from {self.clauses[0].numeral} to {self.clauses[-1].numeral}.",
            )
        return found

    def duties_of(self, number: int | str) -> tuple[Duty, ...]:
        """某条的职责: the duties of one clause."""
        clause = self.clause(number)
        return tuple(duty for duty in self.duties if duty.clause == clause.number)


@cache
def load() -> Clauses:
    """加载: the clauses and duties that come with the package (cached)."""
    return parse(files("jiedui.policy").joinpath("clauses.toml").read_text(encoding="utf-8"))


def parse(text: str) -> Clauses:
    """解析: clauses and duties from TOML text; `JieduiError` names the entry that is not right."""
    document = tomllib.loads(text)
    clauses = tuple(_clause(entry) for entry in document["clause"])
    numbers = {clause.number for clause in clauses}
    duties = tuple(_duty(duty_id, entry, numbers) for duty_id, entry in document["duty"].items())
    return Clauses(**document["document"], clauses=clauses, duties=duties)


def _clause(entry: dict[str, Any]) -> Clause:
    try:
        return Clause(**entry)
    except TypeError as error:
        where = f"clauses.toml, clause {entry.get('number')}"
        raise JieduiError(f"{where}: {error}.", remedy="See docs/policy.md.") from error


def _duty(duty_id: str, entry: dict[str, Any], numbers: set[int]) -> Duty:
    fields = {"clause": None} | entry
    try:
        duty = Duty(id=duty_id, **fields)
    except TypeError as error:
        raise JieduiError(f"clauses.toml, duty {duty_id}: {error}.", remedy="See docs/policy.md.") from error
    _check(duty, numbers)
    return duty


def _check(duty: Duty, numbers: set[int]) -> None:
    wrong = None
    if duty.kind not in get_args(DutyKind):
        wrong = f"kind {duty.kind!r} is none of {', '.join(get_args(DutyKind))}"
    elif duty.status not in get_args(Status):
        wrong = f"status {duty.status!r} is none of {', '.join(get_args(Status))}"
    elif duty.clause is not None and duty.clause not in numbers:
        wrong = f"there is no clause {duty.clause}"
    elif duty.status in ("partly", "recorded_only", "not_yet") and not (duty.missing_zh and duty.missing_en):
        wrong = f"a duty that is {duty.status} says what is missing, in both languages"
    if wrong:
        raise JieduiError(f"clauses.toml, duty {duty.id}: {wrong}.", remedy="See docs/policy.md.")
