"""资金流向: which money lies where, and since when, by following the double entry (十).

Rows are of the tables `ledger_entry` and `ledger_leg`. Amounts are fen.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from jiedui.policy.findings import Row
from jiedui.policy.registry import interprets

RECIPIENT_ACCOUNTS: Final = ("recipient_treasury", "project")
Place = tuple[Any, str, Any]
"""Where money lies: budget line, account, project (None in the treasury)."""


@dataclass(frozen=True, slots=True)
class Lot:
    """一笔余额: an amount that arrived with the recipient on one day and has not been paid out."""

    arrived_on: date
    amount_fen: int
    ledger_entry_id: int


@interprets(
    "funding.4",
    because="Money has no marks: within a budget line and place, what came first goes first, and money that is "
    "allocated to a project keeps the day on which it arrived.",
)
def held_money(ledger_entries: Iterable[Row], ledger_legs: Iterable[Row], on: date) -> dict[Place, tuple[Lot, ...]]:
    """余额: what lies in each place at the end of the day, oldest first; places with nothing are left out.

    More spent than arrived leaves nothing (the ledger's own balance check is in the database).
    """
    legs: dict[int, list[Row]] = defaultdict(list)
    for leg in ledger_legs:
        if leg["account"] in RECIPIENT_ACCOUNTS:
            legs[leg["ledger_entry_id"]].append(leg)
    entries = (entry for entry in ledger_entries if entry["happened_on"] <= on)
    held: dict[Place, list[Lot]] = defaultdict(list)
    for entry in sorted(entries, key=lambda entry: (entry["happened_on"], entry["ledger_entry_id"])):
        _post(entry, legs[entry["ledger_entry_id"]], held)
    return {place: tuple(lots) for place, lots in held.items() if lots}


def _post(entry: Row, legs: list[Row], held: dict[Place, list[Lot]]) -> None:
    """One entry: money out of places first, by budget line, then the same money into others, the rest is new."""
    moved: dict[Any, list[Lot]] = defaultdict(list)
    for leg in legs:
        if leg["amount_fen"] < 0:
            moved[leg["budget_line_id"]] += _take(held[_place(leg)], -leg["amount_fen"])
    for leg in legs:
        if leg["amount_fen"] > 0:
            taken = _take(moved[leg["budget_line_id"]], leg["amount_fen"])
            fresh = leg["amount_fen"] - sum(lot.amount_fen for lot in taken)
            if fresh:
                taken.append(Lot(entry["happened_on"], fresh, entry["ledger_entry_id"]))
            lots = held[_place(leg)]
            lots += taken
            lots.sort(key=lambda lot: (lot.arrived_on, lot.ledger_entry_id))


def _take(lots: list[Lot], amount_fen: int) -> list[Lot]:
    """Takes an amount off the front of the lots (as far as they go) and returns what was taken."""
    taken: list[Lot] = []
    while amount_fen and lots:
        first = lots.pop(0)
        part = min(first.amount_fen, amount_fen)
        taken.append(replace(first, amount_fen=part))
        amount_fen -= part
        if part < first.amount_fen:
            lots.insert(0, replace(first, amount_fen=first.amount_fen - part))
    return taken


def _place(leg: Row) -> Place:
    return (leg["budget_line_id"], leg["account"], leg["project_id"])
