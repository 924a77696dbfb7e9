"""地点: the real counties on which the country stands, their synthetic villages, and who answers for them.

A village code is the real county's six digits, a township 901–999 and a village 201–399. Real townships have 001–599
there (GB/T 10114: 0 street, 1 town, 2–3 township, 4–5 units run by enterprises), so that no synthetic village can be
taken for a real one.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from jiedui.policy import published
from jiedui.policy.rules.pairing import Edges
from jiedui.simulate.streams import Streams
from jiedui.terms.divisions import Gazetteer
from jiedui.terms.pairs import Pairing

FIRST_TOWNSHIP: Final = 901
FIRST_VILLAGE: Final = 201
HOUSEHOLDS_PER_VILLAGE: Final = 12
VILLAGES_PER_TOWNSHIP: Final = 6
MOST_TOWNSHIPS: Final = 99
MOST_VILLAGES: Final = 199 * MOST_TOWNSHIPS
REGISTERED_SHARE: Final = {"0-3": 0.08, "3-5": 0.10, "5-10": 0.14, "10+": 0.20}
"""Registered poor per rural resident of a poor county, by its province's poverty band of 2016; ours."""
OTHER_CITIES: Final = ("420100", "410100", "510100", "610100", "500000", "430100", "530100", "650100")
"""Cities outside the East in which people also work."""


@dataclass(frozen=True)
class Places:
    """地点: poor counties by code (arrays of one length), their villages, pairings and donors.

    `county` codes of 2016; `weight` share of the registered poor; `minority` share of minorities 0–1; `delisted` year;
    `villages` number of synthetic villages of each county.
    """

    pairings: tuple[Pairing, ...]
    county: np.ndarray
    weight: np.ndarray
    minority: np.ndarray
    delisted: np.ndarray
    name: list[str]
    donor_counties: dict[int, np.ndarray]
    """Six-digit codes of the places of work of each donor."""
    other_counties: np.ndarray
    answering: dict[int, list[tuple[int, ...]]]
    """For each year, for each county, the ids of the pairings that answer for it at the end of the year."""

    @property
    def east(self) -> np.ndarray:
        """Places of work of all donors."""
        return np.unique(np.concatenate(list(self.donor_counties.values())))

    def counties_of(self, pairing_id: int, year: int) -> np.ndarray:
        """Positions of the counties that a pairing answers for in a year."""
        return np.flatnonzero([pairing_id in ids for ids in self.answering[year]])

    def pairing_of(self, year: int, county: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """For each position of a county one of the pairings that answer for it in the year, −1 for none."""
        ids = self.answering[year]
        most = max(len(held) for held in ids)
        padded = np.array([[*held, *[-1] * (most - len(held))] for held in ids])
        counts = np.array([max(1, len(held)) for held in ids])
        return padded[county, (rng.random(len(county)) * counts[county]).astype(np.int64)]


def load(as_of: date) -> Places:
    """加载: the places for a country as of a day; the pairings are the 32 of clause (四)."""
    pairings = published.pairings_2016()
    delisted = {c.county_code: c.delisted_year for c in published.poverty_counties() if c.county_code}
    rows = list(_rows("poor_counties.csv"))
    gazetteer = Gazetteer.load()
    codes = [row["county_code"] for row in rows]
    weight = np.array([int(r["rural_population"]) * REGISTERED_SHARE[r["poverty_band"]] for r in rows])
    return Places(
        pairings=pairings,
        county=np.array(codes, dtype=np.int64),
        weight=weight / weight.sum(),
        minority=np.array([float(r["minority_pct"]) / 100 for r in rows]),
        delisted=np.array([delisted[code] for code in codes]),
        name=[gazetteer.name(code, date(2016, 12, 31)) for code in codes],
        donor_counties=_donor_counties(pairings),
        other_counties=_other_counties(gazetteer, as_of),
        answering={year: _answering(pairings, codes, year, as_of) for year in range(2016, as_of.year + 1)},
    )


def _answering(pairings: tuple[Pairing, ...], codes: list[str], year: int, as_of: date) -> list[tuple[int, ...]]:
    edges = Edges(pairings, min(date(year, 12, 31), as_of))
    return [tuple(pairing.pairing_id for pairing in edges.of(code)) for code in codes]


def _donor_counties(pairings: tuple[Pairing, ...]) -> dict[int, np.ndarray]:
    known = np.array([int(row["county_code"]) for row in _rows("donor_counties.csv")])
    found = {}
    for donor in sorted({int(p.donor_code) for p in pairings}):
        width = 10_000 if donor % 10_000 == 0 else 100
        found[donor] = known[known // width == donor // width]
    return found


def _other_counties(gazetteer: Gazetteer, as_of: date) -> np.ndarray:
    districts = [[d.code for d in gazetteer.children(c, as_of) if d.kind == "district"][:5] for c in OTHER_CITIES]
    return np.array([int(code) for inside in districts for code in inside])


def village_codes(places: Places, households: np.ndarray, streams: Streams) -> tuple[np.ndarray, np.ndarray]:
    """造村: (village code of each household, number of villages of each county).

    `households` is the number of households of each county. Households come county by county, village by village;
    some villages are larger than others. Every county has a village, also without a household.
    """
    rng = streams.of("village")
    villages = np.clip(-(-households // HOUSEHOLDS_PER_VILLAGE), 1, MOST_VILLAGES)
    county = np.repeat(np.arange(len(households)), households)
    # The square makes the first villages of a county larger than the last.
    village = (rng.random(len(county)) ** 1.5 * villages[county]).astype(np.int64)
    order = np.lexsort((village, county))
    return village_code(places.county[county], village[order]), villages


def village_code(county: np.ndarray, village: np.ndarray) -> np.ndarray:
    """村代码: 12 digits for the nth village (from 0) of a county; six villages make a township, while there is room."""
    inside = village % (VILLAGES_PER_TOWNSHIP * MOST_TOWNSHIPS)
    more = village // (VILLAGES_PER_TOWNSHIP * MOST_TOWNSHIPS)
    township = FIRST_TOWNSHIP + inside // VILLAGES_PER_TOWNSHIP
    return (
        county * 10**6 + township * 1000 + FIRST_VILLAGE + inside % VILLAGES_PER_TOWNSHIP + more * VILLAGES_PER_TOWNSHIP
    )


def _rows(name: str) -> Iterator[dict[str, str]]:
    text = files("jiedui.simulate").joinpath("data", name).read_text(encoding="utf-8")
    yield from csv.DictReader(text.splitlines())


def village_names(codes: pa.Array) -> pa.Table:
    """村名: region_code, county_name, township_name, name of synthetic villages, as their addresses write them.

    `codes` (n,) 12 digits each; the result has one row for each different one, by code.
    """
    known = pc.unique(codes).sort()
    gazetteer = Gazetteer.load()
    counties = {code: gazetteer.get(code) for code in {text[:6] for text in known.to_pylist()}}
    names = [counties[text[:6]] for text in known.to_pylist()]
    return pa.table(
        {
            "region_code": known,
            "county_name": pa.array([division.name if division else None for division in names], pa.string()),
            "township_name": pc.binary_join_element_wise("模拟乡", pc.utf8_slice_codeunits(known, 6, 9), ""),
            "name": pc.binary_join_element_wise("模拟村", pc.utf8_slice_codeunits(known, 9, 12), ""),
        }
    )
