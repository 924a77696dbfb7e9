"""What a reader sees when something cannot be shown."""

from __future__ import annotations

from datetime import date

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.http import Http404, HttpRequest
from django.test import Client, RequestFactory
from django.views.defaults import server_error

from jiedui.records.models import RoleGrant, User
from jiedui.web.middleware import ReadableErrors
from tests.web.test_query_counts import fill


@pytest.fixture
def assessor(client: Client) -> Client:
    """A client signed in as an assessor."""
    user = User.objects.create_user("reader", password="x")
    RoleGrant.objects.create(user=user, role="assessor", region_code="", valid=DateRange(date(2016, 1, 1), None))
    client.force_login(user)
    return client


@pytest.mark.django_db
def test_lost_evidence_is_said_with_its_remedy(assessor: Client) -> None:
    """A run whose file is gone gives a page that says so and how to mend it, in the site's frame."""
    fill(4)
    reply = assessor.get("/assessment/evidence/poverty.number_1/1/donor/")
    assert reply.status_code == 503
    text = reply.content.decode()
    assert "暂时无法显示" in text
    assert "jiedui assess" in text


def test_only_readable_errors_are_caught() -> None:
    """A bug stays a bug, and a page that is not there stays so."""
    middleware = ReadableErrors(lambda request: None)
    for error in (ValueError("bug"), Http404()):
        assert middleware.process_exception(HttpRequest(), error) is None


def test_a_bug_says_that_nothing_was_changed(rf: RequestFactory) -> None:
    """The page for a bug needs no database and speaks both languages."""
    reply = server_error(rf.get("/"))
    assert reply.status_code == 500
    text = reply.content.decode()
    assert "没有任何数据被改动" in text
    assert "No data were changed" in text


@pytest.mark.django_db
def test_a_form_from_elsewhere_is_refused() -> None:
    """A form without the site's token changes nothing and is answered in a sentence."""
    reply = Client(enforce_csrf_checks=True).post("/login/", {"username": "x", "password": "y"})
    assert reply.status_code == 403
    assert "请重新提交" in reply.content.decode()
