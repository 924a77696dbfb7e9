"""劳务协作: the people and vacancies that a proposal names, as the reader may see them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from jiedui.records.access import readable_columns
from jiedui.records.models import DispatchTrip, JobOffer, Vacancy, Worker
from jiedui.terms.identity import mask_name


@dataclass(frozen=True, slots=True)
class WorkerView:
    """劳动力: a worker as the reader may see it; `name` is masked where the reader may not see names."""

    worker_id: int
    name: str
    masked: bool
    sex: str
    birth_year: int
    region_code: str
    skill: str
    dependants: int
    min_wage_fen: int | None
    max_distance_km: int | None
    season: str
    needs_dormitory: bool
    has_partner: bool


def workers(user: Any, worker_ids: Iterable[int]) -> dict[int, WorkerView]:
    """劳动力: the workers that the user may see, by id; names outside the user's named scope are masked."""
    named = user.sight().named
    rows = Worker.objects.visible_to(user).filter(pk__in=list(worker_ids)).select_related("person")
    return {row.worker_id: _view(row, shown=row.region_code in named) for row in rows}


def vacancies(user: Any, vacancy_ids: Iterable[int]) -> dict[int, Vacancy]:
    """岗位: the vacancies that the user may see, by id, with their firms."""
    rows = Vacancy.objects.visible_to(user).filter(pk__in=list(vacancy_ids)).select_related("organisation")
    return {row.vacancy_id: row for row in rows}


def offers_of(user: Any, run: str, worker_ids: Iterable[int]) -> dict[int, JobOffer]:
    """推荐: the offers that were made of a run's proposals, by worker, as far as the user may see them."""
    rows = JobOffer.objects.visible_to(user).filter(run=run, worker_id__in=list(worker_ids)).order_by("pk")
    return {row.worker_id: row for row in rows}


def trip_names(user: Any, trip: DispatchTrip) -> dict[str, str]:
    """带队人和接收人: as the user may read them ("" = nobody is named), masked for who is no office of either end."""
    shown = readable_columns(user, DispatchTrip, trip)
    names = {name: getattr(trip, name) or "" for name in ("handed_over_by", "picked_up_by")}
    return {name: said if name in shown or not said else mask_name(said) for name, said in names.items()}


def _view(row: Worker, *, shown: bool) -> WorkerView:
    return WorkerView(
        worker_id=row.worker_id,
        name=row.person.name if shown else mask_name(row.person.name),
        masked=not shown,
        sex=row.person.sex,
        birth_year=row.person.birth_year,
        region_code=row.region_code,
        skill=row.skill,
        dependants=row.dependants,
        min_wage_fen=row.min_wage_fen,
        max_distance_km=row.max_distance_km,
        season=row.season,
        needs_dormitory=row.needs_dormitory,
        has_partner=row.partner_id is not None,
    )
