"""Workbooks are read as they are written, whoever wrote them and in whatever way the standard allows."""

from __future__ import annotations

import datetime
import zipfile
from pathlib import Path

import numpy as np
import openpyxl
import pyarrow as pa
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from jiedui.sheets import SheetError, open_sheet
from jiedui.sheets.workbook import shows_date
from tests.sheets.packages import STRICT, STRICT_OFFICE, package, sheet
from tests.sheets.reading import Cells, cells_of, read, read_in_pieces, texts

LETTERS = st.text(
    st.characters(exclude_categories=("Cs",), exclude_characters="\x00\r\ufffe\uffff", min_codepoint=9), max_size=12
).filter(lambda text: all(letter >= " " or letter in "\t\n" for letter in text))
VALUES = st.one_of(
    st.none(), LETTERS, st.integers(-10**14, 10**14), st.booleans(),
    st.floats(allow_nan=False, allow_infinity=False, width=32), st.dates(datetime.date(1901, 1, 1), datetime.date(2100, 1, 1)),  # noqa: E501
)  # fmt: skip
TABLES = st.lists(st.lists(VALUES, max_size=6), min_size=1, max_size=8)
QUIET = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def expected(table: list[list[object]]) -> dict[tuple[int, int], tuple[str, object]]:
    """Kind and value of each cell with content."""
    kinds = {str: "TEXT", bool: "BOOL", int: "NUMBER", float: "NUMBER", datetime.date: "DATE"}
    return {
        (r, c): (kinds[type(value)], value)
        for r, row in enumerate(table, 1)
        for c, value in enumerate(row, 1)
        if value is not None and value != ""
    }


def value_of(text: str, kind: str) -> object:
    """A text of the file as the value that was written."""
    if kind == "BOOL":
        return text == "1"
    if kind == "DATE":
        return datetime.date(1899, 12, 30) + datetime.timedelta(days=float(text))
    return float(text) if kind == "NUMBER" else text


def same(cells: Cells, table: list[list[object]]) -> None:
    """The cells are the values of the table, with their kinds."""
    wanted = expected(table)
    assert cells.keys() == wanted.keys()
    for where, (kind, value) in wanted.items():
        text, found, formula = cells[where]
        assert found == kind
        assert not formula
        # writers give a float 16 digits
        assert value_of(text, kind) == (pytest.approx(value, rel=1e-15) if kind == "NUMBER" else value)


