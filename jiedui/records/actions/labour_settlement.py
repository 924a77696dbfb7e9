"""优先落户: an application for a city, and its result; by an office of the home.

nothing → applied → settled | refused | given_up. Who is eligible says a rule (`policy.rules.labour_settlement`); the
application keeps what it said on the day, and whoever applies without it may.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from jiedui.errors import JieduiError
from jiedui.policy.registry import implements
from jiedui.policy.rules import labour_steps
from jiedui.records.actions.labour_rights import refuse_future, require_home, written
from jiedui.records.models import Person, Settlement, User
from jiedui.records.queries.labour_entitled import standings
from jiedui.terms import codelists
from jiedui.terms.divisions import Gazetteer, level_of


@implements("labour.7")
def apply(person: Person, city_code: str, *, by: User, applied_on: date | None = None) -> Settlement:
    """申请落户: nothing → applied, `eligible` as the rule says on the day; an office of the home.

    Raises:
        JieduiError: another side, no city, a person who applied already or is settled, or a day to come.
    """
    on = applied_on or date.today()
    stored = Person.objects.visible_to(by).filter(pk=person.pk).first()
    if stored is None:
        raise JieduiError("There is no such person among those that you see.", remedy="Look at the list again.")
    require_home(by, stored.region_code, date.today())
    refuse_future(on, "The day of the application")
    _require_city(city_code, on)
    if Settlement.objects.filter(person=stored, state__in=("applied", "settled")).exists():
        raise JieduiError("The person has applied or is settled already.", remedy="Decide that application first.")
    held = standings(by, persons=[stored.pk], on=on).get((stored.pk, city_code))
    with written(by, "applied"):
        return Settlement.objects.create(
            person=stored, region_code=stored.region_code, city_code=city_code, applied_on=on, state="applied",
            eligible=held is not None and held.eligible, entered_by=by,
        )  # fmt: skip


@implements("labour.7")
def decide(settlement: Settlement, result: str, *, by: User, on: date | None = None) -> Settlement:
    """落户结果: applied → settled (on a day), refused or given_up; an office of the home.

    Raises:
        JieduiError: another side, another state, an unknown result, or a day to come or before the application.
    """
    stored = Settlement.objects.visible_to(by).filter(pk=settlement.pk).first()
    if stored is None:
        raise JieduiError("There is no such application among those that you see.", remedy="Look at the list again.")
    require_home(by, stored.region_code, date.today())
    if not labour_steps.may_follow(stored.state, result, labour_steps.NEXT_OF_SETTLEMENT):
        before = codelists.SETTLEMENT_STATE[stored.state][1]
        raise JieduiError(f"An application that is {before} does not become {result[:20]}.", remedy="Look at it again.")
    day = on or date.today()
    refuse_future(day, "The day of the result")
    if day < stored.applied_on:
        raise JieduiError("The result comes after the application.", remedy="Correct the day.")
    fields: dict[str, Any] = {"state": result, **({"settled_on": day} if result == "settled" else {})}
    with written(by, result):
        if not Settlement.objects.filter(pk=stored.pk, state=stored.state).update(**fields):
            raise JieduiError("Somebody decided this just now.", remedy="Look at the list again.")
    settlement.refresh_from_db()
    return settlement


def _require_city(city_code: str, on: date) -> None:
    known = len(city_code) == 6 and city_code.isdigit() and Gazetteer.load().get(city_code, on) is not None
    if not known or level_of(city_code) == "county":
        raise JieduiError(
            f"{city_code[:12]} is no city.", remedy="Give the six digits of a prefecture or municipality."
        )
