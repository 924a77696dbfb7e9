"""全国汇总内容: what the national table says, before any format."""

from __future__ import annotations

from dataclasses import dataclass, field

from jiedui.reports.yearly.content import Lineage


@dataclass(frozen=True, slots=True)
class IndicatorColumn:
    """指标列: one indicator of one side, and where its rule comes from."""

    indicator: str
    name: str
    side: str
    area: str
    unit: str
    duty: str
    clause: str
    direction: str
    weight: float | None
    basis: str
    rule: str
    sql: str


@dataclass(frozen=True, slots=True)
class Cell:
    """格: a value, or the reason why there is none."""

    value: float | None
    missing_reason: str = ""
    evidence_rows: int = 0


@dataclass(frozen=True, slots=True)
class SideScores:
    """一方得分: area scores in the order of `NationalTable.areas`, total, rank and grade."""

    areas: tuple[float | None, ...]
    total: float | None
    rank: str
    grade: str


@dataclass(frozen=True, slots=True)
class PairRow:
    """结对行: one pair with both sides' scores and all values, keyed by (indicator, side)."""

    pairing_id: int
    donor: str
    recipient: str
    level: str
    donor_scores: SideScores
    recipient_scores: SideScores
    values: dict[tuple[str, str], Cell]


@dataclass(frozen=True, slots=True)
class NationalTable:
    """全国汇总: all pairs of one run."""

    year: int
    areas: tuple[tuple[str, str], ...]
    """(identifier, Chinese title) in the order of clause (十四)."""
    columns: tuple[IndicatorColumn, ...]
    rows: tuple[PairRow, ...]
    totals: tuple[tuple[str, str, float | None, str], ...]
    """National totals: (name, unit, value, how it was counted)."""
    counties: tuple[tuple[str, str, str, int, str], ...]
    """Poor counties: (code, full name, responsible donors, delisting year, how it is reached)."""
    lineage: Lineage
    synthetic: bool
    notes: tuple[str, ...] = field(default=())
