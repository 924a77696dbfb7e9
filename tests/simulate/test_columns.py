from datetime import date

import numpy as np
import pyarrow as pa
import pytest

from jiedui.simulate.columns import MISSING, days, position, table
from jiedui.snapshot.schema import TABLES
from jiedui.snapshot.schema.arrow import arrow_schema
from jiedui.terms.codelists import SEX


def a_status_change(**changed: object) -> pa.Table:
    """Two changes of one household, with columns replaced."""
    columns = {
        "status_change_id": np.array([1, 2]),
        "household_id": np.array([1, 1]),
        "region_code": np.array([530602901201, 530602901202]),
        "kind": np.array([0, 1]),
        "changed_on": np.array([days(date(2014, 3, 1)), days(date(2018, 12, 1))]),
        "reason": ["a", "b"],
    }
    return table("status_change", columns | changed)


def test_arrays_become_the_declared_types() -> None:
    """Codes become text, choices identifiers, days dates, in the full schema of the table."""
    made = a_status_change()
    assert made.schema == arrow_schema(TABLES["status_change"], frozen=False)
    assert made["region_code"].to_pylist() == ["530602901201", "530602901202"]
    assert made["kind"].to_pylist() == ["enter", "exit"]
    assert made["changed_on"].to_pylist() == [date(2014, 3, 1), date(2018, 12, 1)]


def test_missing_becomes_null() -> None:
    """MISSING is null in every kind of whole-number column."""
    made = a_status_change(
        changed_on=np.array([MISSING, 0]), kind=np.array([MISSING, 0]), household_id=np.array([MISSING, 7])
    )
    assert made["changed_on"].to_pylist() == [None, date(1970, 1, 1)]
    assert made["kind"].to_pylist() == [None, "enter"]
    assert made["household_id"].to_pylist() == [None, 7]


def test_an_undeclared_column_is_an_error() -> None:
    """A column that the table does not declare is named in the error."""
    with pytest.raises(KeyError, match="colour"):
        a_status_change(colour=np.array([1, 2]))


def test_position_counts_from_zero() -> None:
    """The position of an identifier is its place in the code list."""
    assert position(SEX, "male") == 1
    assert position(SEX, "male", "female").tolist() == [1, 0]
