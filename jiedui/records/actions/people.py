"""关联动作: the proposals of an adopted run link persons to the donors (and firms) that could receive them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from jiedui.errors import JieduiError
from jiedui.policy import parameters
from jiedui.policy.registry import interprets
from jiedui.policy.rules.pairing import carve_outs
from jiedui.records import access
from jiedui.records.models import PersonLink, User, Vacancy, Worker
from jiedui.records.queries.pairing import edges
from jiedui.terms.divisions import prefix
from jiedui.terms.pairs import Pairing
from jiedui.terms.scope import Scope


@interprets(
    "labour.3",
    because="A donor needs the worker's facts to receive him, and not before a proposal stands: an adopted proposal "
    "shows the person to the donor for a limited time.",
)
def link_proposals(rows: Iterable[Any], by: User, on: date | None = None) -> int:
    """关联建议: for each row with `worker_id` and `vacancy_id`, a link from `on` (default today); tells how many.

    The link is to the pairing of the day in whose donor the vacancy lies and whose territory holds the worker's
    village, the most specific where there are several; a vacancy elsewhere makes none. Open links of the same persons
    by earlier proposals end on that day.

    Raises:
        JieduiError: a worker whom `by` may not see by name, or a vacancy that is not there; nothing is linked then.
    """
    day = on or date.today()
    wanted = {(row.worker_id, row.vacancy_id) for row in rows}
    with access.signed(by, "adopted proposals"):
        workers = _workers({worker for worker, _ in wanted}, by, day)
        vacancies = Vacancy.objects.in_bulk({vacancy for _, vacancy in wanted})
        if missing := {vacancy for _, vacancy in wanted} - vacancies.keys():
            raise JieduiError(f"There is no vacancy {min(missing)}.", remedy="Match again on the present records.")
        until = day + timedelta(days=parameters.load(day).value("labour.proposal_link_days"))
        helpers = _Helpers(day)
        links = [
            PersonLink(
                kind="proposal", person_id=worker.person_id, household_id=worker.household_id,
                region_code=worker.person.region_code, pairing_id=edge.pairing_id, donor_code=edge.donor_code,
                organisation_id=vacancy.organisation_id, since=day, until=until,
            )
            for worker, vacancy in ((workers[one], vacancies[other]) for one, other in sorted(wanted))
            if (edge := helpers.of(worker.region_code, vacancy.region_code)) is not None
        ]  # fmt: skip
        _end_earlier([worker.person_id for worker in workers.values()], day)
        PersonLink.objects.bulk_create(links, batch_size=5000)
    return len(links)


def _workers(wanted: set[int], by: User, day: date) -> dict[int, Worker]:
    named = access.sight_of(by, day).named
    found = Worker.objects.select_related("person").in_bulk(wanted)
    foreign = [one for one in wanted if one not in found or found[one].region_code not in named]
    if foreign:
        raise JieduiError(
            f"{by.username} may not link worker {min(foreign)} to a donor: there is none whom this user sees by name.",
            remedy="Have an office of the worker's home adopt the proposals.",
        )
    return found


class _Helpers:
    """Which pairing of a day brings a worker of a village to a place of work; one look-up for each pair of counties."""

    def __init__(self, day: date) -> None:
        self._held = [edge for edge in edges() if edge.holds(day)]
        donors = {edge.donor_code for edge in self._held}
        self._territory = {donor: Scope(carve_outs(donor, day, self._held)) for donor in donors}
        self._known: dict[tuple[str, str], Pairing | None] = {}

    def of(self, village: str, work_place: str) -> Pairing | None:
        """The most specific pairing, or None."""
        if (village, work_place) not in self._known:
            fitting = [
                edge
                for edge in self._held
                if village.startswith(prefix(edge.recipient_code))
                and work_place.startswith(prefix(edge.donor_code))
                and village in self._territory[edge.donor_code]
            ]
            self._known[village, work_place] = max(fitting, key=_specific, default=None)
        return self._known[village, work_place]


def _specific(edge: Pairing) -> tuple[int, int, int]:
    return (len(prefix(edge.recipient_code)), len(prefix(edge.donor_code)), -edge.pairing_id)


def _end_earlier(persons: list[int], day: date) -> None:
    open_ones = PersonLink.objects.filter(kind="proposal", person_id__in=persons, until__gt=day)
    open_ones.filter(since__lt=day).update(until=day)
    open_ones.filter(since__gte=day).delete()
