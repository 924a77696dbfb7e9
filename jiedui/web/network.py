"""结对网络: the edges of a day with names, and the poor counties that each answers for, as all pages print them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from jiedui.policy import published
from jiedui.policy.rules import pairing as rules
from jiedui.reports.charts import Arc
from jiedui.terms.divisions import Gazetteer
from jiedui.terms.pairs import Pairing
from jiedui.web.naming import short_name


@dataclass(frozen=True, slots=True)
class Edge:
    """结对: a pairing with the names of both sides and the poor counties (codes of 2016) that it answers for."""

    pairing: Pairing
    donor: str
    recipient: str
    donor_full: str
    recipient_full: str
    counties: tuple[str, ...]

    @property
    def pairing_id(self) -> int:
        """编号."""
        return self.pairing.pairing_id

    @property
    def name(self) -> str:
        """名称: both sides in short."""
        return f"{self.donor} → {self.recipient}"


@dataclass(frozen=True, slots=True)
class Network:
    """网络: the edges of a day, and how many places are reached in which way; county pairs have a page of their own."""

    on: date
    edges: tuple[Edge, ...]
    counties: dict[str, int]
    """Of the 832 poor counties, how many are named, reached through a province, outside (四)."""
    prefectures: dict[str, int]
    """Of the 30 autonomous prefectures: the same, and those reached by counterpart support only."""

    def edge(self, pairing_id: int) -> Edge | None:
        """一对: by id, or None where it does not hold on the day."""
        return next((edge for edge in self.edges if edge.pairing_id == pairing_id), None)

    def names(self) -> dict[int, str]:
        """名称: of every edge by id."""
        return {edge.pairing_id: edge.name for edge in self.edges}


@lru_cache(maxsize=8)
def on_day(pairings: tuple[Pairing, ...], on: date) -> Network:
    """当日网络: built once for each set of edges and day."""
    table = rules.responsibility_table((county.place_code for county in published.poverty_counties()), on, pairings)
    counties: dict[int, list[str]] = {}
    for row in table:
        for pairing in row.pairings:
            counties.setdefault(pairing.pairing_id, []).append(row.place_code)
    covered = rules.coverage((place.code for place in published.autonomous_prefectures()), pairings, on)
    held = [pairing for pairing in pairings if pairing.holds(on) and not rules.below_prefectures(pairing)]
    return Network(
        on=on,
        edges=tuple(edge(pairing, tuple(counties.get(pairing.pairing_id, ()))) for pairing in held),
        counties=dict(rules.count_by_reach(table)),
        prefectures=dict(rules.count_by_reach(covered)),
    )


def edge(pairing: Pairing, counties: tuple[str, ...] = ()) -> Edge:
    """结对: one pairing with its names as of its first day."""
    gazetteer = Gazetteer.load()
    return Edge(
        pairing=pairing,
        donor=short_name(pairing.donor_code),
        recipient=short_name(pairing.recipient_code),
        donor_full=gazetteer.name(pairing.donor_code, pairing.valid_from),
        recipient_full=gazetteer.name(pairing.recipient_code, pairing.valid_from),
        counties=counties,
    )


def arcs(edges: tuple[Edge, ...], levels: dict[str, str]) -> list[Arc]:
    """弧线: the edges whose both ends have coordinates; `levels` gives the printed name of each level."""
    gazetteer = Gazetteer.load()
    found = []
    for one in edges:
        start = gazetteer.coordinates(one.pairing.donor_code)
        end = gazetteer.coordinates(one.pairing.recipient_code)
        if start and end:
            found.append(Arc(one.pairing_id, one.donor, one.recipient, start, end, levels[one.pairing.level]))
    return found
