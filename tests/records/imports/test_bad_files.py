"""Bad files on the whole way of an import: a sentence or a rule, and nothing in the register."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from jiedui.jobs import importing as job
from jiedui.records import models
from jiedui.records.actions import importing
from jiedui.records.actions.importing import Sending
from jiedui.records.imports import staging
from tests.records.small_country import id_number
from tests.sheets import test_bad_files as bad
from tests.sheets.packages import package, sheet
from tests.web.test_imports import FACTS, TITLES, VILLAGE

pytestmark = [pytest.mark.django_db, pytest.mark.duty("goal.1")]
COUNTY = VILLAGE[:6]
Rows = list[list[Any]]


@pytest.fixture
def by() -> models.User:
    """A county's officer, and the one village of the county."""
    from django.db.backends.postgresql.psycopg_any import DateRange

    models.Village.objects.create(region_code=VILLAGE, county_name="皋兰县", township_name="石洞镇", name="丰水村")
    user = models.User.objects.create(username="officer")
    models.RoleGrant.objects.create(
        user=user, role="recipient_office", region_code=COUNTY, valid=DateRange("2016-01-01", None)
    )
    return user


def person(number: int, **values: Any) -> list[Any]:
    """A row of a person who heads the household of the same number."""
    row = ["丰水村", str(number), str(number), "张三", id_number(number), "户主", *FACTS]
    for title, value in values.items():
        row[TITLES.index(title)] = value
    return row


def workbook(path: Path, rows: Rows, titles: Any = TITLES) -> Path:
    """An .xlsx as an office's spreadsheet program writes it."""
    book = openpyxl.Workbook()
    for line in [list(titles), *rows]:
        book.active.append(line)
    book.save(path)
    return path


def csv(path: Path, rows: Rows, encoding: str, delimiter: str = ",") -> Path:
    """The same as text."""
    lines = [delimiter.join(map(str, line)) for line in [list(TITLES), *rows]]
    path.write_bytes(("\r\n".join(lines) + "\r\n").encode(encoding))
    return path


def receive(path: Path, by: models.User) -> models.Import:
    """Send a file and have it compared."""
    one = importing.receive(Sending("registry", COUNTY, "省系统", path.name, 2019), path, by=by)
    job.compare(one.pk)
    one.refresh_from_db()
    return one


def problems(one: models.Import) -> set[tuple[int, str, str]]:
    """(row, rule, field) of what was found."""
    return {(row["row"], row["rule"], row["field"]) for row in staging.read(one.pk, "problems").to_pylist()}


def bomb(path: Path) -> None:
    """A small file that unpacks to 60 MB of cells."""
    bad.bomb(path, b"<row><c/></row>" * 70_000, 60)


def spaces(path: Path) -> None:
    """A small file that unpacks to 64 MB of blanks."""
    bad.bomb(path, b" " * (1 << 20), 64)


