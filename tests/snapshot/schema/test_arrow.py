import pyarrow as pa
import pytest

from jiedui.snapshot.schema import TABLES, Table
from jiedui.snapshot.schema.arrow import arrow_schema


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_a_frozen_schema_has_the_declared_columns_without_the_private(table: Table) -> None:
    """Frozen: declared order, private left out; full: all columns; `nullable` says what may be missing."""
    frozen, full = arrow_schema(table, frozen=True), arrow_schema(table, frozen=False)
    assert full.names == [column.name for column in table.columns]
    assert frozen.names == [column.name for column in table.columns if not column.private]
    assert [field.nullable for field in full] == [not column.required for column in table.columns]


def test_a_person_is_a_number_in_records_and_text_in_a_snapshot() -> None:
    """Keys of persons are int64 in the full schema and text (the pseudonym) in the frozen one."""
    assert arrow_schema(TABLES["worker"], frozen=False).field("person_id").type == pa.int64()
    assert arrow_schema(TABLES["worker"], frozen=True).field("person_id").type == pa.string()


def test_money_is_whole_and_days_are_dates() -> None:
    """Fen are int64, dates date32, choices and codes text, flags bool."""
    schema = arrow_schema(TABLES["vacancy"], frozen=True)
    assert schema.field("monthly_wage_fen").type == pa.int64()
    assert schema.field("open_from").type == pa.date32()
    assert schema.field("skill").type == schema.field("region_code").type == pa.string()
    assert schema.field("dormitory").type == pa.bool_()
