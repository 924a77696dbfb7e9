"""考核引擎: a frozen snapshot and a scheme in, an `Assessment` out. Same snapshot, same scheme, same answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import duckdb
import pyarrow as pa

from jiedui import policy
from jiedui.assessment import attribution, evidence, ranking, scheme, tables
from jiedui.assessment.measuring import Measured, Year, measure
from jiedui.assessment.outcome import SCHEMAS, Assessment
from jiedui.assessment.scheme import Scheme
from jiedui.errors import JieduiError
from jiedui.policy.parameters import Parameters
from jiedui.policy.registry import implements, interprets
from jiedui.snapshot import Snapshot
from jiedui.terms.pairs import Pairing


@implements("assessment.1")
@interprets(
    "assessment.2",
    because="文本只说考核减贫成效;按脱贫人口去重计数,并按帮扶记录说明经谁帮扶。",
)
def assess(
    snapshot: Snapshot,
    *,
    scheme: str | Scheme = "opinion-2016",
    year: int = 2019,
    progress: Callable[[int, int], None] | None = None,
) -> Assessment:
    """考核: every indicator of a scheme for every pair and side, with evidence, scores, grades and sensitivity.

    `progress(done, total)` is called after each indicator.

    Raises JieduiError when the scheme does not hold together, does not assess the year, or the snapshot ends before
    the year begins or has no pairing of the scheme.
    """
    plan = _plan(scheme, year, snapshot.as_of)
    connection = snapshot.duckdb()
    try:
        pairings = attribute(connection, plan, snapshot.as_of)
        this, last = (period_of(when, snapshot.as_of, pairings) for when in (year, year - 1))
        now, before = [], []
        for number, indicator in enumerate(plan.indicators, start=1):
            now.append(measure(connection, plan, indicator, this))
            before.append(measure(connection, plan, indicator, last))
            if progress is not None:
                progress(number, len(plan.indicators))
        targets = _targets(connection, year)
        refused = _refused(connection, this)
    finally:
        connection.close()
    result = ranking.rank(plan, pairings, {item.indicator.id: item.by_pair for item in now}, _previous(before), targets)
    return Assessment(
        scheme=plan.id,
        year=year,
        as_of=snapshot.as_of.isoformat(),
        snapshot_digest=snapshot.digest,
        policy_digest=policy.digest(),
        seed=plan.sensitivity.seed,
        parameters=_parameters(plan, this.parameters),
        definitions=tables.definitions(plan, this.parameters),
        values=tables.values(plan, pairings, now, before, targets, result.points),
        scores=result.scores,
        conditions=result.conditions,
        evidence=pa.concat_tables(
            [item.evidence for item in sorted(now, key=lambda item: item.indicator.id)]
        ).combine_chunks(),
        sensitivity=result.sensitivity,
        national=tables.national(plan, now),
        reach=tables.reach(plan, pairings, now),
        refused=refused,
    )


def attribute(connection: duckdb.DuckDBPyConnection, plan: Scheme, as_of: date) -> tuple[Pairing, ...]:
    """归属: adds the tables `pair` and `responsibility` to those of the snapshot; the pairings that are assessed.

    Where there are county pairs, the rows in their name are counted for the pair that they lie in.
    """
    pairings = _pairings(connection, plan)
    parents = attribution.parents(connection.sql("SELECT * FROM pairing").to_arrow_table(), pairings)
    if parents:
        held = {"pairing_id": list(parents), "parent_id": list(parents.values())}
        connection.register("parent_pair", pa.table(held))
        for table in attribution.tables_of_pairs():
            for statement in attribution.named_parents_sql(table):
                connection.execute(statement)
    places = [row[0] for row in connection.sql(attribution.places_sql()).fetchall()]
    connection.register("pair", attribution.pair_table(pairings))
    connection.register("responsibility", attribution.responsibility(places, pairings, as_of))
    return pairings


def period_of(year: int, as_of: date, pairings: Sequence[Pairing]) -> Year:
    """年度: what the SQL of a year needs, with the policy parameters that hold at its end."""
    period = evidence.year_of(year, as_of)
    return Year(period, policy.parameters.load(period["year_end"]), as_of, pairings)


def _plan(name: str | Scheme, year: int, as_of: date) -> Scheme:
    plan = scheme.load(name) if isinstance(name, str) else name
    if year not in plan.years:
        raise JieduiError(
            f"Scheme {plan.id} assesses {plan.years[0]} to {plan.years[-1]}, not {year}.",
            remedy="Choose such a year, or write a scheme for yours (docs/assessment.md).",
        )
    if as_of < date(year, 1, 1):
        raise JieduiError(
            f"The snapshot ends on {as_of}, before {year} begins.", remedy="Freeze the records of that year first."
        )
    return plan


def _pairings(connection: duckdb.DuckDBPyConnection, plan: Scheme) -> tuple[Pairing, ...]:
    table = connection.sql("SELECT * FROM pairing ORDER BY pairing_id").to_arrow_table()
    levels = {level for peer in plan.peer_classes for level in peer.levels}
    pairings = attribution.pairs_of(table, schemes=plan.pairing_schemes, levels=levels)
    if not pairings:
        raise JieduiError(
            f"The snapshot has no pairing that scheme {plan.id} assesses.",
            remedy=f"It assesses the kinds {', '.join(plan.pairing_schemes)}; load the pairings and freeze again.",
        )
    return pairings


def _refused(connection: duckdb.DuckDBPyConnection, year: Year) -> pa.Table:
    rows = connection.sql(attribution.refused_sql(), params={"year_end": year.period["year_end"]}).to_arrow_table()
    order = [(name, "ascending") for name in ("row_table", "pairing_id", "happened_on", "row_id")]
    return rows.cast(SCHEMAS["refused"]).sort_by(order)


def _targets(connection: duckdb.DuckDBPyConnection, year: int) -> dict[tuple[int, str], float]:
    """(pair, indicator) → target of the year's plan, in the indicator's unit."""
    rows = connection.sql("SELECT pairing_id, item, target FROM plan_target WHERE year = $year", params={"year": year})
    return {(pairing_id, item): float(target) for pairing_id, item, target in rows.fetchall()}


def _previous(before: Sequence[Measured]) -> dict[str, dict[int, float | None]]:
    return {item.indicator.id: {pair: value.value for pair, value in item.by_pair.items()} for item in before}


def _parameters(plan: Scheme, parameters: Parameters) -> dict[str, Any]:
    """The policy parameters that the scheme's SQL was filled with, by key."""
    keys = sorted({key for indicator in plan.indicators for key in plan.parameters(indicator).values()})
    return {key: parameters.value(key) for key in keys}
