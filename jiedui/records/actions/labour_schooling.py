"""职业教育: a child of a registered family in a school of the donor, until the first job; by an office of the home.

nothing → enrolled → graduated → employed; enrolled → left → enrolled again.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from jiedui.errors import JieduiError
from jiedui.policy.registry import implements
from jiedui.policy.rules import labour_steps
from jiedui.records.actions.labour_rights import refuse_future, require_home, written
from jiedui.records.actions.people import Helpers
from jiedui.records.models import Organisation, Person, Placement, Schooling, User
from jiedui.terms import codelists

CHANGED: Final = ("major", "aid_fen", "internship_from", "internship_firm_id")
"""What may be said while somebody is in school."""


@implements("labour.6")
def enrol(
    person: Person, school: Organisation, *, enrolled_on: date, by: User, major: str = "", aid_fen: int | None = None
) -> Schooling:
    """入学: nothing → enrolled; an office of the home. The pairing is the one that leads to the school's place.

    Raises:
        JieduiError: another side, somebody who is in school already, an organisation that is no school, a school to
            which no pairing of the day leads, aid below nothing, or a day to come.
    """
    stored = Person.objects.visible_to(by).filter(pk=person.pk).first()
    if stored is None:
        raise JieduiError("There is no such person among those that you see.", remedy="Look at the list again.")
    require_home(by, stored.region_code, date.today())
    refuse_future(enrolled_on, "The day of enrolment")
    if school.kind != "school":
        raise JieduiError(f"{school.name} is no school.", remedy="Choose a school.")
    edge = Helpers(enrolled_on).of(stored.region_code, school.region_code)
    if edge is None:
        raise JieduiError("No pairing of that day leads to this school.", remedy="Choose a school of the donor.")
    if Schooling.objects.filter(person=stored, status="enrolled").exists():
        raise JieduiError("The person is enrolled already.", remedy="End that schooling first.")
    _require_not_negative(aid_fen)
    with written(by, "enrolled"):
        return Schooling.objects.create(
            person=stored, region_code=stored.region_code, pairing_id=edge.pairing_id, school=school,
            enrolled_on=enrolled_on, status="enrolled", major=major.strip() or None, aid_fen=aid_fen, entered_by=by,
        )  # fmt: skip


@implements("labour.6")
def change(schooling: Schooling, *, by: User, **fields: Any) -> Schooling:
    """更改: major, aid and internship (`CHANGED`), while enrolled or graduated; an office of the home.

    Raises:
        JieduiError: another side, an unknown field, aid below nothing, an internship before enrolment or with somebody
            who is no firm, or a schooling that is over.
    """
    stored = _held(schooling, by)
    if unknown := fields.keys() - set(CHANGED):
        raise JieduiError(f"There is no field {min(unknown)!r} to set.", remedy=f"Fields: {', '.join(CHANGED)}.")
    if stored.status not in ("enrolled", "graduated"):
        raise JieduiError("The schooling is over.", remedy="Nothing is to be changed.")
    _require_not_negative(fields.get("aid_fen"))
    begins = fields.get("internship_from")
    if begins is not None and begins < stored.enrolled_on:
        raise JieduiError("An internship comes after enrolment.", remedy="Correct the day.")
    firm = fields.get("internship_firm_id")
    if firm is not None and not Organisation.objects.visible_to(by).filter(pk=firm).exclude(kind="person").exists():
        raise JieduiError("There is no such firm among those that you see.", remedy="Choose a firm.")
    return _write(schooling, stored, by, "schooling changed", **fields)


@implements("labour.6")
def graduate(schooling: Schooling, *, by: User) -> Schooling:
    """毕业: enrolled → graduated; an office of the home. Raises `JieduiError` for another side or status."""
    return _move(schooling, "graduated", by)


@implements("labour.6")
def drop_out(schooling: Schooling, *, by: User) -> Schooling:
    """退学: enrolled → left; an office of the home. Raises `JieduiError` for another side or status."""
    return _move(schooling, "left", by)


@implements("labour.6")
def come_back(schooling: Schooling, *, by: User) -> Schooling:
    """复学: left → enrolled; an office of the home. Raises `JieduiError` for another side or status."""
    return _move(schooling, "enrolled", by)


@implements("labour.6")
def first_job(
    schooling: Schooling, *, by: User, placement: Placement | None = None, on: date | None = None
) -> Schooling:
    """首次就业: graduated → employed, by a placement of the person, or on a day where none is recorded; home's office.

    Raises:
        JieduiError: another side or status, a placement of another person, neither placement nor day, a day to come or
            before enrolment.
    """
    stored = _held(schooling, by)
    if placement is not None and placement.person_id != stored.person_id:
        raise JieduiError("The placement is of another person.", remedy="Choose one of this person.")
    began = placement.started_on if placement is not None else on
    if began is None:
        raise JieduiError("The first job has a day.", remedy="Give the placement, or the day.")
    refuse_future(began, "The first day of work")
    if began < stored.enrolled_on:
        raise JieduiError("The first job comes after enrolment.", remedy="Correct the day.")
    return _move(schooling, "employed", by, first_job_on=began, first_job_placement_id=placement and placement.pk)


def _move(schooling: Schooling, status: str, by: User, **fields: Any) -> Schooling:
    stored = _held(schooling, by)
    if not labour_steps.may_follow(stored.status, status, labour_steps.NEXT_OF_SCHOOLING):
        before, after = (codelists.SCHOOLING_STATUS[one][1] for one in (stored.status, status))
        raise JieduiError(f"Who is {before} does not become {after}.", remedy="Look at the list again.")
    return _write(schooling, stored, by, status, status=status, **fields)


def _write(schooling: Schooling, stored: Schooling, by: User, reason: str, **fields: Any) -> Schooling:
    with written(by, reason):
        rows = Schooling.objects.filter(pk=stored.pk, status=stored.status)
        if fields and not rows.update(**fields):
            raise JieduiError("Somebody changed this schooling just now.", remedy="Look at the list again.")
    schooling.refresh_from_db()
    return schooling


def _held(schooling: Schooling, by: User) -> Schooling:
    stored = Schooling.objects.visible_to(by).filter(pk=schooling.pk).first()
    if stored is None:
        raise JieduiError("There is no such schooling among those that you see.", remedy="Look at the list again.")
    require_home(by, stored.region_code, date.today())
    return stored


def _require_not_negative(aid_fen: int | None) -> None:
    if aid_fen is not None and aid_fen < 0:
        raise JieduiError("Aid is not below nothing.", remedy="Correct the amount.")
