"""岗位表单: what a firm or an office types about a vacancy, as fields of the record, and what is wrong by field."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from jiedui.errors import JieduiError
from jiedui.records.models import Vacancy
from jiedui.terms import codelists, money
from jiedui.terms.codelists import CodeList
from jiedui.terms.occupations import Occupations
from jiedui.web import typed
from jiedui.web.pages import labour_entries

CHOICES: Final[Mapping[str, CodeList]] = {
    "skill": codelists.SKILL_LEVEL,
    "season": codelists.SEASON,
    "contract": codelists.CONTRACT_KIND,
    "demand": codelists.WORK_DEMAND,
}
TICKS: Final = ("dormitory", "night_shift", "mandarin", "couple_room", "school_place")
REQUIRED: Final = (
    *("occupation", "title", "seats", "monthly_wage_fen", "skill", "dormitory", "season", "open_from", "open_to"),
)
_LONGEST: Final = 100


@dataclass(slots=True)
class Typed:
    """所填岗位: fields of the record, and what is wrong, by field."""

    fields: dict[str, Any] = field(default_factory=dict)
    wrong: dict[str, JieduiError] = field(default_factory=dict)


def read(sent: Mapping[str, str]) -> Typed:
    """读表单: every field that was sent; an empty one that is needed is wrong, another one is not known."""
    found = Typed()
    for name, reader in _READERS.items():
        if name not in sent:
            continue
        try:
            value = reader(sent[name].strip())
            if value is None and name in REQUIRED:
                raise JieduiError("This field is needed.", remedy="Fill it in.")
            found.fields[name] = value
        except JieduiError as problem:
            found.wrong[name] = problem
    return found


def of_row(row: Vacancy) -> dict[str, str]:
    """表单值: of a vacancy that is to be changed."""
    said: dict[str, Any] = {name: getattr(row, name) for name in _READERS}
    said["monthly_wage_fen"] = money.yuan(row.monthly_wage_fen)
    said["occupation"] = named(row.occupation)
    for name in TICKS:
        said[name] = {True: "1", False: "0"}.get(said[name], "")
    return {
        name: "" if value is None else value.isoformat() if hasattr(value, "isoformat") else str(value)
        for name, value in said.items()
    }


def named(code: str) -> str:
    """职业: code and name, as the searchable list has them."""
    name = Occupations.load().name(code)
    return code if name == code else f"{code} {name}"


def occupations() -> list[str]:
    """职业清单: the minor groups of the list of 2022, for the form."""
    return [f"{one.code} {one.name}" for one in Occupations.load().minors()]


def _occupation(text: str) -> str | None:
    if not text:
        return None
    found = Occupations.load().resolve(text) or Occupations.load().resolve(text.split(" ")[0])
    if found is None:
        raise JieduiError(f"{text[:40]} is no occupation of the list.", remedy="Choose from the list, by word or code.")
    return found


def _title(text: str) -> str | None:
    if len(text) > _LONGEST:
        raise JieduiError(f"The text has more than {_LONGEST} characters.", remedy="Shorten it.")
    return text or None


def _place(text: str) -> str | None:
    return typed.place(text) or None


def _choice(labels: CodeList) -> Callable[[str], str | None]:
    def read_one(text: str) -> str | None:
        if text and text not in labels:
            raise JieduiError(f"There is no choice {text[:40]}.", remedy="Choose from the list.")
        return text or None

    return read_one


_READERS: Final[Mapping[str, Callable[[str], Any]]] = {
    "title": _title,
    "occupation": _occupation,
    "region_code": _place,
    "seats": labour_entries.whole,
    "monthly_wage_fen": labour_entries.fen,
    **{name: _choice(labels) for name, labels in CHOICES.items()},
    **dict.fromkeys(TICKS, labour_entries.tick),
    **dict.fromkeys(("open_from", "open_to", "starts_on"), typed.day),
}
