"""用户: users by name, page by page, and who gave them their roles; for the administrator, who sees no person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db import connection
from django.db.models import Prefetch, Q

from jiedui.records.models import RoleGrant, User

PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class Users:
    """一页用户: by sign-in name, each with `roles_today`; where the next and the previous page begin ("" = none)."""

    rows: list[User]
    after: str
    before: str


@dataclass(frozen=True, slots=True)
class Given:
    """授权经过: when and by whom (sign-in name) a grant was given and last changed, as the journal says; None = not."""

    given_at: datetime | None
    given_by: str | None
    changed_at: datetime | None
    changed_by: str | None


@dataclass(frozen=True, slots=True)
class Firm:
    """企业: its number, name and division."""

    key: int
    name: str
    region_code: str


def page(text: str, *, after: str = "", before: str = "", on: date | None = None) -> Users:
    """用户列表: whose sign-in or shown name holds the text; behind `after`, or in front of `before`."""
    rows = User.objects.all()
    if text:
        rows = rows.filter(Q(username__icontains=text) | Q(first_name__icontains=text))
    rows = rows.filter(username__lt=before) if before else rows.filter(username__gt=after)
    today = RoleGrant.objects.filter(valid__contains=on or date.today()).order_by("role", "region_code")
    rows = rows.order_by("-username" if before else "username")
    found = list(rows.prefetch_related(Prefetch("grants", today, to_attr="roles_today"))[: PAGE + 1])
    more, found = len(found) > PAGE, found[:PAGE]
    if before:
        found.reverse()
    forward, backward = (bool(found), more) if before else (more, bool(found and after))
    return Users(found, found[-1].username if forward else "", found[0].username if backward else "")


def grants(user: User) -> list[RoleGrant]:
    """全部授权: of a user, those that ended too, the latest first."""
    return list(RoleGrant.objects.filter(user=user).order_by("-valid", "role", "region_code"))


def given(user: User) -> dict[int, Given]:
    """授权经过: of each grant of a user, by its key; empty for a reader who is no administrator of the country."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM records_grant_history(%s)", [user.pk])
        return {key: Given(*facts) for key, *facts in cursor.fetchall()}


def firms(wanted: Iterable[str]) -> list[Firm]:
    """企业: those with one of the numbers or whole names; none for a reader who is no administrator of the country."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM records_firms(%s)", [list(wanted)])
        return [Firm(*row) for row in cursor.fetchall()]
