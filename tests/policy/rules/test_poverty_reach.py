"""What a project and a payment reach."""

from __future__ import annotations

import pytest

from jiedui.policy.rules import poverty_reach
from tests.policy.rules.rows import benefit_link, household, leg, project

pytestmark = pytest.mark.duty("principle.1")

VILLAGE = "530602101001"
HOUSEHOLDS = [household(1, VILLAGE)]


@pytest.mark.parametrize(
    ("where", "links", "legs", "reached"),
    [
        ("530602", [], [], False),
        (VILLAGE, [], [], True),
        ("530602101002", [], [], False),
        ("530602", [benefit_link(1, 1, 1)], [], True),
        ("530602", [benefit_link(1, 1, 99)], [], False),
        ("530602", [benefit_link(1, 2, 1)], [], False),
        ("530602", [], [leg(1, 1, "payee", 5, project_id=1, household_id=1)], True),
        ("530602", [], [leg(1, 1, "payee", 5, project_id=1)], False),
    ],
    ids=[
        "county only",
        "village with registered households",
        "village without",
        "benefit link",
        "link to an unregistered household",
        "another project's link",
        "payment to a household",
        "payment to a firm",
    ],
)
def test_what_a_project_reaches(
    where: str, links: list[dict[str, object]], legs: list[dict[str, object]], reached: bool
) -> None:
    """A link, a payment to a household or a site in a registered village reach; a county or a firm alone does not."""
    rows = [project(1, region_code=where)]
    (found,) = poverty_reach.reach(rows, links, legs, HOUSEHOLDS)
    assert found.reaches_none is not reached
    assert found.villages == ({VILLAGE} if reached else frozenset())
    findings = poverty_reach.reaching_none(rows, links, legs, HOUSEHOLDS)
    assert [finding.subject for finding in findings] == ([] if reached else ["project:1"])


def test_the_finding_says_what_was_paid_and_names_the_legs() -> None:
    """What an unreaching project was paid stands in the finding with its legs; moves between accounts do not."""
    legs = [
        leg(1, 1, "project", -2_000_000, project_id=1),
        leg(2, 1, "payee", 1_500_000, project_id=1),
        leg(3, 1, "payee", 500_000, project_id=1),
    ]
    (finding,) = poverty_reach.reaching_none([project(1)], [], legs, HOUSEHOLDS)
    assert "2.00万元" in finding.message
    assert [(ref.table, ref.key) for ref in finding.rows] == [("project", 1), ("ledger_leg", 2), ("ledger_leg", 3)]


def test_money_without_project_and_household_is_found_by_budget_line() -> None:
    """A payment that names neither is one finding per line; one that names a household is none."""
    legs = [leg(1, 1, "payee", 5), leg(2, 1, "payee", 5, budget_line_id=2), leg(3, 1, "payee", 5, household_id=1)]
    found = poverty_reach.reaching_none([], [], legs, HOUSEHOLDS)
    assert [finding.subject for finding in found] == ["budget_line:1", "budget_line:2"]
