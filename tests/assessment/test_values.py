"""From evidence rows to a value, or to the reason why there is none."""

from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa
import pytest

from jiedui.assessment import scheme, values
from jiedui.assessment.header import Indicator
from jiedui.assessment.outcome import SCHEMAS
from jiedui.assessment.values import Part
from jiedui.errors import JieduiError

PLAN = scheme.load("opinion-2016")
COUNT, SUM = PLAN.indicator("poverty.exited_persons"), PLAN.indicator("funding.fiscal_aid")
SHARE, GROWTH = PLAN.indicator("funding.paid_share"), PLAN.indicator("funding.aid_keeps_pace")


def _rows(*rows: dict[str, Any]) -> pa.Table:
    common = {
        "indicator": "i",
        "side": "donor",
        "pairing_id": 1,
        "row_table": "project",
        "row_id": "1",
        "region_code": "533301",
        "happened_on": date(2019, 1, 1),
        "amount": None,
        "subject": "s",
        "part": "",
    }
    return pa.Table.from_pylist([common | row for row in rows], schema=SCHEMAS["evidence"])


def test_a_person_in_three_rows_counts_once() -> None:
    """Rows are counted by subject, and the number of rows is said beside."""
    parts = values.parts_of(_rows({"row_id": "1"}, {"row_id": "2"}, {"row_id": "3", "subject": "t"}), COUNT)
    value = values.measure(COUNT, parts[1], reported=True)
    assert (value.value, value.rows) == (2.0, 3)


def test_no_rows_are_zero_only_for_who_reports() -> None:
    """Without rows the count is 0 for a pair with a register and missing, with the table's name, for one without."""
    assert values.measure(COUNT, {}, reported=True).value == 0.0
    nothing = values.measure(COUNT, {}, reported=False, table_title="户年度信息")
    assert nothing.value is None
    assert nothing.missing_zh == "本结对关系没有上报“户年度信息”"
    assert nothing.missing_en == "the pair has no rows in household_year"


def test_unknown_amounts_are_counted_apart() -> None:
    """A sum is of the known amounts, says how many are unknown, and is missing when all are."""
    some = values.parts_of(_rows({"amount": 5.0}, {"row_id": "2"}), SUM)
    value = values.measure(SUM, some[1], reported=True)
    assert (value.value, value.unknown_rows) == (5.0, 1)
    none = values.parts_of(_rows({}, {"row_id": "2"}), SUM)
    assert values.measure(SUM, none[1], reported=True).missing == "unknown_amount"


@pytest.mark.parametrize("denominator", [None, Part(rows=1, distinct=1, known=1, total=0.0)])
def test_a_share_of_nothing_is_missing(denominator: Part | None) -> None:
    """A denominator that is empty or 0 gives no value, with the indicator's own words."""
    parts = {"numerator": Part(1, 1, 1, 4.0)} | ({"denominator": denominator} if denominator else {})
    value = values.measure(SHARE, parts, reported=True)
    assert value.value is None
    assert value.missing_zh == SHARE.missing_zh


def test_a_share_without_numerator_is_zero() -> None:
    """Nothing paid of what arrived is a share of 0, not a missing one."""
    value = values.measure(SHARE, {"denominator": Part(1, 1, 1, 4.0)}, reported=True)
    assert (value.value, value.numerator, value.denominator) == (0.0, 0.0, 4.0)


def test_growth_against_growth() -> None:
    """Aid from 100 to 120 against revenue from 50 to 55: 1.2 over 1.1; missing when any base is."""
    parts = {
        "numerator": Part(1, 1, 1, 120.0),
        "numerator_base": Part(1, 1, 1, 100.0),
        "denominator": Part(1, 1, 1, 55.0),
        "denominator_base": Part(1, 1, 1, 50.0),
    }
    assert values.measure(GROWTH, parts, reported=True).value == pytest.approx(1.2 / 1.1)
    for name in list(parts)[1:]:
        lacking = {key: part for key, part in parts.items() if key != name}
        assert values.measure(GROWTH, lacking, reported=True).missing == "no_base"


@pytest.mark.parametrize(
    ("indicator", "rows", "message"),
    [
        (SUM, [{"amount": 1.0}, {"amount": 1.0}], "adds a row twice"),
        (COUNT, [{"subject": None}], "without a subject"),
        (COUNT, [{"part": "half"}], r"parts \['half'\]"),
        (SHARE, [{"amount": 1.0}], r"parts \[''\]"),
        (COUNT, [{"region_code": None}], "without region_code"),
        (COUNT, [{"happened_on": None}], "without happened_on"),
    ],
)
def test_rows_that_cannot_be_aggregated_are_refused(
    indicator: Indicator, rows: list[dict[str, Any]], message: str
) -> None:
    """A row that a sum would count twice, no subject, place or day, an unknown part: each names the indicator."""
    with pytest.raises(JieduiError, match=message) as caught:
        values.parts_of(_rows(*rows), indicator)
    assert indicator.id in caught.value.message


def test_two_pairs_may_share_a_row() -> None:
    """The same row for two donors is no double count."""
    parts = values.parts_of(_rows({"amount": 3.0}, {"amount": 3.0, "pairing_id": 2}), SUM)
    assert parts[1] == parts[2] == {"": Part(rows=1, distinct=1, known=1, total=3.0)}
