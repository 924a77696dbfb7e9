"""公开资料: the published facts that come with the package, as typed rows. Sources: `policy/data/README.md`.

The only reader of `policy/data/`. Everything is cached and immutable; what is not known is None, never zero.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from jiedui.terms.pairs import Pairing


@dataclass(frozen=True, slots=True)
class PovertyCounty:
    """贫困县: one of the 832, with the year in which it was delisted (摘帽).

    `county_code` (2016) and `county_code_2020` are None for administrative committees without a county code;
    `prefecture_code` (2016) is None where the county stands directly under its province.
    """

    county_code: str | None
    county_code_2020: str | None
    name: str
    name_2020: str
    province_code: str
    prefecture_code: str | None
    delisted_year: int

    @property
    def place_code(self) -> str:
        """所在地代码: its own code of 2016, or that of the smallest division around it that had one."""
        return self.county_code or self.prefecture_code or self.province_code


@dataclass(frozen=True, slots=True)
class AutonomousPrefecture:
    """民族自治州: one of the 30."""

    code: str
    name: str
    province_code: str


@dataclass(frozen=True, slots=True)
class CounterpartArea:
    """对口支援地区: a division of the areas that clause (六) names; `area` is 西藏, 新疆 or 四省藏区."""

    code: str
    name: str
    area: str


@dataclass(frozen=True, slots=True)
class FiscalRevenue:
    """财力: general public budget revenue of a province in a year, in fen; `source` as in the README of the data."""

    province_code: str
    year: int
    revenue_fen: int
    source: str


@dataclass(frozen=True, slots=True)
class Census:
    """人口普查: what the census of 2020 says of a prefecture or county; `illiteracy_permyriad` of those of 15 and over.

    `schooling_hundredths`: mean years of schooling, in hundredths of a year.
    """

    code: str
    residents: int
    urban_residents: int
    rural_residents: int
    schooling_hundredths: int
    illiteracy_permyriad: int


@cache
def pairings_2016() -> tuple[Pairing, ...]:
    """结对关系: the 32 edges of clause (四), ids 1 to 32, valid from the day of publication."""
    return tuple(
        Pairing(
            pairing_id=int(row["pairing_id"]),
            donor_code=row["donor_code"],
            recipient_code=row["recipient_code"],
            level=row["level"],
            scheme=row["scheme"],
            basis=row["basis"],
            valid_from=date.fromisoformat(row["valid_from"]),
            valid_to=date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
        )
        for row in _rows("pairings_2016.csv")
    )


@cache
def poverty_counties() -> tuple[PovertyCounty, ...]:
    """贫困县: the 832 national poor counties, by code of 2016 (the three without one after 海西's others)."""
    return tuple(
        PovertyCounty(
            county_code=row["code_2016"] or None,
            county_code_2020=row["code_2020"] or None,
            name=row["name_2016"],
            name_2020=row["name_2020"],
            province_code=row["province_code"],
            prefecture_code=row["prefecture_code"] or None,
            delisted_year=int(row["delisted_year"]),
        )
        for row in _rows("poverty_counties.csv")
    )


@cache
def autonomous_prefectures() -> tuple[AutonomousPrefecture, ...]:
    """民族自治州: the 30 autonomous prefectures, by code."""
    return tuple(AutonomousPrefecture(**row) for row in _rows("autonomous_prefectures.csv"))


@cache
def counterpart_areas() -> tuple[CounterpartArea, ...]:
    """对口支援地区: the divisions of clause (六), by code."""
    return tuple(CounterpartArea(**row) for row in _rows("counterpart_areas.csv"))


@cache
def fiscal_revenue() -> tuple[FiscalRevenue, ...]:
    """财力: the known province-years; a year that is not here is not known."""
    return tuple(
        FiscalRevenue(row["province_code"], int(row["year"]), int(row["revenue_fen"]), row["source"])
        for row in _rows("fiscal_revenue.csv")
    )


@cache
def census_2020() -> dict[str, Census]:
    """人口普查: by code of 2020; a place that is not here is not known."""
    return {
        row["code"]: Census(
            row["code"],
            int(row["residents"]),
            int(row["urban_residents"]),
            int(row["rural_residents"]),
            round(float(row["mean_years_schooling"]) * 100),
            round(float(row["illiteracy_pct"]) * 100),
        )
        for row in _rows("county_census_2020.csv")
    }


def _rows(name: str) -> Iterator[dict[str, str]]:
    text = files("jiedui.policy").joinpath("data", name).read_text(encoding="utf-8")
    yield from csv.DictReader(text.splitlines())
