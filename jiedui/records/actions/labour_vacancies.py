"""岗位: a firm or an office reports a vacancy; a plausible one counts at once, any other when it was confirmed.

reported | checked → withdrawn, which stays. A change is judged anew: a checked vacancy that became doubtful is
reported again, and only an office of the place of work brings a reported one to checked. A firm's own plausible vacancy
is checked as it is entered: the rule that finds it plausible is the program's, so the database refuses a firm the later
step only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import connection

from jiedui.errors import JieduiError
from jiedui.policy import parameters
from jiedui.policy.findings import Finding
from jiedui.policy.registry import implements
from jiedui.policy.rules.labour_vacancies import doubts
from jiedui.records import access
from jiedui.records.actions.labour_rights import require, require_reason, written
from jiedui.records.models import Organisation, User, Vacancy
from jiedui.terms.divisions import Gazetteer
from jiedui.terms.occupations import Occupations

CHANGED: Final = (
    "occupation", "title", "seats", "monthly_wage_fen", "skill", "dormitory", "season", "open_from", "open_to",
    "starts_on", "contract", "demand", "night_shift", "mandarin", "couple_room", "school_place",
)  # fmt: skip
"""What may be changed of a vacancy; firm and place of work stay."""
REPORTED: Final = ("organisation_id", "region_code", *CHANGED)
JUDGED: Final[Mapping[str, frozenset[str]]] = {
    "no_credit_code": frozenset(), "wrong_credit_code": frozenset(),
    "wage_too_low": frozenset({"monthly_wage_fen"}), "wage_too_high": frozenset({"monthly_wage_fen"}),
    "no_seats": frozenset({"seats"}), "many_seats": frozenset({"seats"}),
    "open_long": frozenset({"open_from", "open_to"}), "closed_already": frozenset({"open_to"}),
    "starts_before_open": frozenset({"starts_on", "open_from"}), "unknown_occupation": frozenset({"occupation"}),
}  # fmt: skip
"""Doubt → the fields that it judges; a doubt about the firm judges none of the vacancy."""


@implements("labour.2")
def report(fields: Mapping[str, Any], *, by: User) -> Vacancy:
    """上报岗位: nothing → checked where it is plausible, otherwise → reported; the firm itself, or an office of the
    place of work. `fields` under the names of `REPORTED`.

    Raises:
        JieduiError: another side, a firm that is not there, an unknown field, a value that is none, or a place of work
            that is no division today.
    """
    _require_known(fields, REPORTED)
    firm = Organisation.objects.visible_to(by).filter(pk=fields.get("organisation_id")).exclude(kind="person").first()
    if firm is None:
        raise JieduiError("There is no such firm among those that you see.", remedy="Choose the firm from the list.")
    row = Vacancy(entered_by=by, **{"region_code": firm.region_code, **fields})
    _require_side(row, by)
    _judge(row, firm)
    _require_division(row.region_code, date.today())
    with written(by, "vacancy reported"):
        row.save(force_insert=True)
    return row


@implements("labour.2")
def change(vacancy: Vacancy, fields: Mapping[str, Any], *, by: User) -> Vacancy:
    """更改岗位: checked or reported → as plausible as it then is; the firm itself, or an office of the place of work.

    What was confirmed stays so while there is no new doubt, and a field that a standing doubt judges is changed by an
    office of the place only. What waits to be confirmed waits on when the firm changes it, also where it is plausible
    then.

    Raises:
        JieduiError: another side, a withdrawn vacancy, an unknown field, a value that is none, or fewer seats than
            are held.
    """
    _require_known(fields, CHANGED)
    stored = _seen(vacancy, by)
    _require_side(stored, by)
    _require_not_withdrawn(stored)
    firm = Organisation.objects.filter(pk=stored.organisation_id).first()
    earlier, before = _rules(stored, firm), {name: getattr(stored, name) for name in CHANGED}
    state, office = stored.state, stored.region_code in access.sight_of(by, date.today()).office
    for name, value in fields.items():
        setattr(stored, name, value)
    _judge(stored, firm)
    standing = _rules(stored, firm)
    if state == "checked":
        changed = {name for name in fields if getattr(stored, name) != before[name]}
        kept = standing <= earlier and (office or not judged(standing) & changed)
        stored.state = "checked" if kept else "reported"
    elif not office:
        stored.state = "reported"
    with written(by, "vacancy changed"):
        _require_seats(stored)
        stored.save(update_fields=[*fields, "state"])
    _same(vacancy, stored)
    return vacancy


@implements("labour.2")
def confirm(vacancy: Vacancy, *, by: User) -> Vacancy:
    """核实: reported → checked; an office of the place of work.

    Raises:
        JieduiError: another side, or a vacancy that is not just reported.
    """
    stored = _seen(vacancy, by)
    require(stored.region_code in access.sight_of(by, date.today()).office, "an office of the place of work")
    _require_not_withdrawn(stored)
    with written(by, "vacancy confirmed"):
        if not Vacancy.objects.filter(pk=stored.pk, state="reported").update(state="checked"):
            raise JieduiError("The vacancy is confirmed already.", remedy="Nothing is to be done.")
    vacancy.state = "checked"
    return vacancy


@implements("labour.2")
def withdraw(vacancy: Vacancy, *, by: User, reason: str) -> int:
    """撤回岗位: reported or checked → withdrawn, its open offers with it; the firm, or an office of the place of work.

    Who has started stays at work. Tells how many offers were withdrawn, also those that a firm does not see.

    Raises:
        JieduiError: another side, no reason, or withdrawn already.
    """
    said = require_reason(reason)
    stored = _seen(vacancy, by)
    _require_side(stored, by)
    with written(by, said):
        _, open_ones = _held(stored.pk)
        if not Vacancy.objects.filter(pk=stored.pk).exclude(state="withdrawn").update(state="withdrawn"):
            raise JieduiError("The vacancy was withdrawn already.", remedy="Nothing is to be done.")
    vacancy.state = "withdrawn"
    return open_ones


def doubts_of(vacancy: Vacancy, *, by: User) -> tuple[Finding, ...]:
    """存疑之处: why a vacancy is not plausible, for whoever sees it; () = it is."""
    firm = Organisation.objects.visible_to(by).filter(pk=vacancy.organisation_id).first()
    return _doubts(vacancy, firm)


def judged(rules: Iterable[str]) -> frozenset[str]:
    """存疑字段: the fields that these doubts judge."""
    return frozenset().union(*(JUDGED[rule] for rule in rules))


def _rules(row: Vacancy, firm: Organisation | None) -> set[str]:
    return {finding.rule for finding in _doubts(row, firm)}


def _doubts(row: Vacancy, firm: Organisation | None) -> tuple[Finding, ...]:
    values = {field.attname: getattr(row, field.attname) for field in Vacancy._meta.concrete_fields}
    return doubts(values | ({"credit_code": firm.credit_code} if firm else {}), parameters.load(date.today()))


def _judge(row: Vacancy, firm: Organisation | None) -> None:
    """The values must be values; then plausible or not. An occupation is kept as the code of its minor group."""
    row.state = "reported"
    try:
        row.clean_fields(exclude=["entered_by", "entered_at", "import_id", "vacancy_id", "organisation"])
    except ValidationError as error:
        name, messages = next(iter(error.message_dict.items()))
        raise JieduiError(f"{name}: {' '.join(messages)}", remedy="Correct the field.") from None
    if row.open_to < row.open_from:
        raise JieduiError("The vacancy would close before it opens.", remedy="Correct the dates.")
    if row.seats < 0 or row.monthly_wage_fen < 0:
        raise JieduiError("Seats and wage are not below nothing.", remedy="Correct the number.")
    row.occupation = Occupations.load().resolve(row.occupation) or row.occupation
    row.state = "reported" if _doubts(row, firm) else "checked"


def _require_known(fields: Mapping[str, Any], known: tuple[str, ...]) -> None:
    if unknown := fields.keys() - set(known):
        raise JieduiError(f"There is no field {min(unknown)!r} to set.", remedy=f"Fields: {', '.join(known)}.")


def _require_side(row: Vacancy, by: User) -> None:
    sight = access.sight_of(by, date.today())
    own = row.organisation_id in sight.organisations
    require(own or row.region_code in sight.office, "the firm itself, or an office of the place of work")


def _require_division(code: str, day: date) -> None:
    if Gazetteer.load().get(code, day) is None:
        raise JieduiError(f"{code} is no division on {day}.", remedy="Choose the place of work from the list.")


def _require_not_withdrawn(row: Vacancy) -> None:
    if row.state == "withdrawn":
        raise JieduiError("The vacancy was withdrawn, and stays so.", remedy="Report it anew.")


def _require_seats(row: Vacancy) -> None:
    held, _ = _held(row.pk)
    if row.seats < held:
        raise JieduiError(
            f"{held} seats are held by offers and placements; {row.seats} would be too few.",
            remedy="Withdraw offers first, or keep the seats.",
        )


def _held(vacancy_id: int) -> tuple[int, int]:
    """Seats that are held, and how many of them by open offers; the vacancy is locked."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT held, open FROM records_hold_seats(%s::bigint[])", [[vacancy_id]])
        held, open_ones = cursor.fetchone()
    return held, open_ones


def _seen(vacancy: Vacancy, by: User) -> Vacancy:
    found = Vacancy.objects.visible_to(by).filter(pk=vacancy.pk).first()
    if found is None:
        raise JieduiError("There is no such vacancy among those that you see.", remedy="Look at the list again.")
    return found


def _same(vacancy: Vacancy, stored: Vacancy) -> None:
    for field in Vacancy._meta.concrete_fields:
        setattr(vacancy, field.attname, getattr(stored, field.attname))
