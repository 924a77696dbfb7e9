"""读文件: a spreadsheet becomes one typed table of its rows, and the list of what is wrong with them.

Memory: a batch of the file and the typed columns, some 150 bytes a row. Nothing is written to the database.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa

from jiedui.errors import JieduiError
from jiedui.records.imports import cells, headers, places, refusals
from jiedui.records.imports.forms import Field, Form
from jiedui.records.imports.refusals import Problems
from jiedui.sheets import Batch, open_sheet

ROWS_AT_ONCE: Final = 65_536
LABELS_ASKED: Final = 200
"""Unknown labels of a column that an officer is asked about; a column with more is not that column."""


@dataclass(frozen=True)
class Source:
    """来源: the file, how its columns and labels are mapped (empty = by the form's own names), and its region."""

    path: Path
    form: Form
    region_code: str
    columns: Mapping[str, int] = field(default_factory=dict)
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass
class Read:
    """读得: `rows` (n,) typed, refused ones included: `row` int32 and one column for each field of the form (null where
    the file has none); `problems` as `refusals.Problems.table`; `raw` the texts of the refused rows.
    """

    header: headers.Header
    columns: dict[str, int]
    rows: pa.Table
    problems: Problems
    unknown_labels: dict[str, Counter[str]]
    raw: dict[int, list[str]]


class Stopped(Exception):  # noqa: N818
    """已停止: somebody asked to cancel."""


Progress = Callable[[int, int], None]
"""`progress(done, total)` in bytes of the file; may raise `Stopped`."""


def look(path: Path, form: Form, remembered: Mapping[str, int] | None = None) -> tuple[headers.Header, dict[str, int]]:
    """看表头: the header and the columns of the fields, before anything is read."""
    with open_sheet(path) as book:
        header = headers.find(book.head(headers.LOOKED_AT), form)
    return header, headers.match(header, form, remembered)


def read(source: Source, progress: Progress) -> Read:
    """读: the whole file.

    Raises:
        SheetError: the file cannot be read; what and how to mend it.
        JieduiError: a column without which the rows mean nothing is missing, or there is no row below the header.
        Stopped: `progress` raised it.
    """
    with open_sheet(source.path) as book:
        header = headers.find(book.head(headers.LOOKED_AT), source.form)
        columns = dict(source.columns) or headers.match(header, source.form)
        if absent := headers.missing(columns, source.form):
            names = "、".join(source.form[name].title for name in absent)
            raise JieduiError(f"The sheet has no column for {names}.", remedy="Say which column it is, or add it.")
        reader = _Reader(source, columns, book.date_1904)
        for batch in book.batches(rows=ROWS_AT_ONCE, start=header.row + 1):
            reader.take(batch)
            progress(*book.progress)
    if not reader.parts:
        raise JieduiError("The sheet has a header and no rows.", remedy="Fill in the rows, or choose another sheet.")
    return Read(
        header, columns, pa.concat_tables(reader.parts), reader.problems, dict(reader.unknown_labels), reader.raw
    )


def texts(source: Source, header: headers.Header, rows: np.ndarray) -> dict[int, list[str]]:
    """原文: the texts of some rows (ascending numbers) as the file has them; it is read up to the last of them."""
    found: dict[int, list[str]] = {}
    with open_sheet(source.path) as book:
        for batch in book.batches(rows=ROWS_AT_ONCE, start=header.row + 1):
            _take(batch, np.flatnonzero(np.isin(batch.row_numbers, rows)), found)
            if len(found) == len(rows):
                break
    return found


def _take(batch: Batch, at: np.ndarray, into: dict[int, list[str]]) -> None:
    if len(at):
        columns = [column.take(pa.array(at)).cast(pa.string()).to_pylist() for column in batch.columns]
        for row, *values in zip(batch.row_numbers[at].tolist(), *columns, strict=True):
            into[row] = [value or "" for value in values]


class _Reader:
    """Batch after batch into typed columns."""

    def __init__(self, source: Source, columns: Mapping[str, int], date_1904: bool) -> None:
        self.source, self.columns, self.date_1904 = source, columns, date_1904
        self.parts: list[pa.Table] = []
        self.problems = Problems()
        self.unknown_labels: dict[str, Counter[str]] = {}
        self.raw: dict[int, list[str]] = {}
        self.villages = places.Villages(source.region_code) if "village" in source.form else None
        """Of rosters that name villages in words."""

    def take(self, batch: Batch) -> None:
        refused = np.zeros(len(batch), bool)
        typed: dict[str, pa.Array] = {"row": pa.array(batch.row_numbers)}
        for one in self.source.form.fields:
            if one.kind != "place" or self.villages is None:
                typed[one.name] = self._field(one, batch, refused)
        if self.villages is not None:
            typed["region_code"] = self._villages(batch, refused)
        self._keep(batch, refused)
        self.parts.append(pa.table(typed | {"refused": pa.array(refused)}))

    def _field(self, one: Field, batch: Batch, refused: np.ndarray) -> pa.Array:
        at = self.columns.get(one.name)
        if at is None or at >= len(batch.columns):
            return self._complete(one, batch, pa.nulls(len(batch), cells.arrow_type(one)), None, refused)
        column = batch.columns[at]
        reported = np.zeros(len(batch), bool)

        def report(mask: np.ndarray, rule: str) -> None:
            reported[mask] = True
            texts = column.filter(pa.array(mask)).cast(pa.string())
            self.problems.add(batch.row_numbers[mask], rule, one.name, texts)
            if rule == "unknown_label":
                self.unknown_labels.setdefault(one.name, Counter()).update(texts.to_pylist())

        reading = cells.Reading(one, self.source.labels.get(one.name, {}), self.date_1904)
        values = cells.parse(reading, column, batch.kinds[at], report)
        refused |= reported
        return self._complete(one, batch, values, reported, refused)

    def _complete(
        self, one: Field, batch: Batch, values: pa.Array, reported: np.ndarray | None, refused: np.ndarray
    ) -> pa.Array:
        """Say where a required field has nothing."""
        if one.required and values.null_count:
            empty = values.is_null().to_numpy(zero_copy_only=False)
            if reported is not None:
                empty &= ~reported
            self.problems.add(batch.row_numbers[empty], "missing", one.name)
            refused |= empty
        return values

    def _villages(self, batch: Batch, refused: np.ndarray) -> pa.Array:
        given = []
        for name in ("county", "township", "village"):
            at = self.columns.get(name)
            known = at is not None and at < len(batch.columns)
            given.append(batch.columns[at] if known else pa.nulls(len(batch), pa.string()))  # type: ignore[index]

        def report(mask: np.ndarray, rule: str) -> None:
            texts = given[2].filter(pa.array(mask)).cast(pa.string())
            self.problems.add(batch.row_numbers[mask], rule, "village", texts)
            refused[mask] = True

        codes = places.codes(self.villages, *given, report)  # type: ignore[arg-type]
        empty = given[2].is_null().to_numpy(zero_copy_only=False)
        self.problems.add(batch.row_numbers[empty], "missing", "village")
        refused |= empty
        return codes

    def _keep(self, batch: Batch, refused: np.ndarray) -> None:
        """The texts of refused rows, for the sheet to correct."""
        room = refusals.ROWS_KEPT - len(self.raw)
        _take(batch, np.flatnonzero(refused)[: max(room, 0)], self.raw)
