"""人与户: which persons a reader may open, and who belongs to a household."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from jiedui.records.access import sight_of, within
from jiedui.records.models import Disclosure, Person

_PSEUDONYM_LENGTH = 32


def openable(user: Any, subjects: Iterable[str | None]) -> frozenset[str]:
    """可查看的人: those of the texts that are pseudonyms of persons whom the user may see."""
    wanted = {text for text in subjects if text and len(text) == _PSEUDONYM_LENGTH and text.isascii()}
    if not wanted:
        return frozenset()
    return frozenset(Person.objects.visible_to(user).filter(pseudonym__in=wanted).values_list("pseudonym", flat=True))


def members(user: Any, household_id: int) -> list[Person]:
    """家庭成员: of a household, as far as the user may see them, in the order of entry."""
    return list(Person.objects.visible_to(user).filter(household_id=household_id).order_by("pk"))


def disclosures(user: Any, on: date | None = None) -> QuerySet[Disclosure]:
    """敏感信息查看记录: who read hidden fields of whom and why, latest first: one's own, and those of the places
    for which the user audits or inspects.
    """
    sight = sight_of(user, on or date.today())
    rows = Disclosure.objects.filter(Q(by=user) | within(sight.disclosures, "region_code"))
    return rows.select_related("by").order_by("-pk")
