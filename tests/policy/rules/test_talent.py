"""Secondments: term, two posts, main duty, hand-over."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiedui.policy.rules import talent
from tests.policy.rules.rows import END_OF_2019, PARAMETERS, secondment

pytestmark = pytest.mark.duty("talent.1")

START = date(2017, 5, 15)


@pytest.mark.parametrize(
    ("end", "outside"),
    [
        (date(2019, 5, 13), True),
        (date(2019, 5, 14), False),  # ends the day before the second anniversary: two years
        (date(2019, 5, 15), False),
        (date(2020, 5, 15), False),
        (date(2020, 5, 16), True),
    ],
)
def test_a_term_outside_two_to_three_years_is_a_note(end: date, outside: bool) -> None:
    """「原则上」 two to three years: what is shorter or longer is a note, and never more than a note."""
    found = talent.term_outside_range([secondment(started_on=START, planned_end_on=end)], PARAMETERS)
    assert [finding.severity for finding in found] == (["note"] if outside else [])


def test_the_actual_end_counts_where_there_is_one() -> None:
    """Someone who came for two and a half years and left after one is found by the actual end."""
    row = secondment(started_on=START, planned_end_on=date(2019, 11, 15), ended_on=date(2018, 5, 15))
    (finding,) = talent.term_outside_range([row], PARAMETERS)
    assert "2018-05-15" in finding.message
    assert "shorter" in finding.message_en


DAY = st.dates(date(2019, 1, 1), date(2019, 1, 12))


@given(st.lists(st.tuples(st.sampled_from("ab"), DAY, DAY, st.booleans()), max_size=6))
def test_two_posts_equal_brute_force_by_day(posts: list[tuple[str, date, date, bool]]) -> None:
    """Two posts of a person are found exactly when some day lies in both; the end day lies in neither."""
    rows = [
        secondment(
            number, person_key=key, started_on=min(a, b), planned_end_on=max(a, b), ended_on=max(a, b) if end else None
        )
        for number, (key, a, b, end) in enumerate(posts)
    ]
    days = {
        row["secondment_id"]: {
            row["started_on"] + timedelta(days=n) for n in range((row["planned_end_on"] - row["started_on"]).days)
        }
        for row in rows
    }
    expected = {
        frozenset((one["secondment_id"], other["secondment_id"]))
        for one in rows
        for other in rows
        if one["secondment_id"] < other["secondment_id"]
        and one["person_key"] == other["person_key"]
        and days[one["secondment_id"]] & days[other["secondment_id"]]
    }
    found = talent.two_posts_at_once(rows)
    assert {frozenset(ref.key for ref in finding.rows) for finding in found} == expected
    assert len(found) == len(expected)
    assert all(finding.severity == "error" for finding in found)


def test_a_post_taken_on_the_day_another_ends_is_no_second_post() -> None:
    """A hand-over on one day is one post after the other."""
    rows = [
        secondment(1, started_on=START, ended_on=date(2019, 5, 15)),
        secondment(2, started_on=date(2019, 5, 15), planned_end_on=date(2021, 5, 15)),
    ]
    assert talent.two_posts_at_once(rows) == ()


@pytest.mark.parametrize(
    ("given_", "found"),
    [
        ({"poverty_duty": False}, 1),
        ({"poverty_duty": True}, 0),
        ({"poverty_duty": False, "kind": "specialist"}, 0),
        ({"poverty_duty": False, "direction": "recipient_to_donor"}, 0),
    ],
)
def test_an_official_sent_by_the_donor_works_mainly_on_poverty(given_: dict[str, object], found: int) -> None:
    """The warning is for officials whom the donor sent; the text asks it of nobody else."""
    assert len(talent.main_duty_elsewhere([secondment(**given_)])) == found


def test_a_post_past_its_plan_without_an_end_is_noted() -> None:
    """A planned end that is past, with no recorded end, says that the hand-over is missing."""
    late = secondment(1, planned_end_on=date(2019, 12, 30))
    due = secondment(2, planned_end_on=END_OF_2019)
    ended = secondment(3, planned_end_on=date(2019, 12, 30), ended_on=date(2019, 12, 30))
    found = talent.overdue([late, due, ended], END_OF_2019)
    assert [finding.subject for finding in found] == ["secondment:1"]
