"""名册: a synthetic registry export of 28 columns, as record batches and as a workbook of shared texts."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from jiedui.sheets import Column
from jiedui.sheets.errors import letters

TITLES = [
    "县", "乡镇", "行政村", "自然村", "户编号", "人编号", "姓名",
    "证件号码", "人数", "与户主关系", "民族", "文化程度", "在校生状况", "健康状况",
    "劳动技能", "务工时间(月)", "是否参加大病保险", "致贫原因", "危房户", "安全饮水", "人均纯收入",
    "联系电话", "首次识别时间", "人员识别时间", "户类型", "监测对象类型", "风险是否消除", "风险识别时间",
]  # fmt: skip
KINDS = {8: "int", 15: "int", 20: "decimal", 22: "date", 23: "date"}
UNIQUE = {4: 10, 5: 12, 7: 18, 21: 11}
"""Columns whose texts hardly repeat, and how many digits they have."""
COLUMNS = [Column(title, KINDS.get(c, "id" if c in UNIQUE else "text")) for c, title in enumerate(TITLES)]  # type: ignore[arg-type]
BATCH = 10_000
SURNAMES, GIVEN = "赵钱孙李周吴郑王冯陈", "伟芳娜敏静丽强磊军洋勇艳杰涛明超秀霞平刚"


def batches(rows: int) -> Iterator[pa.RecordBatch]:
    """The roster; the same for every call. A tenth of the last column is filled."""
    for first in range(0, rows, BATCH):
        rng, count = np.random.default_rng(first), min(BATCH, rows - first)
        yield pa.record_batch([_column(c, rng, first, count) for c in range(28)], TITLES)


def _column(c: int, rng: np.random.Generator, first: int, count: int) -> pa.Array:
    if c in UNIQUE:
        low = 10 ** (UNIQUE[c] - 1)
        return pa.array(rng.integers(low, 9 * low, count)).cast(pa.string())
    if KINDS.get(c) == "int":
        return pa.array(rng.integers(0, 13, count))
    if KINDS.get(c) == "decimal":
        return pa.array(rng.integers(300_000, 2_000_000, count)).cast(pa.decimal128(38, 0)).cast(pa.decimal128(12, 2))
    if KINDS.get(c) == "date":
        return pa.array(rng.integers(16_000, 19_000, count).astype(np.int32)).cast(pa.date32())
    if c == 6:
        names = np.array([a + b + d for a in SURNAMES for b in GIVEN for d in GIVEN])
        return pa.array(names[rng.integers(0, len(names), count)])
    words = pa.array([f"{TITLES[c]}第{k}种" for k in range(200 if c < 4 else 8)])
    texts = words.take(pa.array(rng.integers(0, len(words), count)))
    return pc.if_else(pa.array(rng.random(count) < 0.1), texts, None) if c == 27 else texts


def write_shared(path: Path, rows: int) -> None:
    """The same roster as a workbook of shared texts, as Excel would save it; one pass to number the texts."""
    words: dict[str, int] = {}
    parts, start = [], "<worksheet xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'><sheetData>"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            sheet.write(start.encode())
            head = pa.record_batch([pa.array([title]) for title in TITLES], TITLES)
            at = _rows(sheet, head, 1, words)
            for batch in batches(rows):
                at = _rows(sheet, batch, at, words)
            sheet.write(b"</sheetData></worksheet>")
        with archive.open("xl/sharedStrings.xml", "w", force_zip64=True) as shared:
            shared.write(b"<sst xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'>")
            for word in words:
                parts.append(f"<si><t>{word}</t></si>")
                if len(parts) == 100_000:
                    shared.write("".join(parts).encode())
                    parts = []
            shared.write(("".join(parts) + "</sst>").encode())
        for name, text in _small_parts().items():
            archive.writestr(name, text)


def _rows(sheet: object, batch: pa.RecordBatch, at: int, words: dict[str, int]) -> int:
    """Write rows from file row `at` on; returns the next."""
    numbers = pa.array(range(at, at + batch.num_rows)).cast(pa.string())
    cells = [pc.binary_join_element_wise('<row r="', numbers, '">', "")]
    for c in range(28):
        values, place = batch.column(c), pc.binary_join_element_wise(f'<c r="{letters(c + 1)}', numbers, "")
        if pa.types.is_string(values.type):
            ids = pa.array([None if v is None else words.setdefault(v, len(words)) for v in values.to_pylist()])
            cell = pc.binary_join_element_wise(place, '" t="s"><v>', ids.cast(pa.string()), "</v></c>", "")
        else:
            if pa.types.is_date32(values.type):
                values = pc.add(values.cast(pa.int32()), 25_569)
            style = '" s="1"><v>' if KINDS.get(c) == "date" else '"><v>'
            cell = pc.binary_join_element_wise(place, style, values.cast(pa.string()), "</v></c>", "")
        cells.append(pc.fill_null(cell, ""))
    lines = pc.binary_join_element_wise(*cells, "</row>", "")
    sheet.write("".join(lines.to_pylist()).encode())  # type: ignore[attr-defined]
    return at + batch.num_rows


def _small_parts() -> dict[str, str]:
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    content = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    kinds = {
        "workbook": "sheet.main",
        "worksheets/sheet1": "worksheet",
        "sharedStrings": "sharedStrings",
        "styles": "styles",
    }
    links = {"worksheet": "worksheets/sheet1", "sharedStrings": "sharedStrings", "styles": "styles"}
    font = "<font><sz val='11'/><name val='Calibri'/></font>"
    fill = "<fill><patternFill patternType='none'/></fill>"
    border = "<border><left/><right/><top/><bottom/><diagonal/></border>"
    return {
        "[Content_Types].xml": f"<Types xmlns='{package}/content-types'><Default Extension='rels' ContentType="
        "'application/vnd.openxmlformats-package.relationships+xml'/><Default Extension='xml' "
        "ContentType='application/xml'/>"
        + "".join(f"<Override PartName='/xl/{k}.xml' ContentType='{content}.{v}+xml'/>" for k, v in kinds.items())
        + "</Types>",
        "_rels/.rels": f"<Relationships xmlns='{package}/relationships'><Relationship Id='r1' "
        f"Type='{office}/officeDocument' Target='xl/workbook.xml'/></Relationships>",
        "xl/workbook.xml": f"<workbook xmlns='{main}' xmlns:r='{office}'><sheets>"
        "<sheet name='Sheet1' sheetId='1' r:id='worksheet'/></sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f"<Relationships xmlns='{package}/relationships'>"
        + "".join(f"<Relationship Id='{k}' Type='{office}/{k}' Target='{v}.xml'/>" for k, v in links.items())
        + "</Relationships>",
        "xl/styles.xml": f"<styleSheet xmlns='{main}'><fonts>{font}</fonts><fills>{fill}</fills>"
        f"<borders>{border}</borders><cellStyleXfs><xf/></cellStyleXfs><cellXfs>"
        "<xf numFmtId='0' fontId='0' fillId='0' borderId='0' xfId='0'/>"
        "<xf numFmtId='14' fontId='0' fillId='0' borderId='0' xfId='0'/></cellXfs>"
        "<cellStyles><cellStyle name='Normal' xfId='0' builtinId='0'/></cellStyles></styleSheet>",
    }
