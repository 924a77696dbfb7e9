"""结果表: measured indicators as the tables of an `Assessment`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from jiedui.assessment.measuring import Measured
from jiedui.assessment.outcome import SCHEMAS
from jiedui.assessment.scheme import Scheme
from jiedui.policy.parameters import Parameters
from jiedui.snapshot.schema import TABLES
from jiedui.terms.pairs import Pairing

NO_POINTS = "同类各方数值相同或无规模可比，不计分"
SHOWN_ONLY = "只列示，不计分"
NO_NATION = "各帮扶方财力口径不全，不作全国合计"
HOW_COUNTED = {
    "count_distinct(subject)": "去重计数，两个结对关系共有的只计一次",
    "sum(amount)": "逐行相加，每行只计一次",
    "ratio(count_distinct(subject))": "分子分母各自去重后相除",
    "ratio(sum(amount))": "分子分母逐行相加后相除，每行只计一次",
}
"""How the nation's value was counted, by aggregate, as printed beside it."""


def definitions(scheme: Scheme, parameters: Parameters) -> pa.Table:
    """指标定义: every indicator as it was computed, with the SQL that ran and the parameters that filled it."""
    rows = []
    for indicator in scheme.indicators:
        weighting = scheme.weights[indicator.id]
        filled = {name: parameters.value(key) for name, key in scheme.parameters(indicator).items()}
        names = ("area", "side", "name_zh", "name_en", "duty", "clause", "unit", "direction", "aggregate", "subject")
        rows.append(
            {name: getattr(indicator, name) for name in (*names, "period", "rule_zh", "rule_en")}
            | {
                "indicator": indicator.id,
                "weight": round(scheme.total_weight(indicator), 9),
                "weight_in_area": weighting.weight,
                "basis": weighting.basis,
                "method": weighting.method,
                "per": weighting.per,
                "parameters": json.dumps(filled, ensure_ascii=False, sort_keys=True),
                "sql": scheme.sql(indicator),
            }
        )
    return pa.Table.from_pylist(rows, schema=SCHEMAS["definitions"])


def values(
    scheme: Scheme,
    pairings: Sequence[Pairing],
    now: Sequence[Measured],
    before: Sequence[Measured],
    targets: Mapping[tuple[int, str], float],
    points: Mapping[tuple[str, int], float | None],
) -> pa.Table:
    """指标值: a row per indicator and pair, also where the value is missing."""
    rows = []
    for this, last in zip(now, before, strict=True):
        indicator = this.indicator
        for pairing in pairings:
            key = pairing.pairing_id
            value, previous, score = this.by_pair[key], last.by_pair[key], points[indicator.id, key]
            rows.append(
                {
                    "pairing_id": key,
                    "side": indicator.side,
                    "area": indicator.area,
                    "indicator": indicator.id,
                    "value": value.value,
                    "unit": indicator.unit,
                    "numerator": value.numerator,
                    "denominator": value.denominator,
                    "previous": previous.value,
                    "target": targets.get((key, indicator.id)),
                    "score": score,
                    "evidence_rows": value.rows,
                    "unknown_rows": value.unknown_rows,
                    "missing": value.missing,
                    "missing_reason": value.missing_zh,
                    "missing_reason_en": value.missing_en,
                    "previous_missing_reason": previous.missing_zh,
                    "score_missing_reason": _why_no_points(scheme, indicator.id, value.missing_zh, score),
                }
            )
    return pa.Table.from_pylist(rows, schema=SCHEMAS["values"])


def _why_no_points(scheme: Scheme, indicator: str, missing: str, score: float | None) -> str:
    if scheme.weights[indicator].weight == 0:
        return SHOWN_ONLY
    return "" if score is not None else missing or NO_POINTS


def national(scheme: Scheme, now: Sequence[Measured]) -> pa.Table:
    """全国合计: each row and person once; beside it the sum of the pairs, which counts twice where two donors share."""
    rows = []
    for item in now:
        indicator, nation = item.indicator, item.nation
        growth = indicator.aggregate.startswith("ratio_of_ratios")
        known = [value.value for value in item.by_pair.values() if value.value is not None]
        additive = len(indicator.parts) == 1 and known
        rows.append(
            {
                "indicator": indicator.id,
                "side": indicator.side,
                "area": indicator.area,
                "name_zh": indicator.name_zh,
                "name_en": indicator.name_en,
                "unit": indicator.unit,
                "value": None if growth else nation.value,
                "numerator": None if growth else nation.numerator,
                "denominator": None if growth else nation.denominator,
                "sum_of_pairs": float(sum(known)) if additive else None,
                "evidence_rows": item.nation_rows,
                "missing_reason": NO_NATION if growth else nation.missing_zh,
                "counted_zh": NO_NATION if growth else nation.missing_zh or HOW_COUNTED[indicator.aggregate],
            }
        )
    return pa.Table.from_pylist(rows, schema=SCHEMAS["national"])


def reach(scheme: Scheme, pairings: Sequence[Pairing], now: Sequence[Measured]) -> pa.Table:
    """帮扶人数: persons by area of the help that reached them, the sum of areas, and distinct persons (fact 7)."""
    evidence = next(item.evidence for item in now if item.indicator.id == scheme.reach)
    areas = pa.array([TABLES[name].area for name in evidence["row_table"].to_pylist()], pa.string())
    helped = evidence.select(["pairing_id", "subject"]).append_column("area", areas)
    rows = []
    for pairing_id in (*(pairing.pairing_id for pairing in pairings), None):
        own = helped if pairing_id is None else helped.filter(pc.equal(helped["pairing_id"], pairing_id))
        rows += _reach_rows(own, pairing_id)
    return pa.Table.from_pylist(rows, schema=SCHEMAS["reach"])


def _reach_rows(own: pa.Table, pairing_id: int | None) -> list[dict[str, Any]]:
    by_area = own.group_by("area", use_threads=False).aggregate([("subject", "count_distinct")])
    counted = dict(zip(by_area["area"].to_pylist(), by_area["subject_count_distinct"].to_pylist(), strict=True))
    rows = [{"pairing_id": pairing_id, "area": area, "persons": counted[area]} for area in sorted(counted)]
    whole = {"sum_of_areas": sum(counted.values()), "distinct": pc.count_distinct(own["subject"]).as_py()}
    return rows + [{"pairing_id": pairing_id, "area": name, "persons": count} for name, count in whole.items()]
