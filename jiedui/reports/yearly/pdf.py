"""年度报告 PDF: typesets a `YearlyReport` with Typst."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from importlib import resources
from pathlib import Path

import typst

from jiedui.errors import EnvironmentProblem
from jiedui.reports.atomic import replacing
from jiedui.reports.fonts import font_folders
from jiedui.reports.yearly.content import YearlyReport


def write_pdf(report: YearlyReport, path: Path, *, charts: Mapping[str, str] | None = None) -> Path:
    """Write `report` to `path` as PDF with embedded fonts.

    `charts` maps `areas` and the areas' names to SVG text. Returns `path`. Raises `EnvironmentProblem` when Typst
    refuses or the font is missing.
    """
    charts = charts or {}
    with tempfile.TemporaryDirectory(prefix="jiedui-report-") as folder:
        root = Path(folder)
        names: dict[str, str | None] = {"areas": None}
        for name, svg in charts.items():
            (root / f"{name}.svg").write_text(svg, encoding="utf-8")
            names[name] = f"{name}.svg"
        content = report.as_json() | {"charts": names}
        (root / "report.json").write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
        template = resources.files("jiedui.reports") / "templates" / "yearly.typ"
        (root / "yearly.typ").write_text(template.read_text(encoding="utf-8"), encoding="utf-8")
        with replacing(path) as partial:
            try:
                typst.compile(
                    str(root / "yearly.typ"),
                    output=str(partial),
                    root=str(root),
                    format="pdf",
                    font_paths=[str(folder) for folder in font_folders()],
                    ignore_system_fonts=True,
                )
            except typst.TypstError as error:
                raise EnvironmentProblem(
                    f"The yearly report could not be typeset: {error.message}.",
                    remedy="If you changed reports/templates/yearly.typ, mend it there; otherwise report this.",
                ) from error
    return path


def svg_to_png(svg: str, *, width_mm: float = 160, ppi: float = 200) -> bytes:
    """A chart's SVG as PNG bytes (for Word, which cannot show SVG everywhere), at `ppi` dots per inch."""
    with tempfile.TemporaryDirectory(prefix="jiedui-chart-") as folder:
        root = Path(folder)
        (root / "chart.svg").write_text(svg, encoding="utf-8")
        page = (
            f'#set page(width: {width_mm}mm, height: auto, margin: 0mm)\n#set text(font: "Noto Sans SC")\n'
            f'#image("chart.svg", width: {width_mm}mm)\n'
        )
        (root / "chart.typ").write_text(page, encoding="utf-8")
        png = typst.compile(
            str(root / "chart.typ"),
            root=str(root),
            format="png",
            ppi=ppi,
            font_paths=[str(folder) for folder in font_folders()],
            ignore_system_fonts=True,
        )
    if isinstance(png, list):  # one page each; a chart is one page
        return png[0]
    return png
