"""Whole tables as a snapshot holds them."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from django.db import transaction
from django.db.utils import InternalError

from jiedui.records import loading, models
from jiedui.records.privacy import cipher
from jiedui.records.queries import frozen
from jiedui.snapshot.schema import TABLES
from jiedui.snapshot.schema.arrow import arrow_schema
from tests.records.small_country import country, id_number

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", TABLES)
def test_what_was_loaded_is_read_back(name):
    """Every frozen column comes back value by value, in the frozen schema, sorted by the frozen key."""
    tables = country()
    loading.load_tables(tables)
    declared = TABLES[name]
    found = frozen.read_table(declared)
    assert found.schema.equals(arrow_schema(declared, frozen=True))
    keys = found[declared.key].to_pylist()
    assert keys == sorted(keys)
    expected = [_frozen(declared, row) for row in tables[name].to_pylist()] if name in tables else []
    assert sorted(found.to_pylist(), key=lambda row: row[declared.key]) == sorted(
        expected, key=lambda row: row[declared.key]
    )


def _frozen(declared, row):
    """The row as a snapshot has it: no private column, a pseudonym for each person."""
    names = {i + 1: cipher().pseudonym(id_number(i + 1)) for i in range(12)}
    return {c.name: names[row[c.name]] if c.kind == "person" else row[c.name] for c in declared.frozen_columns}


def test_no_private_column_leaves():
    """Names, identity numbers, phones and addresses are in no frozen table, under no name."""
    loading.load_tables(country())
    for declared in TABLES.values():
        table = frozen.read_table(declared)
        assert not {c.name for c in declared.columns if c.private} & set(table.column_names)
        assert "合成人" not in str(table.to_pylist())


def test_empty_text_and_unknown_are_kept_apart():
    """An empty text stays empty, a null stays null; commas, quotes and line breaks stay what they are."""
    loading.load_tables(country())
    for number, basis in enumerate(["", 'a,"b"', "two\nlines", "t", "\\N"], start=1):
        if number <= 3:
            models.Pairing.objects.filter(pk=number).update(basis=basis)
        else:
            models.Project.objects.filter(pk=number - 3).update(goal=basis)
    assert frozen.read_table(TABLES["pairing"])["basis"].to_pylist() == ["", 'a,"b"', "two\nlines"]
    assert frozen.read_table(TABLES["project"])["goal"].to_pylist() == ["t", "\\N", None, None]


def test_parts_are_whole_provinces_and_together_the_table():
    """Each part holds one province; the parts together are the table."""
    loading.load_tables(country())
    for declared in TABLES.values():
        parts = list(frozen.read_parts(declared))
        whole = pa.concat_tables(parts).sort_by(declared.key)
        assert whole.equals(frozen.read_table(declared).combine_chunks())
        if declared.region:
            provinces = [set(pc.utf8_slice_codeunits(part[declared.region], 0, 2).to_pylist()) for part in parts]
            assert all(len(found) <= 1 for found in provinces)


@pytest.mark.django_db(transaction=True)
def test_everything_is_of_one_moment():
    """What another session enters while a snapshot is read is not in it, and reading cannot write."""
    import psycopg
    from django.db import connection

    loading.load_tables(country())
    with frozen.moment():
        before = frozen.read_table(TABLES["organisation"]).num_rows
        with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": psycopg.Cursor}) as other:
            other.execute(
                "INSERT INTO records_organisation (kind, name, region_code) VALUES ('firm', '新厂', '310115')"
            )
        assert frozen.read_table(TABLES["organisation"]).num_rows == before
    assert frozen.read_table(TABLES["organisation"]).num_rows == before + 1
    with pytest.raises(InternalError, match="read-only"), frozen.moment(), transaction.atomic():
        models.Organisation.objects.create(kind="firm", name="x", region_code="310115")
