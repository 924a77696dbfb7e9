"""推荐理由: why an offer was proposed, told from the stored proposal of its run; None where it was made by hand."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jiedui.records.models import JobOffer
from jiedui.results import telling
from jiedui.results.models import Proposal, Run
from jiedui.web.pages import labour_rows


@dataclass(frozen=True, slots=True)
class Why:
    """理由: the proposal with what it says, and the other vacancies that it names, as far as they are seen."""

    proposal: Proposal
    told: telling.Told
    others: Mapping[int | None, labour_rows.Where]


def of_offer(user: Any, offer: JobOffer) -> Why | None:
    """一条推荐的理由: as far as the reader sees proposals of the worker's home."""
    run = run_of(offer.run)
    if run is None:
        return None
    row = Proposal.objects.visible_to(user).filter(run=run, worker_id=offer.worker_id).first()
    if row is None or row.vacancy_id != offer.vacancy_id:
        return None
    others = labour_rows.places_of_work(user, (row.next_vacancy_id, row.wish_vacancy_id))
    return Why(row, telling.tell(row, run.summary), others)


def of_sheet(run_text: str | None, row: Mapping[str, Any] | None) -> telling.Told | None:
    """推荐单的理由: of a proposal as the sheet's function of the database gives it."""
    run = run_of(run_text)
    if run is None or row is None:
        return None
    known = {field.attname for field in Proposal._meta.concrete_fields}
    proposal = Proposal(**{name: value for name, value in row.items() if name in known})
    return telling.tell(proposal, run.summary)


def run_of(text: str | None) -> Run | None:
    """运行: by its number as an offer keeps it; None for an offer by hand, or where the run is no longer there."""
    try:
        number = uuid.UUID(text or "")
    except ValueError:
        return None
    return Run.objects.filter(pk=number).first()
