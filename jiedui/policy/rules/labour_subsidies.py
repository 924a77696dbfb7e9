"""就业补贴: who is entitled to what for a year, and why not (八, 十).

A subsidy of a kind stands once for a person and a year; the database holds that. Amounts and exceptions are dated
parameters by place; a line of a longer prefix of the home takes the place of all lines of shorter ones.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from jiedui.policy.parameters import Parameters
from jiedui.policy.registry import assumes, implements, interprets
from jiedui.terms.codelists import CodeList

REASONS: Final[CodeList] = {
    "entitled": ("符合条件", "entitled"),
    "another_year": ("不在本年度上岗", "work did not begin in the year"),
    "organised": ("已由有组织输送承担交通", "carried by organised transport"),
    "not_registered": ("当年不是建档立卡户", "the household is not registered in the year"),
    "year_unknown": ("至当年没有该户的记录", "no record of the household up to the year"),
    "distance_unknown": ("距离不明", "the distance is not known"),
    "too_near": ("距离未达到最低档", "nearer than the lowest band"),
    "too_few_months": ("有佐证的月数不足", "too few proven months"),
    "no_rule": ("本地没有标准", "there is no rule for the place"),
    "paid_already": ("本人本年度已核定", "the person has it for the year"),
}
"""Why somebody is entitled, or not."""


@dataclass(frozen=True, slots=True)
class Case:
    """情形: what decides about a placement and a year."""

    home: str
    """Village of the person's home."""
    started_on: date
    year: int
    status: str | None = None
    """Poverty status of the household as last recorded up to the year; None = there is no record."""
    distance_km: float | None = None
    organised: bool = False
    """Carried by a dispatch trip."""
    proven: int = 0
    """Proven months of the person in the year."""


@dataclass(frozen=True, slots=True)
class Entitled:
    """核定: the amount (None = not entitled), the key of the reason, and the parameter behind it."""

    amount_fen: int | None
    reason: str
    rule: str


@implements("labour.4")
def entitlement(kind: str, case: Case, parameters: Parameters) -> Entitled:
    """应享补贴: of a kind of `codelists.SUBSIDY_KIND`. Raises `KeyError` for another kind."""
    return {"transport": transport, "stay": stay}[kind](case, parameters)


@interprets(
    "labour.4",
    because="Organised dispatch is paid for as such; who goes alone is helped by distance, once a year. Where the text "
    "says nothing of amounts, a county enters its own.",
)
def transport(case: Case, parameters: Parameters) -> Entitled:
    """交通补贴: for a placement that began in the year, by the distance between the county seats."""
    key = "labour.subsidy.transport_bands"
    if case.started_on.year != case.year:
        return Entitled(None, "another_year", key)
    if case.organised and not _any_prefix(case.home, parameters.value("labour.subsidy.organised_included")):
        return Entitled(None, "organised", "labour.subsidy.organised_included")
    if case.status is None:
        return Entitled(None, "year_unknown", "labour.subsidy.transport_statuses")
    if case.status not in parameters.value("labour.subsidy.transport_statuses"):
        return Entitled(None, "not_registered", "labour.subsidy.transport_statuses")
    if case.distance_km is None:
        return Entitled(None, "distance_unknown", key)
    return _band(case.home, case.distance_km, parameters.value(key), "too_near", key)


@assumes(
    "labour.5",
    because="The text wants work that lasts and gives no subsidy for it: counties do, for months that evidence proves.",
)
def stay(case: Case, parameters: Parameters) -> Entitled:
    """稳岗补贴: for the longest step of proven months that the person reached in the year."""
    key = "labour.subsidy.stay_bands"
    return _band(case.home, case.proven, parameters.value(key), "too_few_months", key)


def _band(home: str, reached: float, lines: Iterable[tuple[str, int, int]], otherwise: str, rule: str) -> Entitled:
    here = [line for line in lines if home.startswith(line[0])]
    if not here:
        return Entitled(None, "no_rule", rule)
    longest = max(len(place) for place, _, _ in here)
    reaching = [(least, amount) for place, least, amount in here if len(place) == longest and reached >= least]
    if not reaching:
        return Entitled(None, otherwise, rule)
    _, amount = max(reaching)
    return Entitled(amount, "entitled", rule)


def _any_prefix(home: str, prefixes: Iterable[str]) -> bool:
    return any(home.startswith(prefix) for prefix in prefixes)
