"""The models of records say what `snapshot.schema` declares."""

from __future__ import annotations

from typing import get_args

import pytest
from django.apps import apps
from django.db import models

from jiedui.records.access import Visibility
from jiedui.records.models import Person
from jiedui.records.models.entry import Imported
from jiedui.snapshot.schema import TABLES, Table
from jiedui.snapshot.schema.definition import Column

KINDS: dict[str, type[models.Field]] = {
    "id": models.BigAutoField,
    "ref": models.ForeignKey,
    "code": models.CharField,
    "text": models.CharField,
    "choice": models.CharField,
    "int": models.BigIntegerField,
    "fen": models.BigIntegerField,
    "date": models.DateField,
    "bool": models.BooleanField,
}
ENCRYPTED = {"id_number", "phone"}
NOT_DECLARED = {"entered_by_id", "entered_at"}


def model_of(table: Table) -> type[models.Model]:
    """The model called like the table in CamelCase."""
    return apps.get_model("records", table.name.replace("_", ""))


def columns_of(model: type[models.Model]) -> dict[str, models.Field]:
    """The fields by the name of their column."""
    return {field.column: field for field in model._meta.concrete_fields}


def expected_class(table: Table, column: Column) -> type[models.Field]:
    """The field class of a declared column."""
    if column.kind == "person":
        return models.BigAutoField if column.name == table.key else models.ForeignKey
    return models.BinaryField if column.name in ENCRYPTED else KINDS[column.kind]


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_columns_are_those_declared(table):
    """Every declared column is stored, and nothing else but who entered the row, when, by which import, and keys."""
    derived = {"id_number_index", "phone_index", "pseudonym", "county_code"} if table.name == "person" else set()
    if issubclass(model_of(table), Imported):
        derived |= {"import_id"}
    assert set(columns_of(model_of(table))) == {column.name for column in table.columns} | NOT_DECLARED | derived
    assert model_of(table)._meta.db_table == f"records_{table.name}"


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_kind_title_and_nullability_are_those_declared(table):
    """A column's class, Chinese title and whether it may be unknown are the declared ones."""
    fields = columns_of(model_of(table))
    for column in table.columns:
        field = fields[column.name]
        assert type(field) is expected_class(table, column), column.name
        assert field.verbose_name == column.title, column.name
        assert field.null is (not column.required), column.name
        assert field.primary_key is (column.name == table.key), column.name


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_choices_and_references_are_those_declared(table):
    """A choice has exactly the code list's identifiers with their Chinese labels; a reference leads to its table."""
    fields = columns_of(model_of(table))
    for column in table.columns:
        field = fields[column.name]
        expected = [(name, labels[0]) for name, labels in (column.choices or {}).items()]
        assert list(field.choices or []) == expected, column.name
        if column.references and column.name != table.key:
            assert field.related_model is model_of(TABLES[column.references]), column.name


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_every_choice_and_code_is_checked_by_the_database(table):
    """What COPY brings is checked too: each choice against its list, each code for its digits."""
    constraints = {constraint.name for constraint in model_of(table)._meta.constraints}
    endings = {"choice": "listed", "code": "digits"}
    expected = {f"{table.name}_{c.name}_{endings[c.kind]}" for c in table.columns if c.kind in endings}
    assert expected <= constraints


def test_every_table_of_facts_has_a_class_of_visibility():
    """No table is visible by oversight: each names its class, and the ones about people name theirs."""
    for table in TABLES.values():
        model = model_of(table)
        assert model.visibility in get_args(Visibility), table.name
        about_people = any(c.kind == "person" or c.references == "household" for c in table.columns)
        if about_people and table.name != "ledger_leg":
            assert model.visibility == "people", table.name
    assert Person.visibility == "people"
