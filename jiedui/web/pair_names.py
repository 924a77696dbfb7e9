"""双方名称: what the two sides of a stored pair are called, as far as the reader may see them.

`of(problem, user, left_ids, right_ids)` reads both sides at once; a side that the reader does not see, or that is gone,
stands with its number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from jiedui.records import models
from jiedui.records.queries import needs
from jiedui.terms.divisions import Gazetteer
from jiedui.terms.identity import mask_name

Names = dict[int, str]
Reader = Callable[[Any, set[int]], Names]
"""(user, keys) → key → name."""


@dataclass(frozen=True, slots=True)
class Sides:
    """双方: names by key."""

    lefts: Mapping[int, str] = field(default_factory=dict)
    rights: Mapping[int, str] = field(default_factory=dict)

    def left(self, key: int | None) -> str:
        """Name of a left side; its number where there is none."""
        return "" if key is None else self.lefts.get(key, f"№ {key}")

    def right(self, key: int | None) -> str:
        """Name of a right side."""
        return "" if key is None else self.rights.get(key, f"№ {key}")


def of(problem: str, user: Any, left_ids: Iterable[int], right_ids: Iterable[int | None]) -> Sides:
    """双方名称: of the pairs of a problem; what `left_id` and `right_id` are keys of stands in `MatchMark`."""
    left, right = _READERS.get(problem, (_nothing, _nothing))
    return Sides(left(user, set(left_ids)), right(user, {key for key in right_ids if key is not None}))


def _nothing(_user: Any, _keys: set[int]) -> Names:
    return {}


def _divisions(_user: Any, keys: set[int]) -> Names:
    """Codes as numbers: they are public."""
    gazetteer = Gazetteer.load()
    return {key: gazetteer.name(str(key)[:6]) for key in keys}


def _villages(_user: Any, keys: set[int]) -> Names:
    rows = models.Village.objects.filter(region_code__in=[str(key) for key in keys])
    named = {int(row.region_code): f"{row.county_name} {row.township_name}{row.name}" for row in rows}
    return _divisions(_user, keys) | named


def _titles(model: Any) -> Reader:
    def read(user: Any, keys: set[int]) -> Names:
        return {row.pk: row.title for row in model.objects.visible_to(user).filter(pk__in=keys)}

    return read


def _candidates(user: Any, keys: set[int]) -> Names:
    """By name for whoever staffs posts at their home or sees its people by name; masked for the others."""
    sight = user.sight()
    known = sight.staffing | sight.named
    rows = models.Candidate.objects.visible_to(user).filter(pk__in=keys)
    return {row.pk: row.name if row.home_region_code in known else mask_name(row.name) for row in rows}


def _firms(user: Any, keys: set[int]) -> Names:
    """An offer with the firm that makes it."""
    rows = list(models.HelpOffer.objects.visible_to(user).filter(pk__in=keys))
    names = needs.giver_names(user, rows)
    return {row.pk: f"{names[row.pk]} · {row.title}" if row.pk in names else row.title for row in rows}


_READERS: Final[Mapping[str, tuple[Reader, Reader]]] = {
    "county_pair": (_divisions, _divisions),
    "post": (_candidates, _titles(models.Post)),
    "village": (_villages, _firms),
    "need": (_titles(models.Need), _firms),
}
