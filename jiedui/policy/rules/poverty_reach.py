"""精准到村到户: which registered villages and households each project and each payment reaches (三).

Rows are of the tables `project`, `benefit_link`, `ledger_leg`, `household`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from jiedui.policy.findings import Finding, Row, refs
from jiedui.policy.registry import implements, interprets
from jiedui.terms.money import wan_yuan

DUTY: Final = "principle.1"


@dataclass(frozen=True, slots=True)
class ProjectReach:
    """项目惠及: the registered households, and villages with such, that a project reaches; and what was paid for it."""

    project_id: int
    households: frozenset[Any]
    villages: frozenset[str]
    paid_fen: int

    @property
    def reaches_none(self) -> bool:
        """未惠及: neither a registered household nor a village with one."""
        return not self.households and not self.villages


@implements("principle.1")
@interprets(
    "principle.1",
    because="A project reaches a household by a benefit link or a payment to it, and a village by lying in it, where "
    "the village has registered households; a county alone is not a village.",
)
def reach(
    projects: Iterable[Row], benefit_links: Iterable[Row], ledger_legs: Iterable[Row], households: Iterable[Row]
) -> tuple[ProjectReach, ...]:
    """项目惠及: one row per project, in the order given."""
    village_of = {row["household_id"]: row["region_code"] for row in households}
    registered = set(village_of.values())
    reached: dict[Any, set[Any]] = defaultdict(set)
    paid: dict[Any, int] = defaultdict(int)
    for link in benefit_links:
        reached[link["project_id"]].add(link["household_id"])
    for leg in _payments(ledger_legs):
        paid[leg["project_id"]] += leg["amount_fen"]
        if leg["household_id"] is not None:
            reached[leg["project_id"]].add(leg["household_id"])
    return tuple(
        ProjectReach(
            project_id=project["project_id"],
            households=frozenset(held),
            villages=frozenset({village_of[household] for household in held} | ({project["region_code"]} & registered)),
            paid_fen=paid[project["project_id"]],
        )
        for project in projects
        for held in (reached[project["project_id"]] & village_of.keys(),)
    )


@implements("principle.1")
def reaching_none(
    projects: Iterable[Row], benefit_links: Iterable[Row], ledger_legs: Iterable[Row], households: Iterable[Row]
) -> tuple[Finding, ...]:
    """未惠及: a warning for each project that reaches no registered household or village, with what was paid for it.

    Payments that name neither project nor household are one finding per budget line.
    """
    projects, legs = tuple(projects), tuple(ledger_legs)
    spent: dict[Any, list[Row]] = defaultdict(list)
    loose: dict[Any, list[Row]] = defaultdict(list)
    for leg in _payments(legs):
        if leg["project_id"] is not None:
            spent[leg["project_id"]].append(leg)
        elif leg["household_id"] is None:
            loose[leg["budget_line_id"]].append(leg)
    rows = {project["project_id"]: project for project in projects}
    unreached = (row for row in reach(projects, benefit_links, legs, households) if row.reaches_none)
    return (
        *(_project_finding(row, rows[row.project_id], spent[row.project_id]) for row in unreached),
        *(_loose_finding(line, found) for line, found in loose.items()),
    )


def _payments(ledger_legs: Iterable[Row]) -> Iterable[Row]:
    return (leg for leg in ledger_legs if leg["account"] == "payee" and leg["amount_fen"] > 0)


def _project_finding(row: ProjectReach, project: Row, spent: list[Row]) -> Finding:
    paid = wan_yuan(row.paid_fen)
    return Finding(
        duty=DUTY,
        severity="warning",
        subject=f"project:{row.project_id}",
        message=f"项目没有惠及任何建档立卡村或户，已支付{paid}万元。",
        message_en=f"The project reaches no registered household or village; {paid} ten thousand yuan paid.",
        rows=(*refs("project", [project]), *refs("ledger_leg", spent)),
        rule="reaching_none",
    )


def _loose_finding(line: Any, legs: list[Row]) -> Finding:
    paid = wan_yuan(sum(leg["amount_fen"] for leg in legs))
    return Finding(
        duty=DUTY,
        severity="warning",
        subject=f"budget_line:{line}",
        message=f"已支付{paid}万元，既未注明项目也未到户。",
        message_en=f"{paid} ten thousand yuan paid with neither a project nor a household.",
        rows=refs("ledger_leg", legs),
        rule="reaching_none",
    )
