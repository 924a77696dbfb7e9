"""栏目对应: which column of the file is which field, and what labels mean that no code list has."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.http import QueryDict
from django.utils.translation import gettext as _

from jiedui.errors import JieduiError
from jiedui.records.imports import forms, headers, staging
from jiedui.records.imports.forms import Field
from jiedui.records.models import Import
from jiedui.sheets import SheetError, open_sheet
from jiedui.web import numbers
from jiedui.web.templatetags.figures import spoken

_SAMPLES: Final = 3
_LONGEST_SAMPLE: Final = 16
_PRIVATE: Final = re.compile(r"[0-9][0-9Xx.E+]{9,}")
"""What may be an identity number or a phone: samples show only how it begins."""


@dataclass(frozen=True, slots=True)
class Column:
    """文件的栏: its place, letter, title and some values."""

    at: int
    letter: str
    title: str
    samples: str


@dataclass(frozen=True, slots=True)
class Row:
    """一个栏目: a field of the form and the column that was found for it (None: none)."""

    field: Field
    at: int | None
    column: Column | None
    missing: bool


@dataclass(frozen=True, slots=True)
class Label:
    """一个标签: what stands in the file, how often, and what it was mapped to ("" = its rows are refused)."""

    text: str
    times: int
    chosen: str


@dataclass(frozen=True, slots=True)
class Labels:
    """一栏的标签: a field, its labels without a meaning, and the items that they may mean."""

    field: Field
    labels: list[Label]
    choices: list[tuple[str, str]]


def context(one: Import) -> dict[str, Any]:
    """栏目对应页."""
    shape, told = forms.form(one.kind), one.columns
    columns = _columns(one, list(told.get("titles", ())))
    found = {name: int(at) for name, at in told.get("fields", {}).items()}
    missing = headers.missing(found, shape)
    rows = [
        Row(field, found.get(field.name), _at(columns, found.get(field.name)), field.name in missing)
        for field in shape.fields
    ]
    rows.sort(key=lambda row: not row.missing)  # what must be said stands first
    unknown = sorted(told.get("unknown", {}).items())
    return {
        "rows": rows,
        "columns": columns,
        "missing": [shape[name].title for name in missing],
        "labels": [_labels(one, shape[name], labels) for name, labels in unknown if name in shape and labels],
        "spare": [column for column in columns if column.at not in found.values()],
    }


def chosen(one: Import, sent: QueryDict) -> tuple[dict[str, int], dict[str, dict[str, str]]]:
    """所选: column by field and identifier by label, as the form says.

    Raises:
        JieduiError: a column that the file has not.
    """
    shape, titles = forms.form(one.kind), one.columns.get("titles", ())
    columns: dict[str, int] = {}
    labels: dict[str, dict[str, str]] = {}
    for name, value in sent.items():
        what, _colon, rest = name.partition(":")
        if what == "field" and value and rest in shape:
            at = numbers.whole(value)
            if at is None or at >= len(titles):
                raise JieduiError(_("The file has no such column."), remedy=_("Choose from the list."))
            columns[rest] = at
        elif what == "label" and value:
            field, _colon, text = rest.partition(":")
            if field in shape:
                labels.setdefault(field, {})[text] = value
    return columns, labels


def _labels(one: Import, field: Field, unknown: Mapping[str, int]) -> Labels:
    mapped = one.labels.get(field.name, {})
    ordered = sorted(unknown.items(), key=lambda pair: (-pair[1], pair[0]))
    if field.kind == "bool":
        choices = [("true", _("yes")), ("false", _("no"))]
    else:
        choices = [(value, spoken(texts)) for value, texts in (field.choices or {}).items()]
    return Labels(field, [Label(text, times, mapped.get(text, "")) for text, times in ordered], choices)


def _columns(one: Import, titles: list[str]) -> list[Column]:
    samples = _samples(one, len(titles))
    return [
        Column(at, _letter(at), title.replace("\n", " "), "、".join(samples[at])) for at, title in enumerate(titles)
    ]


def _samples(one: Import, width: int) -> list[list[str]]:
    """Some different values of each column, from the rows just below the header; none where the file went."""
    path = staging.original(one.pk)
    found: list[list[str]] = [[] for _column in range(width)]
    if not path.is_file():
        return found
    try:
        with open_sheet(path) as book:
            head = book.head(headers.LOOKED_AT)
        first = headers.find(head, forms.form(one.kind)).row
    except (SheetError, JieduiError):
        return found  # what is wrong with the file is said by the comparison
    for row in head[first:]:
        for at, text in enumerate(row[:width]):
            shown = _PRIVATE.sub(lambda match: f"{match[0][:4]}…", text.strip())[:_LONGEST_SAMPLE]
            if shown and shown not in found[at] and len(found[at]) < _SAMPLES:
                found[at].append(shown)
    return found


def _at(columns: list[Column], at: int | None) -> Column | None:
    return columns[at] if at is not None and at < len(columns) else None


def _letter(at: int) -> str:
    text = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        text = chr(65 + rest) + text
    return text
