"""年度报告内容: what the yearly report of one pair says, before any format.

Plain values only: whoever holds a `YearlyReport` can print it as Word, PDF or anything else, and no format can compute
a number of its own.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

MISSING = "—"
"""What is printed for a value that is not known; the reason stands in the notes. Never a zero."""


@dataclass(frozen=True, slots=True)
class IndicatorLine:
    """指标行: one indicator of one side, formatted, with what leads back to its rows."""

    indicator: str
    name: str
    side: str
    unit: str
    value: str
    previous: str
    target: str
    score: str
    evidence_rows: str
    duty: str
    clause: str
    rule: str
    missing_reason: str = ""
    amount: float | None = None
    """The value as a number, for charts only; None when missing."""
    previous_amount: float | None = None


@dataclass(frozen=True, slots=True)
class AreaSection:
    """考核领域: one of the areas of clause (十四) with both sides' indicators."""

    area: str
    title: str
    donor_score: str
    recipient_score: str
    donor: tuple[IndicatorLine, ...]
    recipient: tuple[IndicatorLine, ...]
    donor_points: float | None = None
    recipient_points: float | None = None

    @property
    def lines(self) -> tuple[IndicatorLine, ...]:
        """Both sides' indicators, the donor's first."""
        return self.donor + self.recipient


@dataclass(frozen=True, slots=True)
class FindingLine:
    """核查提示: a finding of a rule, for people to look at."""

    duty: str
    severity: str
    message: str
    rows: str


@dataclass(frozen=True, slots=True)
class SideTotal:
    """总分: one side's total, rank and grade within its peer class."""

    side: str
    name: str
    score: str
    rank: str
    """Rank among its peers, e.g. 3 / 15."""
    rank_range: str
    """Ranks that it takes when the weights vary, e.g. 2–5."""
    grade: str


@dataclass(frozen=True, slots=True)
class Lineage:
    """来源: everything that is needed to make the same numbers again."""

    run_id: str
    finished_at: str
    snapshot_digest: str
    policy_digest: str
    code_version: str
    scheme: str
    as_of: str


@dataclass(frozen=True, slots=True)
class YearlyReport:
    """年度报告: all that is printed about one pair and year."""

    year: int
    pairing_id: int
    donor: str
    recipient: str
    mechanism: str
    basis: str
    valid_from: date
    counties: tuple[str, ...]
    totals: tuple[SideTotal, ...]
    areas: tuple[AreaSection, ...]
    findings: tuple[FindingLine, ...]
    lineage: Lineage
    synthetic: bool
    notes: tuple[str, ...] = field(default=())

    @property
    def title(self) -> str:
        """The report's title as printed on its first page."""
        return f"{self.donor}与{self.recipient}{self.year}年度结对帮扶工作报告"

    def as_json(self) -> dict[str, Any]:
        """The report as plain JSON values (dates as Chinese text)."""
        content = asdict(self)
        content["title"] = self.title
        content["valid_from"] = f"{self.valid_from.year}年{self.valid_from.month}月{self.valid_from.day}日"
        return content
