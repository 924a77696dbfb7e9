"""表与字段: what a table and a column are.

One declaration serves four readers: `simulate` makes rows of it, `records` stores them, `snapshot` freezes them and
`datapackage.json` describes them. A test holds the Django models to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["id", "ref", "person", "code", "text", "choice", "int", "fen", "date", "bool"]
"""id: int64 key · ref: int64 key of another table · person: int64 in records, keyed pseudonym (text) in a snapshot ·
code: division code as text · choice: identifier of a code list · fen: int64 hundredths of a yuan."""


@dataclass(frozen=True, slots=True)
class Column:
    """字段: one column.

    `private` columns exist in records and never enter a snapshot. `required=False` allows null, and null means
    not known, never zero.
    """

    name: str
    kind: Kind
    title: str
    """Chinese title, as printed."""
    doc: str = ""
    required: bool = True
    references: str = ""
    """Table that a `ref` points to."""
    choices: Mapping[str, tuple[str, str]] | None = None
    unit: str = ""
    private: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """表: one table of one area."""

    name: str
    area: str
    title: str
    doc: str
    columns: tuple[Column, ...]
    region: str = ""
    """Column whose first two digits say in which province's file a row lies ("" = one file for all)."""
    date: str = ""
    """Column with the date on which the row happened (for "valid on the event's date")."""
    duties: tuple[str, ...] = field(default=())

    @property
    def key(self) -> str:
        """Name of the key column: always the first."""
        return self.columns[0].name

    @property
    def frozen_columns(self) -> tuple[Column, ...]:
        """The columns that enter a snapshot."""
        return tuple(column for column in self.columns if not column.private)

    def column(self, name: str) -> Column:
        """The column called `name`; KeyError with the table's name if there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.name} has no column {name}")
