"""疑似重复查询: pairs of persons who may be one, of whom the reader sees both by name, with the facts of both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from jiedui.records.models import DuplicatePair, Person, User
from jiedui.records.queries import register
from jiedui.terms.divisions import prefix
from jiedui.terms.scope import prefix_range


def pairs(user: User, *, decision: str = "open", place: str = "") -> QuerySet[DuplicatePair]:
    """疑似重复: of a decision, one of the two below a place ("" = anywhere), the surest first."""
    rows = DuplicatePair.objects.visible_to(user).filter(decision=decision).select_related("decided_by")
    if place:
        low, high = prefix_range(prefix(place))
        rows = rows.filter(
            Q(left_region__gte=low, left_region__lt=high) | Q(right_region__gte=low, right_region__lt=high)
        )
    order = ("-probability", "pk") if decision == "open" else ("-decided_at", "pk")
    return rows.order_by(*order)


def numbers(user: User) -> dict[str, int]:
    """各判定对数: by decision."""
    found = DuplicatePair.objects.visible_to(user).values_list("decision")
    return {name: found.filter(decision=name).count() for name in ("open", "same", "different")}


@dataclass(frozen=True, slots=True)
class Side:
    """一方: a person of a pair: the line of the register, the masked phone, and the days of coming and leaving."""

    line: register.Line
    person: Person
    phone: str


@dataclass(frozen=True, slots=True)
class Shown:
    """一对: with both sides."""

    pair: DuplicatePair
    left: Side
    right: Side


def shown(user: User, rows: Sequence[DuplicatePair]) -> list[Shown]:
    """并排: the pairs with the facts of both persons, in few queries."""
    keys = {key for pair in rows for key in (pair.left_id, pair.right_id)}
    persons = list(Person.objects.visible_to(user).filter(pk__in=keys))
    sides: dict[Any, Side] = {
        line.person_id: Side(line, person, register.masked(person, "phone"))
        for person, line in zip(persons, register.lines(user, persons), strict=True)
    }
    return [
        Shown(pair, sides[pair.left_id], sides[pair.right_id])
        for pair in rows
        if pair.left_id in sides and pair.right_id in sides
    ]
