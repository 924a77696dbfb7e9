"""地点: the village that a roster's words mean, among the villages of the importing office's region.

A name is resolved only where it is one village (domain fact 18), as it is written or without 县, 乡, 村.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache, cached_property
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from jiedui.records.imports.cells import Report, clean
from jiedui.records.models import Village
from jiedui.records.queries.poverty import below
from jiedui.terms.divisions import prefix

_BETWEEN: Final = "\x1f"
_ENDINGS: Final = ("村民委员会", "居民委员会", "村委会", "居委会", "社区", "村", "乡", "镇", "街道", "县", "市", "区")


class Villages:
    """村名表: the villages below a division's code, found by code or by (county, township, village)."""

    def __init__(self, region_code: str) -> None:
        self.inside = prefix(region_code)
        rows = below(Village.objects.all(), self.inside).values_list(
            "region_code", "county_name", "township_name", "name"
        )
        self._rows = list(rows)
        self._codes = {row[0] for row in self._rows}
        self._exact = _index(self._rows)

    @cached_property
    def _short(self) -> dict[tuple[str, ...], set[str]]:
        """By names without 县, 乡, 村: made only when some source leaves them out."""
        return _index((code, *map(short, words)) for code, *words in self._rows)

    def find(self, county: str, township: str, village: str) -> str | None:
        """查村: the code of the one village; None with no such village.

        Raises:
            LookupError: several villages are meant.
        """
        if re.fullmatch("[0-9]{12}", village):
            return village if village in self._codes or village.startswith(self.inside) else None
        found = self._exact.get((county, township, village))
        found = found or self._short.get((short(county), short(township), short(village)), set())
        if len(found) > 1:
            raise LookupError(village)
        return next(iter(found), None)


def _index(rows: Iterable[Sequence[str]]) -> dict[tuple[str, ...], set[str]]:
    """(county, township, village) → codes, also with county or township left out."""
    found: dict[tuple[str, ...], set[str]] = {}
    for code, county, township, name in rows:
        for words in ((county, township, name), ("", township, name), (county, "", name), ("", "", name)):
            found.setdefault(words, set()).add(code)
    return found


@cache
def short(name: str) -> str:
    """简名: without the ending that some sources leave out (模拟村201村委会, 模拟村201)."""
    for ending in _ENDINGS:
        if len(name) > len(ending) + 1 and name.endswith(ending):
            return name.removesuffix(ending)
    return name


def codes(villages: Villages, county: pa.Array, township: pa.Array, village: pa.Array, report: Report) -> pa.Array:
    """村代码: (n,) 12-digit codes out of three columns of words; null where a problem was reported."""
    parts = [pc.coalesce(clean(part), pa.scalar("")) for part in (county, township, village)]
    joined = pc.binary_join_element_wise(*parts, _BETWEEN).dictionary_encode()
    place = joined.indices.to_numpy(zero_copy_only=False)
    found: list[str | None] = []
    broken: dict[str, list[int]] = {"unknown_place": [], "ambiguous_place": [], "outside": []}
    for at, text in enumerate(joined.dictionary.to_pylist()):
        words = text.split(_BETWEEN)
        try:
            code = villages.find(*words) if words[2] else ""
        except LookupError:
            code, problem = None, "ambiguous_place"
        else:
            problem = "unknown_place"
            if code is None and re.fullmatch("[0-9]{12}", words[2]):
                problem = "outside"
        if code is None:
            broken[problem].append(at)
        found.append(code or None)
    for rule, positions in broken.items():
        if positions:
            report(np.isin(place, positions), rule)
    return pa.array(found, pa.string()).take(joined.indices)
