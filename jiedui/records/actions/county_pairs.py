"""县级结对动作: sign county pairs inside the pair above them, and pairs of townships and villages inside a county pair.

A pair that follows another of the same county ends that one, and what lay inside it, on the same day and in the same
transaction.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.db import connection, transaction

from jiedui.errors import JieduiError
from jiedui.policy.places import Places
from jiedui.policy.registry import implements
from jiedui.policy.rules.pairing import Edges, below_prefectures
from jiedui.policy.rules.pairing_match import counties_of
from jiedui.records import access
from jiedui.records.actions.pair_signing import LeftOut, NotSigned, Signed, written
from jiedui.records.models import Pairing, User
from jiedui.records.queries.pairing import edges
from jiedui.terms import pairs
from jiedui.terms.divisions import Gazetteer, level_of, prefix

COUNTY: Final = "county_to_county"
BELOW: Final = ("township_to_township", "village_to_village")
_COUNTY_DIGITS: Final = len("530602")
_LOCK: Final = 7_401_531
"""First half of the advisory lock of whoever pairs a county; the second is its code."""


@dataclass(frozen=True, slots=True)
class Proposed:
    """所提结对: the codes of a poor county and of the donor's county."""

    recipient_code: str
    donor_code: str


@implements("pairing.5")
def sign(proposed: Iterable[Proposed], basis: str, *, valid_from: date, by: User) -> Signed:
    """签署县级结对: each is made, or left out with the reason; the others are not held up by it.

    Raises `JieduiError` without a basis.
    """
    _require_basis(basis)
    made, left_out = 0, []
    for one in proposed:
        try:
            with transaction.atomic():
                pair(one.recipient_code, one.donor_code, basis, valid_from=valid_from, by=by)
            made += 1
        except NotSigned as refused:
            left_out.append(LeftOut(int(one.recipient_code), refused.reason))
    return Signed(made, tuple(left_out))


@implements("pairing.5")
def pair(recipient_code: str, donor_code: str, basis: str, *, valid_from: date, by: User) -> Pairing:
    """县级结对: the donor's county helps the poor county from a day on, under the scheme of the pair above.

    The county's other county pair of that scheme ends on that day. An office of the poor county may. Raises `NotSigned`
    (a `JieduiError`) when somebody else asks, outside the parent pair, where it holds already, or where another one
    begins later; `JieduiError` without a basis or for codes that are no counties of the day.
    """
    _require_basis(basis)
    _require_keeper(by, recipient_code)
    _require_county(recipient_code, valid_from)
    above = parent(recipient_code, donor_code, valid_from)
    with written(by, basis):
        _lock(recipient_code)
        for earlier in _holding(recipient_code, above.scheme, valid_from):
            if earlier.valid_from > valid_from:
                raise NotSigned(
                    "begins_later",
                    f"Another pair of {recipient_code} begins on {earlier.valid_from}.",
                    remedy="Give a day after that; the other pair then ends on it.",
                )
            if earlier.donor_code == donor_code:
                raise NotSigned(
                    "holds_already", f"{donor_code} helps {recipient_code} already.", remedy="Nothing is to be done."
                )
            _end(earlier, valid_from)
        return Pairing.objects.create(
            donor_code=donor_code,
            recipient_code=recipient_code,
            level=COUNTY,
            scheme=above.scheme,
            basis=basis.strip(),
            valid_from=valid_from,
            valid_to=above.valid_to,
            entered_by=by,
        )


@implements("pairing.5")
def add_below(
    county_pair: Pairing, donor_code: str, recipient_code: str, basis: str, *, valid_from: date, by: User
) -> Pairing:
    """乡镇或村结对: two townships (9 digits) or two villages (12) inside a county pair of the day; many to many.

    It ends with the county pair. An office of the poor county may. Raises `JieduiError` for other
    codes, places outside the two counties, a county pair that does not hold on the day, or a pair that is there.
    """
    _require_basis(basis)
    _require_keeper(by, recipient_code)
    if county_pair.level != COUNTY or not _held(county_pair, valid_from):
        raise JieduiError(f"No county pair {county_pair.pk} holds on {valid_from}.", remedy="Pair the counties first.")
    level = pairs.pair_level(donor_code, recipient_code)
    if level not in BELOW:
        raise JieduiError(
            f"{donor_code} and {recipient_code} are no townships or villages.",
            remedy="Give two codes of 9 digits, or two of 12.",
        )
    for code, county in ((donor_code, county_pair.donor_code), (recipient_code, county_pair.recipient_code)):
        if not _inside(code, county, valid_from):
            raise NotSigned(
                "outside", f"{code} does not lie in {county}.", remedy="Give a place inside the county pair."
            )
    with written(by, basis):
        return Pairing.objects.create(
            donor_code=donor_code,
            recipient_code=recipient_code,
            level=level,
            scheme=county_pair.scheme,
            basis=basis.strip(),
            valid_from=valid_from,
            valid_to=county_pair.valid_to,
            entered_by=by,
        )


