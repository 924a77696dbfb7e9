"""Vacancies through the interface: written by a firm or an office with a session, refused in words, described."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from jiedui.records.actions import labour_offers as offers
from jiedui.records.models import User, Vacancy
from tests.web.administration import as_pages, signed_in
from tests.web.labour_world import TODAY, WORK, world

pytestmark = pytest.mark.django_db
AT = "/api/v1/vacancies/"
SENT = {
    "organisation_id": 1, "region_code": WORK, "occupation": "6-05-01", "title": "装配工", "seats": 2,
    "monthly_wage_fen": 480_000, "skill": "none", "dormitory": True, "season": "all_year",
    "open_from": TODAY.isoformat(), "open_to": (TODAY + timedelta(days=30)).isoformat(),
}  # fmt: skip


@pytest.fixture
def users() -> dict[str, User]:
    """The small world of the labour chain."""
    return world()


def call(client: Client, method: str, path: str, body: Any, status: int) -> Any:
    """The JSON that the pages' role answers."""
    with as_pages():
        reply = client.generic(method, path, json.dumps(body), content_type="application/json")
    assert (path, reply.status_code) == (path, status), reply.content.decode()
    return json.loads(reply.content)


def test_a_firm_reports_changes_and_withdraws(users: dict[str, User]) -> None:
    """201 with the doubts; sent again it is the same one; a change of seats; withdrawn with its offers."""
    firm = signed_in(users["firm"])
    answer = call(firm, "POST", AT, SENT, 201)
    key = answer["vacancy"]["vacancy_id"]
    assert (answer["vacancy"]["state"], len(answer["doubts"])) == ("reported", 1)
    again = call(firm, "POST", AT, {**SENT, "seats": 3}, 200)
    assert (again["vacancy"]["vacancy_id"], again["vacancy"]["seats"]) == (key, 3)
    assert call(firm, "PATCH", f"{AT}{key}/", {"seats": 4}, 200)["vacancy"]["seats"] == 4
    offers.offer(2, 1, by=users["office"])
    assert call(firm, "POST", f"{AT}1/withdraw/", {"reason": "订单取消"}, 200)["offers_withdrawn"] == 1
    assert Vacancy.objects.get(pk=1).state == "withdrawn"


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({**SENT, "seats": "two", "open_from": "soon"}, {"seats", "open_from"}),
        ({**SENT, "skill": "wizard", "colour": "red"}, {"skill", "colour"}),
        ({name: value for name, value in SENT.items() if name != "title"}, {"title"}),
        ({**SENT, "dormitory": 1}, {"dormitory"}),
        ({**SENT, "organisation_id": 999}, {""}),
        ({**SENT, "open_to": "2001-01-01"}, {""}),
        ([], {""}),
    ],
)
def test_what_cannot_be_taken_is_said_by_field(users: dict[str, User], body: Any, fields: set[str]) -> None:
    """Every finding at once, with how to mend it; nothing is written."""
    answer = call(signed_in(users["firm"]), "POST", AT, body, 422)
    assert {one["field"] for one in answer["findings"]} == fields
    assert all(one["message"] for one in answer["findings"])
    assert not Vacancy.objects.filter(title="装配工").exists()


def test_nobody_else_writes(users: dict[str, User]) -> None:
    """A stranger, another side, another method, a request without the token of forms."""
    call(Client(), "POST", AT, SENT, 401)
    call(signed_in(users["public"]), "POST", AT, SENT, 422)
    call(signed_in(users["office"]), "PATCH", f"{AT}1/", {"seats": 9}, 422)
    call(signed_in(users["public"]), "PATCH", f"{AT}1/", {"seats": 9}, 404)
    call(signed_in(users["firm"]), "PATCH", AT, SENT, 405)
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(users["firm"], backend="django.contrib.auth.backends.ModelBackend")
    call(strict, "POST", AT, SENT, 403)
    assert Vacancy.objects.count() == 1
    assert Vacancy.objects.get().seats == 5


def test_seats_that_are_held_stay(users: dict[str, User]) -> None:
    """A change below what offers hold is refused in words."""
    offers.offer(2, 1, by=users["office"])
    answer = call(signed_in(users["firm"]), "PATCH", f"{AT}1/", {"seats": 0}, 422)
    assert "1" in answer["findings"][0]["message"]
    assert Vacancy.objects.get(pk=1).seats == 5


def test_what_is_written_is_described(users: dict[str, User]) -> None:
    """The description has the addresses, the token and the fields, and takes what the interface takes."""
    with as_pages():
        described = json.loads(signed_in(users["firm"]).get("/api/v1/openapi.json").content)
    report = described["paths"][AT]["post"]
    schema = report["requestBody"]["content"]["application/json"]["schema"]
    assert set(schema["required"]) == set(SENT)
    assert {"contract", "couple_room"} <= set(schema["properties"])
    assert "patch" in described["paths"][f"{AT}{{key}}/"]
    assert "post" in described["paths"][f"{AT}{{key}}/withdraw/"]
    assert {"201", "200", "401", "403", "422"} <= set(report["responses"])
