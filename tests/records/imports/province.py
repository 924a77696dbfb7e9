"""A small synthetic province and its rosters as files, for the tests of imports."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from django.db.backends.postgresql.psycopg_any import DateRange

from jiedui.jobs import importing as job
from jiedui.records import loading, models
from jiedui.records.actions import importing
from jiedui.records.actions.importing import Sending
from jiedui.sheets import Column, write_xlsx
from jiedui.simulate import country
from jiedui.simulate.places import village_names
from jiedui.simulate.rosters import registry_export

PROVINCE, YEAR = "620000", 2019
_KINDS = {"int64": "int", "double": "decimal", "date32[day]": "date", "string": "text"}


@cache
def _tables() -> dict[str, pa.Table]:
    return country(persons=3000)


def roster(inside: str = "62", year: int = YEAR) -> pa.Table:
    """The registry's export below a code prefix."""
    return registry_export(_tables(), year, inside=inside)


def counties() -> list[str]:
    """The counties of the province in which persons live, those with most first."""
    codes = pc.utf8_slice_codeunits(_tables()["person"]["region_code"], 0, 6)
    counted = codes.filter(pc.starts_with(codes, "62")).value_counts().to_pylist()
    return [one["values"] for one in sorted(counted, key=lambda one: -one["counts"])]


def write(path: Path, table: pa.Table) -> Path:
    """The table as an .xlsx with typed cells."""
    columns = [Column(one.name, kind=_KINDS[str(one.type)]) for one in table.schema]
    write_xlsx(path, columns=columns, batches=[table])
    return path


def changed(table: pa.Table, row: int, **values) -> pa.Table:
    """The table with other values in one row, by title."""
    rows = table.to_pylist()
    rows[row] |= values
    return pa.Table.from_pylist(rows, schema=table.schema)


def neighbour(table: pa.Table, row: int) -> int:
    """Another person's row after `row` in a village that has more rows than this one."""
    columns = [table[name].to_pylist() for name in ("县", "乡镇", "行政村")]
    villages = list(zip(*columns, strict=True))
    return next(at for at in range(row + 1, len(villages)) if villages.count(villages[at]) > 2)


def officer(name: str = "officer", region: str = PROVINCE) -> models.User:
    """A recipient office's user, and the villages of the province."""
    loading.load_villages(village_names(_tables()["household"]["region_code"]))
    user, _ = models.User.objects.get_or_create(username=name)
    models.RoleGrant.objects.get_or_create(
        user=user, role="recipient_office", region_code=region, defaults={"valid": DateRange("2016-01-01", None)}
    )
    return user


def send(
    tmp_path: Path, table: pa.Table, by: models.User, *, region: str = PROVINCE, year: int = YEAR
) -> models.Import:
    """Send a roster and have it compared."""
    path = write(tmp_path / "sent.xlsx", table)
    one = importing.receive(Sending("registry", region, "模拟系统", "花名册.xlsx", year), path, by=by)
    job.compare(one.pk)
    one.refresh_from_db()
    return one


def take(one: models.Import, by: models.User) -> models.Import:
    """Accept all that is not left out, and have it written."""
    importing.accept(one, by=by)
    job.write(one.pk)
    one.refresh_from_db()
    return one


def take_back(one: models.Import, by: models.User) -> models.Import:
    """Undo it."""
    importing.undo(one, by=by, reason="测试撤销")
    job.undo(one.pk)
    one.refresh_from_db()
    return one


def contents() -> dict[str, list[tuple]]:
    """Everything that the register says, without keys of rows, who and when."""
    person = ("person_id", "household_id", "region_code", "name", "sex", "birth_year", "relation", "ethnic_group",
              "education", "in_school", "health", "labour_ability", "joined_on", "left_on", "pseudonym")  # fmt: skip
    household = ("household_id", "region_code", "hamlet", "cause", "unsafe_housing", "safe_water", "entered_on")
    year = ("household_id", "region_code", "year", "status", "members", "income_per_head_fen", "monitored_as",
            "risk_removed", "risk_found_on", "risk_removed_on")  # fmt: skip
    own = ("person_id", "region_code", "year", "education", "in_school", "health", "labour_ability", "months_worked",
           "insured")  # fmt: skip
    change = ("household_id", "kind", "changed_on")
    tables = ((models.Person, person), (models.Household, household), (models.HouseholdYear, year),
              (models.PersonYear, own), (models.StatusChange, change))  # fmt: skip
    return {model.__name__: sorted(model.objects.values_list(*names), key=repr) for model, names in tables}
