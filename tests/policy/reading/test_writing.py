"""The files of a reading."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from jiedui.errors import JieduiError
from jiedui.policy.reading import files_of, read_page, write
from jiedui.policy.reading.writing import PAIRING_COLUMNS

PAGE = "(四)结(jie)对关系。北京市海淀区帮扶内蒙古科右前旗，上海市帮扶云南省、仙桃市；某某市帮扶赤峰市。\n版权所有\n"


def test_pairings_have_the_fixed_columns() -> None:
    """Names in full by level, empty where a level does not apply; codes, scheme and clause."""
    rows = list(csv.reader(files_of(read_page(PAGE))["pairings.csv"].splitlines()))
    assert tuple(rows[0]) == PAIRING_COLUMNS
    assert rows[1:] == [
        ["北京市", "", "海淀区", "内蒙古自治区", "兴安盟", "科尔沁右翼前旗", "110108", "152221", "east_west", "（四）"],
        ["上海市", "", "", "云南省", "", "", "310000", "530000", "east_west", "（四）"],
        ["上海市", "", "", "湖北省", "", "仙桃市", "310000", "429004", "east_west", "（四）"],
    ]


@pytest.mark.duty("reading.1")
def test_every_list_is_written(tmp_path: Path) -> None:
    """What was removed, left out and not resolved each has its file, beside clauses and a report."""
    reading = read_page(PAGE)
    names = {path.name for path in write(reading, tmp_path / "new" / "folder")}
    assert names == {path.name for path in (tmp_path / "new" / "folder").iterdir()}
    texts = files_of(reading)
    assert texts["removed.csv"].splitlines()[1:] == ["3,结,(jie),1"]
    assert texts["dropped.csv"].splitlines()[1:] == ["版权所有,网站导航"]
    assert "某某市" in texts["unresolved.csv"]
    assert json.loads(texts["clauses.json"])[0]["label"] == "（四）"
    assert "海淀区" in texts["evidence.csv"]
    assert "3 对" in texts["report.md"]


def test_a_page_without_pairings_gives_a_table_with_its_header_only() -> None:
    """The empty table is a table, and the report says so."""
    texts = files_of(read_page("各单位要抓好落实。"))
    assert texts["pairings.csv"] == ",".join(PAIRING_COLUMNS) + "\n"
    assert "没有读出任何结对关系" in texts["report.md"]


def test_files_are_replaced_and_nothing_else_is_touched(tmp_path: Path) -> None:
    """A second reading replaces the first; other files in the folder stay."""
    (tmp_path / "mine.txt").write_text("kept")
    write(read_page(PAGE), tmp_path)
    write(read_page(""), tmp_path)
    assert (tmp_path / "pairings.csv").read_text().count("\n") == 1
    assert (tmp_path / "mine.txt").read_text() == "kept"
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """A file where the folder should be is an error with its remedy."""
    (tmp_path / "file").write_text("")
    with pytest.raises(JieduiError, match="cannot be written"):
        write(read_page(""), tmp_path / "file")
