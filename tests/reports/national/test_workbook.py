"""The national table as Excel."""

from __future__ import annotations

from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from jiedui.reports.national.workbook import write_xlsx
from tests.reports import made_up


@pytest.fixture
def sheets(tmp_path: Path) -> dict[str, list[list[object]]]:
    """The rows of each sheet, as another program reads them."""
    workbook = CalamineWorkbook.from_path(str(write_xlsx(made_up.national(), tmp_path / "national.xlsx")))
    return {name: workbook.get_sheet_by_name(name).to_python() for name in workbook.sheet_names}


def test_has_its_sheets(sheets: dict[str, list[list[object]]]) -> None:
    """The six sheets are there, in reading order."""
    assert list(sheets) == ["总表", "指标值", "贫困县", "全国合计", "指标说明", "来源"]


@pytest.mark.duty("assessment.1")
def test_numbers_are_numbers(sheets: dict[str, list[list[object]]]) -> None:
    """Scores and values can be summed: they are numbers, not text."""
    first = sheets["总表"][4]
    assert first[:4] == [1.0, "天津市", "甘肃省", "省对省"]
    assert first[4:6] == [91.2, 80.0]
    assert sheets["指标值"][4][3] == 120.0


def test_missing_is_empty_and_zero_is_zero(sheets: dict[str, list[list[object]]]) -> None:
    """A missing value is an empty cell; a zero is a zero."""
    assert sheets["总表"][4][6] == ""
    assert sheets["指标值"][4][4] == 0.0
    assert sheets["指标值"][5][4] == ""
    assert sheets["全国合计"][5][2] == ""


def test_says_that_it_is_synthetic_and_ours_on_every_sheet(sheets: dict[str, list[list[object]]]) -> None:
    """No sheet can be taken for official or for real people."""
    for rows in sheets.values():
        assert "合成数据" in str(rows[1][0])
        assert "并非官方标准" in str(rows[1][0])


def test_every_column_has_its_rule(sheets: dict[str, list[list[object]]]) -> None:
    """Each indicator column is explained with duty, clause, rule and query."""
    explained = {row[0]: row for row in sheets["指标说明"][4:]}
    assert explained["poverty.donor"][5:7] == ["assessment.2", "（十四）"]
    assert explained["poverty.donor"][11] == "SELECT 1"
