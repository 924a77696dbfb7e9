"""县级结对查询: county pairs of a day, those of townships and villages inside one, and who may change them."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from jiedui.records import access
from jiedui.records.models import Pairing, User
from jiedui.terms.divisions import prefix

COUNTY = "county_to_county"
BELOW = ("township_to_township", "village_to_village")


def pairs(on: date, region: str = "") -> QuerySet[Pairing]:
    """县级结对: that hold on a day, of which either side lies in the region ("" = everywhere); pairings are open."""
    rows = _held(Pairing.objects.filter(level=COUNTY), on)
    if region:
        start = prefix(region)
        rows = rows.filter(Q(recipient_code__startswith=start) | Q(donor_code__startswith=start))
    return rows.order_by("recipient_code", "pk")


def pair(pairing_id: int) -> Pairing | None:
    """一个县级结对, or None."""
    return Pairing.objects.filter(pk=pairing_id, level=COUNTY).first()


def below(county_pair: Pairing) -> QuerySet[Pairing]:
    """乡镇和村结对: inside a county pair, those that hold and those that ended."""
    inside = Pairing.objects.filter(level__in=BELOW, scheme=county_pair.scheme)
    return inside.filter(
        recipient_code__startswith=county_pair.recipient_code, donor_code__startswith=prefix(county_pair.donor_code)
    ).order_by("recipient_code", "donor_code", "pk")


def may_change(user: User, recipient_code: str) -> bool:
    """可否办理: whether the user works in an office of the poor county."""
    return recipient_code in access.sight_of(user, date.today()).office


def _held(rows: QuerySet[Pairing], on: date) -> QuerySet[Pairing]:
    return rows.filter(Q(valid_to=None) | Q(valid_to__gt=on), valid_from__lte=on)
