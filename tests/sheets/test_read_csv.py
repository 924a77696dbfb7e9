"""Delimited text is read as Excel reads it, in the encodings of real offices."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jiedui.sheets import open_sheet
from tests.sheets.reading import read, read_in_pieces, texts

QUIET = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
FIELDS = st.text(st.sampled_from("ab\",;\t\n '汉字𠮷"), max_size=6)
ROWS = st.lists(st.lists(FIELDS, min_size=3, max_size=3), min_size=1, max_size=6)


@QUIET
@given(
    rows=ROWS, encoding=st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"]), delimiter=st.sampled_from(",\t;"),
    ends=st.sampled_from(["\n", "\r\n", "\r"]), piece=st.sampled_from([1, 3, 64]), size=st.integers(1, 3),
)  # fmt: skip
def test_what_the_csv_module_writes_is_read(
    rows: list[list[str]], encoding: str, delimiter: str, ends: str, piece: int, size: int, tmp_path: Path
) -> None:
    """Quotes, delimiters and line ends inside fields, all encodings and delimiters, in pieces of any size."""
    rows = [["名", "号", "村"]] * 4 + rows
    out = io.StringIO(newline="")
    # the csv module quotes a line end only if it is the one of the rows
    quoting = csv.QUOTE_ALL if ends == "\r" else csv.QUOTE_MINIMAL
    csv.writer(out, delimiter=delimiter, lineterminator=ends, quoting=quoting).writerows(rows)
    path = tmp_path / "a.csv"
    path.write_bytes(out.getvalue().encode(encoding))
    found = read_in_pieces(path, piece, size)
    assert texts(found) == {(r, c): text for r, row in enumerate(rows, 1) for c, text in enumerate(row, 1) if text}
    assert {kind for _, kind, _ in found.values()} == {"TEXT"}


@pytest.mark.parametrize(
    ("content", "encoding"),
    [("姓名,县\n张三,某县\n".encode(), "utf-8"), ("\ufeff姓名,县\n".encode(), "utf-8-sig"), ("姓名,县\n张三,某县\n".encode("gb18030"), "gb18030"),  # noqa: E501
     ("姓名,县\n张三,某县\n".encode("utf-16"), "utf-16"), ("\ufeff姓名,县\n".encode("utf-16-be"), "utf-16"),
     ("name,county\n张三,b\n".encode("utf-16-le"), "utf-16"), (b"a,b\n", "utf-8")],
)  # fmt: skip
def test_the_encoding_is_told(content: bytes, encoding: str, tmp_path: Path) -> None:
    """Marks, UTF-8 over the whole file, GB18030 otherwise, UTF-16 also without a mark."""
    (tmp_path / "a").write_bytes(content)
    with open_sheet(tmp_path / "a") as book:
        assert (book.kind, book.encoding, book.sheets, book.delimiter) == ("csv", encoding, [], ",")
        assert not any("\ufeff" in cell for row in book.head() for cell in row)


def test_rows_are_numbered_as_a_spreadsheet_shows_them(tmp_path: Path) -> None:
    """Blank rows count and are left out, a quoted line end makes no row, `sep=` is no row, a last line needs no end."""
    (tmp_path / "a.csv").write_bytes(b'sep=;\r\na;"x\r\ny"\r\n\r\n;;\r\n"b""q"z;"c"')
    assert texts(read(tmp_path / "a.csv")) == {(1, 1): "a", (1, 2): "x\r\ny", (4, 1): 'b"qz', (4, 2): "c"}
    with open_sheet(tmp_path / "a.csv") as book:
        assert book.head(2) == [["a", "x\r\ny"]]
        assert [b.row_numbers.tolist() for b in book.batches(rows=1)] == [[1], [4]]
        assert book.progress == (34, 34)
    assert texts(read(tmp_path / "a.csv", start=2)) == {(4, 1): 'b"qz', (4, 2): "c"}


def test_utf8_that_begins_as_ascii_is_told_by_its_end(tmp_path: Path) -> None:
    """Only the last row of a long file has a letter that is not ASCII."""
    for codec in ("utf-8", "gb18030"):
        (tmp_path / "a.csv").write_bytes(b"a,b\n" * 100_000 + "汉,字\n".encode(codec))
        with open_sheet(tmp_path / "a.csv") as book:
            assert book.encoding == codec
            assert sum(len(batch) for batch in book.batches()) == 100_001
