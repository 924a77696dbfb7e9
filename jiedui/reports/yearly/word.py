"""年度报告 Word: fills a .docx template with a `YearlyReport`."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage
from jinja2 import Environment, StrictUndefined, TemplateError

from jiedui.errors import JieduiError
from jiedui.reports.atomic import replacing
from jiedui.reports.yearly import word_template
from jiedui.reports.yearly.content import YearlyReport
from jiedui.reports.yearly.pdf import svg_to_png


def write_docx(
    report: YearlyReport, path: Path, *, charts: Mapping[str, str] | None = None, template: Path | None = None
) -> Path:
    """Write `report` to `path` as Word.

    `charts` maps `areas` and the areas' names to SVG text. `template` is an office's own template (start from
    `jiedui report --save-template FILE`). Raises `JieduiError` when a template uses a tag that the report has not.
    """
    with tempfile.TemporaryDirectory(prefix="jiedui-word-") as folder:
        source = template or word_template.build(Path(folder) / "yearly.docx")
        document = DocxTemplate(str(source))
        try:
            document.render(
                _context(report, document, charts or {}),
                jinja_env=Environment(undefined=StrictUndefined, autoescape=True),
            )
        except TemplateError as error:
            raise JieduiError(
                f"The Word template {source} cannot be filled: {error}.",
                remedy="Compare its tags with those of `jiedui report --save-template FILE`.",
            ) from error
        with replacing(path) as partial:
            document.save(str(partial))
    return path


def _context(report: YearlyReport, document: DocxTemplate, charts: Mapping[str, str]) -> dict[str, Any]:
    context = report.as_json()
    for area, section in zip(context["areas"], report.areas, strict=True):
        area["missing"] = [line for line in section.lines if line.missing_reason]
    context["lines"] = [line for section in report.areas for line in section.lines]
    names = ["areas", *(section.area for section in report.areas)]
    context["charts"] = {
        name: InlineImage(document, io.BytesIO(svg_to_png(charts[name])), width=Mm(158)) if name in charts else ""
        for name in names
    }
    return context
