"""行政区划: province, prefecture and county codes (GB/T 2260) as they held in each year from 1981 to 2024.

The data know years, not months: a division holds on a day when it was in force at the end of that day's year.
A day before 1981 finds nothing; a day after 2024 finds the state of 2024.
Sources and licences: `terms/data/README.md`.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Final, Literal

Level = Literal["province", "prefecture", "county"]
FIRST_YEAR: Final = 1981
LAST_YEAR: Final = 2024


@dataclass(frozen=True, slots=True)
class Division:
    """行政区: one division under one name, from the end of `first_year` until before the end of `last_year`.

    `last_year` is None while it is in force; `successors` are the codes that took over (its own after a renaming).
    `prefecture_code` is None for a province, a prefecture itself gives its own code, and a county that stands
    directly under its province has None.
    """

    code: str
    level: Level
    kind: str
    name: str
    full_name: str
    province_code: str
    prefecture_code: str | None
    first_year: int
    last_year: int | None
    successors: tuple[str, ...]

    def in_force(self, year: int) -> bool:
        """是否存续: whether it held at the end of the year."""
        return self.first_year <= year and (self.last_year is None or year < self.last_year)


def level_of(code: str) -> Level:
    """层级: the level that a six-digit code stands for."""
    if code.endswith("0000"):
        return "province"
    return "prefecture" if code.endswith("00") else "county"


def prefix(code: str) -> str:
    """代码前缀: the digits that all places inside share: 530000 → 53, 530600 → 5306, 530602 and longer unchanged."""
    if len(code) != 6:
        return code
    return {"province": code[:2], "prefecture": code[:4], "county": code}[level_of(code)]


def province_of(code: str) -> str:
    """所在省: the province (six digits) of any division."""
    return f"{code[:2]}0000"


def prefecture_of(code: str) -> str:
    """所在地市: the prefecture (six digits) of a county, township or village."""
    return f"{code[:4]}00"


_MUNICIPALITIES = ("11", "12", "31", "50")


def city_of(code: str) -> str:
    """所在市: the city (six digits) of a county or below; a municipality is its own."""
    return province_of(code) if code[:2] in _MUNICIPALITIES else prefecture_of(code)


def _year(on: date | None) -> int:
    return LAST_YEAR if on is None else min(on.year, LAST_YEAR)


@dataclass(frozen=True, slots=True)
class _Row:
    kind: str
    name: str
    first_year: int
    last_year: int | None
    successors: tuple[str, ...]

    def in_force(self, year: int) -> bool:
        return self.first_year <= year and (self.last_year is None or year < self.last_year)


@dataclass(frozen=True)
class Gazetteer:
    """区划库: all divisions with their history; look-ups by code and day.

    Use `Gazetteer.load()`; it is read once per process.
    """

    _rows: dict[str, tuple[_Row, ...]]
    _built: dict[tuple[str, int], Division] = field(default_factory=dict, repr=False)

    @staticmethod
    def load() -> Gazetteer:
        """加载: the gazetteer of the installed package (cached)."""
        return _load()

    def get(self, code: str, on: date | None = None) -> Division | None:
        """查代码: the division of a six-digit code on a day, or None where the code was not in use.

        Without a day: its latest state, also of a code that is no longer in use.
        """
        rows = self._rows.get(code, ())
        if not rows:
            return None
        if on is None:
            return self._division(code, rows[-1])
        year = _year(on)
        row = next((row for row in rows if row.in_force(year)), None)
        return self._division(code, row) if row else None

    def at(self, on: date) -> tuple[Division, ...]:
        """某日全部区划: every division in force on a day, by code."""
        year = _year(on)
        found = ((code, row) for code, rows in self._rows.items() for row in rows if row.in_force(year))
        return tuple(self._division(code, row) for code, row in found)

    def all(self) -> Iterator[Division]:
        """全部历史: every division under every name it ever had, by code, then by year."""
        for code, rows in self._rows.items():
            for row in rows:
                yield self._division(code, row)

    def name(self, code: str, on: date | None = None) -> str:
        """全称: the official name with its province and prefecture, e.g. 云南省昭通市; the code itself if unknown."""
        division = self.get(code, on)
        return division.full_name if division else code

    def children(self, code: str, on: date) -> tuple[Division, ...]:
        """下辖: the divisions of any level inside this one on a day, itself left out."""
        start = prefix(code)
        return tuple(d for d in self.at(on) if d.code.startswith(start) and d.code != code)

    def successors(self, code: str, on: date) -> tuple[Division, ...]:
        """沿革: what a code became by a day: itself while in force, otherwise what took over (several if divided)."""
        return tuple(self._follow(code, _year(on), set()))

    def coordinates(self, code: str) -> tuple[float, float] | None:
        """坐标: longitude and latitude of the seat in degrees (GCJ-02), or None where not known."""
        return _coordinates().get(code)

    def _follow(self, code: str, year: int, seen: set[str]) -> Iterator[Division]:
        if code in seen:
            return
        seen.add(code)
        rows = self._rows.get(code, ())
        row = next((row for row in rows if row.in_force(year)), None)
        if row:
            yield self._division(code, row)
        elif rows:
            for successor in rows[-1].successors:
                yield from self._follow(successor, year, seen)

    def _division(self, code: str, row: _Row) -> Division:
        built = self._built.get((code, row.first_year))
        if built is None:
            built = self._built[code, row.first_year] = self._build(code, row)
        return built

    def _build(self, code: str, row: _Row) -> Division:
        # The names above it are those of the last year in which this row held.
        year = LAST_YEAR if row.last_year is None else row.last_year - 1
        level = level_of(code)
        province_code, prefecture_code = code[:2] + "0000", code[:4] + "00"
        full_name, has_prefecture = row.name, level == "prefecture"
        if level == "county" and prefecture_code != province_code:
            above = self._name_in(prefecture_code, year)
            full_name, has_prefecture = above + full_name, bool(above)
        if level != "province":
            full_name = self._name_in(province_code, year) + full_name
        return Division(
            code=code,
            level=level,
            kind=row.kind,
            name=row.name,
            full_name=full_name,
            province_code=province_code,
            prefecture_code=prefecture_code if has_prefecture else None,
            first_year=row.first_year,
            last_year=row.last_year,
            successors=row.successors,
        )

    def _name_in(self, code: str, year: int) -> str:
        return next((row.name for row in self._rows.get(code, ()) if row.in_force(year)), "")


def data_rows(name: str) -> Iterator[list[str]]:
    """数据行: the rows of a file in `terms/data/`, its header left out."""
    text = files("jiedui.terms").joinpath("data", name).read_text(encoding="utf-8")
    rows = csv.reader(text.splitlines())
    next(rows)
    return rows


@cache
def _load() -> Gazetteer:
    rows: dict[str, tuple[_Row, ...]] = {}
    for code, kind, name, first, last, successors in data_rows("divisions.csv"):
        row = _Row(kind, name, int(first), int(last) if last else None, tuple(successors.split()))
        rows[code] = (*rows.get(code, ()), row)
    return Gazetteer(rows)


@cache
def _coordinates() -> dict[str, tuple[float, float]]:
    return {code: (float(lon), float(lat)) for code, lon, lat in data_rows("coordinates.csv")}
