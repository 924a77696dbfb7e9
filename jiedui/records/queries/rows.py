"""一行记录: any row of any table by its key, if the reader may see it, with the titles of its declaration."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps

from jiedui.records import access
from jiedui.snapshot.schema import TABLES
from jiedui.snapshot.schema.definition import Column, Table
from jiedui.terms.identity import mask_name

_PSEUDONYM = re.compile(r"[0-9a-f]{32}")
_SHOWN_MASKED = ("name",)
"""Columns of which a reader who may not see them sees the mask; any other column that is not readable is left out."""


@dataclass(frozen=True, slots=True)
class Cell:
    """字段值: a column's title and kind with its value; `masked` where the reader may not see the value itself."""

    column: str
    title: str
    kind: str
    value: Any
    unit: str = ""
    choices: Mapping[str, tuple[str, str]] | None = None
    references: str = ""
    masked: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """记录: one row with its table's title, who entered it and when."""

    table: str
    title: str
    key: str
    cells: tuple[Cell, ...]
    duties: tuple[str, ...]
    pairing_id: int | None
    region_code: str | None
    entered_by: str | None
    entered_at: Any


def find(user: Any, table_name: str, key: str) -> Record | None:
    """查一行: the row, or None where there is none that the user may see. A person is found by pseudonym too."""
    table = TABLES.get(table_name)
    if table is None:
        return None
    model = apps.get_model("records", table_name.replace("_", ""))
    rows = model.objects.visible_to(user).select_related("entered_by")
    row = rows.filter(**_wanted(table, key)).first() if _wanted(table, key) else None
    if row is None:
        return None
    region = getattr(row, table.region) if table.region else None
    readable = access.readable_columns(user, model, row)
    return Record(
        table=table.name,
        title=table.title,
        key=str(row.pk),
        cells=tuple(
            _cell(column, row, shown=column.name in readable)
            for column in table.columns
            if column.name in readable or column.name in _SHOWN_MASKED
        ),
        duties=table.duties,
        pairing_id=row.pk if table.name == "pairing" else getattr(row, "pairing_id", None),
        region_code=region,
        entered_by=row.entered_by.username if row.entered_by else None,
        entered_at=row.entered_at,
    )


def _wanted(table: Table, key: str) -> dict[str, Any]:
    if key.isascii() and key.isdigit() and len(key) < 19:
        return {"pk": int(key)}
    if table.name == "person" and _PSEUDONYM.fullmatch(key):
        return {"pseudonym": key}
    return {}


def _cell(column: Column, row: Any, *, shown: bool) -> Cell:
    value = getattr(row, column.name)
    masked = column.name in _SHOWN_MASKED and column.private and not shown
    if masked and value is not None:
        value = mask_name(value)
    return Cell(
        column.name, column.title, column.kind, value, column.unit, column.choices, column.references, masked=masked
    )


def table_titles(table_name: str) -> tuple[str, str]:
    """表名: (Chinese, English) of a table; a name that no table has stays as it is."""
    table = TABLES.get(table_name)
    return (table.title if table else table_name, table_name.replace("_", " "))
