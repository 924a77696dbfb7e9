"""The JSON interface: every declared table, described, masked as on the pages, page by page, and errors in words."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from jiedui.records.models import Person
from jiedui.snapshot.schema import TABLES
from jiedui.terms.identity import mask_id, mask_name
from tests.records.small_country import VILLAGES, id_number
from tests.web.test_persons import HERE, made_up, signed_in

pytestmark = pytest.mark.django_db


def got(client: Client, path: str, status: int = 200) -> Any:
    """The JSON at an address."""
    reply = client.get(path)
    assert (path, reply.status_code) == (path, status)
    assert reply.headers["Content-Type"] == "application/json"
    return json.loads(reply.content)


def everything(client: Client, path: str) -> list[dict[str, Any]]:
    """All rows of a list, page after page by the address that each page gives."""
    rows, following = [], path
    while following:
        page = got(client, following)
        rows += page["rows"]
        following = page["next"]
    return rows


def test_every_declared_table_is_there_and_described() -> None:
    """Each table has a list and a row in the description, with exactly its columns but the address, and answers."""
    made_up(6)
    client = signed_in("recipient_office", "530000")
    described = got(client, "/api/v1/openapi.json")
    for name, table in TABLES.items():
        schema = described["components"]["schemas"][name]
        columns = [column.name for column in table.columns if column.name != "address"]
        assert list(schema["properties"]) == columns
        assert {f"/api/v1/{name}/", f"/api/v1/{name}/{{key}}/"} <= set(described["paths"])
        for row in got(client, f"/api/v1/{name}/")["rows"]:
            assert list(row) == columns
    assert [one["table"] for one in got(client, "/api/v1/")["tables"]] == list(TABLES)


def test_rows_are_those_of_the_pages_with_their_masks() -> None:
    """At home the name and masked numbers; elsewhere the masked name and nothing else of what is private."""
    made_up(12)
    home = got(signed_in("recipient_office", "530000"), "/api/v1/person/4/")["row"]
    assert (home["name"], home["id_number"], home["phone"]) == ("合成人", mask_id(id_number(4)), "138****1234")
    away = got(signed_in("assessor"), "/api/v1/person/4/")["row"]
    assert (away["name"], away["id_number"], away["phone"]) == (mask_name("合成人"), None, None)
    assert away["region_code"] == HERE
    outside = signed_in("recipient_office", "620000")
    assert got(outside, "/api/v1/person/4/", 404)["error"]["message"]
    assert everything(outside, "/api/v1/person/") == []
    assert everything(signed_in("finance", "530000"), "/api/v1/household/") == []


@pytest.mark.parametrize("limit", [1, 2, 7, 500])
def test_pages_hold_each_row_once(limit: int) -> None:
    """By place and key, for any size of page, with and without a place."""
    made_up(36)
    client = signed_in("auditor")
    expected = list(Person.objects.order_by("region_code", "pk").values_list("pk", "region_code"))
    found = everything(client, f"/api/v1/person/?limit={limit}")
    assert [row["person_id"] for row in found] == [key for key, _region in expected]
    here = everything(client, f"/api/v1/person/?limit={limit}&place=530600")
    assert [row["person_id"] for row in here] == [key for key, region in expected if region == HERE]
    of_household = everything(client, f"/api/v1/person/?limit={limit}&household_id=2")
    assert [row["person_id"] for row in of_household] == [4, 5, 6]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/v1/nothing/", 404),
        ("/api/v1/person/x/", 404),
        ("/api/v1/person/²/", 404),
        ("/api/v1/a/b/c/d", 404),
        ("/api/v1/person/?limit=0", 400),
        ("/api/v1/person/?limit=501", 400),
        ("/api/v1/person/?limit=x", 400),
        ("/api/v1/person/?place=53", 400),
        ("/api/v1/person/?after=1", 400),
        ("/api/v1/person/?name=x", 400),
        ("/api/v1/person/?household_id=x", 400),
        ("/api/v1/task/?place=530000", 400),
    ],
)
def test_what_cannot_be_answered_is_said_in_json(path: str, status: int) -> None:
    """A message and a remedy, never a page."""
    made_up(6)
    error = got(signed_in("recipient_office", "530000"), path, status)["error"]
    assert error["message"]
    assert error["remedy"]


def test_it_reads_only_and_for_those_who_signed_in() -> None:
    """A stranger gets 401 in JSON and not one row; whoever sends something gets 405."""
    made_up(6)
    for path in ("/api/v1/", "/api/v1/person/", "/api/v1/person/4/", "/api/v1/openapi.json", "/api/v1/x/y/z"):
        assert "rows" not in got(Client(), path, 401)
    client = signed_in("recipient_office", "530000")
    assert client.post("/api/v1/person/", {"name": "x"}).status_code == 405
    assert client.delete("/api/v1/person/4/").status_code == 405
    assert Person.objects.filter(pk=4, region_code=VILLAGES[1]).exists()
