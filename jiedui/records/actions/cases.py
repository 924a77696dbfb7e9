"""案件动作: enter a clue or an audit finding, and close it with what was found; the discipline inspection's, at home.

Which rows may be written the database decides too (migration 0008): of the reader's places, in the reader's name, and
never one that is closed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from jiedui.errors import JieduiError
from jiedui.records import access
from jiedui.records.models import CASE_SUBJECT, Case, Household, Person, Project, User

LONGEST: Final = 1_000
"""Characters of a title or a finding."""
NAMED: Final[Mapping[str, type[Person] | type[Household] | type[Project]]] = {
    "person_id": Person, "household_id": Household, "project_id": Project,
}  # fmt: skip
"""What a case may name by its number."""


def enter(
    region_code: str, subject: str, title: str, opened_on: date, *, by: User, names: Mapping[str, int] | None = None
) -> Case:
    """受理: a new case of a place; `names` holds numbers under the keys of `NAMED`, of rows that `by` may see.

    Raises:
        JieduiError: a place whose cases `by` does not see, an unknown subject, no title or one too long, a day to
            come, or a number of nothing that `by` may see.
    """
    if region_code not in access.sight_of(by, date.today()).cases:
        raise JieduiError("This place lies outside the places whose cases you see.", remedy="Choose a place inside.")
    if subject not in CASE_SUBJECT:
        raise JieduiError(f"There is no subject {subject[:40]!r}.", remedy="Choose from the list.")
    wanted = dict(names or {})
    for column, key in wanted.items():
        if not NAMED[column].objects.visible_to(by).filter(pk=key).exists():
            raise JieduiError(f"The number {key} stands for nothing that you see.", remedy="Check it, or leave it out.")
    _refuse_future(opened_on)
    with access.signed(by):
        return Case.objects.create(
            region_code=region_code, subject=subject, title=_said(title), opened_on=opened_on, entered_by=by, **wanted
        )


def close(case: Case, finding: str, closed_on: date, *, by: User) -> None:
    """办结: with what was found; a closed case stays as it is.

    Raises:
        JieduiError: no finding or one too long, a day to come or before the case was opened, or closed already.
    """
    said = _said(finding)
    _refuse_future(closed_on)
    if closed_on < case.opened_on:
        raise JieduiError("A case is not closed before it was opened.", remedy="Correct the day.")
    with access.signed(by):
        rows = Case.objects.visible_to(by).filter(pk=case.pk, closed_on=None)
        if not rows.update(closed_on=closed_on, finding=said):
            raise JieduiError("The case is closed already.", remedy="Look at the list again.")
    case.refresh_from_db()


def _said(text: str) -> str:
    said = text.strip()
    if len(said) < 2:
        raise JieduiError("A case needs a title, and its end a finding.", remedy="Say in a sentence what it is.")
    if len(said) > LONGEST:
        raise JieduiError(f"The text has more than {LONGEST} characters.", remedy="Shorten it.")
    return said


def _refuse_future(day: date) -> None:
    if day > date.today():
        raise JieduiError("The day is still to come.", remedy="Correct the day.")