@QUIET
@given(table=TABLES, inline=st.booleans(), piece=st.sampled_from([64, 1 << 20]), rows=st.integers(1, 4))
def test_what_xlsxwriter_writes_is_read(
    table: list[list[object]], inline: bool, piece: int, rows: int, tmp_path: Path
) -> None:
    """Texts, numbers, truth values and dates of xlsxwriter come back, as shared and as inline texts."""
    path = tmp_path / "a.xlsx"
    options = {"constant_memory": inline, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        page, date = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd"})
        for r, row in enumerate(table):
            for c, value in enumerate(row):
                if isinstance(value, datetime.date):
                    page.write_datetime(r, c, value, date)
                elif value is not None:
                    page.write(r, c, value)
    if expected(table):
        same(read_in_pieces(path, piece, rows), table)
    else:
        with pytest.raises(SheetError, match="no visible sheet with rows"):
            read(path)


@QUIET
@given(table=TABLES)
def test_what_openpyxl_writes_is_read_as_openpyxl_and_calamine_read_it(
    table: list[list[object]], tmp_path: Path
) -> None:
    """The values of openpyxl come back, and the grid has the shape that calamine sees."""
    path, book = tmp_path / "a.xlsx", openpyxl.Workbook()
    for row in table:
        for c, value in enumerate(row):
            if isinstance(value, str) and value.startswith("="):
                row[c] = "x" + value
        book.active.append(row)  # type: ignore[union-attr]
    book.save(path)
    if not expected(table):
        return
    cells = read(path)
    wanted = expected(table)
    assert cells.keys() == wanted.keys()
    peer = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python(skip_empty_area=False)
    for (r, c), (text, kind, _) in cells.items():
        value = wanted[r, c][1]
        seen = value_of(text, kind)
        assert seen == (pytest.approx(value, rel=1e-15) if kind == "NUMBER" else value)
        if kind == "TEXT" and "_x" not in text and "\r" not in text:
            assert peer[r - 1][c - 1] == text


def one(tmp_path: Path, rows: str, **more: object) -> Cells:
    """The cells of one hand-written sheet, the same from large and from tiny pieces."""
    path = package(tmp_path / "a.xlsx", {"表": sheet(rows)}, **more)  # type: ignore[arg-type]
    cells = read(path)
    for piece in (1, 7):
        assert read_in_pieces(path, piece, 2) == cells
    return cells


def test_texts_are_decoded(tmp_path: Path) -> None:
    """Runs are joined, phonetic guides dropped, entities, CDATA and `_xHHHH_` decoded, blanks kept, line ends as XML."""  # noqa: E501
    shared = (
        '<sst xmlns="x"><si><r><rPr><b/></rPr><t>甲</t></r><r><t xml:space="preserve"> 乙</t></r>'
        '<rPh sb="0" eb="1"><t>jia</t></rPh><phoneticPr fontId="1"/></si><si><t>a&lt;&amp;&#x4E2D;&#65;&quot;</t></si>'
        "<si><t>x_x000D_\r\ny_x005F_x000D_</t></si><si><t/></si><si/><si><t>  </t></si>"
        "<si><!-- c --><t><![CDATA[<b>&amp;]]>!<!-- x --></t></si><si><t>_xD800_ _x00G0_ _</t></si></sst>"
    )
    rows = '<row r="1">' + "".join(f'<c r="{"ABCDEFGH"[k]}1" t="s"><v>{k}</v></c>' for k in range(8)) + "</row>"
    found = texts(one(tmp_path, rows, shared=shared))
    assert found == {
        (1, 1): "甲 乙", (1, 2): 'a<&中A"', (1, 3): "x\r\ny_x000D_", (1, 6): "  ", (1, 7): "<b>&amp;!",
        (1, 8): "_xD800_ _x00G0_ _",
    }  # fmt: skip


def test_every_type_of_cell(tmp_path: Path) -> None:
    """Kinds are told by type and style; numbers keep their digits; a formula without a value is an ERROR of no text."""
    styles = (
        '<styleSheet><numFmts><numFmt numFmtId="170" formatCode="yyyy&quot;年&quot;m&quot;月&quot;"/></numFmts>'
        '<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>'
        '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="170"/><xf numFmtId="49"/></cellXfs></styleSheet>'
    )
    rows = (
        '<row r="2"><c r="A2"><v>6.2010119900101E+17</v></c><c r="B2" s="1"><v> 43831.5 </v></c><c s="2" r="C2"><v>1</v></c>'  # noqa: E501
        '<c r="D2" t="b"><v>1</v></c><c t="e" r="E2"><v>#N/A</v></c><c r="F2" t="d"><v>2020-01-01T00:00:00</v></c>'
        '<c r="G2" t="str"><f>A1&amp;"x"</f><v>0x</v></c><c r="H2" t="inlineStr"><is><r><t>丙</t></r><r><t>丁</t></r></is></c>'  # noqa: E501
        '<c r="I2"><f>1+1</f></c><c r="J2"><f>1+1</f><v/></c><c r="K2" t="str"><f>""</f><v></v></c>'
        '<c r="L2"><f t="shared" si="0"/><v>3</v></c><c r="M2"><f t="array" ref="M2:M3">SUM(1)</f><v>4</v></c>'
        '<c r="N2" s="1"/><c r="O2" t="n" s="3"><v>007</v></c><c r="P2" t="s"></c><c r="Q2" s="99"><v>1</v></c></row>'
    )
    assert one(tmp_path, rows, styles=styles) == {
        (2, 1): ("6.2010119900101E+17", "NUMBER", False), (2, 2): ("43831.5", "DATE", False),
        (2, 3): ("1", "DATE", False), (2, 4): ("1", "BOOL", False), (2, 5): ("#N/A", "ERROR", False),
        (2, 6): ("2020-01-01T00:00:00", "DATE", False), (2, 7): ("0x", "TEXT", True), (2, 8): ("丙丁", "TEXT", False),
        (2, 9): ("", "ERROR", True), (2, 10): ("", "ERROR", True), (2, 12): ("3", "NUMBER", True),
        (2, 13): ("4", "NUMBER", True), (2, 15): ("007", "NUMBER", False), (2, 17): ("1", "NUMBER", False),
    }  # fmt: skip


def test_places_may_be_left_out(tmp_path: Path) -> None:
    """Rows and cells without `r` follow the one before; attributes come in any order, with any blanks and quotes."""
    rows = (
        "<row><c><v>1</v></c><c/><c><v>2</v></c></row><row spans='1:3' r = '4' ><c t='inlineStr' r=\"b4\"><is><t>x</t></is></c>"  # noqa: E501
        "<c\n\tt='n'\r\n><v>5</v></c></row><row/><row><c><v>6</v></c></row>"
    )
    assert texts(one(tmp_path, rows)) == {(1, 1): "1", (1, 3): "2", (4, 2): "x", (4, 3): "5", (6, 1): "6"}


def test_prefixes_strict_name_spaces_and_utf16(tmp_path: Path) -> None:
    """Prefixed elements, ISO strict name spaces, absolute targets and a UTF-16 part are read."""
    content = (
        f'<?xml version="1.0" encoding="UTF-16"?><x:worksheet xmlns:x="{STRICT}"><x:sheetData><x:row r="3">'
        '<x:c r="B3" t="inlineStr"><x:is><x:rPh><x:t>no</x:t></x:rPh><x:t>字</x:t></x:is></x:c></x:row></x:sheetData>'
        "<c><v>9</v></c></x:worksheet>"
    )
    path = package(
        tmp_path / "a.xlsx", {"表": content.encode("utf-16")}, main=STRICT, office=STRICT_OFFICE, absolute=True,
        properties='date1904="1"',
    )  # fmt: skip
    with open_sheet(path) as book:
        assert book.date_1904
    assert read(path) == {(3, 2): ("字", "TEXT", False)}


def test_a_stored_zip64_package_with_descriptors(tmp_path: Path) -> None:
    """Parts that are not packed, sizes behind the data and zip64 fields make no difference."""
    made = package(tmp_path / "a.xlsx", {"表": sheet('<row r="1"><c r="A1"><v>1</v></c></row>')})

    class Pipe:
        """A stream that cannot seek makes zipfile write data descriptors."""

        def __init__(self) -> None:
            self.data = bytearray()

        def write(self, data: bytes) -> int:
            self.data += data
            return len(data)

        def flush(self) -> None:
            """Nothing to do."""

    for compression in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        pipe = Pipe()
        with zipfile.ZipFile(made) as old, zipfile.ZipFile(pipe, "w", compression) as new:  # type: ignore[call-overload]
            for name in old.namelist():
                with new.open(name, "w", force_zip64=True) as part:
                    part.write(old.read(name))
        again = tmp_path / "b.xlsx"
        again.write_bytes(bytes(pipe.data))
        assert texts(read(again)) == {(1, 1): "1"}


def test_sheets_that_are_offered(tmp_path: Path) -> None:
    """Hidden sheets and sheets without content are not offered; a name that is not there names the ones that are."""
    full = sheet('<row r="1"><c r="A1"><v>{}</v></c></row>')
    path = package(
        tmp_path / "a.bin",
        {
            "空": sheet('<row r="1"><c r="A1" s="0"/></row>'),
            "暗": full.format(1),
            "甲": full.format(2),
            "乙": full.format(3),
        },
        states={"暗": "hidden"},
    )
    with open_sheet(path) as book:
        assert (book.kind, book.sheets, book.sheet, book.encoding) == ("xlsx", ["甲", "乙"], "甲", None)
    assert texts(read(path, sheet="乙")) == {(1, 1): "3"}
    with pytest.raises(SheetError, match=r"no visible sheet “暗” .*Choose one of: 甲, 乙") as caught:
        read(path, sheet="暗")
    assert caught.value.remedy


def test_the_head_fills_merged_cells(tmp_path: Path) -> None:
    """`head` is file rows from the first, equally long, each cell of a merged range with the text of its first."""
    rows = (
        '<row r="1"><c r="A1" t="inlineStr"><is><t>登记表</t></is></c></row>'
        '<row r="3"><c r="A3" t="inlineStr"><is><t>县</t></is></c><c r="B3" t="inlineStr"><is><t>收入</t></is></c></row>'  # noqa: E501
        '<row r="4"><c r="B4"><v>1</v></c><c r="C4"><v>2</v></c></row><row r="9"><c r="D9"><v>2</v></c></row>'
    )
    after = (
        '<mergeCells count="3"><mergeCell ref="A1:C1"/><mergeCell ref="A3:A4"/><mergeCell ref="B3:C3"/></mergeCells>'
    )
    path = package(tmp_path / "a.xlsx", {"表": sheet(rows, after=after)})
    with open_sheet(path) as book:
        assert book.head(4) == [
            ["登记表", "登记表", "登记表", ""], ["", "", "", ""], ["县", "收入", "收入", ""], ["县", "1", "2", ""],
        ]  # fmt: skip
        assert book.progress[0] <= book.progress[1]
        first = next(book.batches(rows=2, start=4))
        assert (first.first_row, first.row_numbers.tolist(), len(first)) == (4, [4, 9], 2)


def test_a_very_wide_row_behind_many_narrow_ones(tmp_path: Path) -> None:
    """The rows before it are given first, so that the grid stays small; its own first cells and formulas are not lost."""  # noqa: E501
    rows = "".join(f'<row r="{r}"><c r="A{r}" t="str"><f>1</f><v>甲{r}</v></c></row>' for r in range(1, 30_001))
    wide = '<row r="30001"><c r="A30001" t="str"><f>1</f><v>乙</v></c><c r="SR30001"><v>5</v></c><c r="B30001"><v>6</v></c></row>'  # noqa: E501
    after = '<row r="30002"><c r="C30002"><v>7</v></c></row>'
    path = package(tmp_path / "a.xlsx", {"表": sheet(rows + wide + after)})
    with open_sheet(path) as book:
        batches = list(book.batches())
    assert [len(batch) for batch in batches] == [30_000, 2]
    found = cells_of(batches)
    assert len(found) == 30_004
    assert found[30_000, 1] == ("甲30000", "TEXT", True)
    assert found[30_001, 1] == ("乙", "TEXT", True)
    assert (found[30_001, 512][0], found[30_001, 2][0], found[30_002, 3][0]) == ("5", "6", "7")


def test_shared_texts_are_dictionaries_of_their_column(tmp_path: Path) -> None:
    """A column of shared texts is a dictionary of the texts that it has, also where numbers stand between."""
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        page = book.add_worksheet()
        for r in range(100):
            page.write_row(r, 0, [f"村{r % 3}", f"户{r}", r if r % 2 else "汉族"])
    with open_sheet(path) as opened:
        batch = next(opened.batches())
    assert batch.columns[0].type == pa.dictionary(pa.int32(), pa.string())
    assert batch.columns[0].dictionary.to_pylist() == ["村0", "村1", "村2"]
    assert batch.columns[2].to_pylist() == [str(r) if r % 2 else "汉族" for r in range(100)]
    assert len(batch.columns[2].dictionary) == 51
    assert batch.kinds[2].dtype == np.uint8
    for column in batch.columns:
        column.validate(full=True)


def test_a_sheet_that_grows_wider_and_long_texts(tmp_path: Path) -> None:
    """Columns first used late, and texts beyond the pool of a batch, lose nothing; no batch is narrower than before."""
    path, wanted = tmp_path / "a.xlsx", {}
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        page = book.add_worksheet()
        for r in range(1400):
            for c in {0, r % 40, 300 if r == 900 else 1}:
                text = f"{r}:{c}" + "长" * (9000 if r % 3 == 0 and c == 0 else 0)
                page.write_string(r, c, text)
                wanted[r + 1, c + 1] = text
    with open_sheet(path) as opened:
        batches = list(opened.batches(rows=700))
    widths = [len(batch.columns) for batch in batches]
    assert widths == sorted(widths)
    assert len(batches) >= 2
    found = {}
    for batch in batches:
        for c, column in enumerate(batch.columns):
            for number, text in zip(batch.row_numbers.tolist(), column.to_pylist(), strict=True):
                if text is not None:
                    found[number, c + 1] = text
    assert found == wanted


@QUIET
@given(
    order=st.permutations(range(6)), piece=st.integers(1, 300), rows=st.integers(1, 5), start=st.integers(1, 8),
    odd=st.booleans(),
)  # fmt: skip
def test_the_answer_does_not_depend_on_where_pieces_end(
    order: list[int], piece: int, rows: int, start: int, odd: bool, tmp_path: Path
) -> None:
    """The quick way, the general way and every size of pieces and batches give the same cells."""
    plain = [
        '<c r="{}" t="s"><v>1</v></c>', '<c r="{}" s="1"><v>12.50</v></c>', '<c r="{}" t="inlineStr"><is><t>汉&amp;字_x0009_</t></is></c>',  # noqa: E501
        '<c r="{}" s="1"/>', '<c r="{}" t="str"><f>A1</f><v>长文本长文本</v></c>', '<c r="{}"><v>7</v></c>',
    ]  # fmt: skip
    general = [
        "<c t='s' r='{}' ><v>1</v ></c>", '<c s="1" r="{}"><!-- --><v>12.50</v></c>',
        '<c t="inlineStr" r="{}"><is><t>汉<![CDATA[&]]>字_x0009_</t></is></c>', '<c r="{}"></c>',
        '<c r="{}" t="str"><f a=">">A1</f><v>长文本长文本</v><extLst/></c>', '<c r="{}"> <v>7</v> </c>',
    ]  # fmt: skip
    forms = general if odd else plain
    body = "".join(
        f'<row r="{2 * r}">'
        + "".join(forms[(k + r) % 6].format(f"{'ABCDEF'[c]}{2 * r}") for c, k in enumerate(order))
        + "</row>"
        for r in range(1, 6)
    )
    styles = '<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="22"/></cellXfs></styleSheet>'
    shared = "<sst><si><t>甲</t></si><si><r><t>乙</t></r><r><t>丙</t></r></si></sst>"
    path = package(tmp_path / "a.xlsx", {"表": sheet(body)}, styles=styles, shared=shared)
    found = read_in_pieces(path, piece, rows)
    wanted = {
        "0": ("乙丙", "TEXT", False), "1": ("12.50", "DATE", False), "2": ("汉&字\t", "TEXT", False),
        "4": ("长文本长文本", "TEXT", True), "5": ("7", "NUMBER", False),
    }  # fmt: skip
    assert found == {
        (2 * r, c + 1): wanted[str((k + r) % 6)] for r in range(1, 6) for c, k in enumerate(order) if (k + r) % 6 != 3
    }
    assert read(path, start=start) == {where: cell for where, cell in found.items() if where[0] >= start}


def test_number_formats_that_show_dates() -> None:
    """Letters of dates count outside quotes, escapes and brackets only; elapsed hours are a time."""
    for code in (
        "yyyy-mm-dd",
        'yyyy"年"m"月"d"日"',
        "[$-804]m/d/yy",
        "h:mm AM/PM",
        "[h]:mm",
        "yyyy\\-mm;@",
        "上午/下午h",
    ):
        assert shows_date(code), code
    for code in ("General", "0.00", '0.00"days"', "[Red]0", "#,##0\\d", "0.00E+00", "@", '"元"0', "_d0", "0%"):
        assert not shows_date(code), code
