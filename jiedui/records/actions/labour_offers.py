"""岗位推荐: the steps of an offer, each by the side whose step it is.

offered → accepted | refused | withdrawn | lapsed; accepted → departed (a trip, `labour_trips`) | started | refused |
withdrawn; departed → started | withdrawn; started → left. The table is `policy.rules.labour_steps.NEXT`; the database
holds it too. `sign` makes offers of a run's proposals (`labour_signing`); begin and end of work and what is checked and
done afterwards are in `labour_placements`, and reached from here.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db import connection

from jiedui.errors import JieduiError
from jiedui.policy.registry import implements
from jiedui.policy.rules import labour_steps
from jiedui.records import access
from jiedui.records.actions.labour_placements import check, follow_up, leave, start
from jiedui.records.actions.labour_rights import (
    lock_offers,
    refuse_future,
    require,
    require_home,
    require_reason,
    sides,
    written,
)
from jiedui.records.actions.labour_signing import LEFT_OUT, LeftOut, Proposed, Signed, sign
from jiedui.records.models import JobOffer, OfferSheet, User
from jiedui.terms import codelists

__all__ = [
    "LEFT_OUT", "LeftOut", "Proposed", "Signed", "accept", "answer_sheet", "check", "follow_up", "lapse", "leave",
    "offer", "read_sheet", "refuse", "sheet", "sign", "start", "take_back_answer", "withdraw",
]  # fmt: skip


@implements("labour.3")
def offer(worker_id: int, vacancy_id: int, *, by: User, day: date | None = None) -> JobOffer:
    """推荐: nothing → offered, by hand; by an office of the worker's home.

    Raises:
        JieduiError: whatever would leave the worker out of a signing (`LEFT_OUT`), in a sentence.
    """
    signed = sign(None, [Proposed(worker_id, vacancy_id)], by=by, day=day)
    if signed.left_out:
        _, english = LEFT_OUT[signed.left_out[0].reason]
        raise JieduiError(f"No offer is made: {english}.", remedy="Choose another worker or vacancy.")
    return JobOffer.objects.get(worker=worker_id, state__in=labour_steps.HOLDING)


@implements("labour.3")
def accept(offer: JobOffer, *, by: User, day: date | None = None) -> JobOffer:
    """同意: offered → accepted; an office of the worker's home enters what the worker said.

    Raises:
        JieduiError: another side, another state, or a day to come or before the offer.
    """
    return _answer(offer, "accepted", None, by, day)


@implements("labour.3")
def refuse(offer: JobOffer, reason: str, *, by: User, day: date | None = None) -> JobOffer:
    """谢绝: offered or accepted → refused with a reason of `REFUSAL_REASON`; an office of the worker's home.

    Raises:
        JieduiError: another side, another state, an unknown reason, or a day to come or before the offer.
    """
    if reason not in codelists.REFUSAL_REASON:
        raise JieduiError(f"There is no reason {reason[:40]!r}.", remedy="Choose from the list.")
    return _answer(offer, "refused", reason, by, day)


@implements("labour.3")
def take_back_answer(offer: JobOffer, *, by: User) -> JobOffer:
    """撤销答复: accepted or refused → offered, if the seat is still there; an office of the worker's home.

    Raises:
        JieduiError: another side, another state, an accepted one that is on a trip, or a seat that was given away.
    """
    stored = _held(offer, by, date.today())
    require_home(by, stored.region_code, date.today())
    if stored.dispatch_trip_id is not None:
        raise JieduiError("The worker is on the list of a trip.", remedy="Take the worker off the list first.")
    with written(by, "answer taken back"):
        _lock(stored.vacancy_id)
        _move(stored, "offered", refusal=None, answered_on=None)
    return _same(offer, stored)


@implements("labour.3")
def withdraw(offer: JobOffer, *, by: User, reason: str) -> JobOffer:
    """撤回: offered, accepted or departed → withdrawn; the home office, an office of the work place, or the firm.

    A firm sees, and so withdraws, from the yes on. The whole vacancy is withdrawn by `labour_vacancies.withdraw`.

    Raises:
        JieduiError: another side, another state, or no reason.
    """
    said = require_reason(reason)
    stored = _held(offer, by, date.today())
    require(bool(sides(by, stored, date.today())), "an office of the home or the place of work, or the firm")
    with written(by, said):
        _move(stored, "withdrawn")
    return _same(offer, stored)


@implements("labour.3")
def lapse(*, by: User, day: date | None = None) -> int:
    """逾期: offered → lapsed, for all of the places of `by` whose day of answer is over; tells how many."""
    on = day or date.today()
    sight = access.sight_of(by, on)
    with written(by, "not answered in time"):
        here = access.within(sight.office & sight.named, "region_code")
        due = JobOffer.objects.filter(here, state="offered", answer_by__lt=on)
        lock_offers(due)
        return due.update(state="lapsed")


@implements("labour.3")
def sheet(offer: JobOffer, *, by: User) -> str:
    """推荐单密钥: a new key for the worker's own page, until the day of answer is over; an office of the home.

    Only its digest is kept, so the key is shown once; older keys of the offer go on opening it until then. The state
    does not change.

    Raises:
        JieduiError: another side, an offer that is answered or over, or one whose day of answer is past.
    """
    stored = _held(offer, by, date.today())
    require_home(by, stored.region_code, date.today())
    if stored.state != "offered" or stored.answer_by < date.today():
        raise JieduiError("This offer is not open for an answer.", remedy="Make a sheet for an open offer.")
    key = secrets.token_urlsafe(24)
    with written(by, "sheet"):
        OfferSheet.objects.create(
            job_offer=stored,
            region_code=stored.region_code,
            key_digest=hashlib.sha256(key.encode()).hexdigest(),
            until=stored.answer_by + timedelta(days=1),
        )
    return key


def read_sheet(key: str) -> dict[str, Any] | None:
    """查看推荐单: the one offer of a key, as JSON values; None where the key opens nothing. Nobody need be signed in.

    Keys: job_offer_id, state, offered_on, answer_by, answered_on, refusal, run, worker_id, surname, region_code,
    vacancy (columns of the vacancy), firm, until, proposal (columns of the stored proposal, or None).
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT records_sheet(%s)", [key])
        (told,) = cursor.fetchone()
    return json.loads(told) if isinstance(told, str) else told


