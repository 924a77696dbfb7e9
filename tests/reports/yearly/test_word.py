"""The yearly report as Word."""

from __future__ import annotations

from pathlib import Path

import docx
import pytest

from jiedui.errors import JieduiError
from jiedui.reports import charts
from jiedui.reports.yearly import word_template
from jiedui.reports.yearly.word import write_docx
from tests.reports import made_up


def read(path: Path) -> str:
    """All text of a document: paragraphs and cells."""
    document = docx.Document(str(path))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([paragraph.text for paragraph in document.paragraphs] + cells)


@pytest.mark.duty("assessment.4")
def test_says_everything_and_leaves_no_tag(tmp_path: Path) -> None:
    """Every indicator, score, reason and finding stands in the document, and no template tag is left."""
    report = made_up.report()
    text = read(write_docx(report, tmp_path / "report.docx"))
    for section in report.areas:
        for line in section.lines:
            assert line.name in text
    for expected in (report.title, "12,345", "财力数据未公布", "挂职期限 14 个月", report.lineage.run_id):
        assert expected in text
    assert "{{" not in text
    assert "{%" not in text


def test_values_with_markup_are_text(tmp_path: Path) -> None:
    """A name with & and < is printed as it is and does not break the file."""
    assert "甲<乙>&丙" in read(write_docx(made_up.report(donor="甲<乙>&丙"), tmp_path / "report.docx"))


def test_charts_are_pictures(tmp_path: Path) -> None:
    """Charts given as SVG are in the document as pictures."""
    option = charts.area_bars([charts.AreaScore("减贫成效", 90.0, 80.0)])
    drawing = charts.svg(option, 640, 300)
    path = write_docx(made_up.report(), tmp_path / "report.docx", charts={"areas": drawing, "labour": drawing})
    assert len(docx.Document(str(path)).inline_shapes) == 2


def test_own_template_is_used(tmp_path: Path) -> None:
    """An office's template with other words is filled."""
    document = docx.Document(str(word_template.build(tmp_path / "own.docx")))
    document.add_paragraph("我处自拟：{{ donor }}")
    document.save(str(tmp_path / "own.docx"))
    text = read(write_docx(made_up.report(), tmp_path / "report.docx", template=tmp_path / "own.docx"))
    assert "我处自拟：天津市" in text


def test_template_with_an_unknown_tag_is_one_sentence(tmp_path: Path) -> None:
    """A tag that the report has not is named, and no file is written."""
    document = docx.Document()
    document.add_paragraph("{{ donr }}")
    document.save(str(tmp_path / "own.docx"))
    with pytest.raises(JieduiError, match="donr"):
        write_docx(made_up.report(), tmp_path / "report.docx", template=tmp_path / "own.docx")
    assert not (tmp_path / "report.docx").exists()
