"""就业安置: the first and the last day of work, what proves the months between, and who looks after those who left.

A placement moves its offer along in the same transaction (triggers of migration 0010): its first day makes the offer
`started`, its end `left`.
"""

from __future__ import annotations

from datetime import date

from django.db import connection

from jiedui.errors import JieduiError
from jiedui.policy.registry import implements
from jiedui.policy.rules import labour_steps
from jiedui.records.actions.labour_rights import refuse_future, require, require_home, sides, written
from jiedui.records.actions.people import Helpers
from jiedui.records.models import FollowUp, JobOffer, Placement, StayCheck, User
from jiedui.terms import codelists
from jiedui.terms.periods import Period, add_months


@implements("labour.3", "labour.5")
def start(offer: JobOffer, *, started_on: date, monthly_wage_fen: int | None, by: User) -> Placement:
    """上岗: accepted or departed → started, and a placement; the home office, an office of the work place, or the firm.

    The kind of the placement follows from the place of work (`labour_steps.placement_kind`), the rest from the offer.

    Raises:
        JieduiError: another side, another state, a day to come or before the offer, or a wage below nothing.
    """
    today = date.today()
    stored = JobOffer.objects.visible_to(by, today).filter(pk=offer.pk).first()
    if stored is None:
        raise JieduiError("There is no such offer among those that you see.", remedy="Look at the list again.")
    require(bool(sides(by, stored, today)), "an office of the home or the place of work, or the firm")
    if not labour_steps.may_follow(stored.state, "started"):
        before = codelists.OFFER_STATE[stored.state][1]
        raise JieduiError(f"An offer that is {before} does not become work.", remedy="Look at the list again.")
    refuse_future(started_on, "The first day of work")
    if started_on < stored.offered_on:
        raise JieduiError("Nobody starts before the offer.", remedy="Correct the day.")
    if monthly_wage_fen is not None and monthly_wage_fen < 0:
        raise JieduiError("A wage is not below nothing.", remedy="Correct the wage.")
    with written(by, "start"):
        _place(stored, started_on, monthly_wage_fen, by)
    offer.state = "started"
    # the side of the work place sees the placement by its own link, from its first day on
    return Placement.objects.get(job_offer=stored.pk)


def _place(offer: JobOffer, started_on: date, monthly_wage_fen: int | None, by: User) -> None:
    """Without RETURNING: a firm sees the row by the link that the row's trigger makes."""
    kind = labour_steps.placement_kind(offer.region_code, offer.work_region_code, Helpers(started_on).donors())
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO records_placement (person_id, household_id, region_code, vacancy_id, pairing_id, "
            "work_region_code, kind, started_on, monthly_wage_fen, job_offer_id, entered_by_id) "
            "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [
                offer.person_id, offer.household_id, offer.region_code, offer.vacancy_id, offer.pairing_id,
                offer.work_region_code, kind, started_on, monthly_wage_fen, offer.pk, by.pk,
            ],
        )  # fmt: skip


@implements("labour.5")
def leave(placement: Placement, *, on: date, because: str, by: User) -> Placement:
    """离岗: the placement ends, its offer is `left` and the seat is free; home, place of work, or the firm.

    Raises:
        JieduiError: another side, ended already, an unknown reason, or a day to come or before the first.
    """
    today = date.today()
    stored = _seen(placement, by)
    require(bool(sides(by, stored, today)), "an office of the home or the place of work, or the firm")
    if because not in codelists.LEAVING_REASON:
        raise JieduiError(f"There is no reason {because[:40]!r}.", remedy="Choose from the list.")
    refuse_future(on, "The last day")
    if on < stored.started_on:
        raise JieduiError("Nobody leaves before the first day.", remedy="Correct the day.")
    with written(by, "left"):
        rows = Placement.objects.filter(pk=stored.pk, ended_on=None)
        if not rows.update(ended_on=on, left_because=because):
            raise JieduiError("The placement has ended already.", remedy="Look at the list again.")
    placement.ended_on, placement.left_because = on, because
    return placement


@implements("labour.5")
def follow_up(placement: Placement, *, outcome: str, by: User, day: date | None = None) -> FollowUp:
    """离岗回访: what was done for somebody who left; an office of the home. The offer stays `left`.

    Raises:
        JieduiError: another side, an unknown outcome, a placement that lasts, or a day to come or before its end.
    """
    on = day or date.today()
    stored = _seen(placement, by)
    require_home(by, stored.region_code, date.today())
    if outcome not in codelists.FOLLOW_UP:
        raise JieduiError(f"There is no outcome {outcome[:40]!r}.", remedy="Choose from the list.")
    refuse_future(on, "The day")
    if stored.ended_on is None or on < stored.ended_on:
        raise JieduiError("The placement had not ended by then.", remedy="Enter its end first, or correct the day.")
    with written(by, "follow-up"):
        return FollowUp.objects.create(
            placement=stored, region_code=stored.region_code, done_on=on, outcome=outcome, entered_by=by
        )


@implements("labour.5")
def check(placement: Placement, *, month: date, evidence: str, by: User) -> StayCheck:
    """稳岗核查: what proves that the person worked in a month (its first day); home, or an office of the work place.

    Raises:
        JieduiError: another side, an unknown kind of evidence, no first day of a month, a month to come or one in which
            the placement did not last, or the same evidence twice.
    """
    stored = _seen(placement, by)
    held = sides(by, stored, date.today())
    require(held.home or held.work, "an office of the home or of the place of work")
    if evidence not in codelists.STAY_EVIDENCE:
        raise JieduiError(f"There is no evidence {evidence[:40]!r}.", remedy="Choose from the list.")
    if month.day != 1:
        raise JieduiError("A month is named by its first day.", remedy="Give the first day of the month.")
    refuse_future(month, "The month")
    lasted = Period(stored.started_on, stored.ended_on)
    if not lasted.overlaps(Period(month, add_months(month, 1))):
        raise JieduiError("The placement did not last in that month.", remedy="Correct the month.")
    with written(by, "stay check"):
        return StayCheck.objects.create(
            placement=stored, region_code=stored.region_code, month=month, evidence=evidence, entered_by=by
        )


def _seen(placement: Placement, by: User) -> Placement:
    """The placement as it is stored now, if `by` sees it."""
    found = Placement.objects.visible_to(by).filter(pk=placement.pk).first()
    if found is None:
        raise JieduiError("There is no such placement among those that you see.", remedy="Look at the list again.")
    return found
