"""Every file that cannot be a table is refused with a sentence and a remedy, in bounded memory."""

from __future__ import annotations

import io
import os
import resource
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jiedui.sheets import Limits, SheetError, open_sheet
from tests.sheets.packages import package, sheet
from tests.sheets.reading import read, read_in_pieces, texts

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
CELL = '<row r="1"><c r="A1"><v>1</v></c></row>'
MEMORY = 400 << 20
"""Most that a refusal may add to the process, in bytes."""


def refused(path: Path, match: str, **how: object) -> SheetError:
    """The file is refused with these words, a remedy, and little memory."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(SheetError, match=match) as caught:
        read(path, **how)
    assert caught.value.remedy
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) << 10 < MEMORY
    return caught.value


def zipped(path: Path, names: dict[str, bytes]) -> Path:
    """A zip file of these members."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in names.items():
            archive.writestr(name, data)
    return path


FILES: dict[str, tuple[Callable[[Path], object], str]] = {
    "empty": (lambda p: p.write_bytes(b""), "empty"),
    "password": (lambda p: p.write_bytes(OLE + "EncryptedPackage".encode("utf-16-le")), "password"),
    "old xls": (lambda p: p.write_bytes(OLE + "Workbook".encode("utf-16-le")), r"old workbook \(\.xls"),
    "old xls without a container": (lambda p: p.write_bytes(b"\x09\x08\x10\x00\x00\x06\x05\x00" + bytes(99)), r"\.xls"),
    "doc": (lambda p: p.write_bytes(OLE + "WordDocument".encode("utf-16-le")), "Word"),
    "html": (lambda p: p.write_bytes("\ufeff\n <HTML><table><tr><td>姓名</table>".encode()), "web page"),
    "html with a declaration": (lambda p: p.write_bytes(b"<?xml version='1.0'?><html xmlns='x'>"), "web page"),
    "xml": (lambda p: p.write_bytes(b"<?xml version='1.0'?><Workbook/>"), "XML"),
    "pdf": (lambda p: p.write_bytes(b"%PDF-1.7\n"), "neither"),
    "xlsb": (lambda p: zipped(p, {"_rels/.rels": b"", "xl/workbook.bin": b""}), r"\.xlsb"),
    "ods": (lambda p: zipped(p, {"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}), r"\.ods"),
    "docx": (lambda p: zipped(p, {"_rels/.rels": b"", "word/document.xml": b""}), "document"),
    "zip": (lambda p: zipped(p, {"a.txt": b"x"}), "zip archive and not"),
    "zip of workbooks": (lambda p: zipped(p, {"甲.xlsx": b"x"}), "zip archive with tables"),
    "zip of nothing": (lambda p: zipped(p, {}), "zip archive and not"),
    "cut zip": (lambda p: p.write_bytes(package(p, {"表": sheet(CELL)}).read_bytes()[:400]), "damaged"),
    "no rows": (lambda p: package(p, {"表": sheet("")}), "no visible sheet with rows"),
    "hidden only": (lambda p: package(p, {"表": sheet(CELL)}, states={"表": "veryHidden"}), "no visible sheet"),
    "DTD": (lambda p: package(p, {"表": "<!DOCTYPE a [<!ENTITY b 'c'>]>" + sheet(CELL)}), "DTD"),
    "entity": (lambda p: package(p, {"表": "<!ENTITY b 'c'>" + sheet(CELL)}), "DTD"),
    "DTD in a cell": (lambda p: package(p, {"表": sheet('<row><c><v><!DOCTYPE a></v></c></row>')}), "DTD"),
    "DTD in the texts": (lambda p: package(p, {"表": sheet(CELL)}, shared="<!DOCTYPE a><sst/>"), "DTD"),
    "DTD in the styles": (lambda p: package(p, {"表": sheet(CELL)}, styles="<!DOCTYPE a><styleSheet/>"), "DTD"),
    "DTD in UTF-16": (lambda p: package(p, {"表": ("<!DOCTYPE a>" + sheet(CELL)).encode("utf-16")}), "DTD"),
    "unknown entity": (lambda p: package(p, {"表": sheet("<row><c t='str'><v>&b;</v></c></row>")}), "entity"),
    "NUL": (lambda p: package(p, {"表": sheet("<row><c t='str'><v>a\0b</v></c></row>")}), "NUL.*cell A1"),
    "NUL as an entity": (lambda p: package(p, {"表": sheet("<row><c t='str'><v>&#0;</v></c></row>")}), "NUL"),
    "NUL as an escape": (lambda p: package(p, {"表": sheet(CELL)}, shared="<sst><si><t>_x0000_</t></si></sst>"), "NUL"),
    "broken styles": (lambda p: package(p, {"表": sheet(CELL)}, styles="<styleSheet>"), "not well-formed"),
    "cut sheet": (lambda p: package(p, {"表": sheet(CELL)[:-30]}), "breaks off"),
    "cut texts": (lambda p: package(p, {"表": sheet(CELL)}, shared="<sst><si><t>x</t>"), "breaks off"),
    "markup": (lambda p: package(p, {"表": sheet('<row><c r="A1"><v><b/></v></c></row>')}), "not well-formed"),
    "a text that is not there": (lambda p: package(p, {"表": sheet('<row><c t="s"><v>0</v></c></row>')}), r"A1.*\(0 are\)"),  # noqa: E501
    "a type that is not there": (lambda p: package(p, {"表": sheet('<row><c t="q"><v>0</v></c></row>')}), "type"),
    "a place that is not there": (lambda p: package(p, {"表": sheet('<row><c r="1A"><v>0</v></c></row>')}), "place"),
    "rows backwards": (lambda p: package(p, {"表": sheet('<row r="2"/><row r="1"/>' + CELL)}), "order"),
    "long text": (lambda p: package(p, {"表": sheet(f"<row><c t='str'><v>{'长' * 32_768}</v></c></row>")}), "A1.*32,767"),  # noqa: E501
    "long shared text": (
        lambda p: package(p, {"表": sheet(CELL)}, shared=f"<sst><si><t>{'长' * 32_768}</t></si></sst>"), "32,767"),
    "wide": (lambda p: package(p, {"表": sheet('<row><c r="XFD1"><v>0</v></c></row>')}), r"column XFD \(row 1\).*512"),
    "too wide": (lambda p: package(p, {"表": sheet('<row><c r="XFE1"><v>0</v></c></row>')}), "place"),
    "not UTF-8": (lambda p: package(p, {"表": sheet("<row><c t='str'><v>汉</v></c></row>").encode("gbk")}), "cell A1"),
    "texts not UTF-8": (lambda p: package(p, {"表": sheet(CELL)}, shared="<sst><si><t>汉</t></si></sst>".encode("gbk")), "no text"),  # type: ignore[arg-type]  # noqa: E501
    "odd encoding": (lambda p: package(p, {"表": '<?xml version="1.0" encoding="hex"?>' + sheet(CELL)}), "encoding"),
    "csv NUL": (lambda p: p.write_bytes(b"a,b\n1,x\0y\n"), "NUL.*cell B2"),
    "csv blank": (lambda p: p.write_bytes(b"\n\n,,\n"), "no rows"),
    "csv broken UTF-8": (lambda p: p.write_bytes("姓名\n张三李四王五赵六孙七\n".encode() + b"\xff\n"), "line 3"),
    "csv broken GB18030": (lambda p: p.write_bytes("姓名,县\n张三,某县\n".encode("gbk") + b"\xff\xff\n"), "row 3"),
    "csv half a character": (lambda p: p.write_bytes("姓名\n张三李四王五赵六".encode()[:-1]), "line 2"),
    "csv unclosed": (lambda p: p.write_bytes(b'a,b\n1,"x\n2,3\n4,5\n'), "quote that begins in cell B2"),
    "csv long": (lambda p: p.write_bytes(b"a\n" + b"x" * 40_000), "A2.*32,767"),
    "csv long quote": (lambda p: p.write_bytes(b'a\n"' + b"x,\n" * 100_000), "A2.*perhaps its quote"),
    "csv wide": (lambda p: p.write_bytes(b"a" + b"," * 600 + b"b"), "column WC"),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_a_bad_file_is_a_clear_sentence(name: str, tmp_path: Path) -> None:
    """Whatever its name ends in, the file is refused for what it is; nothing is left open."""
    make, match = FILES[name]
    path = tmp_path / "甲.xlsx"
    make(path)
    refused(path, match)


def test_a_missing_file_and_a_sheet_of_a_csv(tmp_path: Path) -> None:
    """A path that is not there is a sentence; a csv has no sheets to choose."""
    refused(tmp_path / "x.xlsx", "cannot be opened")
    (tmp_path / "x.csv").write_text("a,b\n", encoding="utf-8")
    refused(tmp_path / "x.csv", "no sheets", sheet="表")


def bomb(path: Path, unit: bytes, times: int) -> None:
    """A workbook whose sheet unpacks to `unit` × `times`, made without ever holding it."""
    start, end = sheet("\0").encode().split(b"\0")
    packer, packed, checksum, size = zlib.compressobj(9, zlib.DEFLATED, -15), io.BytesIO(), 0, 0
    for data in [start, *[unit] * times, end]:
        packed.write(packer.compress(data))
        checksum, size = zlib.crc32(data, checksum), size + len(data)
    packed.write(packer.flush())
    package(path, {"表": "MARK"}, compression=zipfile.ZIP_STORED)
    with zipfile.ZipFile(path) as archive:
        keep = {name: archive.read(name) for name in archive.namelist() if "sheet1.xml" not in name}
    data, entries, name = io.BytesIO(), b"", b"xl/worksheets/sheet1.xml"
    keep[name.decode()] = packed.getvalue()
    for part, content in keep.items():
        raw, method = part.encode(), 8 if part.encode() == name else 0
        # The declared size is a lie: a reader that trusts it would think the part small.
        crc, declared = (checksum, 1000) if method else (zlib.crc32(content), len(content))
        fields = (20, 0, method, 0, 33, crc, len(content), declared, len(raw), 0)
        entries += struct.pack("<4sH5H3I2H3H2I", b"PK\x01\x02", 20, *fields, 0, 0, 0, 0, data.tell()) + raw
        data.write(struct.pack("<4s5H3I2H", b"PK\x03\x04", *fields) + raw + content)
    begin = data.tell()
    data.write(entries + struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, len(keep), len(keep), len(entries), begin, 0))
    path.write_bytes(data.getvalue())


def test_a_zip_bomb_of_blanks(tmp_path: Path) -> None:
    """Blanks without end are refused after a few megabytes, whatever size the package declares."""
    bomb(tmp_path / "a.xlsx", b" " * (1 << 20), 64)
    assert os.path.getsize(tmp_path / "a.xlsx") < 1 << 20  # noqa: PTH202
    refused(tmp_path / "a.xlsx", "filled with blanks")


def test_a_zip_bomb_of_cells(tmp_path: Path) -> None:
    """Cells without end are refused by the ratio of unpacked to packed bytes, and by the bytes themselves."""
    bomb(tmp_path / "a.xlsx", b"<row><c/></row>" * 70_000, 60)
    refused(tmp_path / "a.xlsx", "far larger than a table")
    refused(tmp_path / "a.xlsx", "far larger", limits=Limits(max_ratio=2000, max_unpacked_bytes=40 << 20))


def test_a_cell_without_end(tmp_path: Path) -> None:
    """A text that goes on for megabytes is refused before it is held."""
    bomb(tmp_path / "a.xlsx", b"<row><c t='str'><v>" + b"x" * (1 << 20), 1)
    refused(tmp_path / "a.xlsx", "breaks off|checksum")
    package(tmp_path / "b.xlsx", {"表": sheet("<row><c t='str'><v>" + "x" * (6 << 20) + "</v></c></row>")})
    refused(tmp_path / "b.xlsx", "larger than a cell|32,767|far larger")


def test_a_changed_byte_is_found_by_the_checksum(tmp_path: Path) -> None:
    """The rows before the damage may be seen; the end of the file is then an error, not an end."""
    path = package(tmp_path / "a.xlsx", {"表": sheet(CELL)}, compression=zipfile.ZIP_STORED)
    path.write_bytes(path.read_bytes().replace(b"<v>1</v>", b"<v>2</v>"))
    refused(path, "checksum of xl/worksheets/sheet1.xml")


def test_an_encrypted_member(tmp_path: Path) -> None:
    """A zip with a password is said to have one."""
    path = package(tmp_path / "a.xlsx", {"表": sheet(CELL)})
    data = bytearray(path.read_bytes())
    at = data.find(b"PK\x01\x02")
    while at >= 0:
        data[at + 8] |= 1
        at = data.find(b"PK\x01\x02", at + 4)
    path.write_bytes(bytes(data))
    refused(path, "password")


def test_limits_of_rows_columns_and_texts(tmp_path: Path) -> None:
    """Rows up to the limit are read, the next one is refused; columns count only with content; shared texts are bounded."""  # noqa: E501
    path = package(
        tmp_path / "a.xlsx", {"表": sheet('<row r="1048576"><c r="A1048576"><v>1</v></c><c r="XFD1048576"/></row>')}
    )
    assert texts(read(path)) == {(1_048_576, 1): "1"}
    error = refused(path, "more than 1,000 rows", limits=Limits(max_rows=1000))
    assert error.row == 1_048_576
    shared = "<sst>" + "<si><t>xxxxxxxxxx</t></si>" * 1000 + "</sst>"
    path = package(tmp_path / "b.xlsx", {"表": sheet(CELL)}, shared=shared + " " * 100)
    assert texts(read(path)) == {(1, 1): "1"}
    refused(path, "different texts", limits=Limits(max_shared_bytes=100))
    refused(path, "the limit is", limits=Limits(max_file_bytes=10))
    (tmp_path / "c.csv").write_text("a\n" * 5, encoding="utf-8")
    refused(tmp_path / "c.csv", "more than 4 rows", limits=Limits(max_rows=4))


BYTES = st.sampled_from([*b"<>/&;\"'=!?-[]_x:crtsvf1A \n\r\0", 0xE6, 0xFF])
CHANGES = st.lists(st.tuples(st.integers(0, 10**6), st.sampled_from("rid"), BYTES), min_size=1, max_size=4)


def changed(data: bytes, changes: list[tuple[int, str, int]]) -> bytes:
    """The bytes with some replaced, inserted or deleted."""
    made = bytearray(data)
    for place, how, byte in changes:
        at = place % len(made)
        made[at : at + (how != "i")] = b"" if how == "d" else bytes([byte])
    return bytes(made)


def outcome(path: Path, piece: int) -> object:
    """The cells, or the sentence."""
    try:
        return read_in_pieces(path, piece, 2)
    except SheetError as error:
        return str(error)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(in_sheet=CHANGES, in_texts=CHANGES, piece=st.integers(1, 40))
def test_damage_is_cells_or_a_sentence_wherever_pieces_end(
    in_sheet: list[tuple[int, str, int]], in_texts: list[tuple[int, str, int]], piece: int, tmp_path: Path
) -> None:
    """Of bytes changed anywhere in the XML the outcome is the same for every size of pieces; nothing else is raised."""
    rows = (
        '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" s="1"><v>2</v></c><c r="C1" t="inlineStr"><is><t>汉_x000A_</t></is>'  # noqa: E501
        '</c><c r="D1"/></row><row><c t="str"><f>A1</f><v>&#65;&amp;</v></c><c t="s" r="E2"><v>1</v></c></row>'
        '<row r="9"><c r="A9" t="inlineStr"><is><t>长文本长文本长文本</t></is></c><c r="B9"><v>1</v></c></row>'
    )
    shared = "<sst><si><t>甲&lt;</t></si><si><r><t>乙</t></r><rPh><t>y</t></rPh><r><t><![CDATA[丙]]></t></r></si></sst>"
    path = package(
        tmp_path / "a.xlsx", {"表": changed(sheet(rows).encode(), in_sheet)},
        shared=changed(shared.encode(), in_texts) if len(in_texts) > 2 else shared,
    )  # fmt: skip
    assert outcome(path, piece) == outcome(path, 1 << 20)


def test_breaking_off_leaves_nothing_running(tmp_path: Path) -> None:
    """A reader that stops in the middle ends its thread, also when the book is left by an error."""
    import threading

    path = package(tmp_path / "a.xlsx", {"表": sheet("<row><c><v>1</v></c></row>" * 300_000)})

    def stop_early() -> None:
        with open_sheet(path) as book:
            for _ in book.batches(rows=10):
                raise KeyError

    with pytest.raises(KeyError):
        stop_early()
    assert not [thread for thread in threading.enumerate() if thread.name == "sheets-prefetch"]
