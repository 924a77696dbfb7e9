"""Lists of a county's office as files, and their way into the register, for the tests of imports."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import openpyxl

from jiedui.jobs import importing as job
from jiedui.records import models
from jiedui.records.actions import importing
from jiedui.records.actions.importing import Sending
from jiedui.records.imports import staging
from jiedui.records.privacy import cipher
from jiedui.terms.identity import credit_check_character
from tests.records.small_country import id_number

VILLAGE, COUNTY = "620122101201", "620122"
OPEN = ((date.today() - timedelta(30)).isoformat(), (date.today() + timedelta(90)).isoformat())
"""First and last day of the vacancies: they are open."""
WORKER = ("证件号码", "姓名", "就业状态", "有就业意愿", "有就业能力", "意向职业", "期望月工资")
VACANCY = ("统一社会信用代码", "用人单位", "工作地", "岗位名称", "职业", "人数", "月工资", "招聘开始", "招聘截止")
PLACES = ("村代码", "县", "乡镇", "行政村")


def enter(home: models.Household, number: int, name: str) -> None:
    """A person of the register with a number that opens only with the key."""
    secret, text = cipher(), id_number(number)
    models.Person.objects.create(
        person_id=number, household=home, region_code=VILLAGE, name=name, sex="male", birth_year=1980,
        relation="head" if number == 1 else "other", ethnic_group="汉族", education="primary", in_school=False,
        health="healthy", labour_ability="ordinary", joined_on=date(2014, 1, 1),
        id_number=secret.encrypt(text, "id_number", number), id_number_index=secret.blind_index(text),
        pseudonym=secret.pseudonym(text),
    )  # fmt: skip


def worker(number: int, name: str, status: str = "未就业", willing: str = "是", wage: Any = 3000) -> list[Any]:
    """A row of the list of workers."""
    return [id_number(number), name, status, willing, "是", "缝纫工", wage]


def code(serial: int) -> str:
    """A credit code with the right check character."""
    first = f"91620122MA{serial:07d}"
    return first + credit_check_character(first)


def vacancy(serial: int, title: str = "缝纫工", **values: Any) -> list[Any]:
    """A row of the list of vacancies."""
    row = [code(serial), f"模拟{serial}厂", COUNTY, title, "6-05-01", 10, 3500, OPEN[0], OPEN[1]]
    for name, value in values.items():
        row[VACANCY.index(name)] = value
    return row


def send(tmp_path: Path, by: models.User, kind: str, titles: Any, rows: list[list[Any]]) -> models.Import:
    """Send a list and have it compared."""
    book = openpyxl.Workbook()
    for line in [list(titles), *rows]:
        book.active.append(line)
    book.save(tmp_path / "清单.xlsx")
    one = importing.receive(Sending(kind, COUNTY, "省系统", "清单.xlsx"), tmp_path / "清单.xlsx", by=by)
    job.compare(one.pk)
    one.refresh_from_db()
    return one


def take(one: models.Import, by: models.User) -> models.Import:
    """Accept it, and have it written."""
    importing.accept(one, by=by)
    job.write(one.pk)
    one.refresh_from_db()
    assert one.state == "written", one.problem
    return one


def take_back(one: models.Import, by: models.User) -> models.Import:
    """Undo it."""
    importing.undo(one, by=by, reason="测试撤销")
    job.undo(one.pk)
    one.refresh_from_db()
    return one


def problems(one: models.Import) -> set[tuple[int, str, str]]:
    """(row, rule, field) of what was found."""
    return {(row["row"], row["rule"], row["field"]) for row in staging.read(one.pk, "problems").to_pylist()}


def counts(one: models.Import) -> tuple[int, ...]:
    """Rows added, changed, the same, in conflict, gone and refused."""
    assert one.state == "compared", (one.state, one.problem)
    return tuple(one.counts[name] for name in ("added", "changed", "same", "conflict", "gone", "refused"))
