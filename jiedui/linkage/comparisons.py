"""比较规则: the conditions, in SQL over the table of features, under which two rows agree at a level.

Both engines read these texts: `L.x` is the column of the row with the smaller position, `R.x` of the other. Levels
stand from the closest down; the first whose condition holds is the pair's. The weighed comparisons are

- `person`: the name, within what else joins the two (code = 10 × name + circle). Name and household are weighed
  together because they depend on each other: no household has two members of one name, but every village has;
- `twin`: the same, for pairs of one area and birth date whose order numbers differ. They are twins, or one person with
  a wrong order number, and names say something else about them than about others;
- `number`: the identity numbers;
- `birth`: only where one of the two numbers is missing, for the number holds the birth date;
- `sex`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from jiedui.linkage.features import OTHERS
from jiedui.linkage.levels import UNKNOWN
from jiedui.linkage.names import GAPS

Level = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Comparison:
    """比较项: its name, when it is not compared (SQL), its levels (code, SQL) from the closest down, the last code."""

    name: str
    unknown: str | None
    levels: tuple[Level, ...]
    otherwise: int
    joint: str | None = None
    """The same in fewer words, for our own engine: SQL over `name`, `circle` and `together` of the pair."""

    @property
    def codes(self) -> tuple[int, ...]:
        """All codes but "not compared", in order."""
        return (*(code for code, _ in self.levels), self.otherwise)

    def sql(self) -> str:
        """The code of a pair, as one expression."""
        never = [f"WHEN {self.unknown} THEN {UNKNOWN}"] if self.unknown else []
        cases = [*never, *(f"WHEN {condition} THEN {code}" for code, condition in self.levels)]
        return f"CAST(CASE {' '.join(cases)} ELSE {self.otherwise} END AS TINYINT)"


def _either_missing(column: str) -> str:
    return f"L.{column} IS NULL OR R.{column} IS NULL"


_GAPS: Final = range(1, GAPS + 1)
_REPLACED: Final = " OR ".join(f"L.gap{i} = R.gap{i}" for i in _GAPS)
_SHORTENED: Final = " OR ".join(f"L.gap{i} = R.plain" for i in _GAPS)
_LENGTHENED: Final = " OR ".join(f"R.gap{i} = L.plain" for i in _GAPS)
# Two names of two characters that share the surname differ in one character too: that says nothing.
_ONE_CHARACTER: Final = (
    f"((L.length = R.length AND L.length >= 3 AND ({_REPLACED}))"
    f" OR (L.length = R.length + 1 AND ({_SHORTENED})) OR (R.length = L.length + 1 AND ({_LENGTHENED})))"
)
_IN_COMMON: Final = " + ".join(
    f"CAST(L.other{i} = R.other{j} AS INTEGER)" for i in range(1, OTHERS + 1) for j in range(1, OTHERS + 1)
)

NAME: Final = Comparison(
    "name",
    _either_missing("exact"),
    (
        (5, "L.exact = R.exact"),
        (4, "L.plain = R.plain"),
        (3, "L.sound = R.sound"),
        (2, _ONE_CHARACTER),
        (1, "L.surname = R.surname"),
    ),
    0,
)
CIRCLE: Final = Comparison(
    "circle",
    None,
    (
        (5, "L.household = R.household"),
        (4, f"{_IN_COMMON} >= 2"),
        (3, f"{_IN_COMMON} >= 1"),
        (2, "L.phone = R.phone"),
        (1, "L.village = R.village"),
    ),
    0,
)
NUMBER: Final = Comparison(
    "number",
    _either_missing("number"),
    (
        (8, "L.number = R.number AND L.check_digit = R.check_digit"),
        (7, "L.number = R.number AND L.check_digit <> R.check_digit"),
        (6, "L.number = R.number"),
        (5, "hamming(L.number, R.number) = 2 AND damerau_levenshtein(L.number, R.number) = 1"),
        (4, "L.first16 <> R.first16 AND hamming(L.number, R.number) = 1"),
        (3, "L.first16 = R.first16"),
        (2, "L.area = R.area AND L.born = R.born"),
        (1, "L.born = R.born"),
    ),
    0,
)
BIRTH: Final = Comparison(
    "birth",
    f"(L.number IS NOT NULL AND R.number IS NOT NULL) OR {_either_missing('year')}",
    ((3, "L.born = R.born"), (2, "L.year = R.year"), (1, "abs(L.year - R.year) = 1")),
    0,
)
SEX: Final = Comparison("sex", _either_missing("sex"), ((1, "L.sex = R.sex"),), 0)
PLACE: Final = Comparison(
    "place",
    None,
    (
        (4, "L.village = R.village"),
        (3, "L.township = R.township"),
        (2, "L.county = R.county"),
        (1, "L.province = R.province"),
    ),
    0,
)
PHONE: Final = Comparison("phone", _either_missing("phone"), ((1, "L.phone = R.phone"),), 0)
EVIDENCE: Final = (NAME, NUMBER, BIRTH, SEX, CIRCLE, PLACE, PHONE)

_ALWAYS: Final = "TRUE"
TOGETHER: Final = "coalesce(L.area = R.area AND L.born = R.born AND L.number <> R.number, FALSE)"
"""Born on one day, registered in one area, under different order numbers."""


def _joint(title: str, unless: str, short: str) -> Comparison:
    """Name within circle; a name's last level needs no condition, the ones above it have failed."""
    names = (*NAME.levels, (NAME.otherwise, _ALWAYS))
    circles = (*CIRCLE.levels, (CIRCLE.otherwise, _ALWAYS))
    levels = [(10 * n + c, f"({name}) AND ({circle})") for n, name in names for c, circle in circles]
    joint = f"CAST(CASE WHEN {short} OR name = {UNKNOWN} THEN {UNKNOWN} ELSE 10 * name + circle END AS TINYINT)"
    return Comparison(title, f"{unless} OR {NAME.unknown}", tuple(levels[:-1]), levels[-1][0], joint)


PERSON: Final = _joint("person", TOGETHER, "together")
TWIN: Final = _joint("twin", f"NOT {TOGETHER}", "NOT together")
WEIGHED: Final = (PERSON, TWIN, NUMBER, BIRTH, SEX)


def suffixed(sql: str) -> str:
    """改写: `L.x` and `R.x` as Splink names them: `x_l`, `x_r`."""
    return re.sub(r"\bR\.(\w+)", r'"\1_r"', re.sub(r"\bL\.(\w+)", r'"\1_l"', sql))
