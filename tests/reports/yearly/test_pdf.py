"""The yearly report as PDF."""

from __future__ import annotations

from pathlib import Path

import pypdf
import pytest

from jiedui.errors import EnvironmentProblem
from jiedui.reports import charts
from jiedui.reports.yearly.pdf import svg_to_png, write_pdf
from tests.reports import made_up


def read(path: Path) -> str:
    """All text of a PDF, without spaces (typesetting puts some between Chinese and Latin)."""
    return "".join("".join(page.extract_text().split()) for page in pypdf.PdfReader(path).pages)


@pytest.mark.duty("assessment.4")
def test_says_everything_that_the_report_says(tmp_path: Path) -> None:
    """Title, parties, all areas, missing reasons, findings and lineage stand in the PDF's text."""
    report = made_up.report()
    text = read(write_pdf(report, tmp_path / "report.pdf"))
    for expected in (
        "天津市——甘肃省",
        "合成数据",
        "减贫成效",
        "资金支持",
        "财力数据未公布",
        "挂职期限14个月，短于两年。",
        "并非官方标准",
        report.lineage.snapshot_digest,
        "（assessment.2，（十四））",
    ):
        assert expected in text


def test_chinese_font_is_embedded_whatever_the_machine_has(tmp_path: Path) -> None:
    """Every font of the PDF is embedded, and the Chinese one is that of the locked package."""
    path = write_pdf(made_up.report(), tmp_path / "report.pdf")
    names = set()
    for page in pypdf.PdfReader(path).pages:
        for font in page["/Resources"]["/Font"].values():
            for descendant in font["/DescendantFonts"]:
                described = descendant.get_object()["/FontDescriptor"]
                assert {"/FontFile2", "/FontFile3"} & set(described)
                names.add(described["/FontName"])
    assert any("NotoSansSC" in name for name in names)


def test_chart_of_the_site_stands_on_paper(tmp_path: Path) -> None:
    """An ECharts option becomes a figure of the PDF; its labels are text in the embedded font."""
    option = charts.area_bars([charts.AreaScore("减贫成效图", 90.0, None), charts.AreaScore("劳务协作图", 70.0, 60.0)])
    path = write_pdf(made_up.report(), tmp_path / "report.pdf", charts={"areas": charts.svg(option, 640, 300)})
    assert "劳务协作图" in read(path)


def test_report_without_findings_says_so(tmp_path: Path) -> None:
    """An empty list of findings is a sentence, not an empty table."""
    assert "本年度没有需要核查的提示" in read(write_pdf(made_up.report(findings=()), tmp_path / "report.pdf"))


def test_real_data_carry_no_synthetic_mark(tmp_path: Path) -> None:
    """Only synthetic data are marked as synthetic."""
    assert "合成数据" not in read(write_pdf(made_up.report(synthetic=False), tmp_path / "report.pdf"))


def test_missing_font_is_one_sentence_and_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the font package there is no report with empty boxes: an error, and the file that was there stays."""
    path = tmp_path / "report.pdf"
    path.write_bytes(b"the old one")
    monkeypatch.setenv("JIEDUI_ASSETS", str(tmp_path / "nothing"))
    with pytest.raises(EnvironmentProblem, match="Chinese font is missing"):
        write_pdf(made_up.report(), path)
    assert path.read_bytes() == b"the old one"
    assert [entry.name for entry in tmp_path.iterdir()] == ["report.pdf"]


def test_chart_as_picture_for_word() -> None:
    """A chart's SVG becomes one PNG."""
    png = svg_to_png(
        '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><rect width="9" height="9"/></svg>'
    )
    assert png.startswith(b"\x89PNG")
