"""Templates and sheets of refused rows: what a person fills in or corrects comes back through the reader."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest

from jiedui.sheets import Refusal, SheetError, TemplateColumn, annotated, open_sheet, template
from tests.sheets.reading import read, texts

COLUMNS = [
    TemplateColumn("姓名", required=True, note="与户口簿一致", example="张三"),
    TemplateColumn("证件号码", kind="id", required=True),
    TemplateColumn("民族", choices=[f"民族{k}" for k in range(56)]),
    TemplateColumn("出生日期", kind="date"),
]


def test_a_template_has_lists_formats_and_notes(tmp_path: Path) -> None:
    """Drop-downs come from the hidden sheet, identity numbers are text, notes show at the header, the header is frozen."""  # noqa: E501
    path = tmp_path / "a.xlsx"
    template(path, COLUMNS, title="脱贫人口", rows=500)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["脱贫人口", "填写说明", "字典"]
    assert book["字典"].sheet_state == "hidden"
    page = book["脱贫人口"]
    assert [cell.value for cell in page[1]] == ["姓名", "证件号码", "民族", "出生日期"]
    assert page.freeze_panes == "A2"
    assert page.column_dimensions["B"].width >= 18
    rules = {str(rule.sqref): rule for rule in page.data_validations.dataValidation}
    assert rules["A1"].prompt == "与户口簿一致\n张三"
    assert (rules["C2:C501"].type, rules["C2:C501"].formula1) == ("list", "字典!$C$2:$C$57")
    assert [book["字典"].cell(line, 3).value for line in (1, 2, 57)] == ["民族", "民族0", "民族55"]
    explained = [[cell.value for cell in row] for row in book["填写说明"].iter_rows()]
    assert explained[1] == ["姓名", "是", "与户口簿一致", "张三", None]
    assert explained[3][4].endswith("……共56项，见下拉列表")


def test_a_filled_in_template_is_read_by_its_first_sheet(tmp_path: Path) -> None:
    """The sheet to fill in is the first that has rows, so that nobody must choose one."""
    path = tmp_path / "a.xlsx"
    template(path, COLUMNS)
    book = openpyxl.load_workbook(path)
    book["数据"].append(["李四", "110101190001010000", "民族1", "1900-01-01"])
    book.save(path)
    with open_sheet(path) as opened:
        assert opened.sheets == ["数据", "填写说明"]
        assert opened.head(2)[1] == ["李四", "110101190001010000", "民族1", "1900-01-01"]


def test_a_template_names_each_column_once() -> None:
    """Two columns of one title, or none, are refused."""
    for columns in ([], [TemplateColumn("a"), TemplateColumn("a")]):
        with pytest.raises(SheetError, match="different titles"):
            template(io.BytesIO(), columns)
    with pytest.raises(SheetError, match="cannot be called"):
        template(io.BytesIO(), COLUMNS, title="字典")


def test_refused_rows_come_with_their_reasons(tmp_path: Path) -> None:
    """Original columns first and as text, then the marks; the cells at fault are coloured; nothing is a formula."""
    path = tmp_path / "a.xlsx"
    rows = [
        (7, ["张三", "6.2E+17", None], [Refusal(1, "6.2E+17", "18位", "设为文本"), Refusal(2, "", "必填", "填写村名")]),
        (9, ["=HYPERLINK(1)", "110101190001010000", "甲村"], [Refusal(None, "", "重复", "删除一行")]),
    ]
    annotated(path, ["姓名", "证件号码", "村"], rows)
    assert texts(read(path, start=2)) == {
        (2, 1): "张三", (2, 2): "6.2E+17", (2, 4): "7", (2, 5): "B 证件号码\nC 村", (2, 6): "6.2E+17\n", (2, 7): "18位\n必填",  # noqa: E501
        (2, 8): "设为文本\n填写村名",
        (3, 1): "=HYPERLINK(1)", (3, 2): "110101190001010000", (3, 3): "甲村", (3, 4): "9", (3, 7): "重复", (3, 8): "删除一行",  # noqa: E501
    }  # fmt: skip
    page = openpyxl.load_workbook(path)["退回数据"]
    assert [cell.value for cell in page[1]] == ["姓名", "证件号码", "村", "行号", "列", "值", "规则", "怎么改"]
    coloured = {
        cell.coordinate for row in page.iter_rows(min_row=2, max_col=3) for cell in row if cell.fill.patternType
    }
    assert coloured == {"B2", "C2"}
    assert page["A3"].data_type != "f"
    assert page["A3"].quotePrefix


def test_a_file_that_is_wrong_as_a_whole_is_not_annotated() -> None:
    """More refused rows than the limit are a wrong mapping, not rows to correct by hand."""
    rows = ((k, [], []) for k in range(4))
    with pytest.raises(SheetError, match="More than 3 rows"):
        annotated(io.BytesIO(), [], rows, most=3)
