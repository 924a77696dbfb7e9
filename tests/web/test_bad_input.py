"""Whatever stands in an address or a form, the answer is a page, never a crash."""

from __future__ import annotations

import pytest
from django.test import Client

from jiedui.records.models import User
from jiedui.web.numbers import whole
from tests.web.test_query_counts import fill

NINES = "9" * 5000


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/proposals/?pair=²", 200),
        (f"/proposals/?pair={NINES}", 200),
        ("/regions/530000/?on=0001-01-01", 200),
        ("/assessment/evidence/poverty.number_1%00/1/donor/", 404),
        ("/assessment/evidence/none.1/1/donor/", 404),
        ("/assessment/evidence/poverty.number_1/1/nobody/", 404),
    ],
)
def test_a_strange_address_gets_a_page(client: Client, address: str, status: int) -> None:
    """Digits of other scripts, far too many of them, a zero byte and a day before all history are answered."""
    fill(4)
    client.force_login(User.objects.create_user("reader", password="x"))
    assert client.get(address, follow=True).status_code == status


@pytest.mark.django_db
def test_a_name_too_long_for_an_account_is_a_wrong_one(client: Client) -> None:
    """The log-in guard has no room for it; the reader is told what any wrong name is told."""
    reply = client.post("/login/", {"username": "a" * 5000, "password": "x"})
    assert reply.status_code == 200
    assert "用户名和密码不匹配" in reply.content.decode()


@pytest.mark.parametrize(
    ("text", "number"), [("7", 7), ("0", 0), ("", None), ("-1", None), ("²", None), ("１", None), (NINES, None)]
)
def test_whole_numbers(text: str, number: int | None) -> None:
    """Plain digits, few enough for a database's number; everything else is no number."""
    assert whole(text) == number
