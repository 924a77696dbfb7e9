"""The pages of imports: send, look, decide, written, taken back; by Django's client, without a worker."""

from __future__ import annotations

from datetime import date
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from psycopg.conninfo import make_conninfo

from jiedui.jobs import importing as jobs
from jiedui.records.imports import forms, headers, preview, staging
from jiedui.records.models import Import, Person, RoleGrant, User, Village
from jiedui.records.queries import importing
from jiedui.runtime.postgres import Database
from jiedui.terms.identity import mask_id
from tests.records.small_country import id_number

pytestmark = pytest.mark.django_db
VILLAGE = "620122101201"
TITLES = ("行政村", "户编号", "人编号", "姓名", "证件号码", "与户主关系", "民族", "文化程度", "在校生状况", "健康状况",
          "劳动技能", "致贫原因", "危房户", "安全饮水", "首次识别时间", "人员识别时间", "户类型")  # fmt: skip
FACTS = ("汉族", "小学", "否", "健康", "普通劳动力", "因病", "否", "是", "2014-01-01", "2014-01-01", "已脱贫")


@pytest.fixture(autouse=True)
def home(running_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A state folder of the test's own, with its own keys, on the same database server."""
    monkeypatch.setenv("DATABASE_URL", make_conninfo(running_database.owner_dsn))
    monkeypatch.setenv("JIEDUI_WEB_DATABASE_URL", make_conninfo(running_database.web_dsn))
    monkeypatch.setenv("JIEDUI_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def office() -> Client:
    """甘肃's office, signed in, with one village in its list."""
    Village.objects.create(region_code=VILLAGE, county_name="皋兰县", township_name="石洞镇", name="丰水村")
    return client("recipient_office", "620000")


def client(role: str, region: str) -> Client:
    """A signed-in reader with one role."""
    import_module("jiedui.web.second_factor")  # notes the moment of the sign-in, as the served site does
    user = User.objects.create_user(f"{role}{region}", password="long-enough-2016")
    RoleGrant.objects.create(user=user, role=role, region_code=region, valid=DateRange(date(2016, 1, 1), None))
    one = Client(headers={"accept-language": "zh"})
    one.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    one.cookies["django_language"] = "en"
    return one


def row(number: int, *, name: str = "张三", education: str = "小学", identity: str | None = None) -> list[str]:
    """A person who heads the household of the same number."""
    facts = list(FACTS)
    facts[1] = education
    return ["丰水村", str(number), str(number), name, identity or id_number(number), "户主", *facts]


def book(rows: list[list[str]], titles: tuple[str, ...] = TITLES) -> SimpleUploadedFile:
    """A workbook as an office sends it."""
    workbook, out = openpyxl.Workbook(), BytesIO()
    for line in [list(titles), *rows]:
        workbook.active.append(line)
    workbook.save(out)
    return SimpleUploadedFile("花名册.xlsx", out.getvalue())


def send(office: Client, file: SimpleUploadedFile, **values: Any) -> Import:
    """Send a roster by the form, and compare it as the worker would."""
    asked = {"kind": "registry", "region": "620122", "year": "2019", "source": "省系统", "file": file} | values
    reply = office.post("/imports/", asked)
    assert reply.status_code == 302, reply.content.decode()
    assert "/login" not in reply.headers["Location"], reply.headers["Location"]
    one = Import.objects.order_by("-pk")[0]
    assert reply.headers["Location"] == f"/imports/{one.pk}/"
    jobs.compare(one.pk)
    one.refresh_from_db()
    return one


def text(office: Client, path: str) -> str:
    """A page."""
    reply = office.get(path)
    assert reply.status_code == 200, (path, reply.status_code)
    return reply.content.decode()


def test_a_roster_is_sent_looked_at_written_and_taken_back(office: Client) -> None:
    """The whole way: a new person is on the page before the register has it, then there, then gone again."""
    one = send(office, book([row(1), row(2, name="李四", identity="620122198001010010")]))
    assert (one.state, one.counts["added"], one.counts["refused"]) == ("compared", 1, 1)
    page = text(office, f"/imports/{one.pk}/")
    assert "张三" in page
    assert id_number(1) not in page
    assert mask_id(id_number(1)) in page
    assert not Person.objects.exists()
    office.post(f"/imports/{one.pk}/", {"do": "accept", "kind": "added", "whole": "1", "shown": "2", "take": "2"})
    assert "all of it or nothing" in text(office, f"/imports/{one.pk}/")
    jobs.write(one.pk)
    assert "Take it back" in text(office, f"/imports/{one.pk}/")
    assert list(Person.objects.values_list("name", flat=True)) == ["张三"]
    reply = office.post(f"/imports/{one.pk}/", {"do": "undo", "reason": ""})
    assert (reply.status_code, "needs a reason" in reply.content.decode()) == (400, True)
    office.post(f"/imports/{one.pk}/", {"do": "undo", "reason": "发错了文件"})
    jobs.undo(one.pk)
    assert not Person.objects.exists()
    assert "Taken back" in text(office, f"/imports/{one.pk}/")


def test_each_choice_is_kept_and_only_what_was_taken_is_written(office: Client) -> None:
    """A row that was shown and not ticked is left out, one on another page stays taken, and a whole kind can be off."""
    one = send(office, book([row(1), row(2, name="李四"), row(3, name="王五")]))
    address = f"/imports/{one.pk}/"
    sent = {"do": "choose", "kind": "added", "whole": "1", "shown": ["2", "3"], "take": ["3"]}
    reply = office.post(address, sent, headers={"x-part": "summary"})
    assert "<b>2</b> new" in " ".join(reply.content.decode().split())
    one.refresh_from_db()
    assert one.excluded == {"kinds": [], "rows": [2], "keys": [], "settled": []}
    office.post(address, {"do": "choose", "kind": "added", "shown": ["2", "3"]})
    assert "Nothing will be written" in text(office, address)
    office.post(address, {"do": "choose", "kind": "added", "whole": "1", "shown": [], "take": []})
    office.post(address, {"do": "accept", "kind": "refused"})
    jobs.write(one.pk)
    assert sorted(Person.objects.values_list("pk", flat=True)) == [2, 3]


def test_all_that_fit_a_filter_are_left_out_and_taken_together(office: Client) -> None:
    """Entries of other pages, too; those that do not fit stay as they are."""
    other = "620122101202"
    Village.objects.create(region_code=other, county_name="皋兰县", township_name="石洞镇", name="中堡村")
    rows = [row(number) for number in range(1, 71)]
    rows += [["中堡村", *row(100)[1:]]]
    one = send(office, book(rows))
    address = f"/imports/{one.pk}/?kind=added&place={VILLAGE}"
    office.post(address, {"do": "leave_fitting", "kind": "added", "whole": "1"})
    one.refresh_from_db()
    assert one.excluded["rows"] == list(range(2, 72))
    assert importing.decision(one).taken["added"] == 1
    office.post(address, {"do": "take_fitting", "kind": "added", "whole": "1"})
    one.refresh_from_db()
    assert importing.decision(one).taken["added"] == 71


def test_changes_are_shown_old_and_new_and_who_is_gone_is_named(office: Client) -> None:
    """A second roster shows the field's title with both values, by the filters too, and whom it leaves out."""
    first = send(office, book([row(1), row(2, name="李四")]))
    office.post(f"/imports/{first.pk}/", {"do": "accept", "kind": ""})
    jobs.write(first.pk)
    one = send(office, book([row(1, education="初中")]))
    page = text(office, f"/imports/{one.pk}/?kind=changed&field=education&place={VILLAGE}")
    assert "<del>primary</del>" in page
    assert "<ins>junior secondary</ins>" in page or "<ins>junior" in page
    assert "石洞镇丰水村" in page
    assert "张三" not in text(office, f"/imports/{one.pk}/?kind=changed&field=health")
    assert "李四" in text(office, f"/imports/{one.pk}/?kind=gone")


def test_a_decision_that_the_register_overtook_is_asked_again(office: Client) -> None:
    """Nothing is written; the file is compared anew, and the page says how many rows changed meanwhile."""
    first = send(office, book([row(1), row(2, name="李四")]))
    office.post(f"/imports/{first.pk}/", {"do": "accept"})
    jobs.write(first.pk)
    one = send(office, book([row(1, education="初中"), row(2, name="李四")]))
    office.post(f"/imports/{one.pk}/", {"do": "accept"})
    Person.objects.filter(pk=1).update(education="college")
    jobs.write(one.pk)
    assert Person.objects.get(pk=1).education == "college"
    assert "being compared again" in text(office, f"/imports/{one.pk}/")
    jobs.compare(one.pk)
    page = text(office, f"/imports/{one.pk}/")
    assert "1 row of the register changed after you had looked" in page
    assert "<del>college" in page


def test_the_same_file_again_names_the_import_that_wrote_it(office: Client) -> None:
    """Everything is unchanged, and the page leads to the import of before."""
    file = book([row(1)])
    content = file.read()
    first = send(office, SimpleUploadedFile("a.xlsx", content))
    office.post(f"/imports/{first.pk}/", {"do": "accept"})
    jobs.write(first.pk)
    one = send(office, SimpleUploadedFile("b.xlsx", content))
    assert (one.counts["same"], one.counts["added"], one.counts["changed"]) == (1, 0, 0)
    page = text(office, f"/imports/{one.pk}/")
    assert f'<a href="/imports/{first.pk}/">import {first.pk}</a>' in page
    assert "Nothing will be written" in page


def test_a_refused_row_says_row_column_value_rule_and_remedy_and_comes_back_as_a_workbook(office: Client) -> None:
    """On the page the number is masked; in the workbook to correct it stands in full, in its own column."""
    wrong = "620122198001010010"
    one = send(office, book([row(1), row(2, name="李四", identity=wrong)]))
    page = text(office, f"/imports/{one.pk}/?kind=refused")
    assert wrong not in page
    for said in ("李四", "证件号码", "62*************010", "its check digit does not fit", "check and correct it"):
        assert said in page
    reply = office.get(f"/imports/{one.pk}/refused.xlsx")
    lines = list(openpyxl.load_workbook(BytesIO(reply.content)).active.values)
    assert lines[0][: len(TITLES)] == TITLES
    assert (lines[1][4], lines[1][len(TITLES)]) == (wrong, 3)
    again = send(office, SimpleUploadedFile("退回.xlsx", reply.content))
    assert again.counts["refused"] == 1


def test_an_unknown_column_and_an_unknown_label_are_asked_for_once(office: Client) -> None:
    """The office says what they mean; the next file of the source with this header is read without asking."""
    titles = ("行政村", "户编号", "人编号", "何人", *TITLES[4:])
    one = send(office, book([row(1, education="念过几年书")], titles))
    assert one.state == "columns"
    assert "姓名" in text(office, f"/imports/{one.pk}/")
    fields = {f"field:{name}": str(at) for name, at in one.columns["fields"].items()} | {"field:name": "3"}
    office.post(f"/imports/{one.pk}/", {"do": "confirm", **fields})
    jobs.compare(one.pk)
    one.refresh_from_db()
    assert one.counts["refused"] == 1
    page = text(office, f"/imports/{one.pk}/?columns=1")
    assert "label:education:念过几年书" in page
    office.post(f"/imports/{one.pk}/", {"do": "confirm", **fields, "label:education:念过几年书": "primary"})
    jobs.compare(one.pk)
    one.refresh_from_db()
    assert (one.state, one.counts["added"], one.counts["refused"]) == ("compared", 1, 0)
    assert send(office, book([row(2, education="念过几年书")], titles)).counts["added"] == 1


def test_a_file_that_is_no_spreadsheet_is_refused_in_chinese(office: Client) -> None:
    """The sentence and its remedy stand on the page in its language, and it can be tried again or thrown away."""
    one = send(office, SimpleUploadedFile("a.xlsx", b"%PDF-1.7 nothing"))
    assert one.state == "refused"
    office.cookies["django_language"] = "zh-hans"
    page = text(office, f"/imports/{one.pk}/")
    assert "登记册没有变动" in page
    assert "再试一次" in page
    office.post(f"/imports/{one.pk}/", {"do": "cancel"})
    one.refresh_from_db()
    assert one.state == "cancelled"


@pytest.mark.parametrize("kind", ["registry", "worker", "work_month", "vacancy", "village"])
def test_a_blank_form_is_recognised_when_it_comes_back(office: Client, kind: str) -> None:
    """The template's header maps by itself: nothing needed is missing."""
    reply = office.get(f"/imports/templates/{kind}.xlsx")
    titles = [cell for cell in next(openpyxl.load_workbook(BytesIO(reply.content)).active.values) if cell]
    header = headers.find([titles], forms.form(kind))
    assert headers.match(header, forms.form(kind)) == {one.name: at for at, one in enumerate(forms.form(kind).fields)}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"region": "530000"}, "outside your office"),
        ({"year": "2012"}, "Give a year from 2013"),
        ({"source": ""}, "where the file comes from"),
        ({"kind": "nothing"}, "no kind of import"),
        ({"file": ""}, "No file was chosen"),
    ],
)
def test_a_wrong_form_is_said_and_nothing_is_kept(
    office: Client, home: Path, changed: dict[str, str], said: str
) -> None:
    """One sentence above the form, status 400, no import and no file."""
    asked = {"kind": "registry", "region": "620122", "year": "2019", "source": "x", "file": book([row(1)])} | changed
    reply = office.post("/imports/", asked)
    assert (reply.status_code, said in reply.content.decode()) == (400, True)
    assert not Import.objects.exists()
    assert [path for path in home.glob("imports/**/*") if path.is_file()] == []


