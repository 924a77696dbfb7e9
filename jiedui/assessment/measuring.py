"""测量: one indicator in one year: its evidence rows, and a value or a reason for every pair."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb
import pyarrow as pa

from jiedui.assessment import evidence, values
from jiedui.assessment.header import Indicator
from jiedui.assessment.outcome import SCHEMAS
from jiedui.assessment.scheme import Scheme
from jiedui.assessment.values import Part, Value
from jiedui.policy.parameters import Parameters
from jiedui.snapshot.schema import TABLES
from jiedui.terms.pairs import Pairing


@dataclass(frozen=True, slots=True)
class Year:
    """年度: what one year's SQL needs: its placeholders, its parameters and who is assessed."""

    period: Mapping[str, Any]
    parameters: Parameters
    as_of: date
    pairings: Sequence[Pairing]

    @property
    def in_force(self) -> frozenset[int]:
        """Pairs that held on at least one day of the year."""
        start, end = self.period["year_start"], self.period["year_end"]
        return frozenset(
            pairing.pairing_id
            for pairing in self.pairings
            if pairing.valid_from <= end and (pairing.valid_to is None or pairing.valid_to > start)
        )


@dataclass(frozen=True, slots=True)
class Measured:
    """测得: one indicator in one year: its evidence, and a value or a reason for every pair."""

    indicator: Indicator
    evidence: pa.Table
    by_pair: Mapping[int, Value]
    nation: Value
    nation_rows: int


def measure(connection: duckdb.DuckDBPyConnection, plan: Scheme, indicator: Indicator, year: Year) -> Measured:
    """测量: one indicator in one year: a value for every pair, and the nation's, in which every row counts once."""
    if indicator.period == "as_of" and year.as_of.year != year.period["year"]:
        nothing = values.missing("as_of_only")
        return Measured(
            indicator,
            SCHEMAS["evidence"].empty_table(),
            {pairing.pairing_id: nothing for pairing in year.pairings},
            nothing,
            0,
        )
    rows = evidence.collect(connection, plan, indicator, year.period, year.parameters)
    parts = values.parts_of(rows, indicator)
    table = indicator.reported
    reporting = evidence.reporting_pairs(connection, table, year.period) if table else set[int]()
    title = TABLES[table].title if table else ""
    by_pair = {
        pairing.pairing_id: values.measure(
            indicator,
            parts.get(pairing.pairing_id, {}),
            reported=pairing.pairing_id in reporting,
            table_title=title,
        )
        if pairing.pairing_id in year.in_force
        else values.missing("not_in_force")
        for pairing in year.pairings
    }
    whole, count = _whole(rows, indicator)
    nation = values.measure(indicator, whole, reported=bool(reporting), table_title=title)
    return Measured(indicator, rows, by_pair, nation, count)


def _whole(rows: pa.Table, indicator: Indicator) -> tuple[dict[str, Part], int]:
    """The nation's parts: every row once, however many pairs it counts for. A pair's growth is not added up."""
    once = rows.group_by(["part", "row_table", "row_id", "subject"], use_threads=False).aggregate([("amount", "max")])
    size = once.num_rows
    columns: dict[str, Any] = {name: once[name] for name in ("part", "row_table", "row_id", "subject")}
    columns |= {
        "amount": once["amount_max"],
        "pairing_id": pa.array([0] * size, pa.int64()),
        "region_code": pa.array(["000000"] * size),
        "happened_on": pa.array([date.min] * size, pa.date32()),
    }
    return values.parts_of(pa.table(columns), indicator).get(0, {}), size
