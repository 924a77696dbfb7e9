"""职业: the occupation list of 2022 (职业分类大典, GB/T 6565), by code, by name and by a fragment of a name.

Facts speak of minor groups (小类, 6-05-01): fine enough to tell a seamstress from a cook, coarse enough for an officer.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Final, Literal, cast

from jiedui.terms.divisions import data_rows

OccupationLevel = Literal["major", "middle", "minor", "occupation"]
LEVELS: Final[dict[OccupationLevel, tuple[str, str]]] = {
    "major": ("大类", "major group"),
    "middle": ("中类", "middle group"),
    "minor": ("小类", "minor group"),
    "occupation": ("职业", "occupation"),
}
_DIGITS: Final = (1, 4, 7, 10)
"""Length of a code of each level: 6, 6-05, 6-05-01, 6-05-01-03."""
_MINOR: Final = 7
_FILE: Final = "occupations.csv"
_DASHES: Final = re.compile("[-－—–−‐ー_]")
_BLANKS: Final = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Occupation:
    """职业: one entry of the list, of any of its four levels."""

    code: str
    level: OccupationLevel
    name: str

    @property
    def minor(self) -> str | None:
        """Code of the minor group that it is or lies in; None above minor groups."""
        return self.code[:_MINOR] if len(self.code) >= _MINOR else None


@dataclass(frozen=True)
class Occupations:
    """职业分类: the whole list; use `Occupations.load()`, which reads it once per process."""

    rows: tuple[Occupation, ...]
    """In the order of the list, which is that of the codes."""
    _by_code: Mapping[str, Occupation] = field(repr=False)
    _minor_of_name: Mapping[str, str] = field(repr=False)

    @staticmethod
    def load() -> Occupations:
        """加载: the list of the installed package (cached)."""
        return _load()

    def get(self, code: str) -> Occupation | None:
        """查代码: the entry of a code of any level, as the list writes it (6-05-01); None where there is none."""
        return self._by_code.get(code)

    def name(self, code: str) -> str:
        """名称: of a code; the code itself where the list has no such code."""
        found = self._by_code.get(code)
        return found.name if found else code

    def minors(self) -> tuple[Occupation, ...]:
        """全部小类: the minor groups, by code."""
        return tuple(row for row in self.rows if row.level == "minor")

    def search(self, text: str, limit: int = 20) -> tuple[Occupation, ...]:
        """检索: entries whose code begins with the text or whose name holds it.

        Names that are the text come first, then those that begin with it; among equals the minor groups come first,
        then the list's order. Nothing for an empty text.
        """
        wanted = _plain(text)
        if not wanted:
            return ()
        found = [row for row in self.rows if wanted in row.name or row.code.startswith(wanted)]
        return tuple(sorted(found, key=lambda row: _rank(row, wanted))[:limit])

    def resolve(self, text: str) -> str | None:
        """解析: the minor group (6-05-01) that a code or a name of any level means; None where that is not one.

        Taken are a code of a minor group or an occupation, and an exact name: of an occupation or a minor group, or of
        a higher group with a single minor group. A fragment is never guessed at.
        """
        wanted = _plain(text)
        found = self._by_code.get(wanted)
        return found.minor if found else self._minor_of_name.get(wanted)


def _plain(text: str) -> str:
    return _DASHES.sub("-", _BLANKS.sub("", text))


def _rank(row: Occupation, wanted: str) -> tuple[bool, bool, bool, str]:
    starts = row.name.startswith(wanted) or row.code.startswith(wanted)
    return (wanted not in (row.name, row.code), not starts, row.level != "minor", row.code)


@cache
def _load() -> Occupations:
    rows = tuple(Occupation(code, cast(OccupationLevel, level), name) for code, level, name in data_rows(_FILE))
    inside: dict[str, set[str]] = {}
    for row in rows:
        if row.level == "minor":
            for length in _DIGITS[:3]:
                inside.setdefault(row.code[:length], set()).add(row.code)
    means: dict[str, set[str]] = {}
    for row in rows:
        means.setdefault(_plain(row.name), set()).update({row.minor} if row.minor else inside.get(row.code, ()))
    minor_of_name = {name: next(iter(codes)) for name, codes in means.items() if len(codes) == 1}
    return Occupations(rows, {row.code: row for row in rows}, minor_of_name)
