"""劳务协作办理权限: as which side somebody acts on an offer, a placement or a trip, and what the database refuses, told
in sentences.

The same sides stand in the policies and triggers of migration 0010; here they are asked first, so that nobody meets
the database's words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db import IntegrityError, OperationalError, ProgrammingError

from jiedui.errors import JieduiError
from jiedui.records import access
from jiedui.records.access import VisibleQuerySet
from jiedui.records.models import User, Vacancy

_SAID: Final[Mapping[str, tuple[str, str]]] = {
    "vacancy_seats": ("The vacancy has no more seats.", "Look at the list again, or choose another vacancy."),
    "vacancy_checked": (
        "The vacancy is not confirmed, or was withdrawn.", "Have an office of the place of work confirm it.",
    ),
    "vacancy_confirmed": (
        "A reported vacancy counts when an office of the place of work confirms it.", "Ask an office of the place.",
    ),
    "vacancy_step": ("The vacancy was withdrawn, and stays so.", "Report it anew."),
    "job_offer_step": ("This step does not follow the last one.", "Look at the list again: somebody was faster."),
    "job_offer_one_open": ("The worker has an open offer already.", "End that one first."),
    "job_offer_one_open_of_person": ("The person has an open offer already.", "End that one first."),
    "placement_of_offer_once": ("The worker is on the job already.", "Look at the list again."),
    "placement_ended_once": ("The placement has ended already.", "Look at the list again."),
    "dispatch_trip_members": (
        "A trip takes accepted offers of its county and its pairing.", "Choose others, or plan another trip.",
    ),
    "dispatch_trip_step": ("This step does not follow the last one of the trip.", "Look at the trip again."),
    "stay_check_once": ("This evidence of the month is there already.", "Nothing is to be done."),
    "stay_check_month_of_placement": ("The placement did not last in that month.", "Correct the month."),
    "follow_up_of_left": ("The placement had not ended by then.", "Correct the day."),
    "subsidy_once_a_year": ("The person has this subsidy for the year already.", "Nothing is to be done."),
    "subsidy_step": ("The subsidy is not just approved any more.", "Look at the list again."),
    "settlement_one_open": ("The person has applied already.", "Decide that application first."),
    "settlement_step": ("The application is decided.", "Look at the list again."),
    "schooling_step": ("This status does not follow the last one.", "Look at the list again."),
}  # fmt: skip
"""Constraint of the database → what is wrong, and how to mend it."""


@dataclass(frozen=True, slots=True)
class Sides:
    """办理身份: as which sides somebody may act: office of the worker's home, office of the work place, the firm."""

    home: bool = False
    work: bool = False
    firm: bool = False

    def __bool__(self) -> bool:
        return self.home or self.work or self.firm


def sides(by: User, row: Any, day: date) -> Sides:
    """办理身份: of `by` towards an offer or a placement (`region_code`, `work_region_code`, `vacancy_id`)."""
    sight = access.sight_of(by, day)
    firm = (
        bool(sight.organisations)
        and Vacancy.objects.filter(pk=row.vacancy_id, organisation_id__in=sight.organisations).exists()
    )
    return Sides(at_home(by, row.region_code, day), row.work_region_code in sight.office, firm)


def at_home(by: User, region_code: str, day: date) -> bool:
    """户籍地单位: whether `by` works in an office of the place, and sees its people by name."""
    sight = access.sight_of(by, day)
    return region_code in sight.office and region_code in sight.named


def require_home(by: User, region_code: str, day: date) -> None:
    """限户籍地单位. Raises `JieduiError` for everybody else."""
    if not at_home(by, region_code, day):
        raise JieduiError(
            f"{by.username} works in no office of the worker's home.", remedy="Ask an office of the worker's home."
        )


def require(allowed: bool, who: str) -> None:
    """限定身份: raises `JieduiError` that names who may, unless `allowed`."""
    if not allowed:
        raise JieduiError("You may not do this.", remedy=f"It is for {who}.")


def refuse_future(day: date, what: str) -> None:
    """不得为将来日期. Raises `JieduiError` for a day that is still to come."""
    if day > date.today():
        raise JieduiError(f"{what} is still to come.", remedy="Enter it on that day, or correct the day.")


def require_reason(reason: str) -> str:
    """须有事由: the reason without blanks around. Raises `JieduiError` where there is none."""
    said = reason.strip()
    if len(said) < 2:
        raise JieduiError("This needs a reason.", remedy="Say why; it is kept.")
    return said[:500]


@contextmanager
def written(by: User, reason: str = "") -> Iterator[None]:
    """写入: `access.signed`, whose refusals by the database come out as sentences; nothing is changed then."""
    try:
        with access.signed(by, reason):
            yield
    except (IntegrityError, OperationalError, ProgrammingError) as error:
        raise _told(error) from error


def lock_offers(rows: VisibleQuerySet) -> None:
    """锁定推荐: these offers until the transaction ends, in the order of their keys, so that two who change many of
    them wait for each other and never block each other.
    """
    list(rows.order_by("pk").select_for_update(no_key=True, of=("self",)).values_list("pk", flat=True))


def _told(error: IntegrityError | OperationalError | ProgrammingError) -> Exception:
    diagnosis = getattr(error.__cause__, "diag", None)
    name = getattr(diagnosis, "constraint_name", None) or ""
    if name in _SAID:
        return JieduiError(_SAID[name][0], remedy=_SAID[name][1])
    if getattr(diagnosis, "sqlstate", "") == "42501":
        return JieduiError("The database lets another side do this.", remedy="Ask the office or firm concerned.")
    if getattr(diagnosis, "sqlstate", "") == "40P01":  # deadlock_detected
        return JieduiError("Somebody changed this just now.", remedy="Look at the list again.")
    return error
