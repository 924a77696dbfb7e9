from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

from jiedui import snapshot
from jiedui.errors import JieduiError, NotVerified
from jiedui.snapshot.schema import TABLES
from jiedui.snapshot.schema.arrow import arrow_schema


def test_tables_come_back_as_they_were(written: Path, frozen: dict[str, pa.Table]) -> None:
    """Every table has the frozen schema and the same rows, by key inside a province."""
    opened = snapshot.open(written)
    for name, table in TABLES.items():
        back = opened.table(name)
        assert back.schema == arrow_schema(table, frozen=True)
        assert back.sort_by(table.key).equals(frozen[name].sort_by(table.key))


def test_columns_can_be_chosen(written: Path) -> None:
    """Only the columns named, in that order."""
    opened = snapshot.open(written)
    assert opened.table("person", ["sex", "birth_year"]).column_names == ["sex", "birth_year"]


def test_it_says_what_it_is(written: Path) -> None:
    """Day, digest and origin are at hand without reading a file of data."""
    opened = snapshot.open(written)
    assert opened.as_of == date(2019, 12, 31)
    assert opened.digest == opened.manifest.digest
    assert len(opened.digest) == 64
    assert opened.manifest.synthetic
    assert opened.manifest.policy_digest == "policy"


def test_what_is_not_there_is_named(written: Path) -> None:
    """An unknown table or column gives the list of those there are."""
    opened = snapshot.open(written)
    with pytest.raises(JieduiError, match=r"no table 'horse'.*person"):
        opened.table("horse")
    with pytest.raises(JieduiError, match=r"no column 'name'.*sex"):
        opened.table("person", ["name"])


def test_opening_something_else_is_refused(tmp_path: Path) -> None:
    """A folder without a description is no snapshot."""
    with pytest.raises(NotVerified, match="is no snapshot"):
        snapshot.open(tmp_path)


def test_an_unknown_door_is_an_attribute_error() -> None:
    """The package has its public names and no others."""
    with pytest.raises(AttributeError, match="has no attribute opne"):
        snapshot.opne  # noqa: B018
