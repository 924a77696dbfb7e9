"""资金支持: the donors' budgets and the whole way of the money, in double entry.

agreement and budget are entries without legs (nothing has moved yet; the amount is the budget line's); then
transfer (donor_budget − , recipient_treasury +), allocate (recipient_treasury −, project +), payment (project −,
payee +). Every entry sums to zero, every leg names its budget line. Budgets follow the registered persons of the
country made, so that money per person is alike in a small and in a large country; the published revenue is real.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Final, NamedTuple

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


class Leg(NamedTuple):
    """分录: where, which account, fen (in is positive), budget line, and project and household where there is one."""

    region: int
    account: int
    amount: int
    line: int
    project: int = MISSING
    household: int = MISSING


@dataclass
class Ledger:
    """账本: entries and legs as they are written, row by row."""

    last: int
    entries: list[tuple[int, int, int]] = field(default_factory=list)
    legs: list[tuple[int, ...]] = field(default_factory=list)

    def write(self, pair: int, step: str, on: int, legs: list[Leg]) -> bool:
        """One entry with its legs that are not zero; False, and nothing written, after the country's day."""
        if on > self.last:
            return False
        self.entries.append((pair, position(LEDGER_STEP, step), on))
        self.legs.extend((len(self.entries), *leg) for leg in legs if leg.amount)
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
    spending = _Spending(ground, found, ledger, ground.streams.of("ledger"))
    for line in lines:
        spending.spend(line)
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


@dataclass(frozen=True)
class _Spending:
    """用款: what happens to the money of the budget lines, in the order of the steps."""

    ground: Ground
    projects: Projects
    ledger: Ledger
    rng: np.random.Generator

    def spend(self, line: Line) -> None:
        """One line: agreed, budgeted, transferred, and paid out through the projects of its pair and year."""
        rng, found = self.rng, self.projects
        self.ledger.write(line.pair, "agreement", line.approved_on - int(rng.integers(5, 20)), [])
        self.ledger.write(line.pair, "budget", line.approved_on, [])
        mine = np.flatnonzero((found.pair == line.pair) & (found.year == line.year) & ~found.planned)
        late = planted("late_transfer", line.pair) and self._is_last(line)
        on = days(date(line.year, 12, 10)) if late else line.approved_on + int(rng.integers(20, 75))
        kept = self._kept(line) if len(mine) else line.amount
        cost = dict(zip(mine.tolist(), split(line.amount - kept, rng.uniform(0.5, 2, len(mine))), strict=True))
        self._transfer(line, cost, kept, on)
        for project, amount in cost.items():
            allocated = on + int(rng.integers(5, 45))
            if self._allocate(line, project, amount, allocated):
                self._pay(line, project, amount, allocated)

    def _kept(self, line: Line) -> int:
        """Money that stays in the treasury: a quarter where that is planted, a little here and there."""
        if planted("idle_money", line.pair) and line.year == self.ground.years.start:
            return line.amount // 4
        return line.amount // int(self.rng.integers(20, 40)) if self.rng.random() < 0.08 else 0

    def _transfer(self, line: Line, cost: dict[int, int], kept: int, on: int) -> None:
        """To each county's treasury what its projects will cost; what is kept lies with the first one."""
        need: dict[int, int] = {}
        for project, amount in cost.items():
            county = self._county(project)
            need[county] = need.get(county, 0) + amount
        first = next(iter(need), self.ground.recipient(line.pair))
        need[first] = need.get(first, 0) + kept
        legs = [Leg(line.donor, DONOR, -line.amount, line.id)]
        legs += [Leg(county, TREASURY, amount, line.id) for county, amount in need.items()]
        self.ledger.write(line.pair, "transfer", on, legs)

    def _allocate(self, line: Line, project: int, amount: int, on: int) -> bool:
        # Money in the treasury belongs to no project yet, so the leg that leaves it names none.
        out = Leg(self._county(project), TREASURY, -amount, line.id)
        into = Leg(int(self.projects.region[project]), PROJECT, amount, line.id, project + 1)
        return self.ledger.write(line.pair, "allocate", on, [out, into])

    def _pay(self, line: Line, project: int, amount: int, allocated: int) -> None:
        """Up to three payments after the disclosure; an unfinished project of the year is not paid in full."""
        rng, disclosed = self.rng, int(self.projects.disclosed_on[project])
        wait = 4 if project == self.projects.wrong["early_payment"] else int(rng.integers(15, 60))
        on = max(allocated, disclosed if disclosed != MISSING else 0) + wait
        times = int(rng.integers(1, 4))
        unpaid = int(self._is_last(line) and rng.random() < 0.4)
        households = self._households(project)
        for part in split(amount, np.ones(times + unpaid))[:times]:
            out = Leg(int(self.projects.region[project]), PROJECT, -part, line.id, project + 1)
            self.ledger.write(line.pair, "payment", on, [out, *self._payees(line, project, part, households)])
            households, on = [], on + int(rng.integers(15, 50))

    def _households(self, project: int) -> list[int]:
        """Households that a project pays: of those linked to it, and of no other project of its pair and year."""
        found, pays = self.projects, self.rng.random() < TO_HOUSEHOLDS
        twin = found.wrong["double_benefit"]
        if twin is not None and project in (twin, twin + 1):
            return found.households_of(twin)[:1]
        if not pays:
            return []
        same = np.flatnonzero((found.pair == found.pair[project]) & (found.year == found.year[project]))
        taken = {household for p in same[same != project].tolist() for household in found.households_of(p)}
        return [household for household in found.households_of(project) if household not in taken]

    def _payees(self, line: Line, project: int, amount: int, households: list[int]) -> list[Leg]:
        if not households:
            return [Leg(int(self.projects.region[project]), PAYEE, amount, line.id, project + 1)]
        village = self.ground.population.households.village
        each = zip(households, split(amount, np.ones(len(households))), strict=True)
        return [Leg(int(village[h]), PAYEE, part, line.id, project + 1, h + 1) for h, part in each if part]

    def _county(self, project: int) -> int:
        return int(self.ground.places.county[self.projects.county[project]])

    def _is_last(self, line: Line) -> bool:
        return line.year == self.ground.as_of.year


def split(amount: int, weights: np.ndarray) -> list[int]:
    """拆分: whole numbers in proportion to the weights that sum to the amount exactly."""
    if not len(weights):
        return []
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
