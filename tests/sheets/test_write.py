"""What is written is read back, by ours and by others, and is never a formula."""

from __future__ import annotations

import csv
import datetime
import io
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import openpyxl
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from jiedui.sheets import (
    Column,
    SheetError,
    compile_ahead,
    csv_chunks,
    open_sheet,
    out_columns,
    write_csv,
    write_xlsx,
    xlsx_chunks,
)
from tests.sheets.reading import read, texts

QUIET = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
TEXT = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), max_size=10) | st.sampled_from(
    [
        "=1+1",
        "＝1",
        "+a",
        "-b",
        "@c",
        "\td",
        "\re",
        " f ",
        "_x000D_",
        "a&<>\"'",
        "\x07",
        "\uffff",
        "６２",
        "a\nb",
        "_xD800_",
    ]
)
COLUMNS = [Column("名", "text"), Column("号", "id"), Column("数", "int"), Column("钱", "decimal"), Column("日", "date")]
ROWS = st.lists(
    st.tuples(
        st.none() | TEXT, st.none() | TEXT, st.none() | st.integers(-10**15 + 1, 10**15 - 1),
        st.none() | st.decimals(-10**6, 10**6, places=2), st.none() | st.dates(datetime.date(1900, 3, 1), datetime.date(2200, 1, 1)),  # noqa: E501
    ), max_size=7,
)  # fmt: skip
TYPES = [pa.string(), pa.string(), pa.int64(), pa.decimal128(12, 2), pa.date32()]


def batch(rows: list[tuple[object, ...]]) -> pa.RecordBatch:
    """The rows as Arrow, the first column as a dictionary."""
    arrays = [pa.array([row[c] for row in rows], TYPES[c]) for c in range(5)]
    arrays[0] = arrays[0].dictionary_encode()
    return pa.record_batch(arrays, [column.title for column in COLUMNS])


def stored(value: object) -> str:
    """A value as a workbook stores it."""
    if isinstance(value, datetime.date):
        return str((value - datetime.date(1899, 12, 30)).days)
    return f"{value}"


@QUIET
@given(rows=ROWS, cut=st.integers(0, 7))
def test_a_workbook_comes_back_as_it_was(rows: list[tuple[object, ...]], cut: int, tmp_path: Path) -> None:
    """Every text, number and date, by ours, openpyxl and calamine; texts are typed texts, never formulas."""
    path = tmp_path / "a.xlsx"
    write_xlsx(path, COLUMNS, [batch(rows[:cut]), pa.Table.from_batches([batch(rows[cut:])])], sheet_title="导出")
    wanted = {
        (r, c): stored(value)
        for r, row in enumerate([tuple(column.title for column in COLUMNS), *rows], 1)
        for c, value in enumerate(row, 1)
        if value is not None and value != ""
    }
    found = read(path)
    assert texts(found) == wanted
    assert not any(formula for _, _, formula in found.values())
    kinds = {1: "TEXT", 2: "TEXT", 3: "NUMBER", 4: "NUMBER", 5: "DATE"}
    assert all(kind == (kinds[c] if r > 1 else "TEXT") for (r, c), (_, kind, _) in found.items())
    page = openpyxl.load_workbook(path)["导出"]
    assert page.freeze_panes == "A2"
    assert page.auto_filter.ref == f"A1:E{len(rows) + 1}"
    assert all(page.cell(*where).data_type != "f" for where in wanted)
    peer = CalamineWorkbook.from_path(str(path)).get_sheet_by_name("导出").to_python(skip_empty_area=False)
    for (r, c), text in wanted.items():
        if r > 1 and c < 3 and "_x" not in text and all(" " <= letter < "\ufffe" or letter == "\n" for letter in text):
            assert peer[r - 1][c - 1] == text
            assert page.cell(r, c).quotePrefix == (text[0] in "=+-@＝＋－＠")


@QUIET
@given(rows=ROWS)
def test_a_csv_comes_back_and_is_no_formula(rows: list[tuple[object, ...]], tmp_path: Path) -> None:
    """The csv module and ours read the same; a text that could be a formula has an apostrophe, a number has none."""
    path = tmp_path / "a.csv"
    write_csv(path, COLUMNS, [batch(rows)])
    data = path.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    guarded = "=+-@\t\r＝＋－＠"
    wanted = [
        ["" if v is None else "'" + v if isinstance(v, str) and v[:1] and v[0] in guarded else f"{v}" for v in row]
        for row in rows
    ]
    seen = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert seen[0] == [column.title for column in COLUMNS]
    assert seen[1:] == wanted
    ours = {(r, c): text for r, row in enumerate(seen, 1) for c, text in enumerate(row, 1) if text}
    assert texts(read(path)) == ours


def test_the_first_bytes_come_before_any_row() -> None:
    """Both streams begin before the first batch is asked for."""
    asked = []

    def batches() -> Iterator[pa.RecordBatch]:
        asked.append(1)
        yield batch([])

    for chunks in (xlsx_chunks(COLUMNS, batches()), csv_chunks(COLUMNS, batches())):
        asked.clear()
        assert next(chunks)
        assert not asked
        list(chunks)
        assert asked


