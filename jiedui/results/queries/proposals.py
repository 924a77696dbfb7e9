"""匹配建议: the proposals of a run inside the reader's scope."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Substr

from jiedui.results.models import Proposal, Run
from jiedui.terms.scope import Scope


def of_run(run: Run, user: Any, prefixes: tuple[str, ...] = ()) -> QuerySet[Proposal]:
    """建议: what the user may see, below any of the prefixes (none = everywhere), by place, then utility."""
    rows = Proposal.objects.visible_to(user).filter(run=run)
    if prefixes:
        rows = rows.within(Scope.of(prefixes))
    return rows.order_by("region_code", "-utility", "worker_id")


def one(proposal_id: int, user: Any) -> Proposal | None:
    """一条建议: by id, if the user may see it, with its run."""
    return Proposal.objects.visible_to(user).filter(pk=proposal_id).select_related("run").first()


def counties(run: Run, user: Any) -> list[str]:
    """有建议的县: codes of the counties in which the user may see proposals of the run."""
    county = Substr("region_code", 1, 6)
    rows = Proposal.objects.visible_to(user).filter(run=run).annotate(county=county)
    return sorted(rows.order_by().values_list("county", flat=True).distinct())