def test_another_office_and_a_role_without_names_see_no_import(office: Client) -> None:
    """For them the import does not exist: no page, no progress, no workbook, nothing to do, and no form to send one."""
    one = send(office, book([row(1), row(2, identity="1")]))
    for other in (client("recipient_office", "530000"), client("donor_office", "120000"), client("assessor", "")):
        for path in ("", "progress/", "refused.xlsx"):
            assert other.get(f"/imports/{one.pk}/{path}").status_code == 404
        assert other.post(f"/imports/{one.pk}/", {"do": "accept"}).status_code == 404
        assert "花名册.xlsx" not in text(other, "/imports/")
    assert "data-send" not in text(other, "/imports/")


def test_pages_of_a_kind_are_those_of_all_entries_in_order(office: Client) -> None:
    """Whatever the page and the filter, together they show each entry once, in the order of the file."""
    one = send(office, book([row(number, name=f"人{number}") for number in range(1, 121)]))
    seen: list[int] = []
    for number in (1, 2, 3):
        shown = preview.page(one.pk, "added", number)
        assert (shown.total, shown.pages, shown.page) == (120, 3, number)
        seen += shown.rows["row"].to_pylist()
    assert seen == list(range(2, 122))
    assert preview.page(one.pk, "added", 99).page == 3
    assert preview.page(one.pk, "added", 1, preview.Filter(place="620122101299")).total == 0
    staging.forget(one.pk)
    assert "no longer there" in text(office, f"/imports/{one.pk}/")


