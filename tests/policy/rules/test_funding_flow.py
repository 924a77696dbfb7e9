"""Where money lies and since when, against moving single fen."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiedui.policy.rules.funding_flow import held_money
from tests.policy.rules.rows import entry, leg

pytestmark = pytest.mark.duty("funding.4")

DAY = date(2018, 1, 1)
STEPS = st.lists(
    st.tuples(st.sampled_from(["transfer", "allocate", "payment", "return"]), st.integers(1, 5), st.integers(1, 2)),
    max_size=12,
)


def ledger(steps: list[tuple[str, int, int]]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Entries one day apart, each with its two legs; `project` is 1 or 2."""
    entries, legs = [], []
    for number, (step, fen, project) in enumerate(steps, start=1):
        entries.append(entry(number, step, DAY + timedelta(days=number)))
        out, into = {
            "transfer": (("donor_budget", None), ("recipient_treasury", None)),
            "allocate": (("recipient_treasury", None), ("project", project)),
            "payment": (("project", project), ("payee", project)),
            "return": (("project", project), ("recipient_treasury", None)),
        }[step]
        legs.append(leg(2 * number, number, out[0], -fen, project_id=out[1]))
        legs.append(leg(2 * number + 1, number, into[0], fen, project_id=into[1]))
    return entries, legs


def single_fen(steps: list[tuple[str, int, int]]) -> dict[tuple[str, int | None], list[date]]:
    """The oracle: every fen is a coin that knows the day on which it arrived; the oldest coin moves first."""
    held: dict[tuple[str, int | None], list[date]] = defaultdict(list)
    for number, (step, fen, project) in enumerate(steps, start=1):
        today = DAY + timedelta(days=number)
        treasury, own = ("recipient_treasury", None), ("project", project)
        moved: list[tuple[tuple[str, int | None], date]] = []
        for _ in range(fen):
            if step == "transfer":
                held[treasury].append(today)
            elif step == "payment":
                _oldest(held[own])
            else:
                source, target = (treasury, own) if step == "allocate" else (own, treasury)
                moved.append((target, _oldest(held[source]) or today))
        for place, coin in moved:
            held[place].append(coin)
    return {place: sorted(coins) for place, coins in held.items() if coins}


def _oldest(coins: list[date]) -> date | None:
    if not coins:
        return None
    oldest = min(coins)
    coins.remove(oldest)
    return oldest


@given(STEPS)
def test_held_money_equals_moving_single_fen(steps: list[tuple[str, int, int]]) -> None:
    """What lies where, and since when, is what moving one fen at a time gives."""
    entries, legs = ledger(steps)
    found = held_money(entries, legs, date(2030, 1, 1))
    coins = {
        (account, project): sorted(lot.arrived_on for lot in lots for _ in range(lot.amount_fen))
        for (_, account, project), lots in found.items()
    }
    assert coins == single_fen(steps)


def test_entries_after_the_day_do_not_count() -> None:
    """A payment made tomorrow leaves the money lying today."""
    entries, legs = ledger([("transfer", 3, 1), ("allocate", 3, 1), ("payment", 3, 1)])
    (lots,) = held_money(entries, legs, DAY + timedelta(days=2)).values()
    assert [(lot.arrived_on, lot.amount_fen) for lot in lots] == [(DAY + timedelta(days=1), 3)]
    assert held_money(entries, legs, DAY + timedelta(days=3)) == {}


def test_sources_are_not_mixed() -> None:
    """Money of one budget line never pays for another's, though both lie in one treasury."""
    entries = [entry(1, "transfer", DAY), entry(2, "allocate", DAY)]
    legs = [
        leg(1, 1, "recipient_treasury", 5, budget_line_id=1),
        leg(2, 1, "recipient_treasury", 5, budget_line_id=2),
        leg(3, 2, "recipient_treasury", -5, budget_line_id=2),
        leg(4, 2, "project", 5, budget_line_id=2, project_id=1),
    ]
    assert set(held_money(entries, legs, DAY)) == {(1, "recipient_treasury", None), (2, "project", 1)}
