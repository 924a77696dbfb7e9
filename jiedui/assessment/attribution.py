"""归属: which pair a row counts for: the one responsible for its place on the day it happened.

Computed once per place and kept as a table that the indicators' SQL joins; a pair that a row names is not believed
but checked against it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import pairwise
from typing import Any

import pyarrow as pa

from jiedui.policy.registry import interprets
from jiedui.policy.rules.pairing import Edges, below_prefectures
from jiedui.snapshot.schema import TABLES
from jiedui.snapshot.schema.definition import Table
from jiedui.terms.divisions import Gazetteer, prefix
from jiedui.terms.pairs import Pairing

FOREVER = date(9999, 12, 31)
"""Stands for "still valid", so that SQL needs no case for null."""

PLACE = {
    "poverty_county": "coalesce(county_code, province_code)",
    "secondment": "CASE direction WHEN 'donor_to_recipient' THEN region_code ELSE home_region_code END",
}
"""Tables whose place in the recipient's area is not simply their region column, as SQL."""

RESPONSIBILITY_SCHEMA = pa.schema(
    [
        ("place_code", pa.string()),
        ("pairing_id", pa.int64()),
        ("valid_from", pa.date32()),
        ("valid_to", pa.date32()),
        ("donors", pa.int64()),
    ]
)
PAIR_SCHEMA = pa.schema(
    [
        ("pairing_id", pa.int64()),
        ("donor_code", pa.string()),
        ("recipient_code", pa.string()),
        ("donor_prefix", pa.string()),
        ("recipient_prefix", pa.string()),
        ("level", pa.string()),
        ("valid_from", pa.date32()),
        ("valid_to", pa.date32()),
    ]
)


def pairs_of(table: pa.Table, *, schemes: Iterable[str], levels: Iterable[str]) -> tuple[Pairing, ...]:
    """结对关系: the pairings of a snapshot that a scheme assesses, by id. County pairs count for their parent pair."""
    kinds, ranks = set(schemes), set(levels)
    found = (Pairing(**row) for row in table.to_pylist() if row["scheme"] in kinds and row["level"] in ranks)
    return tuple(sorted(found, key=lambda pairing: pairing.pairing_id))


def pair_table(pairings: Sequence[Pairing]) -> pa.Table:
    """结对表: the table `pair` of the indicators' SQL."""
    rows = [
        {
            "pairing_id": pairing.pairing_id,
            "donor_code": pairing.donor_code,
            "recipient_code": pairing.recipient_code,
            "donor_prefix": prefix(pairing.donor_code),
            "recipient_prefix": prefix(pairing.recipient_code),
            "level": pairing.level,
            "valid_from": pairing.valid_from,
            "valid_to": pairing.valid_to or FOREVER,
        }
        for pairing in pairings
    ]
    return pa.Table.from_pylist(rows, schema=PAIR_SCHEMA)


@interprets(
    "pairing.5",
    because="A pair of counties lies inside a pair of the text: what is done in its name counts for that pair, once.",
)
def parents(table: pa.Table, pairings: Sequence[Pairing], *, gazetteer: Gazetteer | None = None) -> dict[int, int]:
    """所属结对: each pair of counties, townships or villages of a snapshot → the assessed pair that it lies in."""
    found: dict[int, int] = {}
    for row in table.to_pylist():
        pairing = Pairing(**row)
        if below_prefectures(pairing):
            edges = Edges((pairing, *pairings), pairing.valid_from, gazetteer=gazetteer, scheme=pairing.scheme)
            above = [one.pairing_id for one in edges.of(pairing.recipient_code) if one in pairings]
            found |= {pairing.pairing_id: above[0]} if above else {}
    return found


def named_parents_sql(table: Table) -> tuple[str, str]:
    """以所属结对计: SQL that puts a view in the place of a table, in which a row names its assessed pair.

    It reads the table `parent_pair` (pairing_id, parent_id).
    """
    name = table.name
    return (
        f"ALTER VIEW {name} RENAME TO {name}_as_named",
        f"CREATE VIEW {name} AS SELECT t.* REPLACE (coalesce(p.parent_id, t.pairing_id) AS pairing_id) "
        f"FROM {name}_as_named AS t LEFT JOIN parent_pair AS p ON p.pairing_id = t.pairing_id",
    )


