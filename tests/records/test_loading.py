"""Whole tables into the records: all or nothing."""

from __future__ import annotations

import subprocess
import sys

import pyarrow as pa
import pytest
from django.db import connection

from jiedui.errors import JieduiError
from jiedui.records import loading, models
from jiedui.records.privacy import cipher
from tests.records.small_country import country, id_number

pytestmark = pytest.mark.django_db


def _with(tables: dict[str, pa.Table], name: str, column: str, row: int, value: object) -> dict[str, pa.Table]:
    """The tables with one value changed."""
    table = tables[name]
    values = table[column].to_pylist()
    values[row] = value
    at = table.schema.get_field_index(column)
    return {**tables, name: table.set_column(at, table.schema.field(at), pa.array(values, table.schema.field(at).type))}


def test_every_row_arrives():
    """The number of rows of every table is that of the Arrow table, and the batch says so."""
    tables = country(30)
    batch = loading.load_tables(tables)
    assert batch.rows == {name: table.num_rows for name, table in tables.items()}
    assert models.Person.objects.count() == 30
    assert models.LedgerLeg.objects.count() == 2


def test_unknown_stays_unknown():
    """A null arrives as null: income that nobody reported is not zero."""
    loading.load_tables(country())
    assert models.HouseholdYear.objects.get(pk=1).income_per_head_fen is None
    assert models.Person.objects.get(pk=2).phone is None


def test_the_order_of_the_given_tables_does_not_matter():
    """Foreign keys hold whatever the order of the mapping."""
    tables = country()
    loading.load_tables(dict(reversed(tables.items())))
    assert models.Placement.objects.count() == 4


def test_identity_numbers_and_phones_are_encrypted():
    """Neither stands in the database in the clear; with the key both can be read, and found by the blind index."""
    loading.load_tables(country())
    person = models.Person.objects.get(id_number_index=cipher().blind_index(id_number(1)))
    assert person.pk == 1
    assert id_number(1).encode() not in bytes(person.id_number)
    assert cipher().decrypt(person.id_number, "id_number", person.pk) == id_number(1)
    assert cipher().decrypt(person.phone, "phone", person.pk) == "13800001234"
    assert person.pseudonym == cipher().pseudonym(id_number(1))


def test_the_next_key_comes_after_the_loaded_ones():
    """A row that is typed in after loading gets a free key."""
    loading.load_tables(country())
    firm = models.Organisation.objects.create(kind="firm", name="另一厂", region_code="310115")
    assert firm.pk == 2


@pytest.mark.parametrize(
    ("table", "column", "row", "value", "says"),
    [
        ("person", "id_number", 4, "00000019800101001X", "Table person, row 5, column id_number: 校验码不符"),
        ("person", "region_code", 2, "5333", "person_region_code_digits"),
        ("person", "name", 3, None, "Table person, row 4, column name: nothing is entered"),
        ("person", "sex", 0, "unknown", "person_sex_listed"),
        ("household_year", "members", 1, -1, "household_year_members_sign"),
        ("placement", "person_id", 1, 999, "(person_id)=(999)"),
        ("ledger_leg", "amount_fen", 1, 899, "ledger entry 1 does not balance: its legs sum to -1 fen"),
    ],
)
def test_a_wrong_row_is_refused_by_name(table, column, row, value, says):
    """The sentence names the table and what is wrong, and nothing is loaded, the divisions neither."""
    with pytest.raises(JieduiError) as refused:
        loading.load_tables(_with(country(), table, column, row, value))
    assert says in str(refused.value)
    assert not models.Person.objects.exists()
    assert not models.Region.objects.exists()


def test_a_refusal_tells_nothing_about_the_person():
    """What stands in the refused row is not repeated: the sentence may end in a log."""
    with pytest.raises(JieduiError) as refused:
        loading.load_tables(_with(country(), "person", "sex", 0, "unknown"))
    assert "合成人" not in str(refused.value)
    assert "row 1" in str(refused.value)