@pytest.mark.duty("labour.1")
def test_the_monitoring_says_which_worker_follows_before_it_is_written(office: Client) -> None:
    """Occupations, places and months in words; the entry says that the worker changes, and the end says how many."""
    roster = send(office, book([row(1)]))
    office.post(f"/imports/{roster.pk}/", {"do": "accept", "kind": "added", "whole": "1", "shown": "2", "take": "2"})
    jobs.write(roster.pk)
    titles = ("证件号码", "姓名", "就业状态", "有就业意愿", "有就业能力", "意向职业")
    workers = send(office, book([[id_number(1), "张三", "未就业", "是", "是", "6-05-01"]], titles), kind="worker")
    assert "纺织品和服装剪裁缝纫人员" in text(office, f"/imports/{workers.pk}/?kind=added")
    office.post(f"/imports/{workers.pk}/", {"do": "accept", "kind": "added", "whole": "1", "shown": "2", "take": "2"})
    jobs.write(workers.pk)
    titles = ("证件号码", "姓名", "月份", "就业状态", "务工地")
    months = send(office, book([[id_number(1), "张三", "2019年6月", "东部务工", "310115"]], titles), kind="work_month")
    page = text(office, f"/imports/{months.pk}/?kind=added")
    for said in ("2019-06", "上海市浦东新区", "劳动力信息随之更新", "onthly monitoring of work"):
        assert said in page, said
    assert id_number(1) not in page
    office.post(f"/imports/{months.pk}/", {"do": "accept", "kind": "added", "whole": "1", "shown": "2", "take": "2"})
    jobs.write(months.pk)
    assert "workers whose status follows the newest month" in text(office, f"/imports/{months.pk}/")
