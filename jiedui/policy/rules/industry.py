"""产业合作: which households take part in a project, how, and what they got (七).

Rows are of the tables `project` and `benefit_link`. Amounts are fen a year.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from jiedui.policy.findings import Finding, Row, refs
from jiedui.policy.parameters import Parameters
from jiedui.policy.registry import implements, interprets

DUTY = "industry.2"


@dataclass(frozen=True, slots=True)
class Participation:
    """贫困户参与: of one project.

    `households` counts each household once; `by_mechanism` counts them once per mechanism. `gained_fen` is the sum of
    the known gains and None where no link says one; `gains_unknown` is how many links say none.
    """

    project_id: int
    households: int
    by_mechanism: Mapping[str, int]
    gained_fen: int | None
    gains_unknown: int


@implements("industry.2")
def participation(projects: Iterable[Row], benefit_links: Iterable[Row]) -> tuple[Participation, ...]:
    """贫困户参与: one row per project, in the order given; a project without links has 0 households."""
    links: dict[Any, list[Row]] = defaultdict(list)
    for link in benefit_links:
        links[link["project_id"]].append(link)
    return tuple(_participation(project["project_id"], links[project["project_id"]]) for project in projects)


@implements("industry.2")
@interprets(
    "industry.2",
    because="The text wants the poor to take part (参与度高); households that only draw rent or dividends do not.",
)
def weak_links(projects: Iterable[Row], benefit_links: Iterable[Row], parameters: Parameters) -> tuple[Finding, ...]:
    """利益联结薄弱: a note for each project all of whose links are of the mechanisms in `industry.weak_mechanisms`."""
    weak = parameters.value("industry.weak_mechanisms")
    return tuple(
        Finding(
            duty=DUTY,
            severity="note",
            subject=f"project:{row['project_id']}",
            message="贫困户只取得分红或租金，没有参与生产。",
            message_en="Households only draw dividends or rent and take no part in the work.",
            rows=refs("project", [row]),
            rule="weak_links",
        )
        for project, row in zip(*_twice(projects, benefit_links), strict=True)
        if project.households and all(mechanism in weak for mechanism in project.by_mechanism)
    )


def _twice(projects: Iterable[Row], benefit_links: Iterable[Row]) -> tuple[tuple[Participation, ...], tuple[Row, ...]]:
    rows = tuple(projects)
    return participation(rows, benefit_links), rows


def _participation(project_id: int, links: list[Row]) -> Participation:
    pairs = {(link["household_id"], link["mechanism"]) for link in links}
    known = [link["amount_fen"] for link in links if link["amount_fen"] is not None]
    return Participation(
        project_id=project_id,
        households=len({household for household, _ in pairs}),
        by_mechanism=dict(sorted(Counter(mechanism for _, mechanism in pairs).items())),
        gained_fen=sum(known) if known else None,
        gains_unknown=len(links) - len(known),
    )
