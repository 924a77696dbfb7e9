"""资金支持: the donors' budgets and the whole way of the money, in double entry.

agreement and budget are entries without legs (nothing has moved yet; the amount is the budget line's); then
transfer (donor_budget − , recipient_treasury +), allocate (recipient_treasury −, project +), payment (project −,
payee +). Every entry sums to zero, every leg names its budget line. Budgets follow the registered persons of the
country made, so that money per person is alike in a small and in a large country; the published revenue is real.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Final

import numpy as np
import pyarrow as pa

from jiedui.policy import published
from jiedui.simulate.columns import MISSING, days, position, table
from jiedui.simulate.ground import Ground
from jiedui.simulate.industry import Projects
from jiedui.simulate.irregularities import planted
from jiedui.terms.codelists import LEDGER_ACCOUNT, LEDGER_STEP

YUAN_PER_PERSON: Final = 900
"""First year's budget for each registered person; ours."""
GROWTH: Final = (1.25, 1.7)
"""Bounds of a budget's yearly growth; money grew faster than any revenue in these years. Ours."""
TO_HOUSEHOLDS: Final = 0.3
"""Share of projects that pay households."""
DONOR, TREASURY, PROJECT, PAYEE = position(
    LEDGER_ACCOUNT, "donor_budget", "recipient_treasury", "project", "payee"
).tolist()
_NONE: Final = MISSING


@dataclass
class Ledger:
    """账本: entries and legs as they are written, row by row."""

    last: int
    entries: list[tuple[int, int, int]] = field(default_factory=list)
    legs: list[tuple[int, int, int, int, int, int, int]] = field(default_factory=list)

    def write(self, pair: int, step: str, on: int, legs: list[tuple[int, int, int, int, int, int]]) -> bool:
        """One entry; a leg is (region, account, amount, budget line, project, household). False after the last day."""
        if on > self.last:
            return False
        self.entries.append((pair, position(LEDGER_STEP, step), on))
        self.legs.extend((len(self.entries), *leg) for leg in legs)
        return True


@dataclass(frozen=True, slots=True)
class Line:
    """预算: one budget line while its money is spent: id, pair, donor, year, day approved, fen."""

    id: int
    pair: int
    donor: int
    year: int
    approved_on: int
    amount: int


def funding(ground: Ground, found: Projects) -> dict[str, pa.Table]:
    """造资金: budget lines, the ledger, and the published revenue."""
    rng = ground.streams.of("budget_line")
    lines = _budgets(ground, rng)
    ledger = Ledger(ground.last)
    spending = ground.streams.of("ledger")
    for line in lines:
        _spend(ground, found, line, ledger, spending)
    return {
        "budget_line": _budget_table(lines),
        "ledger_entry": _entry_table(ledger),
        "ledger_leg": _leg_table(ledger),
        "fiscal_revenue": _revenue(ground),
    }


def _budgets(ground: Ground, rng: np.random.Generator) -> list[Line]:
    lines: list[Line] = []
    amount: dict[int, int] = {}
    for year in ground.years:
        for pair in ground.pairs:
            growth = rng.uniform(*GROWTH)
            first = max(ground.persons_of(pair, year), 60) * YUAN_PER_PERSON * rng.uniform(0.8, 1.25)
            cut = planted("budget_cut", pair) and year == ground.as_of.year
            yuan = first if pair not in amount else amount[pair] * (0.85 if cut else growth)
            amount[pair] = round(yuan / 1000) * 1000
            approved = days(date(year, 1, 1)) + int(rng.integers(25, 60))
            if approved <= ground.last:
                lines.append(Line(len(lines) + 1, pair, ground.donor(pair), year, approved, amount[pair] * 100))
    return lines


def _spend(ground: Ground, found: Projects, line: Line, ledger: Ledger, rng: np.random.Generator) -> None:
    ledger.write(line.pair, "agreement", line.approved_on - int(rng.integers(5, 20)), [])
    ledger.write(line.pair, "budget", line.approved_on, [])
    mine = np.flatnonzero((found.pair == line.pair) & (found.year == line.year) & ~found.planned)
    late = planted("late_transfer", line.pair) and line.year == ground.as_of.year
    first = days(date(line.year, 12, 10)) if late else line.approved_on + int(rng.integers(20, 75))
    counties = (
        ground.places.county[np.unique(found.county[mine])] if len(mine) else np.array([ground.recipient(line.pair)])
    )
    kept = _kept(ground, line, rng)
    shares = split(line.amount - kept, rng.uniform(0.5, 2, max(len(mine), 1)))
    _transfer(ground, found, line, mine, shares, kept, counties, first, ledger, rng)
    for project, amount in zip(mine.tolist(), shares, strict=False):
        _pay_project(ground, found, line, project, amount, first, ledger, rng)


def _kept(ground: Ground, line: Line, rng: np.random.Generator) -> int:
    """Money that stays in the treasury: a quarter where that is planted, a little here and there."""
    if planted("idle_money", line.pair) and line.year == ground.years.start:
        return line.amount // 4
    return line.amount // int(rng.integers(20, 40)) if rng.random() < 0.08 else 0


def _transfer(
    ground: Ground,
    found: Projects,
    line: Line,
    mine: np.ndarray,
    shares: list[int],
    kept: int,
    counties: np.ndarray,
    on: int,
    ledger: Ledger,
    rng: np.random.Generator,
) -> None:
    """To each county's treasury what its projects will cost; what is kept lies with the first one."""
    need = {int(county): 0 for county in counties}
    for project, amount in zip(mine.tolist(), shares, strict=False):
        need[int(ground.places.county[found.county[project]])] += amount
    need[next(iter(need))] += kept if len(mine) else line.amount
    legs = [(line.donor, DONOR, -line.amount, line.id, _NONE, _NONE)]
    legs += [(county, TREASURY, amount, line.id, _NONE, _NONE) for county, amount in need.items() if amount]
    ledger.write(line.pair, "transfer", on, legs)


