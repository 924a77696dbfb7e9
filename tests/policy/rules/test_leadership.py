"""Yearly visits and joint meetings."""

from __future__ import annotations

from datetime import date

import pytest

from jiedui.policy.rules import leadership
from tests.policy.rules.rows import PARAMETERS, edge, visit

pytestmark = pytest.mark.duty("leadership.1")

PAIR = edge(1, "310000", "530000")
BOTH_WAYS = [visit(1), visit(2, direction="recipient_to_donor")]


def found(visits: list[dict[str, object]], year: int = 2019, pair: object = PAIR) -> list[tuple[str, str]]:
    """Severity and subject of what is missing."""
    return [(f.severity, f.subject) for f in leadership.missing_visits([pair], visits, year, PARAMETERS)]  # type: ignore[list-item]


def test_a_pair_that_visited_both_ways_is_not_flagged() -> None:
    """Principal leaders of both sides came within the year."""
    assert found(BOTH_WAYS) == []


@pytest.mark.parametrize(
    "visits",
    [
        [],
        [visit(1, visited_on=date(2018, 12, 31)), visit(2, visited_on=date(2020, 1, 1))],
        [visit(1, rank="deputy"), visit(2, rank="department", direction="recipient_to_donor")],
        [visit(1, pairing_id=2), visit(2, pairing_id=2, direction="recipient_to_donor")],
    ],
    ids=["none", "other years", "lower ranks", "another pair"],
)
def test_a_pair_without_this_years_visit_is_flagged(visits: list[dict[str, object]]) -> None:
    """No visit, visits of other years, of lower ranks or of another pair: a warning."""
    assert found(visits) == [("warning", "pairing:1")]


def test_visits_one_way_only_are_a_note() -> None:
    """「互访」 goes both ways; a year with one direction is noted."""
    assert found([visit(1), visit(2)]) == [("note", "pairing:1")]


def test_a_pair_that_just_began_is_not_asked() -> None:
    """The pairings of December 2016 are not flagged for 2016, and are for 2017."""
    assert found([], 2016) == []
    assert found([], 2017) == [("warning", "pairing:1")]


def test_a_pair_that_ended_early_in_the_year_is_not_asked() -> None:
    """A pair that ended in spring is not asked for that year's visit."""
    assert found([], 2019, edge(1, "310000", "530000", valid_to=date(2019, 4, 1))) == []


def test_a_year_without_a_joint_meeting_is_a_note() -> None:
    """The joint meeting once a year is our reading, so its absence is a note."""
    meeting = {"meeting_id": 1, "pairing_id": 1, "held_on": date(2019, 6, 1), "rank": "principal", "topic": "t"}
    assert leadership.missing_meetings([PAIR], [meeting], 2019, PARAMETERS) == ()
    (finding,) = leadership.missing_meetings([PAIR], [meeting], 2018, PARAMETERS)
    assert (finding.severity, finding.subject) == ("note", "pairing:1")
