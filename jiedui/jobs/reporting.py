"""出报告: a finished assessment → yearly reports (Word, PDF) and the national table (Excel), in the run's folder."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from jiedui.reports import files
from jiedui.reports.national import gather as national
from jiedui.reports.national import workbook
from jiedui.reports.yearly import gather as yearly
from jiedui.reports.yearly.pdf import write_pdf
from jiedui.reports.yearly.word import write_docx
from jiedui.results.models import Run

Progress = Callable[[int, int], None]


def write_reports(
    run: Run, pairings: Iterable[int], *, template: Path | None = None, progress: Progress | None = None
) -> list[Path]:
    """The yearly reports of `pairings` and the national table; the files written, in that order.

    `template` is an office's own Word template; `progress(done, total)` is called after each file.
    """
    chosen = list(pairings)
    total = 2 * len(chosen) + 1
    written: list[Path] = []

    def wrote(path: Path) -> None:
        written.append(path)
        if progress is not None:
            progress(len(written), total)

    for pairing_id in chosen:
        report = yearly.gather(run, pairing_id)
        charts = yearly.charts(report)
        wrote(write_docx(report, files.yearly_path(run, pairing_id, "docx"), charts=charts, template=template))
        wrote(write_pdf(report, files.yearly_path(run, pairing_id, "pdf"), charts=charts))
    wrote(workbook.write_xlsx(national.gather(run), files.national_path(run)))
    return written