@implements("labour.3")
def answer_sheet(key: str, yes: bool, why: str = "") -> str | None:
    """答复推荐单: offered → accepted or refused, by whoever holds the key. Nobody need be signed in.

    Gives the state before the answer: "offered" = the answer is kept, another one = it came too late and changes
    nothing; None where the key opens nothing.

    Raises:
        JieduiError: a no without a reason of `REFUSAL_REASON`.
    """
    if not yes and why not in codelists.REFUSAL_REASON:
        raise JieduiError("A no needs a reason of the list.", remedy="Choose one.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT records_answer_sheet(%s, %s, %s)", [key, yes, why or None])
        (before,) = cursor.fetchone()
    return before


def _answer(offer: JobOffer, state: str, refusal: str | None, by: User, day: date | None) -> JobOffer:
    on = day or date.today()
    stored = _held(offer, by, on)
    require_home(by, stored.region_code, on)
    refuse_future(on, "The day of the answer")
    if on < stored.offered_on:
        raise JieduiError("Nobody answers before the offer.", remedy="Correct the day.")
    with written(by, "answer of the worker"):
        _move(stored, state, refusal=refusal, answered_on=on, dispatch_trip=None)
    return _same(offer, stored)


def _held(offer: JobOffer, by: User, day: date) -> JobOffer:
    """The offer as it is stored now, if `by` sees it."""
    found = JobOffer.objects.visible_to(by, day).filter(pk=offer.pk).first()
    if found is None:
        raise JieduiError("There is no such offer among those that you see.", remedy="Look at the list again.")
    return found


def _move(stored: JobOffer, state: str, **fields: Any) -> None:
    """To the next state, if it may follow and nobody was faster."""
    if not labour_steps.may_follow(stored.state, state):
        before, after = (codelists.OFFER_STATE[one][1] for one in (stored.state, state))
        raise JieduiError(f"An offer that is {before} does not become {after}.", remedy="Look at the list again.")
    rows = JobOffer.objects.filter(pk=stored.pk, state=stored.state)
    if not rows.update(state=state, **fields):
        raise JieduiError("Somebody changed this offer just now.", remedy="Look at the list again.")
    for name, value in {"state": state, **fields}.items():
        setattr(stored, name, value)


def _same(offer: JobOffer, stored: JobOffer) -> JobOffer:
    """The caller's object, brought up to date: the side that withdrew an offer sees it no longer."""
    for field in JobOffer._meta.concrete_fields:
        setattr(offer, field.attname, getattr(stored, field.attname))
    return offer


def _lock(vacancy_id: int) -> None:
    """The vacancy before the offer, in the order in which a signing and a withdrawal take them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT records_hold_seats(%s::bigint[])", [[vacancy_id]])


def move_all(offers: Iterable[JobOffer], state: str, **fields: Any) -> int:
    """成批流转: the next state for all of them, or a sentence; for trips. Tells how many."""
    stored = list(offers)
    wrong = next((one for one in stored if not labour_steps.may_follow(one.state, state)), None)
    if wrong is not None:
        before, after = (codelists.OFFER_STATE[one][1] for one in (wrong.state, state))
        raise JieduiError(f"An offer that is {before} does not become {after}.", remedy="Take it off the list.")
    states = {one.state for one in stored}
    lock_offers(JobOffer.objects.filter(pk__in=[one.pk for one in stored]))
    rows = JobOffer.objects.filter(pk__in=[one.pk for one in stored], state__in=states)
    moved = rows.update(state=state, **fields)
    if moved != len(stored):
        raise JieduiError("Somebody changed one of these offers just now.", remedy="Look at the list again.")
    return moved
