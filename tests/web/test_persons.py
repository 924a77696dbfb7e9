"""The register's pages: what each reader finds, what is masked, what is shown once, and what is printed."""

from __future__ import annotations

import io
import re
from datetime import date

import openpyxl
import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jiedui.records import loading
from jiedui.records.models import (
    Disclosure,
    Household,
    HouseholdYear,
    Import,
    Person,
    PersonYear,
    RoleGrant,
    StatusChange,
    User,
)
from jiedui.terms.identity import mask_id
from jiedui.web.messages import WEB
from tests.records.small_country import VILLAGES, country, id_number
from tests.web.test_query_counts import LIMIT

pytestmark = pytest.mark.django_db
HERE = VILLAGES[1]
"""昭通; household 2 with persons 4, 5, 6."""


def made_up(persons: int) -> None:
    """A small country, marked as synthetic as the demo is, so that no role is asked for a second factor."""
    loading.load_tables(country(persons), origin=loading.Origin("test", 1, synthetic=True))


def signed_in(role: str, region: str = "", *, english: bool = False) -> Client:
    """A client of a user with one grant."""
    user = User.objects.create_user(f"{role}{region}", password="x", first_name="某")
    RoleGrant.objects.create(user=user, role=role, region_code=region, valid=DateRange(date(2016, 1, 1), None))
    client = Client()
    client.get("/login/")  # the rules of signing in are in force from the first page on
    client.force_login(user)
    if english:
        client.cookies["django_language"] = "en"
    return client


def text(client: Client, path: str, status: int = 200) -> str:
    """A page's source; its status is as expected."""
    reply = client.get(path)
    assert (path, reply.status_code) == (path, status)
    return reply.content.decode()


