"""问题线索: what is wrong in the synthetic country on purpose, so that findings have something to find.

Each is planted in the rows of one pairing by the file of its area; "last year" is the year of the country's day, if
that is the end of it. The list is the documentation; a test checks that each one is really there. Besides these there
is the usual untidiness: a lost receipt here, a project never made public there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np


@dataclass(frozen=True, slots=True)
class Planted:
    """埋设问题: its key, the duty that it breaks, the pairing in which it stands, what it is."""

    key: str
    duty: str
    pairing_id: int
    what: str


PLANTED: Final = (
    Planted("no_visit", "leadership.1", 26, "no visit in either direction in the last year"),
    Planted("no_meeting", "leadership.1", 30, "no joint meeting in the last year"),
    Planted("overdue_tasks", "leadership.2", 28, "what the meetings agreed is not done by its date"),
    Planted("short_term", "talent.1", 10, "a secondment of 14 months"),
    Planted("two_posts", "talent.1", 6, "one person in two posts at once"),
    Planted("idle_money", "funding.4", 21, "a quarter of the first year's money lies in the treasury ever since"),
    Planted("late_transfer", "funding.4", 24, "the last year's money comes in the last weeks of the year"),
    Planted("undisclosed", "funding.4", 13, "a project was paid without ever having been made public"),
    Planted("early_payment", "funding.4", 18, "a project was paid four days after it was made public"),
    Planted("double_benefit", "funding.4", 22, "one household was paid by two projects of one kind in the last year"),
    Planted(
        "budget_cut", "funding.1", 4, "the last year's budget is smaller than the year before, and its province's too"
    ),
    Planted("reaches_nobody", "principle.1", 7, "a paid project reaches no household"),
    Planted("nothing_arrived", "industry.1", 15, "signed investment of the last year of which nothing arrived"),
    Planted("no_evidence", "labour.5", 20, "placements of the last year without a single check"),
)
_BY_KEY: Final = {planted.key: planted.pairing_id for planted in PLANTED}


def first_row(key: str, pairing: np.ndarray, year: np.ndarray, last: int) -> int | None:
    """埋设行: the first row of the pairing's last year, in which one row is to be wrong; None if there is none."""
    rows = np.flatnonzero((pairing == _BY_KEY[key]) & (year == last))
    return int(rows[0]) if len(rows) else None


def planted(key: str, pairing_id: int) -> bool:
    """是否埋设: whether the irregularity stands in this pairing."""
    return _BY_KEY[key] == pairing_id
