"""优先落户: who may be settled with priority in the city of the work place (八)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from jiedui.policy.findings import Row
from jiedui.policy.parameters import Parameters
from jiedui.policy.registry import interprets
from jiedui.policy.rules.labour import proven_months
from jiedui.terms.codelists import CodeList
from jiedui.terms.divisions import city_of

REASONS: Final[CodeList] = {
    "eligible": ("符合条件", "eligible"),
    "no_work": ("在该市没有在岗安置", "no placement that lasts in the city"),
    "too_few_months": ("有佐证的月数不足", "too few proven months"),
    "no_contract": ("没有合同或社保佐证", "neither contract nor insurance"),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """落户条件: of a person and a city: the key of the reason, and the proven months."""

    reason: str
    months: int

    @property
    def eligible(self) -> bool:
        """是否符合条件."""
        return self.reason == "eligible"


@interprets(
    "labour.7",
    because="The text favours who works stably and names no term: so many proven months in the city and one paper that "
    "binds, a contract or insurance; a placement there must still last.",
)
def standing(
    placements: Iterable[Row], stay_checks: Iterable[Row], parameters: Parameters
) -> dict[tuple[Any, str], Standing]:
    """落户条件: (person, city) → how they stand, for every city of a placement of a kind that counts."""
    kinds = parameters.value("labour.settlement.kinds")
    binding = parameters.value("labour.settlement.evidence")
    by_city: dict[str, list[Row]] = defaultdict(list)
    for row in placements:
        if row["kind"] in kinds:
            by_city[city_of(row["work_region_code"])].append(row)
    checks = list(stay_checks)
    found: dict[tuple[Any, str], Standing] = {}
    for city, rows in by_city.items():
        months = proven_months(rows, checks, parameters)
        bound = _bound(rows, checks, binding)
        lasting = {row["person_id"] for row in rows if row["ended_on"] is None or row["ended_on"] > parameters.on}
        for person, proven in months.items():
            found[person, city] = _standing(person in lasting, len(proven), person in bound, parameters)
    return found


def _standing(lasts: bool, months: int, bound: bool, parameters: Parameters) -> Standing:
    if not lasts:
        return Standing("no_work", months)
    if months < parameters.value("labour.settlement.proven_months"):
        return Standing("too_few_months", months)
    return Standing("eligible" if bound else "no_contract", months)


def _bound(placements: list[Row], checks: list[Row], binding: Iterable[str]) -> set[Any]:
    person = {row["placement_id"]: row["person_id"] for row in placements}
    return {
        person[check["placement_id"]]
        for check in checks
        if check["placement_id"] in person and check["evidence"] in binding
    }
