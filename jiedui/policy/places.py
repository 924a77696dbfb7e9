"""地点沿革: the codes that a place has on a day, whatever year its code is of.

A place is 6 digits, or 9 or 12 below the county; its county's code is followed, the rest of it stays as it is. The
gazetteer knows years, not months.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Final

from jiedui.errors import JieduiError
from jiedui.terms.divisions import Gazetteer, prefix

_COUNTY: Final = len("530602")
_STEP: Final = len("101")
_LENGTHS: Final = tuple(map(len, ("530602", "530602101", "530602101001")))


@dataclass(frozen=True)
class Places:
    """地点: follows codes forwards to what took over and backwards to what was there before.

    Use `Places.of(gazetteer)`; the one of the installed gazetteer is kept.
    """

    gazetteer: Gazetteer
    _before: dict[str, tuple[str, ...]] = field(default_factory=dict, repr=False)
    _known: dict[tuple[str, int], tuple[str, ...]] = field(default_factory=dict, repr=False)

    @staticmethod
    def of(gazetteer: Gazetteer | None = None) -> Places:
        """取用: for a gazetteer; None = the installed one."""
        if gazetteer is None or gazetteer is Gazetteer.load():
            return _installed()
        return Places(gazetteer)

    def prefixes(self, code: str, on: date) -> tuple[str, ...]:
        """当日前缀: the prefixes (2, 4, 6, 9 or 12 digits) that the place has on the day, sorted.

        Several where it was divided since, or where it later took over several. A county formed later out of parts of
        others, with nothing before it, is answered for by what stands above it.

        Raises:
            JieduiError: the code is malformed, or no division ever had it, or nothing took it over.
        """
        county, rest = self._split(code)
        return tuple(sorted({prefix(held) if not rest else held + rest for held in self._follow(county, on)}))

    def _split(self, code: str) -> tuple[str, str]:
        if len(code) not in _LENGTHS or not (code.isascii() and code.isdigit()):
            raise JieduiError(
                f"{code!r} is not a division code.", remedy="Give 6, 9 or 12 digits, e.g. 530000 or 530602101."
            )
        return code[:_COUNTY], _unpadded(code[_COUNTY:])

    def _follow(self, county: str, on: date) -> tuple[str, ...]:
        found = self._known.get((county, on.year))
        if found is None:
            found = self._known[county, on.year] = self._codes_on(county, on)
        return found

    def _codes_on(self, code: str, on: date) -> tuple[str, ...]:
        if self.gazetteer.get(code, on):
            return (code,)
        latest = self.gazetteer.get(code)
        if latest is None:
            raise JieduiError(
                f"No division has the code {code}.", remedy="Check the digits against the list of divisions."
            )
        after = tuple(division.code for division in self.gazetteer.successors(code, on))
        found = after or self._codes_before(code, on) or self._codes_above(code, on)
        if not found:
            raise JieduiError(
                f"{code} {latest.full_name} was not in use on {on}, and what stood in its place is not recorded.",
                remedy="Give the code that the place had on that day.",
            )
        return found

    def _codes_before(self, code: str, on: date) -> tuple[str, ...]:
        if not self._before:
            self._before.update(_predecessors(self.gazetteer))
        found: set[str] = set()
        seen, waiting = {code}, [code]
        while waiting:
            for earlier in self._before.get(waiting.pop(), ()):
                if self.gazetteer.get(earlier, on):
                    found.add(earlier)
                elif earlier not in seen:
                    waiting.append(earlier)
                seen.add(earlier)
        return tuple(found)

    def _codes_above(self, code: str, on: date) -> tuple[str, ...]:
        division = self.gazetteer.get(code)
        above = (division.prefecture_code, division.province_code) if division else ()
        return next(((held,) for held in above if held and held != code and self.gazetteer.get(held, on)), ())


def _unpadded(rest: str) -> str:
    """What stands below the county; a township or village of zeros stands for the division above it."""
    while rest and not rest[-_STEP:].strip("0"):
        rest = rest[:-_STEP]
    return rest


def _predecessors(gazetteer: Gazetteer) -> dict[str, tuple[str, ...]]:
    before: dict[str, tuple[str, ...]] = {"": ()}
    for division in gazetteer.all():
        for later in division.successors:
            if later != division.code:
                before[later] = (*before.get(later, ()), division.code)
    return before


@cache
def _installed() -> Places:
    return Places(Gazetteer.load())
