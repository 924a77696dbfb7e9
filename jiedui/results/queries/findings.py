"""核查提示: the findings of a run that the reader may see."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from jiedui.results.models import RuleFinding, Run
from jiedui.terms.pairs import Pairing

_GRAVEST_FIRST = ("error", "warning", "note")


def of_pairs(run: Run, user: Any, pairs: Iterable[Pairing]) -> QuerySet[RuleFinding]:
    """各对的提示: those about the work of pairs of which the user is a side, and those about places of people in scope.

    The gravest come first.
    """
    sight, pairs = user.sight(), list(pairs)
    inside = reduce(or_, (Q(**place) for place in sight.people.comparisons("region_code")), Q(pk__in=[]))
    own = [one.pairing_id for one in pairs if one.donor_code in sight.pairs or one.recipient_code in sight.pairs]
    order = Case(
        *[When(severity=name, then=Value(place)) for place, name in enumerate(_GRAVEST_FIRST)],
        output_field=IntegerField(),
    )
    rows = RuleFinding.objects.filter(run=run, pairing_id__in=[one.pairing_id for one in pairs])
    return rows.filter(Q(region_code="", pairing_id__in=own) | inside).order_by(order, "duty", "pk")
