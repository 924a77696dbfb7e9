"""A made-up yearly report and national table, for the formats."""

from __future__ import annotations

from datetime import date

from jiedui.reports.national.content import Cell, IndicatorColumn, NationalTable, PairRow, SideScores
from jiedui.reports.yearly.content import AreaSection, FindingLine, IndicatorLine, Lineage, SideTotal, YearlyReport

LINEAGE = Lineage(
    run_id="7e0c4a52-0000-4000-8000-000000000001",
    finished_at="2020-02-20 10:30",
    snapshot_digest="0123456789abcdef" * 4,
    policy_digest="fedcba9876543210" * 4,
    code_version="0.1.0",
    scheme="opinion-2016",
    as_of="2019-12-31",
)
AREAS = (
    ("poverty", "减贫成效"),
    ("labour", "劳务协作"),
    ("industry", "产业合作"),
    ("talent", "人才支援"),
    ("funding", "资金支持"),
)


def line(name: str, side: str, *, missing: str = "") -> IndicatorLine:
    """An indicator with a value, or with the reason why it has none."""
    return IndicatorLine(
        indicator=f"poverty.{side}",
        name=name,
        side=side,
        unit="人",
        value="—" if missing else "12,345",
        previous="11,002",
        target="—",
        score="—" if missing else "88.4",
        evidence_rows="12,345",
        duty="assessment.2",
        clause="（十四）",
        rule="按人去重，按事件当日的结对关系归属。",
        missing_reason=missing,
        amount=None if missing else 12345.0,
        previous_amount=11002.0,
    )


def section(area: str, title: str) -> AreaSection:
    """An area with one indicator of each side, the donor's second one missing."""
    donor = (line(f"{title}一", "donor"), line(f"{title}二", "donor", missing="财力数据未公布"))
    return AreaSection(area, title, "91.2", "88.0", donor, (line(f"{title}三", "recipient"),), 91.2, 88.0)


def report(**changes: object) -> YearlyReport:
    """天津市 and 甘肃省 in 2019."""
    content: dict[str, object] = {
        "year": 2019,
        "pairing_id": 4,
        "donor": "天津市",
        "recipient": "甘肃省",
        "mechanism": "东西部扶贫协作",
        "basis": "opinion-2016（四）",
        "valid_from": date(2016, 12, 7),
        "counties": ("甲县", "乙县"),
        "totals": (
            SideTotal("帮扶方", "天津市", "91.2", "3 / 15", "2–5", "好"),
            SideTotal("被帮扶方", "甘肃省", "88.0", "7 / 8", "6–8", "较好"),
        ),
        "areas": tuple(section(area, title) for area, title in AREAS),
        "findings": (FindingLine("talent.1", "提示", "挂职期限 14 个月，短于两年。", "secondment 12"),),
        "lineage": LINEAGE,
        "synthetic": True,
        "notes": ("每个数字都是其佐证行的汇总。",),
    }
    return YearlyReport(**(content | changes))  # type: ignore[arg-type]


def national() -> NationalTable:
    """Two pairs with two indicators, one value missing."""
    columns = tuple(
        IndicatorColumn(
            indicator=f"poverty.{side}",
            name="脱贫人数",
            side=side,
            area="poverty",
            unit="人",
            duty="assessment.2",
            clause="（十四）",
            direction="越大越好",
            weight=0.5,
            basis="ours",
            rule="按人去重。",
            sql="SELECT 1",
        )
        for side in ("donor", "recipient")
    )
    scores = SideScores((91.2, 80.0, None, 70.0, 60.0), 75.3, "1", "好")
    rows = tuple(
        PairRow(
            pairing_id=number,
            donor="天津市",
            recipient=recipient,
            level="省对省",
            donor_scores=scores,
            recipient_scores=scores,
            values={("poverty.donor", "donor"): Cell(120.0), ("poverty.recipient", "recipient"): missing},
        )
        for number, recipient, missing in (
            (1, "甘肃省", Cell(0.0)),
            (2, "河北省承德市", Cell(None, "没有上报")),
        )
    )
    counties = (("620121", "甘肃省兰州市永登县", "天津市", 2017, "随省结对"),)
    totals = (("脱贫人数", "人", 345.0, "每人只计一次"), ("财力增长", "%", None, "缺数据"))
    return NationalTable(2019, AREAS, columns, rows, totals, counties, LINEAGE, True)
