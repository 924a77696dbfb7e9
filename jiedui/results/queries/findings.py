"""核查提示: the findings of a run that the reader may see."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from jiedui.results.models import RuleFinding, Run

_GRAVEST_FIRST = ("error", "warning", "note")


def of_pairs(run: Run, user: Any, pairing_ids: Iterable[int]) -> QuerySet[RuleFinding]:
    """各对的提示: those about the pairs as such, and those about places of people inside the user's scope.

    `pairing_ids` are the pairs whose programme the user may see. The gravest come first.
    """
    places = user.sight().people.comparisons("region_code")
    inside = reduce(or_, (Q(**place) for place in places), Q(pk__in=[]))
    order = Case(
        *[When(severity=name, then=Value(place)) for place, name in enumerate(_GRAVEST_FIRST)],
        output_field=IntegerField(),
    )
    rows = RuleFinding.objects.filter(run=run, pairing_id__in=list(pairing_ids))
    return rows.filter(Q(region_code="") | inside).order_by(order, "duty", "pk")