def _pay_project(
    ground: Ground,
    found: Projects,
    line: Line,
    project: int,
    amount: int,
    transferred: int,
    ledger: Ledger,
    rng: np.random.Generator,
) -> None:
    county, region = int(ground.places.county[found.county[project]]), int(found.region[project])
    disclosed = int(found.disclosed_on[project])
    allocated = transferred + int(rng.integers(5, 45))
    legs = [
        (county, TREASURY, -amount, line.id, project + 1, _NONE),
        (region, PROJECT, amount, line.id, project + 1, _NONE),
    ]
    if not ledger.write(line.pair, "allocate", allocated, _from_treasury(legs)):
        return
    wait = 4 if project == found.wrong["early_payment"] else int(rng.integers(15, 60))
    first = max(allocated, disclosed if disclosed != MISSING else 0) + wait
    last_year = line.year == ground.as_of.year
    done = int(rng.integers(1, 4))
    # An unfinished project of the year has not been paid in full.
    parts = split(amount, np.ones(done + (1 if last_year and rng.random() < 0.4 else 0)))[:done]
    households = _households(found, project, rng)
    for i, part in enumerate(parts):
        paid = _payees(ground, region, part, line, project, households if i == 0 else [])
        legs = [(region, PROJECT, -part, line.id, project + 1, _NONE), *paid]
        ledger.write(line.pair, "payment", first + i * int(rng.integers(15, 50)), legs)


def _from_treasury(legs: list[tuple[int, int, int, int, int, int]]) -> list[tuple[int, int, int, int, int, int]]:
    # Money in the treasury belongs to no project yet, so the leg that leaves it names none.
    return [(r, a, m, b, _NONE if a == TREASURY else p, h) for r, a, m, b, p, h in legs]


def _households(found: Projects, project: int, rng: np.random.Generator) -> list[int]:
    """Households that a project pays: of those linked to it, and of no other project of its pair and year."""
    pays = rng.random() < TO_HOUSEHOLDS
    twin = found.wrong["double_benefit"]
    if twin is not None and project in (twin, twin + 1):
        return found.households_of(twin)[:1]
    if not pays:
        return []
    same = np.flatnonzero((found.pair == found.pair[project]) & (found.year == found.year[project]))
    taken = {household for p in same[same != project].tolist() for household in found.households_of(p)}
    return [household for household in found.households_of(project) if household not in taken]


def _payees(
    ground: Ground, region: int, amount: int, line: Line, project: int, households: list[int]
) -> list[tuple[int, int, int, int, int, int]]:
    if not households:
        return [(region, PAYEE, amount, line.id, project + 1, _NONE)]
    villages = ground.population.households.village
    each = split(amount, np.ones(len(households)))
    return [
        (int(villages[h]), PAYEE, part, line.id, project + 1, h + 1)
        for h, part in zip(households, each, strict=True)
        if part
    ]


def split(amount: int, weights: np.ndarray) -> list[int]:
    """拆分: whole numbers in proportion to the weights that sum to the amount exactly."""
    edges = np.floor(np.cumsum(weights) / np.sum(weights) * amount).astype(np.int64)
    edges[-1] = amount
    return np.diff(np.r_[0, edges]).tolist()


def _budget_table(lines: list[Line]) -> pa.Table:
    return table(
        "budget_line",
        {
            "budget_line_id": np.array([line.id for line in lines], np.int64),
            "pairing_id": np.array([line.pair for line in lines], np.int64),
            "donor_code": np.array([line.donor for line in lines], np.int64),
            "year": np.array([line.year for line in lines], np.int64),
            "approved_on": np.array([line.approved_on for line in lines], np.int64),
            "amount_fen": np.array([line.amount for line in lines], np.int64),
            "document": [f"演示财预〔{line.year}〕{line.id}号" for line in lines],
        },
    )


def _entry_table(ledger: Ledger) -> pa.Table:
    pair, step, on = np.array(ledger.entries, np.int64).reshape(-1, 3).T
    return table(
        "ledger_entry",
        {
            "ledger_entry_id": np.arange(1, len(pair) + 1),
            "pairing_id": pair,
            "step": step,
            "happened_on": on,
            "document": [f"演示财拨{i + 1:06d}号" for i in range(len(pair))],
        },
    )


def _leg_table(ledger: Ledger) -> pa.Table:
    names = ("ledger_entry_id", "region_code", "account", "amount_fen", "budget_line_id", "project_id", "household_id")
    columns = np.array(ledger.legs, np.int64).reshape(-1, len(names)).T
    return table(
        "ledger_leg",
        {"ledger_leg_id": np.arange(1, columns.shape[1] + 1)} | dict(zip(names, columns, strict=True)),
    )


def _revenue(ground: Ground) -> pa.Table:
    rows = [row for row in published.fiscal_revenue() if row.year <= ground.as_of.year]
    return table(
        "fiscal_revenue",
        {
            "fiscal_revenue_id": np.arange(1, len(rows) + 1),
            "province_code": [row.province_code for row in rows],
            "year": np.array([row.year for row in rows]),
            "revenue_fen": np.array([row.revenue_fen for row in rows]),
            "source": [row.source for row in rows],
        },
    )
