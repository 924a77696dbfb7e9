"""核查: the rules of policy over a frozen snapshot; every finding with the pair and the place that it is about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from jiedui.policy import checks
from jiedui.policy.findings import Finding
from jiedui.snapshot.schema import TABLES
from jiedui.terms.pairs import Pairing

if TYPE_CHECKING:
    from jiedui.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class PlacedFinding:
    """核查提示: a finding with the pair (None = of no pair) and the place of its people ("" = about no people)."""

    finding: Finding
    pairing_id: int | None
    region_code: str


def check(snapshot: Snapshot, *, year: int, progress: Callable[[int, int], None] | None = None) -> list[PlacedFinding]:
    """Run every rule over the snapshot as of the end of `year` (or the snapshot's day, if that is earlier).

    A finding that concerns several pairs (two donors of one place) comes once for each.
    """
    on = min(snapshot.as_of, date(year, 12, 31))
    rows = {table: _until(snapshot, table, on) for table in checks.TABLES}
    pairings = [
        Pairing(**{name: row[name] for name in Pairing.__dataclass_fields__})
        for row in snapshot.table("pairing").to_pylist()
    ]
    return [
        PlacedFinding(located.finding, pairing_id, located.region_code)
        for located in checks.run(rows, pairings, on, progress=progress)
        for pairing_id in located.pairing_ids or (None,)
    ]


def _until(snapshot: Snapshot, table: str, on: date) -> list[dict[str, Any]]:
    """The rows that had happened by the day: later rows belong to a later year's check."""
    declared = TABLES[table]
    rows = snapshot.table(table).to_pylist()
    return [row for row in rows if row[declared.date] <= on] if declared.date else rows
