"""结对动作: add a pairing and end one. What was is never changed: an edge gets an end, a new edge begins."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction

from jiedui.errors import JieduiError
from jiedui.policy.registry import implements
from jiedui.records import access
from jiedui.records.models import Pairing, User
from jiedui.terms import codelists
from jiedui.terms.divisions import Gazetteer
from jiedui.terms.pairs import pair_level


@implements("pairing.1")
def add(
    donor_code: str,
    recipient_code: str,
    scheme: str,
    basis: str,
    *,
    valid_from: date,
    valid_to: date | None = None,
    by: User,
) -> Pairing:
    """新增结对: a donor helps a recipient under a scheme from `valid_from` until before `valid_to` (None = open).

    Only an administrator of the recipient's place may. Raises `JieduiError` when not allowed, when a code was no
    division on that day, the levels do not pair, the dates are out of order, or the same pairing holds already in part
    of that time.
    """
    _require_keeper(by, recipient_code)
    for code in (donor_code, recipient_code):
        if Gazetteer.load().get(code, valid_from) is None:
            raise JieduiError(f"{code} was no division on {valid_from}.", remedy="Give the six-digit code of that day.")
    if scheme not in codelists.SCHEME:
        raise JieduiError(f"There is no scheme {scheme!r}.", remedy=f"Schemes: {', '.join(codelists.SCHEME)}.")
    if donor_code == recipient_code:
        raise JieduiError(f"{donor_code} cannot help itself.", remedy="Give two divisions.")
    if not basis.strip():
        raise JieduiError("A pairing needs its basis.", remedy="Name the clause or document.")
    _check_order(valid_from, valid_to)
    pairing = Pairing(
        donor_code=donor_code,
        recipient_code=recipient_code,
        level=pair_level(donor_code, recipient_code),
        scheme=scheme,
        basis=basis,
        valid_from=valid_from,
        valid_to=valid_to,
        entered_by=by,
    )
    try:
        with access.signed(by, basis), transaction.atomic():
            pairing.save(force_insert=True)
    except IntegrityError:
        raise JieduiError(
            f"{donor_code} helps {recipient_code} under {scheme} already in part of that time.",
            remedy="End the other pairing first, or correct the dates.",
        ) from None
    return pairing


@implements("pairing.1")
def end(pairing: Pairing, *, on: date, by: User, reason: str) -> Pairing:
    """终止结对: the pairing holds no longer from `on`; the row as it was, who and why are kept.

    Only an administrator of the recipient's place may. Raises `JieduiError` when not allowed, without a reason, for a
    day not after its beginning, or when it ended on an earlier day.
    """
    _require_keeper(by, pairing.recipient_code)
    if not reason.strip():
        raise JieduiError("Ending a pairing needs a reason.", remedy="Name the document that ends it.")
    with access.signed(by, reason):
        stored = Pairing.objects.get(pk=pairing.pk)
        _check_order(stored.valid_from, on)
        if stored.valid_to is not None and stored.valid_to <= on:
            raise JieduiError(f"The pairing ended on {stored.valid_to}.", remedy="Nothing is to be done.")
        stored.valid_to = on
        stored.save(update_fields=["valid_to"])
    return stored


def _check_order(valid_from: date, valid_to: date | None) -> None:
    if valid_to is not None and valid_to <= valid_from:
        raise JieduiError(
            f"The pairing would end on {valid_to}, not after it begins on {valid_from}.", remedy="Correct the dates."
        )


def _require_keeper(by: User, recipient_code: str) -> None:
    if recipient_code not in access.region_of_role(by, "administrator", date.today()):
        raise JieduiError(
            f"{by.username} may not change pairings of {recipient_code}.", remedy="Ask an administrator of that place."
        )
