"""一个省的花名册: a roster of any size, made of the synthetic country: its people, moved into one province.

Everybody is made up. The villages get new codes and names; nothing else changes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from jiedui.simulate import country
from jiedui.simulate.rosters import registry_export
from jiedui.terms.divisions import Gazetteer

PROVINCE: Final = "620000"
YEAR: Final = 2019


@dataclass(frozen=True)
class Province:
    """一省: the roster (29 columns) and the list of its villages (region_code, county_name, township_name, name)."""

    roster: pa.Table
    villages: pa.Table


def province(rows: int, seed: int = 2016) -> Province:
    """造一省: a roster of exactly `rows` persons."""
    tables = country(persons=int(rows * 1.02) + 500, seed=seed)
    roster = registry_export(tables, YEAR).slice(0, rows)
    place = pc.binary_join_element_wise(roster["县"], roster["乡镇"], roster["行政村"], "|").combine_chunks()
    encoded = place.dictionary_encode()
    villages = _villages(len(encoded.dictionary))
    names = villages.take(encoded.indices)
    for title, column in (("县", "county_name"), ("乡镇", "township_name"), ("行政村", "name")):
        roster = roster.set_column(roster.column_names.index(title), title, names[column])
    return Province(roster.combine_chunks(), villages)


def _villages(count: int) -> pa.Table:
    gazetteer = Gazetteer.load()
    counties = [
        one for one in gazetteer.at(date(YEAR, 12, 31)) if one.level == "county" and one.code[:2] == PROVINCE[:2]
    ]
    at = np.arange(count)
    county = at * len(counties) // count
    inside = at - np.searchsorted(county, county)
    township, village = 901 + inside // 199, 201 + inside % 199
    codes = [f"{counties[c].code}{t}{v}" for c, t, v in zip(county, township, village, strict=True)]
    return pa.table(
        {
            "region_code": codes,
            "county_name": [counties[c].name for c in county],
            "township_name": [f"模拟乡{t}" for t in township],
            "name": [f"模拟村{v}" for v in village],
        }
    )


def altered(roster: pa.Table, share: float, seed: int = 1) -> pa.Table:
    """改动: the same roster with a share of its rows changed: income, months of work, a phone, a name's character."""
    rng = np.random.default_rng(seed)
    at = np.zeros(len(roster), bool)
    at[rng.choice(len(roster), int(len(roster) * share), replace=False)] = True
    months = pc.if_else(pa.array(at), pa.array(rng.integers(1, 13, len(roster))), roster["务工时间(月)"])
    return roster.set_column(roster.column_names.index("务工时间(月)"), "务工时间(月)", months)
