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
    rows = _until(snapshot, on)
    pairings = [Pairing(**row) for row in snapshot.table("pairing").to_pylist()]
    return [
        PlacedFinding(located.finding, pairing_id, located.region_code)
        for located in checks.run(rows, pairings, on, progress=progress)
        for pairing_id in located.pairing_ids or (None,)
    ]


def _until(snapshot: Snapshot, on: date) -> dict[str, list[dict[str, Any]]]:
    """The rows that had happened by the day, and of undated tables those that belong to such rows.

    Later rows belong to a later year's check: a leg goes with its entry.
    """
    kept: dict[str, list[dict[str, Any]]] = {}
    later: dict[str, set[Any]] = {}
    for name, declared in TABLES.items():
        if name not in checks.TABLES:
            continue
        rows = snapshot.table(name).to_pylist()
        parents = [
            (column.name, later[column.references])
            for column in declared.columns
            if column.required and later.get(column.references)
        ]
        kept[name] = [row for row in rows if _by_then(row, declared.date, on, parents)]
        if len(kept[name]) < len(rows):
            later[name] = {row[declared.key] for row in rows} - {row[declared.key] for row in kept[name]}
    return kept


def _by_then(row: dict[str, Any], dated: str, on: date, parents: list[tuple[str, set[Any]]]) -> bool:
    return (not dated or row[dated] <= on) and not any(row[column] in after for column, after in parents)
