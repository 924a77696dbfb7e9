"""表样: what a roster of a kind may say: its fields, how sources call them, and where each is kept.

The registry's export header is domain practice (first form to support); spellings of other sources are added by
whoever confirms a mapping (`SourceForm`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from typing import Final, Literal

from jiedui.errors import JieduiError

FieldKind = Literal[
    "text", "name", "number", "code", "int", "yuan", "date", "choice", "bool", "identity",
    "phone", "place", "credit", "occupation", "division", "month",
]  # fmt: skip
"""number: a key of up to 18 digits · yuan: an amount in yuan, kept in fen · place: a part of the village's name or its
code · credit: 统一社会信用代码 · occupation: code or name, kept as the minor group · division: a province, prefecture
or county by name or code, kept as the code · month: kept as its first day."""


@dataclass(frozen=True, slots=True)
class Field:
    """栏目: one column of a roster."""

    name: str
    title: str
    """As the template prints it."""
    kind: FieldKind
    required: bool = False
    """Whether a row without it is refused."""
    needed: bool = False
    """Whether a file without this column cannot be read at all."""
    also: tuple[str, ...] = ()
    """Other titles for it, compared without spaces, brackets and line breaks."""
    choices: Mapping[str, tuple[str, str]] | None = None
    table: str = ""
    """Table that keeps it ("" = it only helps to find the place or the person)."""
    of_household: bool = False
    """Whether every member's row of one household must say the same."""
    of_year: bool = False
    """Whether it is kept by year."""
    note: str = ""
    example: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """表样: the fields of one kind of roster, the key that finds a row again, and whether it belongs to a year."""

    kind: str
    fields: tuple[Field, ...]
    key: str
    yearly: bool = False
    monthly: bool = False
    """Whether a person has a row for each month, so that an identity number may stand in several."""
    by_place: bool = True
    """Whether rows lie in villages of the importing office, so that what the file leaves out can be told."""
    _by_name: dict[str, Field] = field(default_factory=dict, compare=False, repr=False)

    def __post_init__(self) -> None:
        self._by_name.update({one.name: one for one in self.fields})

    def __getitem__(self, name: str) -> Field:
        return self._by_name[name]

    def __contains__(self, name: str) -> bool:
        return name in self._by_name


_AREAS: Final = {
    "registry": "jiedui.records.imports.poverty",
    "worker": "jiedui.records.imports.workers",
    "vacancy": "jiedui.records.imports.vacancies",
    "work_month": "jiedui.records.imports.work_months",
    "village": "jiedui.records.imports.villages",
}


@cache
def form(kind: str) -> Form:
    """表样: of a kind of import."""
    if kind not in _AREAS:
        raise JieduiError(f"There is no kind of import {kind!r}.", remedy=f"Kinds: {', '.join(_AREAS)}.")
    return import_module(_AREAS[kind]).FORM
