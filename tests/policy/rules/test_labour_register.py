"""Contradictions in the register of workers and placements."""

from __future__ import annotations

from datetime import date

import pytest

from jiedui.policy.rules import labour_register as register
from tests.policy.rules.rows import END_OF_2019, PARAMETERS, person, placement, worker

pytestmark = pytest.mark.duty("labour.1")


@pytest.mark.parametrize(
    ("born", "status", "found"),
    [(2004, "away_east", 1), (2003, "away_east", 0), (2004, "unemployed", 0), (2004, "farming", 0), (2004, "near", 1)],
)
def test_a_worker_under_sixteen(born: int, status: str, found: int) -> None:
    """In 2019 one born in 2004 cannot have turned 16; one born in 2003 turns 16 within the year and may work."""
    findings = register.under_age([worker(work_status=status)], [person(birth_year=born)], END_OF_2019, PARAMETERS)
    assert len(findings) == found
    assert all(finding.severity == "error" for finding in findings)


@pytest.mark.parametrize(
    ("ability", "status", "found"), [("none", "away_east", 1), ("weak", "away_east", 0), ("none", "unemployed", 0)]
)
def test_working_without_the_ability_to_work(ability: str, status: str, found: int) -> None:
    """No ability and a job contradict each other; a weak ability does not."""
    rows = [worker(work_status=status)], [person(labour_ability=ability)]
    assert len(register.working_without_ability(*rows, PARAMETERS)) == found


@pytest.mark.parametrize(("in_school", "found"), [(True, 1), (False, 0)])
def test_a_pupil_recorded_as_working(in_school: bool, found: int) -> None:
    """A pupil with a job is found."""
    assert len(register.working_pupil([worker()], [person(in_school=in_school)], PARAMETERS)) == found


@pytest.mark.parametrize(
    ("mark", "born", "found"), [({"public_post": True}, 1948, 1), ({"public_post": True}, 1949, 0), ({}, 1930, 0)]
)
def test_too_old_for_a_public_post(mark: dict[str, bool], born: int, found: int) -> None:
    """Only a placement marked as a public-welfare post is judged, and only once 70 is reached for certain."""
    rows = [placement(**mark)], [person(birth_year=born)]
    assert len(register.too_old_for_public_post(*rows, END_OF_2019, PARAMETERS)) == found


@pytest.mark.parametrize(("fen", "found"), [(39_999, 1), (40_000, 0), (None, 0)])
def test_a_wage_below_the_floor(fen: int | None, found: int) -> None:
    """Less than 400 yuan a month is looked at; a wage that is not known is not."""
    assert len(register.wage_below_floor([placement(monthly_wage_fen=fen)], PARAMETERS)) == found


@pytest.mark.parametrize(
    ("status", "ended", "found"),
    [("unemployed", None, 1), ("unemployed", date(2019, 6, 1), 0), ("away_east", None, 0)],
)
def test_not_working_and_no_end(status: str, ended: date | None, found: int) -> None:
    """Who is without work has no open placement."""
    rows = [worker(work_status=status)], [placement(ended_on=ended)]
    assert len(register.left_without_end(*rows, PARAMETERS)) == found