def cut(path: Path) -> None:
    """A workbook without its second half."""
    whole = workbook(path, [person(number) for number in range(1, 50)]).read_bytes()
    path.write_bytes(whole[: len(whole) // 2])


def wide(path: Path) -> None:
    """A header, and a value in the last column that Excel has."""
    cells = "".join(f'<c t="inlineStr"><is><t>{title}</t></is></c>' for title in TITLES)
    package(path, {"表": sheet(f'<row r="1">{cells}</row><row r="2"><c r="XFD2"><v>1</v></c></row>')})


def entities(path: Path) -> None:
    """A text that doubles with every entity."""
    lol = "<!DOCTYPE a [<!ENTITY b 'cc'><!ENTITY c '&b;&b;'>]>"
    package(path, {"表": lol + sheet('<row r="1"><c t="str"><v>&c;</v></c></row>')})


REFUSED: dict[str, tuple[Callable[[Path], object], str]] = {
    "zip bomb": (bomb, "far larger than a table"),
    "spaces without end": (spaces, "filled with blanks"),
    "entities": (entities, "DTD"),
    "cut": (cut, "damaged"),
    "password": (bad.FILES["password"][0], "password"),
    "xls": (bad.FILES["old xls"][0], r".xls"),
    "wide": (wide, "column XFD"),
    "wrong encoding": (bad.FILES["csv broken GB18030"][0], "row 3"),
    "no header": (lambda path: workbook(path, [person(1)], titles=()), "No header row"),
    "no rows": (lambda path: workbook(path, []), "a header and no rows"),
    "empty": (lambda path: workbook(path, [], titles=()), "no visible sheet with rows"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_a_bad_file_is_refused_with_a_sentence_and_leaves_nothing(name: str, by: models.User, tmp_path: Path) -> None:
    """State, sentence and remedy; the register is empty, and only the file is kept, for another try."""
    make, words = REFUSED[name]
    path = tmp_path / "花名册.xlsx"
    make(path)
    one = receive(path, by)
    assert one.state == "refused"
    assert words in one.problem["message"]
    assert one.problem["remedy"]
    assert [left.name for left in staging.folder(one.pk).iterdir()] == ["original"]
    assert not models.Person.objects.exists()
    assert not models.Household.objects.exists()
    importing.retry(one)
    importing.cancel(one, by=by)
    job.clear(one.pk)
    assert not staging.folder(one.pk).exists()


def test_a_file_that_is_refused_the_second_time_keeps_nothing_of_the_first(by: models.User, tmp_path: Path) -> None:
    """What was read before is of another reading: it goes when the file is read again."""
    one = receive(workbook(tmp_path / "a.xlsx", [person(1)]), by)
    assert staging.there(one.pk, "rows")
    cut(staging.original(one.pk))
    importing.retry(one)
    job.compare(one.pk)
    one.refresh_from_db()
    assert one.state == "refused"
    assert [left.name for left in staging.folder(one.pk).iterdir()] == ["original"]


@pytest.mark.parametrize(
    ("encoding", "delimiter"), [("gb18030", ","), ("utf-16", "\t"), ("utf-8-sig", ";"), ("utf-8", ",")]
)
def test_a_csv_in_the_encodings_of_offices_is_read(
    encoding: str, delimiter: str, by: models.User, tmp_path: Path
) -> None:
    """GB18030, UTF-16 as Excel's Unicode text, and UTF-8 with and without its mark: the same rows."""
    rows = [person(1, 姓名="张㐂"), person(2, 姓名="李四")]
    one = receive(csv(tmp_path / "花名册.csv", rows, encoding, delimiter), by)
    assert (one.state, one.counts["added"], one.counts["refused"]) == ("compared", 2, 0)
    importing.accept(one, by=by)
    job.write(one.pk)
    assert sorted(models.Person.objects.values_list("name", flat=True)) == ["张㐂", "李四"]


def test_a_formula_counts_by_its_value_and_an_error_is_refused(by: models.User, tmp_path: Path) -> None:
    """The value that the spreadsheet program left beside a formula is read; #N/A is a problem of its row."""

    def cell(value: str) -> str:
        return f'<c t="str"><v>{value}</v></c>'

    def line(row: list[str], health: str) -> str:
        at = TITLES.index("健康状况")
        return "<row>" + "".join(health if k == at else cell(value) for k, value in enumerate(row)) + "</row>"

    header = "<row>" + "".join(map(cell, TITLES)) + "</row>"
    rows = [
        line(person(1), '<c t="str"><f>VLOOKUP(A1,B:C,2)</f><v>残疾</v></c>'),
        line(person(2), '<c t="e"><f>VLOOKUP(A2,B:C,2)</f><v>#N/A</v></c>'),
    ]
    one = receive(package(tmp_path / "a.xlsx", {"表": sheet(header + "".join(rows))}), by)
    assert (one.state, one.counts["added"], one.counts["refused"]) == ("compared", 1, 1)
    assert problems(one) == {(3, "formula_error", "health")}
    importing.accept(one, by=by)
    job.write(one.pk)
    assert list(models.Person.objects.values_list("health")) == [("disabled",)]


def test_a_merged_header_of_two_rows_is_read(by: models.User, tmp_path: Path) -> None:
    """A title above, and 住房饮水 merged over 危房户 and 安全饮水."""
    book = openpyxl.Workbook()
    table = book.active
    upper = ["住房饮水" if title in ("危房户", "安全饮水") else title for title in TITLES]
    lower = [title if title in ("危房户", "安全饮水") else None for title in TITLES]
    for line in (["皋兰县建档立卡花名册"], upper, lower, person(1)):
        table.append(line)
    first = TITLES.index("危房户") + 1
    table.merge_cells(start_row=1, end_row=1, start_column=1, end_column=len(TITLES))
    table.merge_cells(start_row=2, end_row=2, start_column=first, end_column=first + 1)
    for column in range(1, len(TITLES) + 1):
        if column not in (first, first + 1):
            table.merge_cells(start_row=2, end_row=3, start_column=column, end_column=column)
    book.save(tmp_path / "a.xlsx")
    one = receive(tmp_path / "a.xlsx", by)
    assert (one.state, one.counts["added"], one.counts["refused"]) == ("compared", 1, 0)
    assert one.columns["fields"]["unsafe_housing"] == TITLES.index("危房户")
    assert one.columns["fields"]["safe_water"] == TITLES.index("安全饮水")


def test_numbers_that_excel_made_of_identity_numbers_are_refused(by: models.User, tmp_path: Path) -> None:
    """An identity number in a numeric cell has lost its last digits, however it is shown; the keys may be numbers."""
    rows = [
        person(1, 证件号码=620122198001010016, 户编号=1.0, 人编号=1),
        person(2, 证件号码="6.2012219800101E+17"),
        person(3, 人编号=3),
    ]
    one = receive(workbook(tmp_path / "a.xlsx", rows), by)
    assert (one.state, one.counts["added"], one.counts["refused"]) == ("compared", 1, 2)
    assert problems(one) == {(2, "id_became_number", "id_number"), (3, "id_became_number", "id_number")}


def test_columns_in_any_order_under_other_names_are_read(by: models.User, tmp_path: Path) -> None:
    """Titles in reverse order, some as other sources call them, and columns that nobody asked for between them."""
    other = {"证件号码": "身份证号", "户编号": "户号", "人编号": "人员编号", "行政村": "村(居)"}
    names = ["备注", *(other.get(title, title) for title in reversed(TITLES)), "序号"]
    one = receive(workbook(tmp_path / "a.xlsx", [["无", *reversed(person(1)), 1]], names), by)
    assert (one.state, one.counts["added"], one.counts["refused"]) == ("compared", 1, 0)


def test_a_needed_column_that_nobody_knows_is_asked_for(by: models.User, tmp_path: Path) -> None:
    """A title that no source used before: nothing is read until an officer says what it is."""
    titles = ["公民编码" if title == "人编号" else title for title in TITLES]
    one = receive(workbook(tmp_path / "a.xlsx", [person(1)], titles), by)
    assert (one.state, one.problem) == ("columns", {"missing": ["person_id"]})
    fields = {**one.columns["fields"], "person_id": titles.index("公民编码")}
    importing.confirm(one, fields, {}, header=one.columns["header"], by=by)
    job.compare(one.pk)
    one.refresh_from_db()
    assert (one.state, one.counts["added"]) == ("compared", 1)


def test_of_two_columns_with_one_title_the_first_is_read(by: models.User, tmp_path: Path) -> None:
    """A second 姓名 changes nothing: the first stands, and the mapping shows which it is."""
    one = receive(workbook(tmp_path / "a.xlsx", [[*person(1), "别人"]], [*TITLES, "姓名"]), by)
    assert (one.state, one.columns["fields"]["name"]) == ("compared", TITLES.index("姓名"))
    importing.accept(one, by=by)
    job.write(one.pk)
    assert models.Person.objects.get().name == "张三"


def test_rows_that_all_are_bad_write_nothing(by: models.User, tmp_path: Path) -> None:
    """Every row refused with its rule; accepted all the same, nothing is written."""
    rows = [
        person(1, 首次识别时间="2014-02-30"),
        person(2, 户类型="富裕户"),
        person(3, 行政村="没有村"),
        person(4, 姓名=""),
    ]
    one = receive(workbook(tmp_path / "a.xlsx", rows), by)
    assert one.counts["refused"] == 4
    assert {(2, "not_a_date", "entered_on"), (3, "unknown_label", "status"), (4, "unknown_place", "village"),
            (5, "missing", "name")} <= problems(one)  # fmt: skip
    importing.confirm(one, one.columns["fields"], {}, header=one.columns["header"], by=by)
    job.compare(one.pk)
    one.refresh_from_db()
    importing.accept(one, by=by)
    job.write(one.pk)
    one.refresh_from_db()
    assert (one.state, one.counts["written"]) == ("written", {})
    assert not models.Person.objects.exists()
