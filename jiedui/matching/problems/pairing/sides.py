"""两边: the poor counties that a donor answers for, and the donors' counties that may be asked, on a day.

Who answers for a county is the most specific pairing of a donor above the county level; county pairs themselves are
looked at apart, as what holds already.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from jiedui.policy import published
from jiedui.policy.parameters import Parameters
from jiedui.policy.places import Places
from jiedui.policy.registry import implements, interprets
from jiedui.policy.rules.pairing import EAST_WEST, Edges
from jiedui.policy.rules.pairing_match import Standing, better_off, burdens, counties_of, strengths
from jiedui.terms.divisions import Gazetteer, prefix
from jiedui.terms.pairs import Pairing

COUNTY_LEVEL: Final = "county_to_county"
PARENT_LEVELS: Final = ("province_to_province", "province_to_city", "city_to_city")


@dataclass(frozen=True)
class Recipients:
    """受援县: poor county code of the day → its standing and its parent pairings; and how many nobody answers for."""

    standing: Mapping[str, Standing]
    parents: Mapping[str, tuple[Pairing, ...]]
    outside: int
    without_code: int


@dataclass(frozen=True)
class Donors:
    """帮扶县: donor county code → standing; which counties each donor may ask; how many poor counties each may help."""

    standing: Mapping[str, Standing]
    of_donor: Mapping[str, tuple[str, ...]]
    capacity: Mapping[str, int]
    raised: Mapping[str, int]
    """Donors whose counties are too few → the capacity to which theirs rises."""
    unknown: int


def poor_counties(on: date, gazetteer: Gazetteer) -> tuple[dict[str, int | None], int]:
    """贫困县: code of the day → year of delisting (of several joined ones the latest), and how many have no code."""
    places = Places.of(gazetteer)
    found: dict[str, int | None] = {}
    without = 0
    for county in published.poverty_counties():
        code = next((c for c in (county.county_code, county.county_code_2020) if c and gazetteer.get(c, on)), None)
        known = county.county_code or county.county_code_2020
        codes = (code,) if code else places.prefixes(known, on) if known else ()
        held = [one for one in codes if len(one) == len("530602")]
        without += not held
        for one in held:
            found[one] = max(found.get(one) or 0, county.delisted_year)
    return found, without


@implements("pairing.5")
def recipients(
    pairings: Iterable[Pairing], on: date, parameters: Parameters, gazetteer: Gazetteer, region_code: str
) -> Recipients:
    """受援县: the poor counties of the region whose donor is known on the day, by code."""
    years, without = poor_counties(on, gazetteer)
    places = Places.of(gazetteer)
    standing = burdens(years, parameters, places)
    edges = Edges(
        (pairing for pairing in pairings if pairing.level in PARENT_LEVELS), on, gazetteer=gazetteer, scheme=EAST_WEST
    )
    start = prefix(region_code) if region_code else ""
    parents = {code: edges.of(code) for code in sorted(years) if code.startswith(start)}
    return Recipients(
        standing,
        {code: found for code, found in parents.items() if found},
        sum(not found for found in parents.values()),
        without if not region_code else 0,
    )


@implements("pairing.5")
@interprets(
    "pairing.5",
    because="The text gives no number of counties that one donor county helps. Where a donor's counties are too few, "
    "all of them help more, evenly, so that every poor county is served.",
)
def donors(
    served: Recipients,
    held: Iterable[Pairing],
    pairings: Iterable[Pairing],
    on: date,
    parameters: Parameters,
    gazetteer: Gazetteer,
) -> Donors:
    """帮扶县: of the donors of all pairings of the day, with what they can carry.

    `held`: county pairs that hold already; their donor counties may go on, however weak. The ranks are among all
    donors' counties of the country, so that a run for one region knows the same figures.
    """
    places = Places.of(gazetteer)
    every = {p.donor_code for p in pairings if p.holds(on) and p.level in PARENT_LEVELS and p.scheme == EAST_WEST}
    asked = {p.donor_code for found in served.parents.values() for p in found}
    inside = {donor: counties_of(donor, on, gazetteer) for donor in sorted(every)}
    standing = strengths(sorted({code for codes in inside.values() for code in codes}), parameters, places)
    able = {
        donor: tuple(one.code for one in better_off((standing[code] for code in inside[donor]), parameters))
        for donor in sorted(asked)
    }
    going_on = {p.donor_code for p in held}
    of_donor = {
        donor: tuple(code for code in inside[donor] if code in able[donor] or code in going_on) for donor in able
    }
    least = int(parameters.value("pairing.match.counties_per_donor_county"))
    needed = _needed(served, of_donor)
    capacity: dict[str, int] = {}
    for donor, codes in of_donor.items():
        for code in codes:
            capacity[code] = max(capacity.get(code, least), needed[donor])
    unknown = sum(standing[code].permille is None for donor in asked for code in inside[donor])
    raised = {donor: count for donor, count in needed.items() if count > least}
    return Donors(standing, of_donor, capacity, raised, unknown)


def _needed(served: Recipients, of_donor: Mapping[str, tuple[str, ...]]) -> dict[str, int]:
    """For each donor how many poor counties each of its counties must take, those of donors inside it counted in.

    Donors lie inside each other or apart, so with this every poor county finds a place (Hall's condition).
    """
    load = Counter(p.donor_code for found in served.parents.values() for p in found)
    needed = {}
    for donor, codes in of_donor.items():
        together = sum(count for inner, count in load.items() if inner.startswith(prefix(donor)))
        needed[donor] = -(-together // len(codes)) if codes else 0
    return needed
