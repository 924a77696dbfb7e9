"""授权: what a user was granted, in words, for the pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

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
