"""Running an indicator's SQL."""

from __future__ import annotations

import dataclasses

import pyarrow as pa
import pytest

from jiedui.assessment import engine, evidence, header, scheme
from jiedui.assessment.header import Indicator
from jiedui.errors import JieduiError
from jiedui.snapshot.schema import TABLES
from tests.assessment.small_world import LUSHUI, World

PLAN = scheme.load("opinion-2016")
PLAIN = PLAN.indicator("industry.firms_brought")
ROW = "1 AS pairing_id, 'project' AS row_table, 7 AS row_id, '533301' AS region_code, DATE '2019-01-01' AS happened_on"


def _collect(indicator: Indicator) -> pa.Table:
    world = World()
    connection = world.connect()
    pairings = engine.attribute(connection, PLAN, world.as_of)
    year = engine.period_of(2019, world.as_of, pairings)
    return evidence.collect(connection, PLAN, indicator, year.period, year.parameters)


def _with(sql: str) -> Indicator:
    return dataclasses.replace(PLAIN, sql=sql, uses=())


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("SELECT no_such_column FROM project", "does not run"),
        ("SELECT 1 AS pairing_id", "returns the columns pairing_id"),
        (f"SELECT {ROW}, NULL AS amount, 's' AS subject, '' AS part", "returns the columns"),
        (f"SELECT {ROW.replace('project', 'gossip')}, NULL AS amount, 's' AS subject", "names the table 'gossip'"),
    ],
)
def test_sql_that_returns_no_evidence_is_refused(sql: str, message: str) -> None:
    """An indicator whose SQL fails, or returns other columns or unknown tables, is named with how to mend it."""
    with pytest.raises(JieduiError, match=message) as caught:
        _collect(_with(sql))
    assert PLAIN.id in caught.value.message
    assert caught.value.remedy


def test_keys_become_text_and_amounts_numbers() -> None:
    """Evidence has one form, whatever types the SQL returns."""
    table = _collect(_with(f"SELECT {ROW}, 3 AS amount, 9 AS subject"))
    row = table.to_pylist()[0]
    assert (row["row_id"], row["subject"], row["amount"], row["part"]) == ("7", "9", 3.0, "")


@pytest.mark.parametrize("indicator", PLAN.indicators, ids=[item.id for item in PLAN.indicators])
def test_every_indicator_runs_on_an_empty_country(indicator: Indicator) -> None:
    """Without a row in any table there is no evidence and no error."""
    assert _collect(indicator).num_rows == 0


@pytest.mark.parametrize("table", sorted({item.reported for item in PLAN.indicators if item.reported}))
def test_who_reports_is_who_has_rows(table: str) -> None:
    """A pair with a row in a register reports, one without does not."""
    world = World()
    household = world.household(LUSHUI, persons=["a"])
    if not world.rows[table]:
        known = {"pairing_id": 1, "region_code": LUSHUI, "county_code": LUSHUI, "year": 2019, "household_id": household}
        names = {column.name for column in TABLES[table].columns}
        world.add(table, **{name: value for name, value in known.items() if name in names})
    connection = world.connect()
    engine.attribute(connection, PLAN, world.as_of)
    period = evidence.year_of(2019, world.as_of)
    assert evidence.reporting_pairs(connection, table, period) == {1}


def test_placeholders_are_passed_and_never_written() -> None:
    """The text that runs still has its placeholders: values reach the engine beside it."""
    assert "$stay_months" in PLAN.sql(PLAN.indicator("labour.stable_east"))
    assert {"stay_months", "stay_evidence", "year_start", "year_end"} == header.placeholders(
        PLAN.sql(PLAN.indicator("labour.stable_east"))
    )
