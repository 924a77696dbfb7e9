"""全国汇总表: the national table as an Excel workbook.

`content.NationalTable` is what it says; `write_xlsx` prints it. A missing value is an empty cell with its reason as a
note, never a zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from jiedui.reports.atomic import replacing
from jiedui.reports.national.content import Cell, NationalTable
from jiedui.terms.codelists import SIDE

ACCENT = "#0F5C56"
PALE = "#EEF4F3"


@dataclass(frozen=True, slots=True)
class _Formats:
    title: Format
    note: Format
    head: Format
    text: Format
    wrap: Format
    whole: Format
    decimal: Format
    score: Format


def write_xlsx(table: NationalTable, path: Path) -> Path:
    """Write `table` to `path` as .xlsx with the sheets 总表, 指标值, 贫困县, 全国合计, 指标说明, 来源."""
    with replacing(path) as partial:
        workbook = xlsxwriter.Workbook(str(partial), {"in_memory": True, "default_date_format": "yyyy-mm-dd"})
        workbook.set_properties({"title": f"{table.year}年度全国汇总表", "author": "结对 Jiedui"})
        formats = _formats(workbook)
        _scores(workbook.add_worksheet("总表"), table, formats)
        _values(workbook.add_worksheet("指标值"), table, formats)
        _counties(workbook.add_worksheet("贫困县"), table, formats)
        _totals(workbook.add_worksheet("全国合计"), table, formats)
        _definitions(workbook.add_worksheet("指标说明"), table, formats)
        _sources(workbook.add_worksheet("来源"), table, formats)
        workbook.close()
    return path


def _formats(workbook: xlsxwriter.Workbook) -> _Formats:
    base = {"font_name": "微软雅黑", "font_size": 10, "valign": "vcenter"}
    line = {"bottom": 1, "bottom_color": "#DFE4E2"}
    head = base | {
        "bold": True,
        "bg_color": PALE,
        "font_color": ACCENT,
        "align": "center",
        "text_wrap": True,
        "border": 1,
    }
    return _Formats(
        title=workbook.add_format(base | {"bold": True, "font_size": 14}),
        note=workbook.add_format(base | {"font_color": ACCENT}),
        head=workbook.add_format(head | {"border_color": "#DFE4E2"}),
        text=workbook.add_format(base | line),
        wrap=workbook.add_format(base | line | {"text_wrap": True, "valign": "top"}),
        whole=workbook.add_format(base | line | {"num_format": "#,##0"}),
        decimal=workbook.add_format(base | line | {"num_format": "#,##0.00"}),
        score=workbook.add_format(base | line | {"num_format": "0.0"}),
    )


def _opening(sheet: Worksheet, title: str, table: NationalTable, formats: _Formats) -> None:
    sheet.write_string(0, 0, title, formats.title)
    mark = "合成数据，仅供演示，不涉及任何真实个人。" if table.synthetic else ""
    sheet.write_string(1, 0, f"{mark}权重和等次由本软件设定，并非官方标准。", formats.note)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.hide_gridlines(2)
    sheet.set_footer("&L结对 Jiedui&R第 &P 页，共 &N 页")


def _scores(sheet: Worksheet, table: NationalTable, formats: _Formats) -> None:
    _opening(sheet, f"{table.year}年度东西部扶贫协作考核汇总表", table, formats)
    for column, text in enumerate(("序号", _side("donor"), _side("recipient"), "层级")):
        sheet.merge_range(2, column, 3, column, text, formats.head)
    heads = [title for _, title in table.areas] + ["总分", "位次", "等次"]
    for offset, side in ((4, _side("donor")), (4 + len(heads), _side("recipient"))):
        sheet.merge_range(2, offset, 2, offset + len(heads) - 1, side, formats.head)
        for index, text in enumerate(heads):
            sheet.write_string(3, offset + index, text, formats.head)
    for number, row in enumerate(table.rows):
        line = 4 + number
        sheet.write_number(line, 0, row.pairing_id, formats.whole)
        for column, text in enumerate((row.donor, row.recipient, row.level), start=1):
            sheet.write_string(line, column, text, formats.text)
        column = 4
        for scores in (row.donor_scores, row.recipient_scores):
            for score in (*scores.areas, scores.total):
                _number(sheet, line, column, score, formats.score, formats.text)
                column += 1
            for text in (scores.rank, scores.grade):
                sheet.write_string(line, column, text, formats.text)
                column += 1
    sheet.freeze_panes(4, 3)
    sheet.autofilter(3, 0, 3 + len(table.rows), 3 + 2 * len(heads))
    sheet.repeat_rows(2, 3)
    _widths(sheet, (6, 22, 26, 12, *([9] * 2 * len(heads))))


def _values(sheet: Worksheet, table: NationalTable, formats: _Formats) -> None:
    _opening(sheet, f"{table.year}年度指标值", table, formats)
    heads = ["序号", _side("donor"), _side("recipient")]
    heads += [f"{c.name}\n（{_side(c.side)}，{c.unit}）" for c in table.columns]
    for column, text in enumerate(heads):
        sheet.write_string(3, column, text, formats.head)
    sheet.set_row(3, 64)
    for number, row in enumerate(table.rows):
        line = 4 + number
        sheet.write_number(line, 0, row.pairing_id, formats.whole)
        sheet.write_string(line, 1, row.donor, formats.text)
        sheet.write_string(line, 2, row.recipient, formats.text)
        for column, definition in enumerate(table.columns, start=3):
            cell = row.values.get((definition.indicator, definition.side), Cell(None))
            whole = cell.value is not None and float(cell.value).is_integer()
            _number(sheet, line, column, cell.value, formats.whole if whole else formats.decimal, formats.text)
            if cell.value is None and cell.missing_reason:
                sheet.write_comment(line, column, f"缺数据：{cell.missing_reason}")
    sheet.freeze_panes(4, 3)
    sheet.autofilter(3, 0, 3 + len(table.rows), len(heads) - 1)
    sheet.repeat_rows(3)
    _widths(sheet, (6, 22, 26, *([15] * len(table.columns))))


def _counties(sheet: Worksheet, table: NationalTable, formats: _Formats) -> None:
    _opening(sheet, "贫困县由谁负责", table, formats)
    _rows(
        sheet,
        ("代码", "名称", "负责的帮扶方", "摘帽年份", "覆盖方式"),
        [(code, name, donors or "—", str(year), how) for code, name, donors, year, how in table.counties],
        formats,
    )
    _widths(sheet, (10, 44, 30, 10, 30))


def _totals(sheet: Worksheet, table: NationalTable, formats: _Formats) -> None:
    _opening(sheet, "全国合计", table, formats)
    for column, text in enumerate(("项目", "单位", "数值", "口径")):
        sheet.write_string(3, column, text, formats.head)
    for number, (name, unit, value, how) in enumerate(table.totals):
        line = 4 + number
        sheet.write_string(line, 0, name, formats.text)
        sheet.write_string(line, 1, unit, formats.text)
        whole = value is not None and float(value).is_integer()
        _number(sheet, line, 2, value, formats.whole if whole else formats.decimal, formats.text)
        sheet.write_string(line, 3, how, formats.wrap)
    _widths(sheet, (36, 10, 18, 80))


def _definitions(sheet: Worksheet, table: NationalTable, formats: _Formats) -> None:
    _opening(sheet, "指标说明", table, formats)
    titles = dict(table.areas)
    _rows(
        sheet,
        ("编号", "名称", "一方", "领域", "单位", "职责", "条款", "方向", "权重", "权重依据", "规则", "查询语句"),
        [
            (
                c.indicator,
                c.name,
                _side(c.side),
                titles.get(c.area, c.area),
                c.unit,
                c.duty,
                c.clause,
                c.direction,
                "" if c.weight is None else f"{c.weight:g}",
                "本软件设定" if c.basis == "ours" else "官方",
                c.rule,
                c.sql,
            )
            for c in table.columns
        ],
        formats,
    )
    _widths(sheet, (26, 28, 10, 12, 8, 14, 10, 8, 8, 12, 60, 80))


def _sources(sheet: Worksheet, table: NationalTable, formats: _Formats) -> None:
    _opening(sheet, "数字从哪里来", table, formats)
    lineage = table.lineage
    _rows(
        sheet,
        ("来源", "值"),
        [
            ("运行编号", lineage.run_id),
            ("完成时间", lineage.finished_at),
            ("数据截至", lineage.as_of),
            ("快照摘要", lineage.snapshot_digest),
            ("政策摘要", lineage.policy_digest),
            ("程序版本", lineage.code_version),
            ("考核方案", lineage.scheme),
            *(("说明", note) for note in table.notes),
        ],
        formats,
    )
    _widths(sheet, (14, 100))


def _rows(sheet: Worksheet, heads: Sequence[str], rows: Iterable[Sequence[str]], formats: _Formats) -> None:
    for column, text in enumerate(heads):
        sheet.write_string(3, column, text, formats.head)
    line = 3
    for line, row in enumerate(rows, start=4):
        for column, text in enumerate(row):
            sheet.write_string(line, column, text, formats.wrap)
    sheet.freeze_panes(4, 0)
    sheet.autofilter(3, 0, max(line, 4), len(heads) - 1)
    sheet.repeat_rows(3)


def _number(sheet: Worksheet, line: int, column: int, value: float | None, number: Format, empty: Format) -> None:
    if value is None:
        sheet.write_blank(line, column, None, empty)
    else:
        sheet.write_number(line, column, float(value), number)


def _widths(sheet: Worksheet, widths: Sequence[float]) -> None:
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)


def _side(side: str) -> str:
    """The side in Chinese; one of another scheme stays as it is."""
    return SIDE.get(side, (side, side))[0]