def test_a_table_must_be_declared_and_whole():
    """Unknown tables, missing and undeclared columns are named."""
    tables = country()
    with pytest.raises(JieduiError, match="no table 'persons'"):
        loading.load_tables({"persons": tables["person"]})
    with pytest.raises(JieduiError, match="person has no column 'sex'"):
        loading.load_tables({**tables, "person": tables["person"].drop_columns(["sex"])})
    with pytest.raises(JieduiError, match="undeclared column 'extra'"):
        loading.load_tables({**tables, "person": tables["person"].append_column("extra", pa.nulls(12))})


def test_loading_twice_needs_the_word():
    """Records that hold rows are not mixed with others; `replace` empties them first and keeps users."""
    user = models.User.objects.create_user("office")
    loading.load_tables(country(12))
    with pytest.raises(JieduiError, match="not empty: table pairing has rows"):
        loading.load_tables(country(6))
    loading.load_tables(country(6), replace=True, entered_by=user)
    assert models.Person.objects.count() == 6
    assert set(models.Person.objects.values_list("entered_by", flat=True)) == {user.pk}


def test_a_failed_replacement_keeps_what_was_there():
    """`replace` empties and fills in one transaction: a wrong row leaves the old rows."""
    loading.load_tables(country(12))
    with pytest.raises(JieduiError):
        loading.load_tables(_with(country(6), "person", "sex", 0, "unknown"), replace=True)
    assert models.Person.objects.count() == 12


def test_a_rerun_sees_what_is_loaded():
    """The origin of the last batch is known; another seed is another country; one real batch ends 'synthetic'."""
    origin = loading.Origin("country persons=12", 2016, True)
    assert loading.loaded(origin) is None
    assert not loading.is_synthetic()
    batch = loading.load_tables(country(), origin=origin)
    assert loading.loaded(origin) == batch
    assert loading.loaded(loading.Origin("country persons=12", 7, True)) is None
    assert loading.is_synthetic()
    loading.load_tables(country(), replace=True)
    assert not loading.is_synthetic()


def test_the_digest_follows_the_rows():
    """Same rows, same digest, however they are cut into chunks; one other value, another digest."""
    tables = country()
    cut = {name: pa.concat_tables([table.slice(0, 1), table.slice(1)]) for name, table in tables.items()}
    assert loading.digest(cut) == loading.digest(tables)
    assert loading.digest(_with(tables, "person", "birth_year", 0, 1981)) != loading.digest(tables)


def test_divisions_come_with_their_history():
    """The divisions of 2016, 2020 and 2024 are there: a code may stand twice, with other years."""
    loading.load_regions()
    then = models.Region.objects.filter(first_year__lte=2016).exclude(last_year__lte=2016)
    assert then.filter(level="county").count() == 2851
    assert loading.load_regions() == 0


def test_progress_ends_at_all_rows():
    """The callback is told rows done and rows in all, and ends with both equal."""
    told = []
    batch = loading.load_tables(country(), progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (sum(batch.rows.values()),) * 2
    assert told == sorted(told)


KILLED = """
import os
from jiedui.runtime import django
django.setup()
from django.db import connections
connections["default"].settings_dict["NAME"] = {name!r}
from jiedui.records import loading
from tests.records.small_country import country

def die(done, total):
    if done > total / 2:
        os.kill(os.getpid(), 9)

loading.load_tables(country(600), replace=True, progress=die)
"""


@pytest.mark.django_db(transaction=True)
def test_a_killed_load_leaves_what_was_there():
    """kill -9 in the middle of a replacement: the rows and the batch are those of before, and loading works again."""
    loading.load_tables(country(12))
    code = KILLED.format(name=connection.settings_dict["NAME"])
    killed = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, timeout=120)
    assert killed.returncode == -9
    assert models.Person.objects.count() == 12
    assert models.LoadedBatch.objects.count() == 1
    loading.load_tables(country(6), replace=True)
    assert models.Person.objects.count() == 6
