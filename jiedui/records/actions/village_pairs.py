"""村企结对动作: sign which firm is paired with which village (万企帮万村)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db import transaction

from jiedui.policy.registry import implements
from jiedui.records import access
from jiedui.records.actions.pair_signing import LeftOut, NotSigned, Signed, written
from jiedui.records.models import HelpOffer, Need, User, VillagePair

_VILLAGE_DIGITS: Final = len("530602101001")


@dataclass(frozen=True, slots=True)
class Proposed:
    """所提村企结对: the code of a village and the key of a firm's offer."""

    village_code: str
    help_offer_id: int


@implements("society.2")
def sign(proposed: Iterable[Proposed], *, by: User, day: date | None = None) -> Signed:
    """签署村企结对: each is made, or left out with the reason; the others are not held up by it."""
    made, left_out = 0, []
    for one in proposed:
        try:
            with transaction.atomic():
                pair(one.village_code, one.help_offer_id, by=by, day=day)
            made += 1
        except NotSigned as refused:
            left_out.append(LeftOut(int(one.village_code), refused.reason))
    return Signed(made, tuple(left_out))


@implements("society.2")
def pair(
    village_code: str, help_offer_id: int, *, by: User, day: date | None = None, promised_fen: int | None = None
) -> VillagePair:
    """村企结对: the firm of the offer is paired with the village from today; what the village asked for is met.

    An office of the village's place may; many to many: a village may have several firms. Raises `NotSigned` (a
    `JieduiError`): no village, an offer that is not there, closed or used up, or the two are paired already.
    """
    today = day or date.today()
    with written(by, "签署村企结对"):
        if len(village_code) != _VILLAGE_DIGITS or village_code not in access.sight_of(by, today).office:
            raise NotSigned(
                "not_allowed", f"{village_code} is no village of your place.", remedy="Ask the office of the village."
            )
        offer = HelpOffer.objects.visible_to(by, today).filter(pk=help_offer_id, kind="village").first()
        if offer is None:
            raise NotSigned("gone", "The firm's offer is not there.", remedy="Look at the list again.")
        if offer.state != "open" or offer.since > today or (offer.until is not None and offer.until <= today):
            raise NotSigned("closed", "The firm's offer is closed.", remedy="Choose another firm.")
        if VillagePair.objects.filter(region_code=village_code, organisation_id=offer.organisation_id).exists():
            raise NotSigned("holds_already", "The firm has this village already.", remedy="Nothing is to be done.")
        made = VillagePair.objects.create(
            organisation_id=offer.organisation_id,
            region_code=village_code,
            since=today,
            promised_fen=promised_fen,
            entered_by=by,
        )
        Need.objects.filter(kind="village", region_code=village_code, state="open").update(state="met")
    return made
