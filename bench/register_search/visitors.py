"""访客: fifty users of every role with open sessions, and what they ask for."""

from __future__ import annotations

import http.client
import random
import threading
import time
from collections.abc import Iterator
from datetime import date
from urllib.parse import quote, urlsplit

from bench.register_search.people import PROVINCE, Known

PAUSE = 2.0
USERS = 50


def sessions(known: Known) -> list[str]:
    """登录会话: a session cookie for each user; offices of province, prefectures and counties, and the others."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.db.backends.postgresql.psycopg_any import DateRange

    from jiedui.records.models import RoleGrant, User

    cookies = []
    for number, (role, region) in enumerate(_roles(known)):
        user, _new = User.objects.get_or_create(username=f"bench{number}", defaults={"password": "!"})
        if not user.grants.exists():
            RoleGrant.objects.create(user=user, role=role, region_code=region, valid=DateRange(date(2016, 1, 1), None))
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session["signed_in_at"] = time.time()
        session.create()
        cookies.append(f"sessionid={session.session_key}")
    return cookies


def _roles(known: Known) -> Iterator[tuple[str, str]]:
    prefectures = sorted({code[:4] + "00" for code in known.counties})
    for number in range(USERS):
        match number % 10:
            case 0:
                yield "recipient_office", PROVINCE
            case 1 | 2:
                yield "recipient_office", prefectures[number % len(prefectures)]
            case 3 | 4 | 5:
                yield "recipient_office", known.counties[number * 7 % len(known.counties)]
            case 6:
                yield "labour_bureau", prefectures[number % len(prefectures)]
            case 7:
                yield ("assessor", "") if number % 20 == 7 else ("auditor", "")
            case 8:
                yield ("discipline", PROVINCE) if number % 20 == 8 else ("donor_office", "310000")
            case _:
                yield ("finance", PROVINCE) if number % 20 == 9 else ("public", "")


def _asked(known: Known, chance: random.Random) -> tuple[str, str]:
    """(kind of work, address)."""
    person, _village, name, number, phone = chance.choice(known.people)
    kind = chance.choice(("name", "identity number", "phone", "filtered page", "person page", "counts by county"))
    match kind:
        case "name":
            return kind, f"/register/?q={quote(name[: chance.choice((1, 2, 3))])}"
        case "identity number":
            return kind, f"/register/?q={number}"
        case "phone":
            return kind, f"/register/?q={phone}"
        case "filtered page":
            return kind, "/register/?" + chance.choice(_FILTERS)
        case "person page":
            return kind, f"/register/persons/{person}/"
        case _:
            return kind, f"/register/?place={PROVINCE}"


_FILTERS = (
    "status=poor", "status=relapsed", "watched=now", "sex=female&age=16-29", "health=disabled", "work=near&age=30-44",
    "education=college&labour=skilled", "health=serious&labour=none&sex=male", "there=left",
    "status=poor&health=chronic", "work=unemployed&labour=ordinary",
)  # fmt: skip


def work(address: str, cookies: list[str], known: Known, seconds: int) -> dict[str, list[float]]:
    """干活: seconds from sending a request to the last byte of its answer, by kind of work.

    Raises:
        RuntimeError: an answer other than a page, or "not found" for a person outside the user's scope.
    """
    measured: dict[str, list[float]] = {}
    problems: list[str] = []
    until = time.monotonic() + seconds
    threads = [
        threading.Thread(target=_one, args=(address, cookie, known, until, number, measured, problems))
        for number, cookie in enumerate(cookies)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if problems:
        raise RuntimeError("; ".join(sorted(set(problems))[:3]))
    return measured


def _one(
    address: str,
    cookie: str,
    known: Known,
    until: float,
    number: int,
    measured: dict[str, list[float]],
    problems: list[str],
) -> None:
    chance, host = random.Random(number), urlsplit(address)
    connection = http.client.HTTPConnection(host.hostname or "", host.port, timeout=120)
    time.sleep(PAUSE * number / USERS)
    while time.monotonic() < until:
        kind, path = _asked(known, chance)
        begun = time.monotonic()
        connection.request("GET", path, headers={"Cookie": cookie})
        answer = connection.getresponse()
        answer.read()
        measured.setdefault(kind, []).append(time.monotonic() - begun)
        if answer.status not in (200, 404) or (answer.status == 404 and kind != "person page"):
            problems.append(f"{path}: {answer.status}")
        time.sleep(max(0.0, PAUSE - (time.monotonic() - begun)))
    connection.close()
