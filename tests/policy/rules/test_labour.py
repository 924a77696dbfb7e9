"""Stable employment."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiedui.policy.rules import labour
from tests.policy.rules.rows import PARAMETERS, placement, stay_check

pytestmark = pytest.mark.duty("labour.5")

EVIDENCE = ["certificate", "contract", "pay_flow", "insurance", "phone"]


@given(
    st.lists(st.tuples(st.integers(1, 3), st.integers(1, 12), st.sampled_from(EVIDENCE)), max_size=20),
    st.integers(1, 12),
)
def test_stable_persons_equal_brute_force(checks: list[tuple[int, int, str]], wanted: int) -> None:
    """Placements 1 and 2 are of one person: she is stable when so many months of the year have any proof, each once."""
    placements = [placement(1, "a"), placement(2, "a"), placement(3, "b")]
    rows = [stay_check(n, month, kind, placement_id=number) for n, (number, month, kind) in enumerate(checks)]
    expected = set()
    for person, own in (("a", (1, 2)), ("b", (3,))):
        months = [
            month
            for month in range(1, 13)
            if any(number in own and held == month and kind != "phone" for number, held, kind in checks)
        ]
        if len(months) >= wanted:
            expected.add(person)
    assert labour.stable_persons(placements, rows, PARAMETERS, year=2019, months=wanted) == expected


@pytest.mark.parametrize(("months", "stable"), [(2, False), (3, True)])
def test_the_months_come_from_the_parameter(months: int, stable: bool) -> None:
    """Without a number given, `labour.stay_months` decides."""
    rows = [stay_check(month, month) for month in range(1, months + 1)]
    assert bool(labour.stable_persons([placement()], rows, PARAMETERS, year=2019)) is stable


def test_months_of_another_year_do_not_count() -> None:
    """A month of 2018 proves nothing for 2019."""
    placements = [placement(started_on=date(2018, 1, 1))]
    rows = [stay_check(1, 12) | {"month": date(2018, 12, 1)}, stay_check(2, 1), stay_check(3, 2)]
    assert labour.stable_persons(placements, rows, PARAMETERS, year=2019) == frozenset()
    assert len(labour.proven_months(placements, rows, PARAMETERS)[1]) == 3


def test_a_month_outside_the_placement_counts_nothing_and_is_found() -> None:
    """Evidence of a month in which the placement did not last is a warning and no proof."""
    rows = [placement(started_on=date(2019, 3, 15), ended_on=date(2019, 5, 1))]
    checks = [stay_check(n, month) for n, month in enumerate((2, 3, 4, 5))]
    assert labour.proven_months(rows, checks, PARAMETERS)[1] == {date(2019, 3, 1), date(2019, 4, 1)}
    found = labour.evidence_outside_placement(rows, checks)
    assert [finding.message[:7] for finding in found] == ["2019-02", "2019-05"]


def test_a_person_counts_once_per_step() -> None:
    """The steps show how many persons reach 1, 3 and 6 months; who reaches 6 is in all three."""
    placements = [placement(1, "a"), placement(2, "b"), placement(3, "c")]
    reached = {1: 6, 2: 3, 3: 0}
    rows = [stay_check(10 * p + m, m, placement_id=p) for p, n in reached.items() for m in range(1, n + 1)]
    assert labour.stable_by_step(placements, rows, PARAMETERS, year=2019) == {1: 2, 3: 2, 6: 1}


def test_phone_checks_alone_are_noted() -> None:
    """A placement with phone checks only is noted; one with a contract beside, or with no check at all, is not."""
    placements = [placement(1, "a"), placement(2, "b"), placement(3, "c")]
    rows = [stay_check(1, 1, "phone"), stay_check(2, 1, "phone", placement_id=2), stay_check(3, 1, placement_id=2)]
    found = labour.proven_by_phone_only(placements, rows, PARAMETERS)
    assert [finding.subject for finding in found] == ["placement:1"]
