"""Participation of the poor in projects."""

from __future__ import annotations

import pytest

from jiedui.policy.rules import industry
from tests.policy.rules.rows import PARAMETERS, benefit_link, project

pytestmark = pytest.mark.duty("industry.2")


def test_a_household_counts_once_however_many_links_it_has() -> None:
    """Two households with three links are two; unknown gains are counted apart and never zero."""
    links = [
        benefit_link(1, 1, 1, amount_fen=100),
        benefit_link(2, 1, 1, mechanism="land_rent"),
        benefit_link(3, 1, 2, amount_fen=50),
        benefit_link(4, 9, 3),
    ]
    first, second = industry.participation([project(1), project(2)], links)
    assert (first.households, first.by_mechanism) == (2, {"job": 2, "land_rent": 1})
    assert (first.gained_fen, first.gains_unknown) == (150, 1)
    assert (second.households, second.gained_fen, second.gains_unknown) == (0, None, 0)


@pytest.mark.parametrize(
    ("mechanisms", "found"),
    [(["dividend"], 1), (["dividend", "land_rent"], 1), (["dividend", "job"], 0), (["order"], 0), ([], 0)],
)
def test_rent_and_dividends_alone_are_a_weak_link(mechanisms: list[str], found: int) -> None:
    """A project whose households only draw rent or dividends is noted; one without links is another rule's matter."""
    links = [benefit_link(n, 1, n, mechanism=mechanism) for n, mechanism in enumerate(mechanisms)]
    findings = industry.weak_links(iter([project(1)]), links, PARAMETERS)
    assert len(findings) == found
    assert all(finding.severity == "note" for finding in findings)
