"""需求与意向动作: report needs and offers of help, change and close them, sign which offer meets which need."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from jiedui.errors import JieduiError
from jiedui.policy.registry import implements
from jiedui.records import access
from jiedui.records.actions.pair_signing import LeftOut, NotSigned, Signed, known_fields, require_reason, written
from jiedui.records.models import HelpGiven, HelpOffer, Need, Organisation, User

NEED_FIELDS: Final = ("region_code", "kind", "title", "amount_fen", "households", "since", "until")
NEED_CHANGES: Final = ("title", "amount_fen", "households", "until")
OFFER_FIELDS: Final = (
    *("organisation_id", "region_code", "kind", "title", "capacity", "amount_fen", "wish_place", "since", "until"),
)
OFFER_CHANGES: Final = ("title", "capacity", "amount_fen", "wish_place", "until")


@dataclass(frozen=True, slots=True)
class Proposed:
    """所提对接: keys of a need and an offer."""

    need_id: int
    help_offer_id: int


@implements("society.1")
def sign(proposed: Iterable[Proposed], *, by: User, day: date | None = None, run: str | None = None) -> Signed:
    """签署对接: each is made, or left out with the reason; the others are not held up by it."""
    made, left_out = 0, []
    for one in proposed:
        try:
            with transaction.atomic():
                give(one.need_id, one.help_offer_id, by=by, day=day, run=run)
            made += 1
        except NotSigned as refused:
            left_out.append(LeftOut(one.need_id, refused.reason))
    return Signed(made, tuple(left_out))


@implements("society.1")
def give(need_id: int, help_offer_id: int, *, by: User, day: date | None = None, run: str | None = None) -> HelpGiven:
    """对接: the offer meets the need from today; the need is then met, and an offer that is used up too.

    An office of the place of the need may. Raises `NotSigned` (a `JieduiError`): one of them is not there or not seen,
    closed or met, of another kind or too dear, or the offer serves as many needs as it said.
    """
    today = day or date.today()
    with written(by, "签署对接"):
        need = Need.objects.visible_to(by, today).filter(pk=need_id).first()
        offer = HelpOffer.objects.visible_to(by, today).filter(pk=help_offer_id).first()
        if need is None or offer is None:
            raise NotSigned("gone", "The need or the offer is not there.", remedy="Look at the lists again.")
        _require_office(by, need.region_code, today)
        if not Need.objects.filter(pk=need.pk, state="open").update(state="met"):
            raise NotSigned("served", "The need is met or closed.", remedy="Look at the list again.")
        if offer.state != "open" or not _open_on(offer, today):
            raise NotSigned("closed", "The offer is closed or used up.", remedy="Choose another offer.")
        dear = None not in (need.amount_fen, offer.amount_fen) and need.amount_fen > offer.amount_fen
        if need.kind != offer.kind or dear:
            raise NotSigned("unfit", "The offer does not fit the need.", remedy="Choose an offer of the kind.")
        return HelpGiven.objects.create(
            need=need,
            help_offer=offer,
            region_code=need.region_code,
            run=run,
            signed_on=today,
            entered_by=by,
        )


def end(given: HelpGiven, *, on: date, by: User, reason: str) -> None:
    """终止对接: the need is open again, and the offer has its place back.

    Raises `JieduiError` for another office, without a reason, for a day to come or before it was signed, or when it has
    ended already.
    """
    _require_office(by, given.region_code, date.today())
    if not given.signed_on <= on <= date.today():
        raise JieduiError(f"It cannot end on {on}.", remedy="Give a day from its signature to today.")
    with written(by, require_reason(reason)):
        if not HelpGiven.objects.filter(pk=given.pk, ended_on=None).update(ended_on=on):
            raise JieduiError("It has ended already.", remedy="Nothing is to be done.")
        Need.objects.filter(pk=given.need_id, state="met").update(state="open")


@implements("society.1")
def report_need(fields: Mapping[str, Any], *, by: User) -> Need:
    """登记需求: an open need under the names of `NEED_FIELDS`; an office of the place.

    Raises `JieduiError` for somebody else, another field, a value that is none; a need of the kind village that is not
    a village's, or that the village has already.
    """
    row = Need(entered_by=by, state="open", **known_fields(fields, NEED_FIELDS))
    _check(row)
    _require_office(by, row.region_code, date.today())
    if row.kind == "village":
        if len(row.region_code) != len("530602101001"):
            raise JieduiError("Only a village is paired with a firm.", remedy="Give the 12 digits of the village.")
        if Need.objects.filter(kind="village", region_code=row.region_code, state="open").exists():
            raise JieduiError("The village has asked for a firm already.", remedy="Change that entry.")
    with written(by, "登记需求"):
        row.save(force_insert=True)
    return row


def change_need(need: Need, fields: Mapping[str, Any], *, by: User) -> Need:
    """更改需求: `NEED_CHANGES` of one that is open."""
    _require_office(by, need.region_code, date.today())
    with written(by, "更改需求"):
        row = Need.objects.select_for_update().get(pk=need.pk)
        if row.state != "open":
            raise JieduiError("Only an open need can be changed.", remedy="Report another one.")
        for name, value in known_fields(fields, NEED_CHANGES).items():
            setattr(row, name, value)
        _check(row)
        row.save(update_fields=list(NEED_CHANGES))
    return row


def close_need(need: Need, *, by: User, reason: str) -> None:
    """关闭需求: an open one is proposed no more."""
    _require_office(by, need.region_code, date.today())
    with written(by, require_reason(reason)):
        if not Need.objects.filter(pk=need.pk, state="open").update(state="closed"):
            raise JieduiError("Only an open need can be closed.", remedy="Look at the list again.")


@implements("society.1", "society.2")
def report_offer(fields: Mapping[str, Any], *, by: User) -> HelpOffer:
    """登记意向: an open offer under the names of `OFFER_FIELDS`; the firm itself, or an office of its place.

    Its place is the organisation's unless told. Raises `JieduiError` for somebody else, another field, a value that is
    none, or an organisation that is not there; villages are taken by firms alone.
    """
    said = known_fields(fields, OFFER_FIELDS)
    giver = Organisation.objects.visible_to(by).filter(pk=said.get("organisation_id")).first()
    if giver is None:
        raise JieduiError("There is no such organisation among those that you see.", remedy="Choose one of the list.")
    row = HelpOffer(entered_by=by, state="open", **({"region_code": giver.region_code} | said))
    _check(row)
    _require_side(by, row)
    if row.kind == "village" and giver.kind != "firm":
        raise JieduiError("Villages are paired with firms (万企帮万村).", remedy="Choose another kind of help.")
    with written(by, "登记意向"):
        row.save(force_insert=True)
    return row


def change_offer(offer: HelpOffer, fields: Mapping[str, Any], *, by: User) -> HelpOffer:
    """更改意向: `OFFER_CHANGES` of one that is not closed; never fewer places than are taken; as many: it is met."""
    _require_side(by, offer)
    with written(by, "更改意向"):
        row = HelpOffer.objects.select_for_update().get(pk=offer.pk)
        if row.state == "closed":
            raise JieduiError("The offer is closed, and stays so.", remedy="Report another one.")
        before = row.capacity
        for name, value in known_fields(fields, OFFER_CHANGES).items():
            setattr(row, name, value)
        _check(row)
        row.save(update_fields=list(OFFER_CHANGES))
        if row.capacity != before:
            row.state = "met" if _used_up(row) else "open"
            row.save(update_fields=["state"])
    return row


def close_offer(offer: HelpOffer, *, by: User, reason: str) -> None:
    """关闭意向: is proposed no more; help that is given goes on."""
    _require_side(by, offer)
    with written(by, require_reason(reason)):
        if not HelpOffer.objects.filter(pk=offer.pk).exclude(state="closed").update(state="closed"):
            raise JieduiError("The offer is closed already.", remedy="Nothing is to be done.")


def _used_up(offer: HelpOffer) -> bool:
    """Whether every place is taken, also by help that its side does not see: the database then refuses one fewer.

    What villages a firm took is counted over all of its offers, when a village is paired.
    """
    if offer.kind == "village":
        return False
    if not offer.capacity:
        return offer.capacity == 0
    try:
        with transaction.atomic():
            HelpOffer.objects.filter(pk=offer.pk).update(capacity=offer.capacity - 1)
            transaction.set_rollback(True)
    except IntegrityError as error:
        if getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") != "help_offer_full":
            raise
        return True
    return False


def _open_on(offer: HelpOffer, day: date) -> bool:
    return bool(offer.since <= day and (offer.until is None or day < offer.until))


def _check(row: Any) -> None:
    """Choices and required fields of the record in words; numbers are not negative, and the end is not before."""
    try:
        row.clean_fields(exclude=["entered_by"])
    except ValidationError as error:
        name, said = next(iter(error.message_dict.items()))
        raise JieduiError(f"{name}: {said[0]}", remedy="Correct this field.") from None
    small = [name for name in ("amount_fen", "households", "capacity") if (getattr(row, name, None) or 0) < 0]
    if small:
        raise JieduiError(f"{small[0]} must not be negative.", remedy="Correct the number.")
    if row.until is not None and row.until < row.since:
        raise JieduiError(f"{row.until} is before {row.since}.", remedy="Correct the days.")


def _require_office(by: User, code: str, day: date) -> None:
    if code not in access.sight_of(by, day).office:
        raise NotSigned(
            "not_allowed", f"{by.username} works in no office of {code}.", remedy="Ask an office of that place."
        )


def _require_side(by: User, offer: HelpOffer) -> None:
    sight = access.sight_of(by, date.today())
    if offer.organisation_id not in sight.organisations and offer.region_code not in sight.office:
        raise NotSigned(
            "not_allowed", "This organisation is not yours to speak for.", remedy="Ask it, or an office of its place."
        )
