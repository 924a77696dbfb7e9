"""Cases: entered and closed by the discipline inspection of the place, as the pages' role of the database."""

from __future__ import annotations

from datetime import date, timedelta

import psycopg
import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from django.test import Client

from jiedui.records import access
from jiedui.records.loading import load_tables
from jiedui.records.models import Case, Change, User
from tests.records.small_country import VILLAGES, country
from tests.web.administration import as_pages, made_up, reader, signed_in

pytestmark = pytest.mark.django_db
TODAY = date.today()
SENT = {"title": "合成资金线索", "subject": "funds", "region": "昭通市", "opened_on": "2019-05-06"}


@pytest.fixture
def inspection() -> Client:
    """云南's discipline inspection."""
    made_up()
    load_tables(country())
    return signed_in(reader("jw", "discipline", "530000"))


def _enter(client: Client, **values: str):
    with as_pages():
        return client.post("/cases/", {**SENT, **values})


def _close(client: Client, case: Case, **values: str):
    with as_pages():
        return client.post(f"/cases/{case.pk}/close/", {"finding": "查实，已整改", "closed_on": "2019-06-01", **values})


def test_a_case_is_entered_and_closed_and_the_journal_says_by_whom(inspection):
    """It moves from the open ones to the closed ones with its finding."""
    assert _enter(inspection, person_id="4").status_code == 302
    case = Case.objects.get()
    jw = User.objects.get(username="jw")
    assert (case.region_code, case.opened_on, case.entered_by, case.person_id) == ("530600", date(2019, 5, 6), jw, 4)
    with as_pages():
        assert "合成资金线索" in inspection.get("/cases/").content.decode()
    assert _close(inspection, case).status_code == 302
    with as_pages():
        assert "合成资金线索" not in inspection.get("/cases/").content.decode()
        assert "查实，已整改" in inspection.get("/cases/?state=closed").content.decode()
    entries = Change.objects.filter(table="case").order_by("pk").values_list("operation", "by")
    assert list(entries) == [("insert", jw.pk), ("update", jw.pk)]
    assert _close(inspection, case, finding="另一结论").status_code == 400
    assert Case.objects.get().finding == "查实，已整改"


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"region": "520000"}, "不在"),
        ({"region": ""}, "不在"),
        ({"subject": "x"}, "没有类别"),
        ({"title": " "}, "须有事项"),
        ({"opened_on": f"{TODAY + timedelta(days=2)}"}, "尚未到来"),
        ({"person_id": "7"}, "没有你能看到的"),
        ({"household_id": "七"}, "不是编号"),
        ({"project_id": "9" * 19}, "不是编号"),
    ],
)
def test_what_is_no_case_is_refused_in_a_sentence(inspection, sent, said):
    """Nothing is written, and what was typed stays."""
    answer = _enter(inspection, **sent)
    assert answer.status_code == 400
    assert said in answer.content.decode()
    assert "合成资金线索" in answer.content.decode() or "title" in sent
    assert not Case.objects.exists()


def test_a_case_is_not_closed_without_a_finding_or_before_it_was_opened(inspection):
    """And it stays open."""
    _enter(inspection)
    case = Case.objects.get()
    assert "须有事项" in _close(inspection, case, finding="").content.decode()
    assert "早于" in _close(inspection, case, closed_on="2019-05-05").content.decode()
    assert Case.objects.get().closed_on is None


def test_nobody_else_finds_the_page_or_a_case(inspection):
    """The auditor, the office and the administrator get 404 and no entry in the navigation; another place's too."""
    _enter(inspection)
    case = Case.objects.get()
    others = [("auditor", ""), ("recipient_office", "530000"), ("administrator", "")]
    for role, region in others:
        other = signed_in(reader(role, role, region))
        with as_pages():
            assert 'href="/cases/"' not in other.get("/").content.decode()
            assert other.get("/cases/").status_code == 404
        assert _enter(other).status_code == 404
        assert _close(other, case).status_code == 404
    elsewhere = signed_in(reader("gz", "discipline", "520000"))
    assert _close(elsewhere, case).status_code == 404
    with as_pages():
        assert "合成资金线索" not in elsewhere.get("/cases/").content.decode()
    assert Case.objects.get().closed_on is None


def test_many_cases_are_paged(inspection):
    """Each stands once, the latest first."""
    Case.objects.bulk_create(
        Case(region_code="530600", subject="other", title=f"线索{n}号", opened_on=date(2019, 1, 1)) for n in range(35)
    )
    with as_pages():
        first = inspection.get("/cases/").content.decode()
    assert "线索34号" in first
    assert "线索4号" not in first
    before = Case.objects.get(title="线索5号").pk
    with as_pages():
        second = inspection.get(f"/cases/?before={before}").content.decode()
    assert "线索4号" in second
    assert "线索5号" not in second


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO records_case (region_code, subject, title, opened_on, entered_by_id) "
        "VALUES ('520000', 'funds', 'x', '2019-01-01', {me})",
        "INSERT INTO records_case (region_code, subject, title, opened_on, entered_by_id) "
        "VALUES ('530600', 'funds', 'x', '2019-01-01', {me} + 1)",
        "INSERT INTO records_case (region_code, subject, title, opened_on, closed_on, entered_by_id) "
        "VALUES ('530600', 'funds', 'x', '2019-01-01', '2019-01-02', {me})",
        "UPDATE records_case SET title = 'x'",
        "UPDATE records_case SET region_code = '520000'",
        "DELETE FROM records_case",
    ],
)
def test_the_database_refuses_the_rest(inspection, statement):
    """Elsewhere, in another's name, closed from the start, rewritten or removed: not by raw SQL either."""
    _enter(inspection)
    jw = User.objects.get(username="jw")
    refusal = pytest.raises(ProgrammingError)
    with refusal as refused, transaction.atomic(), access.acting_as(jw), connection.cursor() as cursor:
        cursor.execute(statement.format(me=jw.pk))
    assert isinstance(refused.value.__cause__, psycopg.errors.InsufficientPrivilege)


def test_the_database_closes_no_case_twice(inspection):
    """Nor one of another place."""
    Case.objects.create(region_code=VILLAGES[2], subject="funds", title="t", opened_on=date(2019, 1, 1))
    _enter(inspection)
    _close(inspection, Case.objects.get(region_code="530600"))
    with access.acting_as(User.objects.get(username="jw")), connection.cursor() as cursor:
        cursor.execute("UPDATE records_case SET finding = 'x', closed_on = '2020-01-01'")
        assert cursor.rowcount == 0