@implements("pairing.5")
def end(held: Pairing, *, on: date, by: User, reason: str) -> int:
    """终止县以下结对: the pair, and what lies inside it, hold no longer from `on`; how many ended.

    Raises `JieduiError` for somebody else, without a reason, for a pair above the counties, or a day not after its
    beginning.
    """
    _require_basis(reason)
    _require_keeper(by, held.recipient_code)
    if held.level not in (COUNTY, *BELOW):
        raise JieduiError("Only pairs of counties and below end here.", remedy="Ask an administrator for the others.")
    with written(by, reason):
        stored = Pairing.objects.select_for_update().get(pk=held.pk)
        if stored.valid_to is not None and stored.valid_to <= on:
            raise JieduiError(f"The pair ended on {stored.valid_to}.", remedy="Nothing is to be done.")
        return _end(stored, on)


def parent(recipient_code: str, donor_code: str, on: date) -> pairs.Pairing:
    """上级结对: the pair of the day in which two counties lie; East-West where there are several.

    Raises `NotSigned` that names who answers for the poor county, where the donor's county is of none of them.
    """
    above = [edge for edge in edges() if not below_prefectures(edge)]
    found = Edges(above, on, scheme=None).of(recipient_code)
    fitting = [edge for edge in found if donor_code in counties_of(edge.donor_code, on, Gazetteer.load())]
    if not fitting:
        names = "、".join(Gazetteer.load().name(edge.donor_code) for edge in found) or "nobody"
        raise NotSigned(
            "outside",
            f"{donor_code} is no county of a donor that answers for {recipient_code} on {on}.",
            remedy=f"Choose a county of: {names}.",
        )
    return min(fitting, key=lambda edge: (edge.scheme != "east_west", edge.pairing_id))


def _lock(recipient_code: str) -> None:
    """One signature for a county at a time: the second one sees the pair that the first one made."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, int(recipient_code)])


def _holding(recipient_code: str, scheme: str, on: date) -> list[Pairing]:
    """County pairs of the county that hold on the day or later, the last first, locked, by any code of its history."""
    here = set(Places.of().prefixes(recipient_code, on))
    rows = Pairing.objects.select_for_update().filter(
        level=COUNTY, scheme=scheme, recipient_code__startswith=recipient_code[:2]
    )
    return [
        row
        for row in rows.order_by("-valid_from", "pk")
        if (row.valid_to is None or on < row.valid_to) and here & set(Places.of().prefixes(row.recipient_code, on))
    ]


def _held(row: Pairing, on: date) -> bool:
    return bool(row.valid_from <= on and (row.valid_to is None or on < row.valid_to))


def _end(held: Pairing, on: date) -> int:
    """A pair and what lies inside it; both sides of the inner one lie in those of the outer."""
    if on <= held.valid_from:
        raise NotSigned(
            "holds_already",
            f"The pair of {held.recipient_code} began on {held.valid_from}; it cannot end on {on}.",
            remedy="Give a later day.",
        )
    ended = [held, *_within(held)]
    for row in ended:
        # a pair inside that was to begin later than its county pair ends never holds: one day is the shortest
        row.valid_to = max(on, row.valid_from + timedelta(days=1))
        row.save(update_fields=["valid_to"])
    return len(ended)


def _within(held: Pairing) -> list[Pairing]:
    """Pairs of townships and villages inside a county pair that are not over."""
    if held.level != COUNTY:
        return []
    inner = Pairing.objects.select_for_update().filter(level__in=BELOW, scheme=held.scheme, valid_to=held.valid_to)
    donor = prefix(held.donor_code)
    return list(inner.filter(recipient_code__startswith=held.recipient_code, donor_code__startswith=donor))


def _inside(code: str, outer: str, on: date) -> bool:
    places = Places.of()
    held = places.prefixes(outer, on)
    return all(any(one.startswith(above) for above in held) for one in places.prefixes(code, on))


def _require_basis(basis: str) -> None:
    if len(basis.strip()) < 2:
        raise JieduiError("A pair needs its basis.", remedy="Name the document or the agreement.")


def _require_county(code: str, on: date) -> None:
    if len(code) != _COUNTY_DIGITS or level_of(code) != "county" or Gazetteer.load().get(code, on) is None:
        raise JieduiError(f"{code} was no county on {on}.", remedy="Give the six-digit code of that day.")


def _require_keeper(by: User, code: str) -> None:
    if code not in access.sight_of(by, date.today()).office:
        raise NotSigned("not_allowed", f"{by.username} may not pair {code}.", remedy="Ask an office of that place.")
