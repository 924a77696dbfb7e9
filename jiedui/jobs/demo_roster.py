"""演示花名册: a county's roster as an office would send it back: some rows changed, two wrong, one gone.

It is compared and waits for a decision on the page "Imports", so that a visitor can try it.
"""

from __future__ import annotations

from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
from django.db.models import Count

from jiedui.errors import JieduiError
from jiedui.jobs import importing as job
from jiedui.records import models
from jiedui.records.actions import importing
from jiedui.records.actions.importing import Sending
from jiedui.records.queries import export
from jiedui.records.queries.register import Filters, Sought
from jiedui.runtime import settings
from jiedui.sheets import Column, write_xlsx

OFFICER: Final = "gansu"
PROVINCE: Final = "62"
SOURCE: Final = "演示：县里核实后送回的花名册"
_KINDS: Final = {"int64": "int", "double": "decimal", "date32[day]": "date", "string": "text"}


def send_one(year: int) -> str:
    """送一份: once; tells what was found."""
    if models.Import.objects.filter(source=SOURCE).exists():
        return "a county's roster waits for a decision (already there)"
    by = models.User.objects.get(username=OFFICER)
    county = _county()
    if county is None:
        return "no county of the officer's region has persons; nothing was sent"
    path = settings.load().home / "demo-roster.xlsx"
    rows = altered(roster(by, county, year))
    columns = [Column(one.name, kind=_KINDS[str(one.type)]) for one in rows.schema]
    write_xlsx(path, columns=columns, batches=[rows])
    one = importing.receive(Sending("registry", county, SOURCE, "花名册.xlsx", year), path, by=by)
    job.compare(one.pk)
    one.refresh_from_db()
    if one.state != "compared":
        raise JieduiError(f"The demo's roster came to {one.state}: {one.problem}.", remedy="Report this.")
    told = ", ".join(f"{one.counts[kind]} {kind}" for kind in ("changed", "added", "gone", "refused"))
    return f"a county's roster was compared and waits for a decision: {told}"


def _county() -> str | None:
    counted = models.Person.objects.filter(county_code__startswith=PROVINCE, left_on=None).values("county_code")
    found = counted.annotate(persons=Count("person_id")).order_by("-persons", "county_code").first()
    return found["county_code"] if found else None


def roster(by: models.User, county: str, year: int) -> pa.Table:
    """花名册: what the register would print of a county for an officer, full numbers included."""
    wanted = export.Wanted(by.pk, Sought(), Filters(county), year=year, full=True)
    rows = pa.Table.from_batches(export.batches(wanted), wanted.schema())
    present = pc.and_(pc.is_null(rows["减少时间"]), pc.is_valid(rows["年度"]))
    return rows.filter(present).drop_columns(["减少时间", "年度", "区划代码"])


def altered(rows: pa.Table) -> pa.Table:
    """改过的: every 25th person worked other months, a number and a village are wrong, the last person is left out."""
    people = rows.to_pylist()
    for at, person in enumerate(people):
        if at % 25 == 0 and person["务工时间(月)"] is not None:
            person["务工时间(月)"] = (person["务工时间(月)"] + 3) % 13
    if len(people) > 3:
        number = people[1]["证件号码"]
        people[1]["证件号码"] = number[:-1] + ("0" if number[-1] != "0" else "1")
        people[2]["行政村"] = "没有这个村"
        people.pop()
    return pa.Table.from_pylist(people, schema=rows.schema)
