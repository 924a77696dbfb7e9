from pathlib import Path

import pyarrow as pa
import pytest

from jiedui.snapshot import parquet
from jiedui.snapshot.schema import TABLES
from jiedui.snapshot.schema.arrow import arrow_schema


def test_rows_are_divided_by_province_and_lost_nowhere(frozen: dict[str, pa.Table]) -> None:
    """Every part holds one province, the parts together hold all rows; a table without region stays whole."""
    for name, table in TABLES.items():
        parts = list(parquet.provinces(table, frozen[name]))
        assert sum(rows.num_rows for _, rows in parts) == frozen[name].num_rows
        for province, rows in parts:
            if province == parquet.WHOLE:
                assert not table.region or not rows.num_rows
            else:
                assert {code[:2] for code in rows[table.region].to_pylist()} == {province}


def test_a_table_without_rows_is_one_file() -> None:
    """An empty table has one part, `all`."""
    declared = TABLES["worker"]
    empty = arrow_schema(declared, frozen=True).empty_table()
    assert [name for name, _ in parquet.provinces(declared, empty)] == ["all"]


@pytest.mark.parametrize("name", ["person", "ledger_leg", "visit"])
def test_what_is_written_is_read_sorted_by_key(name: str, frozen: dict[str, pa.Table], tmp_path: Path) -> None:
    """A file gives back its rows in the declared types, by key, whatever the order they came in."""
    declared, rows = TABLES[name], frozen[name]
    entry = parquet.write_file(tmp_path, declared, "all", rows.take(list(range(rows.num_rows))[::-1]))
    back = parquet.read_file(tmp_path / entry.path, arrow_schema(declared, frozen=True))
    assert back.schema == arrow_schema(declared, frozen=True)
    assert back.equals(rows.sort_by(declared.key))
    assert parquet.read_file(tmp_path / entry.path, back.schema, [declared.key]).column_names == [declared.key]


def test_a_path_is_inside_the_data_folder() -> None:
    """Only data/<table>/<two digits or all>.parquet is a path of a snapshot."""
    assert parquet.PATH.fullmatch("data/person/53.parquet")
    for path in ("data/person/../../x.parquet", "/etc/passwd", "data/person/530.parquet", "datapackage.json"):
        assert not parquet.PATH.fullmatch(path)
