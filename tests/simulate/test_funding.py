from collections import defaultdict

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from jiedui.policy import published
from jiedui.simulate.funding import split
from tests.simulate.conftest import Query

STEPS = ("agreement", "budget", "transfer", "allocate", "payment")


@given(amount=st.integers(0, 10**12), weights=st.lists(st.floats(0.01, 9), min_size=1, max_size=12))
def test_split_loses_no_fen(amount: int, weights: list[float]) -> None:
    """The parts are whole, not negative, sum to the amount, and each is within a fen of its share."""
    parts = split(amount, np.array(weights))
    assert sum(parts) == amount
    assert all(
        abs(part - amount * w / sum(weights)) <= 1.5 + amount * 1e-12 for part, w in zip(parts, weights, strict=True)
    )
    assert min(parts) >= 0


def test_every_entry_balances(sql: Query) -> None:
    """The legs of an entry sum to zero, name budget lines of its pair, and none is empty."""
    assert not sql("SELECT 1 FROM ledger_leg GROUP BY ledger_entry_id HAVING sum(amount_fen) != 0")
    assert not sql("SELECT 1 FROM ledger_leg WHERE amount_fen = 0")
    assert not sql("""SELECT 1 FROM ledger_leg l JOIN ledger_entry e USING (ledger_entry_id)
        JOIN budget_line b USING (budget_line_id)
        WHERE b.pairing_id != e.pairing_id OR e.happened_on < b.approved_on""")


def test_no_money_is_spent_before_it_is_there(sql: Query) -> None:
    """Replaying the ledger day by day, no treasury and no project is ever below zero."""
    balance: dict[tuple[object, ...], int] = defaultdict(int)
    rows = sql("""SELECT l.account, l.region_code, l.budget_line_id, l.project_id, l.amount_fen FROM ledger_leg l
        JOIN ledger_entry e USING (ledger_entry_id) ORDER BY e.happened_on, e.ledger_entry_id, l.amount_fen DESC""")
    for account, region, line, project, amount in rows:
        if account != "donor_budget":
            balance[account, region, line, project] += amount
            assert balance[account, region, line, project] >= 0


def test_a_budget_is_transferred_whole_and_once(sql: Query) -> None:
    """What leaves the donor is the budget line's amount."""
    moved = sql(
        """SELECT b.amount_fen, sum(-l.amount_fen) FROM budget_line b
            JOIN ledger_leg l USING (budget_line_id) WHERE l.account = 'donor_budget' GROUP BY budget_line_id, 1"""
    )
    assert len(moved) == 96
    assert all(budget == transferred for budget, transferred in moved)


def test_the_steps_come_in_their_order(sql: Query) -> None:
    """For a pair and year: agreement, budget, transfer, allocation, payment."""
    assert {row[0] for row in sql("SELECT DISTINCT step FROM ledger_entry")} == set(STEPS)
    first = defaultdict(dict)
    for pair, year, step, on in sql(
        "SELECT pairing_id, year(happened_on), step, min(happened_on) FROM ledger_entry GROUP BY ALL"
    ):
        first[pair, year][step] = on
    assert all(held["agreement"] < held["budget"] < held["transfer"] for held in first.values())


def test_some_payments_reach_households(sql: Query) -> None:
    """Payments to a household go to its village, and only from a project that it is linked to."""
    paid = sql("""SELECT l.region_code = h.region_code, b.household_id IS NOT NULL OR p.pairing_id = 22
        FROM ledger_leg l
        JOIN household h USING (household_id) JOIN project p USING (project_id)
        LEFT JOIN benefit_link b ON b.project_id = l.project_id AND b.household_id = l.household_id""")
    assert len(paid) > 50
    assert all(all(row) for row in paid)


def test_budgets_grow(sql: Query) -> None:
    """Every pair's budget grows each year, the planted one apart."""
    falling = sql("""SELECT DISTINCT a.pairing_id FROM budget_line a JOIN budget_line b
        ON b.pairing_id = a.pairing_id AND b.year = a.year + 1 AND b.amount_fen < a.amount_fen""")
    assert falling == [(4,)]


def test_revenue_is_the_published_one(sql: Query) -> None:
    """The revenue is that of policy, up to the country's year; a missing year stays missing."""
    expected = sorted((r.province_code, r.year, r.revenue_fen) for r in published.fiscal_revenue() if r.year <= 2019)
    assert sorted(sql("SELECT province_code, year, revenue_fen FROM fiscal_revenue")) == expected
