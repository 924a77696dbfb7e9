"""核查: all rules over one set of tables, with the pairs and the place that each finding concerns.

The one door for whoever runs the rules (an assessment of a snapshot, a page over records): rows in, findings out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from jiedui.policy import parameters, published
from jiedui.policy.findings import Finding, Row, RowRef
from jiedui.policy.rules import (
    funding,
    funding_supervision,
    industry,
    labour,
    labour_register,
    leadership,
    pairing,
    pairing_schemes,
    poverty,
    poverty_reach,
    society,
    talent,
)
from jiedui.terms.pairs import Pairing

Tables = Mapping[str, Sequence[Row]]
TABLES: Final = (
    "benefit_link",
    "budget_line",
    "donation",
    "fiscal_revenue",
    "household",
    "ledger_entry",
    "ledger_leg",
    "meeting",
    "person",
    "placement",
    "poverty_county",
    "project",
    "secondment",
    "stay_check",
    "village_pair",
    "visit",
    "worker",
)
"""The tables that `run` reads, as rows by column name."""

_PEOPLE: Final = frozenset({"benefit_link", "household", "person", "placement", "stay_check", "worker"})
_PARENTS: Final = {"ledger_leg": "ledger_entry", "benefit_link": "project", "stay_check": "placement"}


@dataclass(frozen=True, slots=True)
class Located:
    """发现及其归属: a finding, the pairs that it concerns, and the place of the people it is about ("" = no people)."""

    finding: Finding
    pairing_ids: tuple[int, ...]
    region_code: str


def run(
    tables: Tables,
    pairings: Iterable[Pairing],
    on: date,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[Located, ...]:
    """核查: every rule over the tables as they stood on a day, with that day's parameters; its year is judged.

    `tables` has the names of `TABLES`. Rows that happened after the day must not be in it. `progress` is told how
    many parts of the work are done.
    """
    pairings = tuple(pairings)
    locate = _Locator(tables, pairings, on)
    parts = (_of_records(tables, pairings, on), _of_money(tables, on), _of_people(tables, on))
    located: list[Located] = []
    for number, findings in enumerate(parts, start=1):
        located += map(locate, findings)
        if progress is not None:
            progress(number, len(parts))
    return tuple(located)


def _of_records(tables: Tables, pairings: Sequence[Pairing], on: date) -> Iterator[Finding]:
    held = parameters.load(on)
    prefectures = [prefecture.code for prefecture in published.autonomous_prefectures()]
    counties = [county["county_code"] for county in tables["poverty_county"] if county["county_code"]]
    yield from pairing.coverage_findings(prefectures, pairings, on)
    yield from pairing_schemes.schemes_meet(counties, on, pairings)
    yield from poverty.delisting_late(tables["poverty_county"], on.year, held)
    yield from leadership.missing_visits(pairings, tables["visit"], on.year, held)
    yield from leadership.missing_meetings(pairings, tables["meeting"], on.year, held)
    yield from talent.term_outside_range(tables["secondment"], held)
    yield from talent.two_posts_at_once(tables["secondment"])
    yield from talent.main_duty_elsewhere(tables["secondment"])
    yield from talent.overdue(tables["secondment"], on)
    yield from society.missing_receipts(tables["donation"])
    yield from society.promises_not_kept(tables["village_pair"])


def _of_money(tables: Tables, on: date) -> Iterator[Finding]:
    held = parameters.load(on)
    projects, links, legs = tables["project"], tables["benefit_link"], tables["ledger_leg"]
    entries, lines = tables["ledger_entry"], tables["budget_line"]
    yield from poverty_reach.reaching_none(projects, links, legs, tables["household"])
    yield from industry.weak_links(projects, links, held)
    yield from funding.budget_growth_findings(lines, tables["fiscal_revenue"], on.year)
    yield from funding_supervision.idle_money(entries, legs, on, held)
    yield from funding_supervision.late_steps(lines, entries, legs, on, held)
    yield from funding_supervision.missing_disclosure(projects, entries, legs, on, held)
    yield from funding_supervision.double_benefit(projects, entries, legs)


def _of_people(tables: Tables, on: date) -> Iterator[Finding]:
    held = parameters.load(on)
    persons, workers, placements = tables["person"], tables["worker"], tables["placement"]
    yield from poverty.duplicate_identities(persons, held)
    yield from poverty.spouse_of_same_sex(persons, held)
    yield from labour_register.under_age(workers, persons, on, held)
    yield from labour_register.working_without_ability(workers, persons, held)
    yield from labour_register.working_pupil(workers, persons, held)
    yield from labour_register.too_old_for_public_post(placements, persons, on, held)
    yield from labour_register.wage_below_floor(placements, held)
    yield from labour_register.left_without_end(workers, placements, held)
    yield from labour.proven_by_phone_only(placements, tables["stay_check"], held)
    yield from labour.evidence_outside_placement(placements, tables["stay_check"])


class _Locator:
    """Says which pairs and which place a finding concerns, from the rows that it names."""

    def __init__(self, tables: Tables, pairings: Sequence[Pairing], on: date) -> None:
        self._tables = tables
        self._edges = pairing.Edges(pairings, on, scheme=None)
        self._by_key: dict[str, dict[Any, Row]] = {}

    def __call__(self, finding: Finding) -> Located:
        pairs: set[int] = set()
        region = ""
        for ref in finding.rows:
            pairs |= self._pairs_of(ref)
            row = self._row(ref.table, ref.key)
            about_people = ref.table in _PEOPLE or row.get("household_id") is not None
            if about_people and not region:
                region = row["region_code"]
        return Located(finding, tuple(sorted(pairs)), region)

    def _row(self, table: str, key: Any) -> Row:
        if table == "pairing":
            return {"pairing_id": key}
        if table not in self._by_key:
            self._by_key[table] = {row[f"{table}_id"]: row for row in self._tables[table]}
        return self._by_key[table][key]

    def _pairs_of(self, ref: RowRef) -> set[int]:
        row = self._row(ref.table, ref.key)
        parent = _PARENTS.get(ref.table)
        if parent:
            return self._pairs_of(RowRef(parent, row[f"{parent}_id"]))
        if row.get("pairing_id") is not None:
            return {row["pairing_id"]}
        place = row.get("region_code") or row.get("county_code")
        return {edge.pairing_id for edge in self._edges.of(place)} if place else set()
