import re

import pytest

from jiedui.snapshot.schema import TABLES, Table

ORDER = list(TABLES)


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_a_declaration_holds_together(table: Table) -> None:
    """The first column is the key; references name tables that come before; region, date and choices exist."""
    names = [column.name for column in table.columns]
    assert len(set(names)) == len(names)
    assert table.columns[0].kind in ("id", "person")
    assert table.key == names[0]
    assert table.duties
    for column in table.columns:
        assert re.search("[一-鿿]", column.title)
        assert (column.kind in ("ref", "person")) == bool(column.references)
        assert (column.kind == "choice") == (column.choices is not None)
        assert (column.kind == "fen") <= (column.unit == "fen")
        if column.references and column.references != table.name:
            assert ORDER.index(column.references) < ORDER.index(table.name)
    assert not table.region or table.column(table.region).kind == "code"
    assert not table.date or table.column(table.date).kind == "date"


def test_what_names_a_person_is_private() -> None:
    """Names of persons, identity numbers, phones and addresses never freeze."""
    private = {f"{table.name}.{column.name}" for table in TABLES.values() for column in table.columns if column.private}
    assert private == {
        "person.name",
        "person.id_number",
        "person.phone",
        "household.address",
        "household.hamlet",
        "secondment.name",
        "candidate.name",
        "dispatch_trip.handed_over_by",
        "dispatch_trip.picked_up_by",
    }


def test_an_unknown_column_names_its_table() -> None:
    """Asking a table for a column that it has not says which table."""
    with pytest.raises(KeyError, match="pairing has no column colour"):
        TABLES["pairing"].column("colour")
