"""佐证: run an indicator's SQL and get its evidence rows, as the value is an aggregate of exactly these."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import duckdb
import pyarrow as pa

from jiedui.assessment import attribution, header
from jiedui.assessment.header import Indicator
from jiedui.assessment.outcome import SCHEMAS
from jiedui.assessment.scheme import Scheme
from jiedui.errors import JieduiError
from jiedui.policy.parameters import Parameters
from jiedui.snapshot.schema import TABLES

COLUMNS = ("pairing_id", "row_table", "row_id", "region_code", "happened_on", "amount", "subject")


def year_of(year: int, as_of: date) -> dict[str, Any]:
    """年度: the placeholders that every SQL may use. The year ends with the frozen data, if these end before it."""
    return {"year": year, "year_start": date(year, 1, 1), "year_end": min(date(year, 12, 31), as_of)}


def collect(
    connection: duckdb.DuckDBPyConnection,
    scheme: Scheme,
    indicator: Indicator,
    period: Mapping[str, Any],
    parameters: Parameters,
) -> pa.Table:
    """佐证行: the rows of one indicator, sorted, with the columns of `SCHEMAS["evidence"]`.

    Parameters are passed to the engine, never written into the SQL. Raises JieduiError when the SQL does not run or
    returns other columns.
    """
    sql = scheme.sql(indicator)
    filled = {name: _plain(parameters.value(key)) for name, key in scheme.parameters(indicator).items()}
    used = header.placeholders(sql)
    given = {name: value for name, value in {**period, **filled}.items() if name in used}
    try:
        relation = connection.sql(sql, params=given)
        rows = relation.to_arrow_table()
    except duckdb.Error as error:
        raise JieduiError(
            f"The SQL of indicator {indicator.id} does not run: {str(error).splitlines()[0]}",
            remedy=f"Mend {indicator.area}/{indicator.path.name}; docs/assessment.md lists the tables it may read.",
        ) from error
    return _formed(rows, indicator)


def _formed(rows: pa.Table, indicator: Indicator) -> pa.Table:
    """The rows with the columns, types and order of evidence."""
    expected = (*COLUMNS, "part") if len(indicator.parts) > 1 else COLUMNS
    if tuple(rows.column_names) != expected:
        raise JieduiError(
            f"The SQL of indicator {indicator.id} returns the columns {', '.join(rows.column_names)}.",
            remedy=f"It must return {', '.join(expected)}, in this order.",
        )
    size = rows.num_rows
    if "part" not in rows.column_names:
        rows = rows.append_column("part", pa.array([""] * size, pa.string()))
    rows = rows.append_column("indicator", pa.array([indicator.id] * size, pa.string()))
    rows = rows.append_column("side", pa.array([indicator.side] * size, pa.string()))
    schema = SCHEMAS["evidence"]
    formed = rows.select(schema.names).cast(schema)
    unknown = sorted(set(formed["row_table"].unique().to_pylist()) - set(TABLES))
    if unknown:
        raise JieduiError(
            f"The SQL of indicator {indicator.id} names the table {unknown[0]!r}, which no snapshot has.",
            remedy="row_table names the table that the row lies in.",
        )
    order = ("pairing_id", "part", "row_table", "region_code", "happened_on", "row_id", "subject")
    return formed.sort_by([(name, "ascending") for name in order])


def reported_sql(table_name: str) -> str:
    """上报情况: SQL for the pairs that have rows in a table, up to the year: only for them an empty count is a zero.

    A table with a column `year` must have rows of that year; one with a date must have a row up to the year's end.
    """
    table = TABLES[table_name]
    names = {column.name for column in table.columns}
    by_year = "year" in names
    when = "t.year = $year" if by_year else f"t.{table.date} <= $year_end" if table.date else "TRUE"
    if "pairing_id" in names:
        return f"SELECT DISTINCT t.pairing_id FROM {table_name} AS t WHERE t.pairing_id IS NOT NULL AND {when}"
    day = f"t.{table.date}" if table.date and not by_year else "$year_end"
    return f"""
SELECT DISTINCT r.pairing_id FROM {table_name} AS t
JOIN responsibility AS r
  ON r.place_code = left({attribution.place_of(table)}, 6) AND {day} >= r.valid_from AND {day} < r.valid_to
WHERE {when}"""


def reporting_pairs(connection: duckdb.DuckDBPyConnection, table_name: str, period: Mapping[str, Any]) -> set[int]:
    """上报的结对关系: ids of the pairs with rows in the table."""
    sql = reported_sql(table_name)
    given = {name: value for name, value in period.items() if name in header.placeholders(sql)}
    return {row[0] for row in connection.sql(sql, params=given).fetchall()}


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
