"""Signing in with two factors, changing the password, and when a session ends: as the pages' role."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client

from jiedui.records.models import LoadedBatch, RoleGrant, User
from jiedui.web import second_factor

pytestmark = pytest.mark.django_db
PASSWORD = "a-long-word-2016"


@contextmanager
def as_pages() -> Iterator[None]:
    """The body's queries are those of the pages' role, whom the database refuses what is not granted."""
    with connection.cursor() as cursor:
        cursor.execute(f'SET ROLE "{settings.JIEDUI_WEB_ROLE}"')
        yield
        cursor.execute("RESET ROLE")


@pytest.fixture
def auditor(settings) -> User:
    """A user whose role asks for a second factor."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # these sign in many times
    cache.clear()
    made = User.objects.create_user("auditor", password=PASSWORD)
    RoleGrant.objects.create(user=made, role="auditor", region_code="", valid=DateRange(date(2017, 1, 1), None))
    return made


def _code(secret: str) -> str:
    """The code of this moment, with some seconds left to send it."""
    left = 30 - time.time() % 30
    if left < 5:
        time.sleep(left)
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def _sign_in(client: Client, password: str = PASSWORD) -> str:
    answer = client.post("/login/", {"username": "auditor", "password": password})
    return answer.headers.get("Location", str(answer.status_code))


def _set_up(client: Client) -> tuple[str, list[str]]:
    """Set up a second factor in a session; gives the secret and the recovery codes."""
    shown = client.get("/account/second-factor/").content.decode()
    assert "data:image/svg+xml;base64," in shown
    secret = re.search(r"<code>([A-Z2-7]{32})</code>", shown)[1]
    codes = client.post("/account/second-factor/", {"code": _code(secret)}).content.decode()
    return secret, re.findall(r"<li><code>(\d{8})</code></li>", codes)


def test_a_role_that_needs_a_second_factor_is_led_to_it_and_then_asked_for_it(client, auditor):
    """Until it is set up no page opens but the account's; then the password alone signs nobody in; codes work once."""
    with as_pages():
        assert _sign_in(client) == "/"
        assert client.get("/").headers["Location"] == "/account/second-factor/"
        assert client.get("/account/").status_code == 200
        secret, codes = _set_up(client)
        assert len(codes) == 10
        assert client.get("/").status_code == 200
        client.post("/logout/")
        for make in (lambda: codes[0], lambda: _code(secret)):
            assert _sign_in(client) == "/login/code/"
            assert client.get("/").headers["Location"].startswith("/login/")
            assert client.post("/login/code/", {"code": "000000"}).status_code == 200
            code = make()
            assert client.post("/login/code/", {"code": code}).headers["Location"] == "/"
            assert client.get("/").status_code == 200
            client.post("/logout/")
            assert _sign_in(client) == "/login/code/"
            assert client.post("/login/code/", {"code": code}).status_code == 200, "a code works once"
            client.cookies.clear()
            _forgive()
    assert secret not in str(list(Authenticator.objects.values_list("data", flat=True)))


def _forgive() -> None:
    """The log-in guard counts wrong codes; this test gives many."""
    from axes.utils import reset

    reset()


def test_wrong_codes_lock_like_wrong_passwords(client, auditor):
    """After five wrong codes the account is locked, for the right code and the right password too."""
    with as_pages():
        _sign_in(client)
        secret, _ = _set_up(client)
        client.post("/logout/")
        _sign_in(client)
        answers = [client.post("/login/code/", {"code": "000000"}).status_code for _ in range(5)]
        assert answers[:4] == [200] * 4
        assert answers[4] == 429
        assert client.post("/login/code/", {"code": _code(secret)}).headers.get("Location") == "/login/"
        assert _sign_in(client) == "429"


def test_the_second_factor_is_taken_away_with_password_and_code_only(client, auditor):
    """One of the two is not enough."""
    with as_pages():
        _sign_in(client)
        _, codes = _set_up(client)
        for wrong in ({"password": PASSWORD, "code": "0"}, {"password": "x", "code": codes[0]}):
            client.post("/account/second-factor/", wrong)
            assert second_factor.of(auditor) is not None
        client.post("/account/second-factor/", {"password": PASSWORD, "code": codes[1]})
        assert second_factor.of(auditor) is None
        assert not Authenticator.objects.exists()


def test_made_up_people_need_no_second_factor(client, auditor):
    """The demo's users sign in with their printed passwords, and the page says why they may."""
    LoadedBatch.objects.create(what="x", synthetic=True, digest="d", rows={})
    with as_pages():
        assert _sign_in(client) == "/"
        assert client.get("/").status_code == 200
        assert "演示" in client.get("/account/second-factor/").content.decode()


def test_a_changed_password_ends_every_session(client, auditor):
    """The other session and this one; the old password signs in no more, the new one does."""
    LoadedBatch.objects.create(what="x", synthetic=True, digest="d", rows={})
    other, new = Client(), "another-long-word-2017"
    with as_pages():
        _sign_in(client)
        _sign_in(other)
        wrong = {"old_password": "x", "new_password1": new, "new_password2": new}
        assert client.post("/account/password/", wrong).status_code == 200
        assert other.get("/").status_code == 200
        client.post("/account/password/", {**wrong, "old_password": PASSWORD})
        for session in (client, other):
            assert session.get("/").headers["Location"].startswith("/login/")
        assert _sign_in(client) == "200"
        assert _sign_in(client, new) == "/"


def test_a_session_ends_a_working_day_after_the_sign_in(client, auditor):
    """However busy it was: the age counts from the sign-in."""
    LoadedBatch.objects.create(what="x", synthetic=True, digest="d", rows={})
    with as_pages():
        _sign_in(client)
        assert client.get("/").status_code == 200
        session = client.session
        session[second_factor.SINCE] = time.time() - 8 * 3600 - 1
        session.save()
        assert client.get("/").headers["Location"] == "/login/"
        assert client.get("/").headers["Location"].startswith("/login/?next=")
