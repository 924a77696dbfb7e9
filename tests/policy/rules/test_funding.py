"""Growth of a donor's budget against its revenue."""

from __future__ import annotations

from fractions import Fraction

import pytest

from jiedui.policy import published
from jiedui.policy.rules import funding
from tests.policy.rules.rows import budget_line, revenue

pytestmark = pytest.mark.duty("funding.1")

REVENUE = [revenue("110000", 2018, 1000), revenue("110000", 2019, 1100)]


def lines(before: int, now: int) -> list[dict[str, object]]:
    """Budget lines of 北京 for 2018 and 2019."""
    return [budget_line(1, year=2018, amount_fen=before), budget_line(2, amount_fen=now)]


@pytest.mark.parametrize(
    ("before", "now", "verdict", "severity"),
    [
        (100, 110, "kept_pace", []),
        (100, 200, "kept_pace", []),
        (100, 109, "behind", ["note"]),
        (100, 100, "behind", ["note"]),
        (100, 99, "fell", ["warning"]),
    ],
)
def test_the_budget_is_held_against_revenue(before: int, now: int, verdict: str, severity: list[str]) -> None:
    """With revenue up a tenth: a tenth more keeps pace, less is behind, less than before has fallen."""
    (judged,) = funding.budget_growth(lines(before, now), REVENUE, 2019)
    assert (judged.verdict, judged.budget_growth, judged.revenue_growth) == (
        verdict,
        Fraction(now - before, before),
        Fraction(1, 10),
    )
    found = funding.budget_growth_findings(lines(before, now), REVENUE, 2019)
    assert [finding.severity for finding in found] == severity


def test_a_budget_that_falls_less_than_revenue_keeps_pace() -> None:
    """Where revenue fell by a tenth, a budget that fell by less is not held against the donor."""
    falling = [revenue("110000", 2018, 1000), revenue("110000", 2019, 900)]
    (judged,) = funding.budget_growth(lines(100, 95), falling, 2019)
    assert judged.verdict == "kept_pace"


@pytest.mark.parametrize(
    ("given_lines", "given_revenue", "missing"),
    [
        (lines(100, 120), REVENUE[:1], ("revenue 2019",)),
        (lines(100, 120), [], ("revenue 2018", "revenue 2019")),
        ([budget_line(1)], REVENUE, ("budget 2018",)),
        ([budget_line(1, year=2018)], REVENUE, ("budget 2019",)),
    ],
)
def test_what_is_missing_is_named_and_nothing_is_judged(
    given_lines: list[dict[str, object]], given_revenue: list[dict[str, object]], missing: tuple[str, ...]
) -> None:
    """A missing figure is never zero: the verdict is that it cannot be judged, and the finding names the figure."""
    (judged,) = funding.budget_growth(given_lines, given_revenue, 2019)
    assert (judged.verdict, judged.missing) == ("cannot_be_judged", missing)
    (finding,) = funding.budget_growth_findings(given_lines, given_revenue, 2019)
    assert finding.severity == "note"
    assert all(name in finding.message_en for name in missing)


def test_the_lines_of_a_provinces_cities_are_added_to_its_own() -> None:
    """广东, 广州 and 佛山 are one province whose revenue is known; each line counts once."""
    rows = [
        budget_line(1, donor_code="440000", year=2018, amount_fen=50),
        budget_line(2, donor_code="440100", year=2018, amount_fen=50),
        budget_line(3, donor_code="440600", amount_fen=130),
    ]
    (judged,) = funding.budget_growth(rows, [revenue("440000", 2018, 10), revenue("440000", 2019, 13)], 2019)
    assert (judged.province_code, judged.budget_growth, judged.verdict) == ("440000", Fraction(3, 10), "kept_pace")


def test_the_published_revenue_leaves_two_donor_provinces_unjudged_for_2019() -> None:
    """Revenue of 福建 in 2019 and of 辽宁 in any year is not known: their growth cannot be judged."""
    rows = [
        {"fiscal_revenue_id": number, "province_code": r.province_code, "year": r.year, "revenue_fen": r.revenue_fen}
        for number, r in enumerate(published.fiscal_revenue())
    ]
    donors = sorted({f"{edge.donor_code[:2]}0000" for edge in published.pairings_2016()})
    budget = [budget_line(n, donor_code=code, year=year) for n, code in enumerate(donors) for year in (2018, 2019)]
    judged = funding.budget_growth(budget, rows, 2019)
    assert {row.province_code for row in judged if row.verdict == "cannot_be_judged"} == {"210000", "350000"}
