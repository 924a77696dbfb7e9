"""报告文件: where the reports of a run lie, and what there is.

One naming rule for those who write (jobs) and those who offer downloads (web): `<run folder>/reports/<name>`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from jiedui.results import folders
from jiedui.results.models import Run

Kind = Literal["yearly", "national"]
_NAME = re.compile(r"(?P<kind>yearly|national)-(?P<year>\d{4})(?:-pair-(?P<pair>\d+))?\.(?P<format>docx|pdf|xlsx)")


@dataclass(frozen=True, slots=True)
class ReportFile:
    """报告文件: one file of a run; `pairing_id` is None for what covers all pairs."""

    path: Path
    kind: Kind
    year: int
    pairing_id: int | None
    format: str

    @property
    def bytes(self) -> int:
        """Size of the file."""
        return self.path.stat().st_size


def folder(run: Run) -> Path:
    """文件夹: where the reports of a run lie."""
    return folders.of(run) / "reports"


def yearly_path(run: Run, pairing_id: int, suffix: Literal["docx", "pdf"]) -> Path:
    """年度报告文件: of one pair."""
    return folder(run) / f"yearly-{run.year}-pair-{pairing_id}.{suffix}"


def national_path(run: Run) -> Path:
    """全国汇总表文件: of all pairs."""
    return folder(run) / f"national-{run.year}.xlsx"


def listing(run: Run) -> list[ReportFile]:
    """清单: the reports of a run that exist, by name; half-written files are not among them."""
    found = []
    for path in sorted(folder(run).glob("*")):
        match = _NAME.fullmatch(path.name)
        if match and path.is_file():
            pair = match["pair"]
            kind: Kind = "yearly" if match["kind"] == "yearly" else "national"
            found.append(ReportFile(path, kind, int(match["year"]), int(pair) if pair else None, match["format"]))
    return found


def find(run: Run, name: str) -> ReportFile | None:
    """查找: the report of a run with this file name; None where there is none (also for names that are no report's)."""
    return next((one for one in listing(run) if one.path.name == name), None)
