"""发现: what a rule says of the rows that it looked at. A finding is never a refusal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

Severity = Literal["note", "warning", "error"]
SEVERITIES: Final[dict[Severity, tuple[str, str]]] = {
    "note": ("提示", "note"),
    "warning": ("预警", "warning"),
    "error": ("问题", "error"),
}

Row = Mapping[str, Any]
"""记录: one row by column name, as the table declarations name them (`to_pylist()`, `.values()`, a plain dict)."""


@dataclass(frozen=True, slots=True)
class RowRef:
    """记录定位: a row by its table and key, so that a finding walks back to it."""

    table: str
    key: int | str


@dataclass(frozen=True, slots=True)
class Finding:
    """发现: which duty, how grave, about what, and the rows that show it.

    `subject` names what it is about in the form ``table:key`` or a division code; `message` is Chinese, `message_en`
    English; `rule` is the name of the rule that found it.
    """

    duty: str
    severity: Severity
    subject: str
    message: str
    rows: tuple[RowRef, ...] = ()
    message_en: str = ""
    rule: str = ""


def refs(table: str, rows: tuple[Row, ...] | list[Row]) -> tuple[RowRef, ...]:
    """定位: references to rows of a table, by its key column `<table>_id`."""
    return tuple(RowRef(table, row[f"{table}_id"]) for row in rows)
