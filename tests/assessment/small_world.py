"""A country of a few rows: each test adds the rows that it is about and freezes them into a real snapshot."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from jiedui import snapshot
from jiedui.assessment import engine, scheme
from jiedui.assessment.measuring import Measured, measure
from jiedui.snapshot.schema import TABLES
from jiedui.snapshot.schema.arrow import arrow_schema
from jiedui.snapshot.schema.definition import Column

ZHUHAI, NUJIANG, LUSHUI = "440400", "533300", "533301"
"""Pair 1: 珠海 helps 怒江; 泸水 is a poor county there."""
ZHONGSHAN, DONGGUAN, ZHAOTONG, ZHAOYANG = "442000", "441900", "530600", "530602"
"""Pairs 2 and 3: 中山 and 东莞 both help 昭通; 昭阳 is a county there."""
SHANGHAI, YUNNAN, WENSHAN = "310000", "530000", "532601"
"""Pair 4: 上海 helps 云南; 文山 has no edge of its own."""
START = date(2016, 12, 7)

_FILL: dict[str, Any] = {
    "id": 0,
    "ref": 1,
    "int": 1,
    "fen": 0,
    "date": date(2019, 6, 1),
    "bool": True,
    "text": "x",
    "person": "p",
    "code": "533301",
}


class World:
    """Rows by table; `add` fills what a test does not say."""

    def __init__(self, *, as_of: date = date(2019, 12, 31)) -> None:
        self.as_of = as_of
        self.rows: dict[str, list[dict[str, Any]]] = {name: [] for name in TABLES}
        self.pair(1, ZHUHAI, NUJIANG, "city_to_city")
        self.pair(2, ZHONGSHAN, ZHAOTONG, "city_to_city")
        self.pair(3, DONGGUAN, ZHAOTONG, "city_to_city")
        self.pair(4, SHANGHAI, YUNNAN, "province_to_province")

    def pair(self, number: int, donor: str, recipient: str, level: str, *, start: date = START) -> None:
        """A pairing of the scheme east_west."""
        self.add(
            "pairing",
            pairing_id=number,
            donor_code=donor,
            recipient_code=recipient,
            level=level,
            scheme="east_west",
            valid_from=start,
        )

    def add(self, table: str, **said: Any) -> Any:
        """A row of `table`; returns its key."""
        declared = TABLES[table]
        row = {column.name: self._filled(column, said, len(self.rows[table])) for column in declared.frozen_columns}
        assert set(said) <= set(row), f"{table} has no {set(said) - set(row)}"
        self.rows[table].append(row)
        return row[declared.key]

    def _filled(self, column: Column, said: dict[str, Any], count: int) -> Any:
        if column.name in said:
            return said[column.name]
        if not column.required:
            return None
        if column.kind == "id":
            return count + 1
        if column.kind == "choice":
            assert column.choices is not None
            return next(iter(column.choices))
        return _FILL[column.kind]

    def household(
        self, county: str, *, persons: Iterable[str] = (), status: str = "poor", years: Iterable[int] = (2018, 2019)
    ) -> int:
        """A household with its members, in the first village of the county, and a row for each year."""
        village = f"{county}100001"
        household: int = self.add("household", region_code=village, entered_on=date(2014, 1, 1))
        names = list(persons)
        for name in names:
            self.add(
                "person",
                person_id=pseudonym(name),
                household_id=household,
                region_code=village,
                joined_on=date(2014, 1, 1),
            )
        for year in years:
            self.add(
                "household_year",
                household_id=household,
                region_code=village,
                year=year,
                status=status,
                members=max(len(names), 1),
            )
        return household

    def change(self, household: int, kind: str, day: date) -> int:
        """A status change of the household."""
        region = self.rows["household"][household - 1]["region_code"]
        key: int = self.add("status_change", household_id=household, region_code=region, kind=kind, changed_on=day)
        return key

    def tables(self) -> dict[str, pa.Table]:
        """The frozen tables."""
        return {
            name: pa.Table.from_pylist(rows, schema=arrow_schema(TABLES[name], frozen=True))
            for name, rows in self.rows.items()
        }

    def connect(self) -> duckdb.DuckDBPyConnection:
        """The tests' connection, which now sees these tables as it would see a snapshot's, without writing one."""
        connection = _connection()
        for name, table in self.tables().items():
            connection.register(name, table)
        return connection

    def measure(self, indicator: str, *, year: int = 2019) -> Measured:
        """One indicator of opinion-2016 in one year."""
        return self.measure_all(indicator, year=year)[0]

    def measure_all(self, *indicators: str, year: int = 2019) -> list[Measured]:
        """Several indicators of opinion-2016 in one year."""
        plan = scheme.load("opinion-2016")
        connection = self.connect()
        pairings = engine.attribute(connection, plan, self.as_of)
        when = engine.period_of(year, self.as_of, pairings)
        return [measure(connection, plan, plan.indicator(name), when) for name in indicators]

    def freeze(self, folder: Path) -> snapshot.Snapshot:
        """A snapshot in `folder/snapshot`, in place of one that is there."""
        target = folder / "snapshot"
        shutil.rmtree(target, ignore_errors=True)
        snapshot.write(self.tables(), target, as_of=self.as_of, policy_digest="0" * 64, synthetic=True)
        return snapshot.open(target)


@cache
def _connection() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(":memory:")


def pseudonym(name: str) -> str:
    """A pseudonym as snapshots hold it, readable in a test."""
    return name.encode().hex().ljust(32, "0")[:32]


def cell(table: pa.Table, column: str, **where: Any) -> Any:
    """The value of `column` in the one row of `table` that `where` names."""
    rows = [row for row in table.to_pylist() if all(row[key] == value for key, value in where.items())]
    assert len(rows) == 1, f"{len(rows)} rows for {where}"
    return rows[0][column]