def tables_of_pairs() -> tuple[Table, ...]:
    """以结对记录的表: every table whose rows name a pairing, the pairings apart."""
    return tuple(
        table
        for table in TABLES.values()
        if table.name != "pairing" and any(column.name == "pairing_id" for column in table.columns)
    )


@interprets(
    "pairing.2",
    "assessment.2",
    because="两个帮扶方同帮一地时,双方各计全数;全国合计按人去重,不重复计。",
)
def responsibility(
    places: Iterable[str], pairings: Sequence[Pairing], until: date, *, gazetteer: Gazetteer | None = None
) -> pa.Table:
    """责任表: the pairs responsible for each place, by stretch of days: columns of `RESPONSIBILITY_SCHEMA`.

    An answer can change on a day on which a pairing begins or ends, and with a new year's divisions; each stretch
    between such days, up to `until`, is asked once. `donors` is how many pairs share the place: each of them shows
    the full number.
    """
    stretches = [
        (start, end, Edges(pairings, start, gazetteer=gazetteer, scheme=None))
        for start, end in pairwise([*_days_of_change(pairings, until), FOREVER])
    ]
    rows: list[dict[str, Any]] = []
    for place in sorted(set(places)):
        current: dict[int, dict[str, Any]] = {}
        for start, end, edges in stretches:
            holding = [pairing.pairing_id for pairing in edges.of(place)]
            for pairing_id in holding:
                row = current.get(pairing_id)
                if row is not None and row["valid_to"] == start and row["donors"] == len(holding):
                    row["valid_to"] = end
                    continue
                row = dict(zip(RESPONSIBILITY_SCHEMA.names, (place, pairing_id, start, end, len(holding)), strict=True))
                current[pairing_id] = row
                rows.append(row)
    return pa.Table.from_pylist(rows, schema=RESPONSIBILITY_SCHEMA)


def _days_of_change(pairings: Sequence[Pairing], until: date) -> list[date]:
    days = {pairing.valid_from for pairing in pairings} | {p.valid_to for p in pairings if p.valid_to}
    years = range(min(days).year + 1, until.year + 1) if days else range(0)
    return sorted(day for day in days | {date(year, 1, 1) for year in years} if day <= until)


def place_of(table: Table) -> str:
    """所在地: SQL for the place of a table's rows in the recipient's area."""
    return PLACE.get(table.name, table.region)


def places_sql() -> str:
    """地点: SQL for the distinct six-digit places that rows of a snapshot lie in."""
    parts = [
        f"SELECT left({place_of(table)}, 6) AS place_code FROM {table.name}"
        for table in TABLES.values()
        if table.region and table.name not in ("fiscal_revenue", "organisation", "vacancy")
    ]
    return f"SELECT DISTINCT place_code FROM ({' UNION ALL '.join(parts)}) WHERE length(place_code) = 6"


def refused_sql() -> str:
    """归属核对: SQL for the rows that name a pair that is not responsible for their place on their day.

    They count nowhere. Columns: row_table, row_id, pairing_id, region_code, happened_on.
    """
    return " UNION ALL ".join(_refused(table) for table in TABLES.values() if _names_a_pair(table))


def _names_a_pair(table: Table) -> bool:
    return bool(table.region and table.date) and any(column.name == "pairing_id" for column in table.columns)


def _refused(table: Table) -> str:
    place = place_of(table)
    return f"""
SELECT '{table.name}' AS row_table, CAST(t.{table.key} AS VARCHAR) AS row_id, t.pairing_id,
       {place} AS region_code, t.{table.date} AS happened_on
FROM {table.name} AS t
JOIN pair USING (pairing_id)
WHERE t.{table.date} <= $year_end AND NOT EXISTS (
  SELECT 1 FROM responsibility AS r
  WHERE r.pairing_id = t.pairing_id AND r.place_code = left({place}, 6)
    AND t.{table.date} >= r.valid_from AND t.{table.date} < r.valid_to)"""
