from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from jiedui import snapshot
from jiedui.errors import JieduiError
from jiedui.snapshot import validation
from jiedui.snapshot.schema import TABLES
from jiedui.terms.divisions import Gazetteer


def spoiled(table: pa.Table, column: str, change: Callable[[list[Any]], None]) -> pa.Table:
    """The table with one column changed in place by `change`; every column may be null."""
    values = table[column].to_pylist()
    change(values)
    at = table.column_names.index(column)
    return table.set_column(at, pa.field(column, table.schema.field(column).type), pa.array(values, table[column].type))


def setting(*rows: int, to: object) -> Callable[[list[Any]], None]:
    """A change that puts a value into some rows."""

    def change(values: list[Any]) -> None:
        for row in rows:
            values[row] = to

    return change


FAULTS = [
    (
        "household",
        "cause",
        setting(3, 8, to=None),
        "household.cause: 2 rows without a required value; first household_id",
    ),
    ("household", "cause", setting(3, to="bad luck"), "household.cause: 1 rows with a value that is in no code list"),
    ("household", "region_code", setting(0, to="53060"), "household.region_code: 1 rows whose code is not 6, 9 or 12"),
    ("project", "region_code", setting(5, to="999999"), "project.region_code: 1 rows whose division code was never"),
    ("household", "household_id", setting(1, to=1), "household.household_id: 1 keys stand more than once; first 1"),
    ("worker", "household_id", setting(2, 4, to=10**9), "worker.household_id: 2 rows refer to a household that is not"),
    ("worker", "person_id", setting(0, to="f" * 32), "worker.person_id: 1 rows refer to a person that is not there"),
    ("worker", "partner_id", setting(6, to=10**9), "worker.partner_id: 1 rows refer to a worker that is not there"),
]


@pytest.mark.parametrize(
    ("name", "column", "change", "said"), FAULTS, ids=lambda value: value if isinstance(value, str) else ""
)
def test_each_fault_is_counted_and_its_first_row_named(
    name: str, column: str, change: Callable[[list[Any]], None], said: str, frozen: dict[str, pa.Table], tmp_path: Path
) -> None:
    """Nothing is written, and the error says table, column, number of rows and the first of them."""
    with pytest.raises(JieduiError) as error:
        snapshot.write(
            frozen | {name: spoiled(frozen[name], column, change)},
            tmp_path / "out",
            as_of=date(2019, 12, 31),
            policy_digest="p",
            synthetic=True,
        )
    assert said in error.value.message
    assert list(tmp_path.iterdir()) == []


def test_all_faults_are_told_at_once(frozen: dict[str, pa.Table], tmp_path: Path) -> None:
    """Two tables with faults are both in the one error."""
    bad = {
        "household": spoiled(frozen["household"], "cause", setting(0, to="?")),
        "visit": spoiled(frozen["visit"], "rank", setting(0, to=None)),
    }
    with pytest.raises(JieduiError, match="2 faults") as error:
        snapshot.write(frozen | bad, tmp_path / "out", as_of=date(2019, 12, 31), policy_digest="p", synthetic=True)
    assert "household.cause" in error.value.message
    assert "visit.rank" in error.value.message


def test_clean_rows_have_no_faults(frozen: dict[str, pa.Table]) -> None:
    """The rows of the synthetic country break nothing."""
    gazetteer = Gazetteer.load()
    assert not [fault for name, t in TABLES.items() for fault in validation.faults(t, frozen[name], gazetteer)]


def test_private_columns_are_refused_by_name(full: dict[str, pa.Table]) -> None:
    """Full tables do not freeze by accident: the private columns are named."""
    with pytest.raises(JieduiError, match="id_number, name, phone"):
        validation.conform(TABLES["person"], full["person"])


def test_columns_are_those_declared(frozen: dict[str, pa.Table]) -> None:
    """A column too few or too many is named; another order is put right; a narrower type is widened."""
    visits = frozen["visit"]
    with pytest.raises(JieduiError, match=r"missing \['rank'\], unknown \['colour'\]"):
        validation.conform(
            TABLES["visit"], visits.rename_columns([n if n != "rank" else "colour" for n in visits.column_names])
        )
    mixed = visits.select(visits.column_names[::-1])
    mixed = mixed.set_column(mixed.column_names.index("persons"), "persons", pc.cast(mixed["persons"], pa.int16()))
    assert validation.conform(TABLES["visit"], mixed).equals(
        visits.cast(validation.conform(TABLES["visit"], mixed).schema)
    )


def test_a_type_that_would_lose_something_is_refused(frozen: dict[str, pa.Table]) -> None:
    """Half a person is no number of persons."""
    visits = frozen["visit"]
    halves = visits.set_column(5, "persons", pa.array([1.5] * visits.num_rows))
    with pytest.raises(JieduiError, match="visit: a column has another type"):
        validation.conform(TABLES["visit"], halves)
