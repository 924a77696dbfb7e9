"""授权: what a user was granted, in words, for the pages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from jiedui.policy import parameters
from jiedui.policy.rules import leadership_roles
from jiedui.records.models import RoleGrant
from jiedui.records.models.access import ROLE


@dataclass(frozen=True, slots=True)
class Grant:
    """授权: the role's (Chinese, English) label and its region; "" = the whole country."""

    role: tuple[str, str]
    region_code: str


def held(user: Any, on: date | None = None) -> list[Grant]:
    """持有授权: the grants of a user on a day (default today), by role and region."""
    rows = RoleGrant.objects.filter(user=user, valid__contains=on or date.today()).order_by("role", "region_code")
    return [Grant(ROLE[row.role], row.region_code) for row in rows]


def holds_any(user: Any, roles: Iterable[str], on: date | None = None) -> bool:
    """持有其一: whether a user holds one of the roles anywhere on a day (default today)."""
    rows = RoleGrant.objects.filter(user=user, role__in=list(roles), valid__contains=on or date.today())
    return rows.exists()


@dataclass(frozen=True, slots=True)
class Collision:
    """冲突授权: two roles that a user holds at a time and that exclude each other, from when until before when."""

    username: str
    one: str
    other: str
    reason: str
    since: date | None
    until: date | None


def collisions(on: date | None = None) -> list[Collision]:
    """冲突授权: grants that collide by the parameter of a day, made before it said so; by user."""
    rules = {(c.one, c.other): c.reason for c in leadership_roles.conflicts(parameters.load(on or date.today()))}
    held: dict[int, list[RoleGrant]] = defaultdict(list)
    for row in RoleGrant.objects.select_related("user").order_by("user__username", "role", "pk"):
        held[row.user_id].append(row)
    return [
        Collision(one.user.username, one.role, other.role, rules[one.role, other.role], *_common(one, other))
        for grants in held.values()
        for one in grants
        for other in grants
        if (one.role, other.role) in rules and _overlap(one, other)
    ]


def _common(one: RoleGrant, other: RoleGrant) -> tuple[date | None, date | None]:
    lower = [day for day in (one.valid.lower, other.valid.lower) if day is not None]
    upper = [day for day in (one.valid.upper, other.valid.upper) if day is not None]
    return (max(lower) if lower else None, min(upper) if upper else None)


def _overlap(one: RoleGrant, other: RoleGrant) -> bool:
    since, until = _common(one, other)
    return since is None or until is None or since < until