def test_more_rows_than_a_sheet_has_go_to_the_next(tmp_path: Path) -> None:
    """With sheets of 5 rows, 12 rows are three sheets, each with its header; the same rows give the same bytes."""
    table = pa.table({"名": [f"户{k}" for k in range(12)]})
    how = {
        "columns": [Column("名")],
        "batches": [table],
        "sheet_title": "很长的名称" * 6,
        "header_notes": {"名": "户主"},
        "rows_per_sheet": 5,
    }
    write_xlsx(tmp_path / "a.xlsx", **how)  # type: ignore[arg-type]
    stream = io.BytesIO()
    assert write_xlsx(stream, **how) == (tmp_path / "a.xlsx").stat().st_size  # type: ignore[arg-type]
    assert stream.getvalue() == (tmp_path / "a.xlsx").read_bytes()
    with open_sheet(tmp_path / "a.xlsx") as book:
        assert len(book.sheets) == 3
        names = book.sheets
    rows = [texts(read(tmp_path / "a.xlsx", sheet=name)) for name in names]
    assert [len(cells) for cells in rows] == [6, 6, 3]
    assert [cells[2, 1] for cells in rows] == ["户0", "户5", "户10"]
    with zipfile.ZipFile(stream) as archive:
        assert archive.testzip() is None
    page = openpyxl.load_workbook(stream)[names[0]]
    assert page.data_validations.dataValidation[0].prompt == "户主"


def test_slabs_of_long_texts_are_cut(tmp_path: Path) -> None:
    """Texts of many megabytes in one batch are written in pieces, and none is lost."""
    table = pa.table({"a": ["长" * 10_000 + str(k) for k in range(600)]})
    write_xlsx(tmp_path / "a.xlsx", [Column("a")], [table])
    assert [text[10_000:] for where, text in texts(read(tmp_path / "a.xlsx")).items() if where[0] > 1] == [
        str(k) for k in range(600)
    ]
    assert max(slab.rows for slab in out_columns.slabs([Column("a")], [table], serial_dates=True)) < 200


@pytest.mark.parametrize(
    ("column", "values", "match"),
    [
        (Column("号", "int"), pa.array([10**15]), "more than 15 digits"),
        (Column("号", "int"), pa.array([1.5]), "cannot hold"),
        (Column("号", "decimal"), pa.array([float("nan")]), "no numbers"),
        (Column("号", "date"), pa.array(["2020"]), "cannot hold"),
        (Column("号"), pa.array([{"a": 1}]), "cannot hold"),
        (Column("号"), pa.array(["x" * 32_768]), "cell A2 has more than 32,767"),
        (Column("号", "colour"), pa.array(["x"]), "no known kind"),  # type: ignore[arg-type]
    ],
)
def test_what_a_workbook_cannot_hold_is_refused_and_leaves_no_file(
    column: Column, values: pa.Array, match: str, tmp_path: Path
) -> None:
    """A value that would be changed or lost is a sentence; neither the file nor a part of it remains."""
    with pytest.raises(SheetError, match=match):
        write_xlsx(tmp_path / "a.xlsx", [column], [pa.record_batch([values], ["a"])])
    assert not list(tmp_path.iterdir())


def test_titles_and_columns_are_checked_before_anything_is_sent() -> None:
    """A bad name of a sheet, no columns, and a table of another width."""
    for title in ("", "a/b", "x" * 32, "'a"):
        with pytest.raises(SheetError, match="name of a sheet"):
            xlsx_chunks(COLUMNS, [], sheet_title=title)
    with pytest.raises(SheetError, match="1 to 16,384 columns"):
        xlsx_chunks([], [])
    with pytest.raises(SheetError, match="1 columns, 5 were declared"):
        list(xlsx_chunks(COLUMNS, [pa.table({"a": [1]})]))


def test_early_dates_and_decimals(tmp_path: Path) -> None:
    """A date before 1900-03-01 is text, not a serial that is off by one; a decimal keeps its digits."""
    table = pa.table({"日": [datetime.date(1899, 1, 2)], "钱": [Decimal("0.10")]})
    write_xlsx(tmp_path / "a.xlsx", [Column("日", "date"), Column("钱", "decimal")], [table])
    found = read(tmp_path / "a.xlsx")
    assert found[2, 1] == ("1899-01-02", "TEXT", False)
    assert found[2, 2] == ("0.10", "NUMBER", False)


def test_every_loop_has_one_compiled_form() -> None:
    """Compiling ahead touches every loop that reading and writing use, so that nothing is compiled at the first file."""  # noqa: E501
    from jiedui.sheets import column_loops, csv_loop, out_loops, shared_loop, xlsx_loop

    compile_ahead.main()
    outer = [
        xlsx_loop.scan_sheet, shared_loop.scan_shared, csv_loop.scan_csv, csv_loop.utf8_census,
        column_loops.survey, column_loops.gather, column_loops.encode, out_loops.write_xml_rows, out_loops.write_csv_rows,  # noqa: E501
    ]  # fmt: skip
    assert [len(loop.signatures) for loop in outer] == [1] * len(outer)
