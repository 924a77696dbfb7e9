"""推荐行: offers and placements with their people, vacancies and firms as the reader may see them, and who may do what.

Nothing is joined: a row that is seen keeps its line even where the person, the vacancy or the firm is not.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from jiedui.records.access import Sight
from jiedui.records.models import JobOffer, Organisation, Person, Placement, Vacancy
from jiedui.terms import distance
from jiedui.terms.identity import mask_name


@dataclass(frozen=True, slots=True)
class Who:
    """人: the name as the reader may see it, masked or in full."""

    person_id: int
    name: str
    masked: bool
    birth_year: int
    region_code: str


@dataclass(frozen=True, slots=True)
class Where:
    """岗位: a vacancy with the name of its firm ("" where the reader does not see the firm)."""

    vacancy: Vacancy
    firm: str


@dataclass(frozen=True, slots=True)
class Rights:
    """权限: as which side the reader may act on an offer or a placement."""

    home: bool
    """An office of the worker's home, which sees the worker by name."""
    work: bool
    """An office of the place of work."""
    firm: bool
    """The firm of the vacancy."""

    @property
    def any(self) -> bool:
        """有权办理: as one side or another."""
        return self.home or self.work or self.firm


@dataclass(frozen=True, slots=True)
class OfferLine:
    """推荐行."""

    offer: JobOffer
    who: Who | None
    where: Where | None
    rights: Rights

    @property
    def km(self) -> float | None:
        """距离: km between the counties of home and work; None where a seat is not known."""
        return distance.between(self.offer.region_code, self.offer.work_region_code)


@dataclass(frozen=True, slots=True)
class PlacementLine:
    """安置行."""

    placement: Placement
    who: Who | None
    where: Where | None
    rights: Rights


def people(user: Any, person_ids: Iterable[int]) -> dict[int, Who]:
    """人员: those of the persons that the user may see, by id."""
    named = user.sight().named
    rows = Person.objects.visible_to(user).filter(pk__in=set(person_ids)).only("name", "birth_year", "region_code")
    return {
        row.pk: Who(
            row.pk,
            row.name if row.region_code in named else mask_name(row.name),
            row.region_code not in named,
            row.birth_year,
            row.region_code,
        )
        for row in rows
    }


def places_of_work(user: Any, vacancy_ids: Iterable[int | None]) -> dict[int | None, Where]:
    """岗位: those of the vacancies that the user may see, by id, with the firms' names."""
    wanted = {one for one in vacancy_ids if one is not None}
    rows = list(Vacancy.objects.visible_to(user).filter(pk__in=wanted))
    firms = firm_names(user, (row.organisation_id for row in rows))
    return {row.pk: Where(row, firms.get(row.organisation_id, "")) for row in rows}


def firm_names(user: Any, organisation_ids: Iterable[int]) -> dict[int, str]:
    """单位名称: of those that the user may see, by id."""
    rows = Organisation.objects.visible_to(user).filter(pk__in=set(organisation_ids))
    return dict(rows.values_list("pk", "name"))


def rights(sight: Sight, region: str, work_region: str, firm: int | None) -> Rights:
    """权限: of a reader on a row with this home, place of work and firm."""
    home = region in sight.office and region in sight.named
    return Rights(home, work_region in sight.office, firm is not None and firm in sight.organisations)


def offer_lines(user: Any, rows: Iterable[JobOffer]) -> list[OfferLine]:
    """推荐行: in the order given; three queries for any number of rows."""
    shown, sight = list(rows), user.sight()
    who = people(user, (row.person_id for row in shown))
    where = places_of_work(user, (row.vacancy_id for row in shown))
    return [
        OfferLine(row, who.get(row.person_id), where.get(row.vacancy_id), _rights(sight, row, where)) for row in shown
    ]


def placement_lines(user: Any, rows: Iterable[Placement]) -> list[PlacementLine]:
    """安置行: in the order given; three queries for any number of rows."""
    shown, sight = list(rows), user.sight()
    who = people(user, (row.person_id for row in shown))
    where = places_of_work(user, (row.vacancy_id for row in shown))
    return [
        PlacementLine(row, who.get(row.person_id), where.get(row.vacancy_id), _rights(sight, row, where))
        for row in shown
    ]


def _rights(sight: Sight, row: JobOffer | Placement, where: dict[int | None, Where]) -> Rights:
    held = where.get(row.vacancy_id)
    return rights(sight, row.region_code, row.work_region_code, held.vacancy.organisation_id if held else None)