def words(source: str) -> str:
    """What a page says, without its markup."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", source))


def test_the_list_shows_names_at_home_and_masks_elsewhere() -> None:
    """The home office reads names and masked numbers; an assessor family names only, and nobody a whole number."""
    made_up(12)
    home = text(signed_in("recipient_office", "530000"), "/register/")
    away = text(signed_in("assessor"), "/register/")
    assert "合成人" in home
    assert mask_id(id_number(4)) in home
    assert "合成人" not in away
    assert "合**" in away
    assert "*************" not in away
    for page in (home, away):
        assert not re.search(r"\b\d{17}[\dX]\b|\b1[3-9]\d{9}\b", page)


def test_a_search_says_how_it_was_understood() -> None:
    """By number, by name, by place: the page names the way; a search that finds one shows one."""
    made_up(12)
    client = signed_in("recipient_office", "530000")
    page = words(text(client, f"/register/?q={id_number(4)}"))
    assert "按证件号码" in page
    assert "1 人" in page
    assert "按姓名开头" in words(text(client, "/register/?q=合成"))
    assert "按地区" in words(text(client, "/register/?q=530602"))


@pytest.mark.parametrize(
    ("role", "region", "query", "said"),
    [
        ("finance", "530000", "", "我的角色见不到人员"),
        ("administrator", "", "", "我的角色见不到人员"),
        ("recipient_office", "530000", "?q=11010119900101123X", "没有这个号码的人"),
        ("assessor", "", "?q=11010119900101123X", "只有可见姓名的部门"),
        ("recipient_office", "530000", "?q=乌有", "没有符合条件的人"),
        ("recipient_office", "620000", "", "这里还没有花名册"),
    ],
)
def test_an_empty_list_says_why(role: str, region: str, query: str, said: str) -> None:
    """No rows: not for this role, nobody with this number, nothing fits, nothing here; each in its own words."""
    made_up(12)
    assert said in text(signed_in(role, region), f"/register/{query}")


@pytest.mark.parametrize("query", ["?sex=x", "?place=5", "?after=zzz", "?before=1~2~3~4"])
def test_a_wrong_address_is_said(query: str) -> None:
    """A filter, place or page that there is not is a sentence with status 400, never a list of somebody."""
    made_up(12)
    page = text(signed_in("recipient_office", "530000"), f"/register/{query}", 400)
    assert "不存在" in page
    assert "合成人" not in page


def test_pages_open_in_english() -> None:
    """Every page of the register speaks English on request; no sentence of ours stays Chinese."""
    made_up(12)
    client = signed_in("recipient_office", "530000", english=True)
    for path, said in (
        ("/register/", "in the register now"),
        ("/register/persons/4/", "What happened"),
        ("/register/households/2/", "Household of"),
        ("/register/export/", "With full numbers"),
        (f"/register/check-sheets/?place={HERE}", "What is different"),
        ("/register/persons/4/full/", "Show once and keep a record"),
    ):
        page = text(client, path)
        assert said in page
        assert "花名册" not in page


def test_a_person_as_it_was_in_a_year() -> None:
    """The switch shows what the year says, now what holds now; a year without a row is said, not filled in."""
    made_up(12)
    Person.objects.filter(pk=4).update(health="disabled")
    PersonYear.objects.create(
        person_id=4, region_code=HERE, year=2018, education="none", in_school=True, health="serious",
        labour_ability="weak", months_worked=7, insured=True,
    )  # fmt: skip
    client = signed_in("recipient_office", "530000")
    assert "残疾" in words(text(client, "/register/persons/4/"))
    then = words(text(client, "/register/persons/4/?year=2018"))
    assert "患有大病" in then
    assert "全年务工月数 7" in then
    assert "残疾" not in then
    assert "2019年度没有此人的记录" in words(text(client, "/register/persons/4/?year=2019"))


def test_the_timeline_says_what_why_and_who() -> None:
    """Entry, exit, relapse and correction stand there with day, reason and who; newest first; with their import."""
    made_up(12)
    client = signed_in("recipient_office", "530000")
    officer = User.objects.get()
    batch = Import.objects.create(
        kind="registry", region_code="530600", source="省平台", file_name="2019.xlsx", size=1, sha256="0" * 64,
        state="written", by=officer,
    )  # fmt: skip
    for day, kind, reason in ((2014, "enter", "识别"), (2016, "exit", "达标"), (2018, "relapse", "大病返贫"),
                              (2019, "correction", "误报更正")):  # fmt: skip
        StatusChange.objects.create(
            household_id=2, region_code=HERE, kind=kind, changed_on=date(day, 1, 2), reason=reason, entered_by=officer,
            import_id=batch.pk,
        )  # fmt: skip
    for path in ("/register/persons/4/", "/register/households/2/"):
        page = words(text(client, path))
        places = [page.index(said) for said in ("误报更正", "大病返贫", "达标", "2014-01-02")]
        assert places == sorted(places)
        for said in ("更正", "返贫", "脱贫", "新识别", "某 ·", "2019.xlsx", "省平台"):
            assert said in page


def test_nobody_opens_a_person_outside_the_scope() -> None:
    """A person, a household and a sheet of another place are not found, whatever their number."""
    made_up(12)
    client = signed_in("recipient_office", "520000")
    for path in ("/register/persons/4/", "/register/households/2/", "/register/persons/4/full/"):
        text(client, path, 404)
    text(client, f"/register/check-sheets/?place={HERE}", 404)
    text(client, f"/register/check-sheets/{HERE}.xlsx", 404)


@pytest.mark.django_db(transaction=True)
def test_hidden_fields_are_shown_once_for_a_reason() -> None:
    """Without a reason nothing is shown or recorded; with one it is, once, kept by no cache, and recorded."""
    made_up(12)
    client = signed_in("recipient_office", "530000")
    path = "/register/persons/4/full/"
    asked = client.post(path, {"columns": ["id_number", "phone"], "reason": "  "})
    assert asked.status_code == 400
    assert id_number(4) not in asked.content.decode()
    assert not Disclosure.objects.exists()
    shown = client.post(path, {"columns": ["id_number"], "reason": "核对证件"})
    assert id_number(4) in shown.content.decode()
    assert "13800001234" not in shown.content.decode()
    assert shown.headers["Cache-Control"] == "no-store"
    record = Disclosure.objects.get()
    assert (record.person_id, record.columns, record.reason) == (4, ["id_number"], "核对证件")
    assert id_number(4) not in text(client, path)


@pytest.mark.parametrize(("role", "region"), [("assessor", ""), ("discipline", "530000")])
def test_who_sees_no_names_is_offered_no_full_number(role: str, region: str) -> None:
    """The button is not there, and its page is not found."""
    made_up(12)
    client = signed_in(role, region)
    assert "/full/" not in text(client, "/register/persons/4/")
    text(client, "/register/persons/4/full/", 404)


def test_check_sheets_hold_the_village_and_room_for_the_pen() -> None:
    """One sheet for each household with its head, members, status and boxes; who has left is not on it."""
    made_up(12)
    Person.objects.filter(pk=5).update(left_on=date(2018, 1, 1), name="离开人")
    Household.objects.filter(pk=2).update(unsafe_housing=True)
    client = signed_in("recipient_office", "530000")
    page = text(client, f"/register/check-sheets/?place={HERE}")
    assert page.count('<article class="sheet">') == Household.objects.filter(region_code=HERE).count()
    assert "离开人" not in page
    assert mask_id(id_number(4)) in page
    assert id_number(4) not in page
    assert page.count('class="box"') > 5
    assert "危房户</dt><dd>是" in page
    assert "size: A4 landscape" in (WEB / "static" / "web" / "site.css").read_text(encoding="utf-8")
    reply = client.get(f"/register/check-sheets/{HERE}.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(reply.streaming_content))).active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][:4] == ("户", "人编号", "姓名", "证件号码")
    assert [row[1] for row in rows[1:]] == ["4", "6"]
    assert {row[-1] for row in rows[1:]} == {None}


def test_check_sheets_go_down_to_the_village() -> None:
    """From the widest place that is seen to its villages, with their counts; a wrong place is said."""
    made_up(12)
    client = signed_in("recipient_office", "530000")
    page = text(client, "/register/check-sheets/")
    assert "昭通市" in page
    assert "怒江" in page
    assert f"place={HERE}" in text(client, "/register/check-sheets/?place=530600")
    text(client, "/register/check-sheets/?place=x", 400)
    assert "没有可见的村" in text(signed_in("finance", "530000"), "/register/check-sheets/")


@pytest.mark.parametrize("persons", [12, 60])
def test_queries_are_bound(persons: int) -> None:
    """Few people or many, no page of the register makes more than its fixed number of queries."""
    made_up(persons)
    for year in (2016, 2017, 2018):
        HouseholdYear.objects.bulk_create(
            HouseholdYear(household=one, region_code=one.region_code, year=year, status="poor", members=3)
            for one in Household.objects.all()
        )
    client = signed_in("recipient_office", "530000")
    for path in (
        "/register/", "/register/?q=合&sex=female", "/register/?status=poor&health=healthy", "/register/persons/4/",
        "/register/households/2/", f"/register/check-sheets/?place={HERE}", "/register/export/", "/api/v1/person/",
    ):  # fmt: skip
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        assert len(queries) <= LIMIT, (path, len(queries))
