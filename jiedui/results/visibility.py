"""可见范围: results about people are shown inside the user's scope only.

The scope comes from the user's own `sight()` (records); this room does not know how it is made.
"""

from __future__ import annotations

from datetime import date
from functools import reduce
from operator import or_
from typing import Any, Self

from django.db import models
from django.db.models import Q

from jiedui.terms.scope import Scope


class PeopleQuerySet(models.QuerySet):
    """人员结果查询集: rows with the `region_code` of a person's home."""

    def visible_to(self, user: Any, on: date | None = None) -> Self:
        """The rows that the user may see on a day (default today): at home, and where its pairings help."""
        return self.within(user.sight(on).proposed if getattr(user, "is_authenticated", False) else Scope())

    def within(self, scope: Scope) -> Self:
        """The rows whose person lives inside the scope; an empty scope matches nothing."""
        ranges = scope.comparisons("region_code")
        return self.filter(reduce(or_, (Q(**comparison) for comparison in ranges), Q(pk__in=[])))


class PairQuerySet(models.QuerySet):
    """结对结果查询集: proposals between places, organisations and posts; seen from either side."""

    def visible_to(self, user: Any, on: date | None = None) -> Self:
        """Of posts where the reader sees the talent of either side, of everything else the programme or its office."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        sight = user.sight(on)
        posts = Q(problem="post") & self._either(sight.talent)
        return self.filter(posts | (~Q(problem="post") & self._either(sight.programme | sight.office)))

    @staticmethod
    def _either(scope: Scope) -> Q:
        sides = [Q(**comparison) for side in ("left_region", "right_region") for comparison in scope.comparisons(side)]
        return reduce(or_, sides, Q(pk__in=[]))
