"""资金支持: the growth of a donor's budget against the growth of its revenue (十).

Rows are of the tables `budget_line` and `fiscal_revenue`. Amounts are fen, growth is an exact fraction. What is not
known is not judged.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal

from jiedui.policy.findings import Finding, Row, RowRef, Severity, refs
from jiedui.policy.registry import implements, interprets
from jiedui.terms.divisions import Gazetteer

Verdict = Literal["kept_pace", "behind", "fell", "cannot_be_judged"]
DUTY: Final = "funding.1"
_PROVINCE: Final = len("53")
_SEVERITY: Final[dict[Verdict, Severity]] = {"behind": "note", "fell": "warning", "cannot_be_judged": "note"}


@dataclass(frozen=True, slots=True)
class BudgetGrowth:
    """预算增长: a province's budget for its pairs in a year against its revenue.

    Growths are fractions of the year before (1/10 = 10 %); None where a figure they need is missing, and `missing`
    names the figures.
    """

    province_code: str
    year: int
    budget_growth: Fraction | None
    revenue_growth: Fraction | None
    verdict: Verdict
    missing: tuple[str, ...]
    rows: tuple[RowRef, ...]


@implements("funding.1")
@interprets(
    "funding.1",
    because="The text speaks of eastern provinces and their revenue (财力): the lines of a province and of its cities "
    "are added, and revenue is the general public budget revenue. The budget keeps pace where it grows no slower.",
)
def budget_growth(budget_lines: Iterable[Row], revenues: Iterable[Row], year: int) -> tuple[BudgetGrowth, ...]:
    """预算增长: one row for each province with a budget line in the year or the year before, by code."""
    lines = [row for row in budget_lines if row["year"] in (year, year - 1)]
    provinces = sorted({_province(row["donor_code"]) for row in lines})
    revenue = {(row["province_code"], row["year"]): row for row in revenues if row["year"] in (year, year - 1)}
    return tuple(_judged(province, year, lines, revenue) for province in provinces)


@implements("funding.1")
def budget_growth_findings(
    budget_lines: Iterable[Row], revenues: Iterable[Row], year: int, *, gazetteer: Gazetteer | None = None
) -> tuple[Finding, ...]:
    """预算增长核查: a finding for each province whose budget fell or grew slower, or that cannot be judged."""
    names = gazetteer or Gazetteer.load()
    return tuple(
        _finding(judged, names.name(judged.province_code))
        for judged in budget_growth(budget_lines, revenues, year)
        if judged.verdict in _SEVERITY
    )


def _province(code: str) -> str:
    return code[:_PROVINCE].ljust(len("530000"), "0")


def _judged(province: str, year: int, lines: list[Row], revenue: dict[tuple[str, int], Row]) -> BudgetGrowth:
    own = [row for row in lines if _province(row["donor_code"]) == province]
    known = [revenue[key] for key in ((province, year), (province, year - 1)) if key in revenue]
    budgets = {
        held: sum(row["amount_fen"] for row in own if row["year"] == held) for held in {row["year"] for row in own}
    }
    revenues = {row["year"]: row["revenue_fen"] for row in known}
    missing = tuple(
        f"{name} {wanted}"
        for name, figures in (("budget", budgets), ("revenue", revenues))
        for wanted in (year - 1, year)
        if wanted not in figures
    )
    growth, against = _growth(budgets, year), _growth(revenues, year)
    rows = (*refs("budget_line", own), *refs("fiscal_revenue", [row for row in known if "fiscal_revenue_id" in row]))
    return BudgetGrowth(province, year, growth, against, _verdict(growth, against), missing, rows)


def _growth(figures: dict[int, int], year: int) -> Fraction | None:
    before, now = figures.get(year - 1), figures.get(year)
    return None if not before or now is None else Fraction(now - before, before)


def _verdict(growth: Fraction | None, against: Fraction | None) -> Verdict:
    if growth is None or against is None:
        return "cannot_be_judged"
    if growth < 0 and growth < against:
        return "fell"
    return "behind" if growth < against else "kept_pace"


def _finding(judged: BudgetGrowth, name: str) -> Finding:
    if judged.budget_growth is None or judged.revenue_growth is None:
        lacking = "、".join(judged.missing).replace("budget", "预算").replace("revenue", "财力")
        zh = (
            f"{name}{judged.year}年预算增长不能判断：缺{lacking}。"
            if lacking
            else f"{name}上年预算或财力为零，不能判断。"
        )
        en = f"{name} {judged.year}: cannot be judged, missing {', '.join(judged.missing) or 'a base above zero'}."
    else:
        ours, theirs = (f"{float(growth):+.1%}" for growth in (judged.budget_growth, judged.revenue_growth))
        zh = f"{name}{judged.year}年帮扶预算增长{ours}，财力增长{theirs}。"
        en = f"{name} {judged.year}: budget {ours} against revenue {theirs}."
    return Finding(
        duty=DUTY,
        severity=_SEVERITY[judged.verdict],
        subject=judged.province_code,
        message=zh,
        message_en=en,
        rows=judged.rows,
        rule="budget_growth_findings",
    )
