"""脱贫: who left poverty, counted once; which poor counties remain; contradictions in the register (二, 十四).

Rows are of the tables `status_change`, `person`, `poverty_county`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from jiedui.policy.findings import Finding, Row, refs
from jiedui.policy.parameters import Parameters
from jiedui.policy.registry import assumes, implements, interprets
from jiedui.terms import periods
from jiedui.terms.divisions import prefix
from jiedui.terms.pairs import Pairing

_PROVINCE: Final = len("53")


@dataclass(frozen=True, slots=True)
class Exits:
    """脱贫人数: persons who left poverty in a year.

    `persons` counts each person once. `by_pairing` counts those whose place each edge answers for; where several
    donors answer for one place the person is in each, so their sum may exceed `persons`. `outside` has no edge.
    """

    year: int
    persons: frozenset[Any]
    by_pairing: dict[int, frozenset[Any]]
    outside: frozenset[Any]

    @property
    def sum_over_pairings(self) -> int:
        """合计: the sum over edges and what no edge answers for, which counts a person once per donor."""
        return sum(len(persons) for persons in self.by_pairing.values()) + len(self.outside)


@implements("assessment.2")
@assumes(
    "assessment.2",
    because="The text does not say how to count. Here: members of the household on the day of its exit, each person "
    "once in the year; a relapse or a correction later in the same year takes the exit back.",
)
def exits(
    status_changes: Iterable[Row],
    persons: Iterable[Row],
    year: int,
    responsible_for: Callable[[str, date], Iterable[Pairing]],
) -> Exits:
    """脱贫人数: persons of households that left poverty in the year, and through whose help.

    `responsible_for(region_code, day)` gives the edges that answer for a place (`rules.pairing`), asked with the day
    of the exit.
    """
    members: dict[Any, list[Row]] = defaultdict(list)
    for person in persons:
        members[person["household_id"]].append(person)
    by_pairing: dict[int, set[Any]] = defaultdict(set)
    outside: set[Any] = set()
    for change in _exits_that_stand(status_changes, year):
        day = change["changed_on"]
        left = {person["person_id"] for person in members[change["household_id"]] if _member_on(person, day)}
        edges = tuple(responsible_for(change["region_code"], day))
        for edge in edges:
            by_pairing[edge.pairing_id] |= left
        if not edges:
            outside |= left
    everybody = frozenset(outside).union(*by_pairing.values())
    return Exits(year, everybody, {key: frozenset(held) for key, held in by_pairing.items()}, frozenset(outside))


@implements("goal.2")
@interprets(
    "goal.2", because="Only the year of a delisting is published: a county counts as poor until that year ends."
)
def remaining_counties(counties: Iterable[Row], year: int, *, within: str = "") -> tuple[Row, ...]:
    """尚未摘帽: the poor counties not delisted by the end of the year, of the division `within` ("" = all)."""
    start = prefix(within)
    return tuple(
        county for county in counties if county["delisted_year"] > year and _county_place(county).startswith(start)
    )


@implements("goal.2")
def delisting_late(counties: Iterable[Row], year: int, parameters: Parameters) -> tuple[Finding, ...]:
    """摘帽逾期: an error for each poor county that is still one after the year set by the opinion."""
    target = parameters.value("poverty.target_year")
    return tuple(
        Finding(
            duty="goal.2",
            severity="error",
            subject=_county_place(county),
            message=f"{county['name']}到{target}年底仍未摘帽。",
            message_en=f"{county['name']} is still a poor county after {target}.",
            rows=refs("poverty_county", [county]),
            rule="delisting_late",
        )
        for county in remaining_counties(counties, min(year, target))
        if year >= target
    )


@interprets("goal.1", because="One person is registered once; the identity is compared by its pseudonym, per province.")
def duplicate_identities(
    persons: Iterable[Row], parameters: Parameters, *, identity: str = "person_id"
) -> tuple[Finding, ...]:
    """证件重复: a finding for each identity that is registered more than once in a province.

    `identity` names the column with the keyed pseudonym: `person_id` in a snapshot, `pseudonym` in records.
    """
    held: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for person in persons:
        if person[identity] and person["left_on"] is None:
            held[person["region_code"][:_PROVINCE], person[identity]].append(person)
    return tuple(
        Finding(
            duty="goal.1",
            severity=parameters.value("poverty.severity_duplicate"),
            subject=f"person:{rows[0]['person_id']}",
            message=f"同一证件在本省登记了{len(rows)}次。",
            message_en=f"One identity is registered {len(rows)} times in the province.",
            rows=refs("person", rows),
            rule="duplicate_identities",
        )
        for rows in held.values()
        if len(rows) > 1
    )


@interprets("goal.1", because="A check of the registry in use: such an entry is nearly always a slip of the form.")
def spouse_of_same_sex(persons: Iterable[Row], parameters: Parameters) -> tuple[Finding, ...]:
    """配偶性别: a finding for each spouse recorded with the sex of the household's head."""
    households: dict[Any, list[Row]] = defaultdict(list)
    for person in persons:
        if person["relation"] in ("head", "spouse") and person["left_on"] is None:
            households[person["household_id"]].append(person)
    return tuple(
        Finding(
            duty="goal.1",
            severity=parameters.value("poverty.severity_spouse"),
            subject=f"household:{household}",
            message="配偶与户主登记为同一性别。",
            message_en="Head and spouse are recorded with the same sex.",
            rows=refs("person", [head, spouse]),
            rule="spouse_of_same_sex",
        )
        for household, members in households.items()
        for head in members
        for spouse in members
        if head["relation"] == "head" and spouse["relation"] == "spouse" and head["sex"] == spouse["sex"]
    )


def _exits_that_stand(status_changes: Iterable[Row], year: int) -> list[Row]:
    """Exits of the year, without those that a later relapse or correction of the same year takes back."""
    courses: dict[Any, list[Row]] = defaultdict(list)
    for change in status_changes:
        if change["changed_on"] in periods.year(year):
            courses[change["household_id"]].append(change)
    standing = []
    for course in courses.values():
        open_exits: list[Row] = []
        for change in sorted(course, key=lambda row: (row["changed_on"], row["status_change_id"])):
            if change["kind"] == "exit":
                open_exits.append(change)
            elif change["kind"] in ("relapse", "correction"):
                open_exits.clear()
        standing += open_exits
    return standing


def _member_on(person: Row, day: date) -> bool:
    joined: date = person["joined_on"]
    left: date | None = person["left_on"]
    return joined <= day and (left is None or left > day)


def _county_place(county: Row) -> str:
    place: str = county["county_code"] or county["province_code"]
    return place
