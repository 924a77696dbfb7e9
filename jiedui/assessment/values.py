"""指标值: the declared aggregate of an indicator's evidence rows, pair by pair, and why a value is missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa

from jiedui.assessment.header import Indicator
from jiedui.errors import JieduiError

MISSING: dict[str, tuple[str, str]] = {
    "not_in_force": ("结对关系本年未生效", "the pairing was not in force in the year"),
    "not_reported": ("本结对关系没有上报“{table}”", "the pair has no rows in {table}"),
    "as_of_only": ("只有数据截止年度的登记情况", "the register shows only the year in which the data were frozen"),
    "no_base": ("{what}", "{what}"),
    "unknown_amount": ("各行均未填报数额", "no row says its amount"),
}
"""缺失原因: code → (Chinese, English). A missing value is never zero."""


@dataclass(frozen=True, slots=True)
class Part:
    """部分: what one pair's rows of one part add up to."""

    rows: int = 0
    distinct: int = 0
    known: int = 0
    total: float = 0.0


@dataclass(frozen=True, slots=True)
class Value:
    """指标值: a number, or the code and the words of why there is none."""

    value: float | None = None
    numerator: float | None = None
    denominator: float | None = None
    rows: int = 0
    unknown_rows: int = 0
    missing: str = ""
    missing_zh: str = ""
    missing_en: str = ""


def parts_of(evidence: pa.Table, indicator: Indicator) -> dict[int, dict[str, Part]]:
    """分部汇总: pair → part → what its rows add up to. `evidence` holds one indicator's rows.

    Raises JieduiError where the rows cannot be aggregated as declared: an unknown part, a row that a sum would
    count twice, a count without subjects.
    """
    _check(evidence, indicator)
    grouped = evidence.group_by(["pairing_id", "part"], use_threads=False).aggregate(
        [([], "count_all"), ("subject", "count_distinct"), ("amount", "count"), ("amount", "sum")]
    )
    found: dict[int, dict[str, Part]] = {}
    for row in grouped.to_pylist():
        found.setdefault(row["pairing_id"], {})[row["part"]] = Part(
            rows=row["count_all"],
            distinct=row["subject_count_distinct"],
            known=row["amount_count"],
            total=row["amount_sum"] or 0.0,
        )
    return found


def measure(indicator: Indicator, parts: Mapping[str, Part], *, reported: bool, table_title: str = "") -> Value:
    """求值: one pair's value from its parts. `reported`: whether the pair has rows in the indicator's register."""
    rows = sum(part.rows for part in parts.values())
    unknown = sum(part.rows - part.known for part in parts.values()) if "amount" in indicator.aggregate else 0
    if indicator.reported and not reported and (not rows or len(indicator.parts) > 1):
        if indicator.missing_zh and len(indicator.parts) == 1:
            return missing("no_base", rows=rows, zh=indicator.missing_zh, en=indicator.missing_en)
        return missing("not_reported", rows=rows, zh=table_title or indicator.reported, en=indicator.reported)
    if "amount" in indicator.aggregate and rows and unknown == rows:
        return missing("unknown_amount", rows=rows, unknown_rows=unknown)
    size = {name: _size(indicator, parts.get(name, Part())) for name in indicator.parts}
    if len(size) == 1:
        return Value(size[""], rows=rows, unknown_rows=unknown)
    if any(not size[name] for name in indicator.parts[1:]):
        return missing(
            "no_base",
            rows=rows,
            unknown_rows=unknown,
            zh=indicator.missing_zh or "分母没有记录",
            en=indicator.missing_en or "the denominator has no rows",
        )
    if len(size) == 2:
        numerator, denominator = size["numerator"], size["denominator"]
    else:
        numerator = size["numerator"] / size["numerator_base"]
        denominator = size["denominator"] / size["denominator_base"]
    return Value(numerator / denominator, numerator, denominator, rows, unknown)


def missing(code: str, *, rows: int = 0, unknown_rows: int = 0, zh: str = "", en: str = "") -> Value:
    """缺失: a value that is not there, with its reason in both languages."""
    text_zh, text_en = MISSING[code]
    return Value(
        rows=rows,
        unknown_rows=unknown_rows,
        missing=code,
        missing_zh=text_zh.format(table=zh, what=zh),
        missing_en=text_en.format(table=en, what=en),
    )


def _size(indicator: Indicator, part: Part) -> float:
    return float(part.distinct) if "count_distinct" in indicator.aggregate else part.total


def _check(evidence: pa.Table, indicator: Indicator) -> None:
    parts = set(evidence["part"].unique().to_pylist())
    if not parts <= set(indicator.parts):
        raise _bad(indicator, f"returns the parts {sorted(parts)}", f"Its parts: {', '.join(indicator.parts)}.")
    if "count_distinct" in indicator.aggregate and evidence["subject"].null_count:
        raise _bad(indicator, "returns rows without a subject to count", "Leave such rows out or name their subject.")
    for column in ("pairing_id", "row_table", "row_id", "region_code", "happened_on"):
        if evidence[column].null_count:
            raise _bad(indicator, f"returns rows without {column}", "Every evidence row names its row, place and day.")
    if "sum" in indicator.aggregate:
        key = ["pairing_id", "part", "row_table", "row_id"]
        if evidence.group_by(key, use_threads=False).aggregate([]).num_rows != evidence.num_rows:
            raise _bad(indicator, "adds a row twice for one pair", "A join multiplies its rows: make them unique.")


def _bad(indicator: Indicator, what: str, remedy: str) -> JieduiError:
    return JieduiError(f"The SQL of indicator {indicator.id} {what}.", remedy=remedy)
