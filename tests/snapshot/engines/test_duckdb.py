import shutil
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from jiedui import snapshot
from jiedui.snapshot.schema import TABLES


def test_every_table_is_a_view_with_its_rows(written: Path, frozen: dict[str, pa.Table]) -> None:
    """One view per table; counts are those of the tables."""
    with snapshot.open(written).duckdb() as connection:
        for name in TABLES:
            assert connection.execute(f"SELECT count(*) FROM {name}").fetchall() == [(frozen[name].num_rows,)]


def test_views_join_as_the_tables_do(written: Path) -> None:
    """A join over a reference loses no row."""
    with snapshot.open(written).duckdb(threads=1) as connection:
        joined = connection.execute("SELECT count(*) FROM person JOIN household USING (household_id)").fetchall()
        assert joined == connection.execute("SELECT count(*) FROM person").fetchall()


def test_an_empty_table_has_its_columns(written: Path, frozen: dict[str, pa.Table], tmp_path: Path) -> None:
    """A table without rows is a view with all its columns in their types."""
    empty = frozen["settlement"].slice(0, 0)
    from tests.snapshot.conftest import AS_OF

    snapshot.write(frozen | {"settlement": empty}, tmp_path / "s", as_of=AS_OF, policy_digest="", synthetic=True)
    with snapshot.open(tmp_path / "s").duckdb() as connection:
        described = connection.execute("DESCRIBE settlement").fetchall()
    assert [row[0] for row in described] == empty.column_names
    assert {row[0]: row[1] for row in described}["applied_on"] == "DATE"


def test_a_folder_with_a_quote_in_its_name(written: Path, tmp_path: Path) -> None:
    """Names of folders are quoted, not pasted."""
    odd = Path(shutil.copytree(written, tmp_path / "it's [a] snap*shot"))
    with snapshot.open(odd).duckdb() as connection:
        assert connection.execute("SELECT count(*) FROM pairing").fetchall() == [(32,)]


def test_views_cannot_be_written(written: Path) -> None:
    """A snapshot is read, never changed, through its views."""
    with snapshot.open(written).duckdb() as connection, pytest.raises(duckdb.Error):
        connection.execute("DELETE FROM pairing")
