"""A place that nobody knows and a day that does not exist are said to be so."""

from __future__ import annotations

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client

from jiedui.records.loading import load_tables
from jiedui.records.models import RoleGrant, User
from tests.records.small_country import START, VILLAGES, country
from tests.web.test_errors import assessor as assessor


@pytest.fixture
def recorded() -> None:
    """A country with households in `VILLAGES`."""
    load_tables(country())


@pytest.mark.django_db
@pytest.mark.usefixtures("recorded")
@pytest.mark.parametrize("code", [VILLAGES[0], VILLAGES[0][:9], VILLAGES[0][:6]])
def test_a_recorded_place_has_a_page(assessor: Client, code: str) -> None:
    """A village of a household, its township and its county open, and the search leads there."""
    assert assessor.get(f"/regions/{code}/").status_code == 200
    assert assessor.get(f"/regions/?q={code}").headers["Location"] == f"/regions/{code}/"


@pytest.mark.django_db
@pytest.mark.usefixtures("recorded")
@pytest.mark.parametrize("code", ["620000000000", "533301999", "533301100999", "5333011000", "999999"])
def test_an_invented_place_is_not_found(assessor: Client, code: str) -> None:
    """A code below a real county that no row names is not found, by address and by search."""
    assert assessor.get(f"/regions/{code}/").status_code == 404
    assert assessor.get(f"/regions/?q={code}").status_code == 404


@pytest.mark.django_db
@pytest.mark.usefixtures("recorded")
def test_a_place_outside_the_scope_is_not_told(client: Client) -> None:
    """Who may not see the people of a village is not told that it has any."""
    user = User.objects.create_user("elsewhere", password="x")
    RoleGrant.objects.create(user=user, role="recipient_office", region_code="520000", valid=DateRange(START, None))
    client.force_login(user)
    assert client.get(f"/regions/{VILLAGES[2]}/").status_code == 200
    assert client.get(f"/regions/{VILLAGES[0]}/").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("day", ["2018-13-45", "yesterday", "²", "9" * 500])
def test_a_day_that_is_none_is_said(assessor: Client, day: str) -> None:
    """The page repeats what was not understood, shortened, and says which day it shows."""
    text = assessor.get("/regions/530000/", {"on": day}).content.decode()
    assert f"“{day[:40]}”不是能识别的日期" in text
    shown = text.partition("现显示 ")[2][:10]
    assert f'name="on" value="{shown}"' in text


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["", "?on=", "?on=2018-06-30"])
def test_a_day_or_none_needs_no_word(assessor: Client, query: str) -> None:
    """A real day, or no day asked for, is shown without a notice."""
    assert "不是能识别的日期" not in assessor.get(f"/regions/530000/{query}").content.decode()
