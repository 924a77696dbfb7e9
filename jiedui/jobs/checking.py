"""核查: the rules of policy over a frozen snapshot; every finding with the pair and the place that it is about."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from jiedui.policy import parameters as policy_parameters
from jiedui.policy.findings import Finding, RowRef
from jiedui.policy.rules import (
    funding,
    funding_supervision,
    industry,
    labour,
    labour_register,
    leadership,
    pairing_schemes,
    poverty,
    poverty_reach,
    society,
    talent,
)
from jiedui.policy.rules.pairing import Edges
from jiedui.snapshot.schema import TABLES
from jiedui.terms.pairs import Pairing

if TYPE_CHECKING:
    from jiedui.snapshot import Snapshot

Rule = Callable[..., tuple[Finding, ...]]
Row = Mapping[str, Any]

RULES: tuple[Rule, ...] = (
    poverty.delisting_late,
    poverty.spouse_of_same_sex,
    poverty_reach.reaching_none,
    pairing_schemes.schemes_meet,
    industry.weak_links,
    labour.evidence_outside_placement,
    labour.proven_by_phone_only,
    labour_register.left_without_end,
    labour_register.too_old_for_public_post,
    labour_register.under_age,
    labour_register.wage_below_floor,
    labour_register.working_pupil,
    labour_register.working_without_ability,
    talent.main_duty_elsewhere,
    talent.overdue,
    talent.term_outside_range,
    talent.two_posts_at_once,
    funding.budget_growth_findings,
    funding_supervision.double_benefit,
    funding_supervision.idle_money,
    funding_supervision.late_steps,
    funding_supervision.missing_disclosure,
    society.missing_receipts,
    society.promises_not_kept,
    leadership.missing_meetings,
    leadership.missing_visits,
)
"""Every rule that looks at frozen rows. `poverty.duplicate_identities` looks at records: in a snapshot one identity is
one pseudonym."""

TABLE_OF: dict[str, str] = {
    "counties": "poverty_county",
    "persons": "person",
    "households": "household",
    "projects": "project",
    "benefit_links": "benefit_link",
    "ledger_entries": "ledger_entry",
    "ledger_legs": "ledger_leg",
    "placements": "placement",
    "stay_checks": "stay_check",
    "workers": "worker",
    "secondments": "secondment",
    "budget_lines": "budget_line",
    "revenues": "fiscal_revenue",
    "donations": "donation",
    "village_pairs": "village_pair",
    "meetings": "meeting",
    "visits": "visit",
}
"""What a rule calls its rows → the table that holds them."""

_THROUGH: dict[str, tuple[str, str]] = {
    "ledger_leg": ("ledger_entry_id", "ledger_entry"),
    "benefit_link": ("project_id", "project"),
    "stay_check": ("placement_id", "placement"),
}
"""Tables whose rows belong to the pair of the row that they point to."""


@dataclass(frozen=True, slots=True)
class PlacedFinding:
    """核查提示: a finding with the pair (None = of no single pair) and the place ("" = of no place)."""

    finding: Finding
    pairing_id: int | None
    region_code: str


def check(snapshot: Snapshot, *, year: int, progress: Callable[[int, int], None] | None = None) -> list[PlacedFinding]:
    """Run every rule over the snapshot as of the end of `year` (or the snapshot's day, if that is earlier)."""
    on = min(snapshot.as_of, date(year, 12, 31))
    rows = {name: _until(snapshot, table, on) for name, table in TABLE_OF.items()}
    pairings = [_pairing(row) for row in snapshot.table("pairing").to_pylist()]
    given: dict[str, Any] = {
        **rows,
        "pairings": pairings,
        "places": sorted({row["region_code"][:6] for row in rows["households"]}),
        "year": year,
        "on": on,
        "parameters": policy_parameters.load(on),
    }
    places = _Places(rows, pairings, on)
    placed: list[PlacedFinding] = []
    for number, rule in enumerate(RULES, start=1):
        wanted = inspect.signature(rule).parameters
        placed += map(places.place, rule(**{name: given[name] for name in wanted if name in given}))
        if progress is not None:
            progress(number, len(RULES))
    return placed


def _until(snapshot: Snapshot, table: str, on: date) -> list[dict[str, Any]]:
    """The rows that had happened by the day: later rows belong to a later year's check."""
    declared = TABLES[table]
    rows = snapshot.table(table).to_pylist()
    return [row for row in rows if row[declared.date] <= on] if declared.date else rows


def _pairing(row: Row) -> Pairing:
    return Pairing(**{name: row[name] for name in Pairing.__dataclass_fields__})


class _Places:
    """Finds the pair and the place of a finding from the first row that it names."""

    def __init__(self, rows: Mapping[str, list[dict[str, Any]]], pairings: Iterable[Pairing], on: date) -> None:
        self._rows = {
            TABLE_OF[name]: {row[TABLES[TABLE_OF[name]].key]: row for row in found} for name, found in rows.items()
        }
        self._pairings = {pairing.pairing_id: pairing for pairing in pairings}
        self._edges = Edges(self._pairings.values(), on)

    def place(self, finding: Finding) -> PlacedFinding:
        for ref in finding.rows:
            if ref.table == "pairing" and ref.key in self._pairings:
                return PlacedFinding(finding, int(ref.key), "")
            row = self._rows.get(ref.table, {}).get(ref.key)
            if row is not None:
                return self._of_row(finding, ref, row)
        kind, _, key = finding.subject.partition(":")
        if kind == "pairing" and key.isdecimal():
            return PlacedFinding(finding, int(key), "")
        return PlacedFinding(finding, None, kind if kind.isdecimal() else "")

    def _of_row(self, finding: Finding, ref: RowRef, row: Row) -> PlacedFinding:
        region = str(row.get(TABLES[ref.table].region or "", "") or "")
        pairing_id = self._pair_of(ref.table, row)
        if pairing_id is None and len(region) >= 6:
            edges = self._edges.of(region)
            pairing_id = edges[0].pairing_id if len(edges) == 1 else None
        return PlacedFinding(finding, pairing_id, region)

    def _pair_of(self, table: str, row: Row) -> int | None:
        if "pairing_id" in row:
            return None if row["pairing_id"] is None else int(row["pairing_id"])
        if table in _THROUGH:
            column, other = _THROUGH[table]
            pointed = self._rows[other].get(row[column])
            return None if pointed is None else self._pair_of(other, pointed)
        return None
