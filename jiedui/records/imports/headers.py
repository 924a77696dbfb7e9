"""表头: where the header of a sheet is, in one row or two, and which column is which field.

A header is the first of the leading rows that names most of the fields that a form needs; a second row below it may
name parts of a merged title (风险 over 识别时间, 消除时间).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from jiedui.errors import JieduiError
from jiedui.records.imports.forms import Form

LOOKED_AT: Final = 12
"""Leading rows in which a header is looked for: titles and notes stand above it."""
_DROPPED: Final = " \u3000\t\r\n()（）[]【】:：*＊_-"


@dataclass(frozen=True, slots=True)
class Header:
    """表头: the row after which data begin (1-based row of the last header row) and the title of each column."""

    row: int
    titles: tuple[str, ...]

    @property
    def digest(self) -> str:
        """摘要: of the titles in their order; the same form of a source has the same."""
        return hashlib.sha256("\n".join(map(plain_title, self.titles)).encode()).hexdigest()


def plain_title(title: str) -> str:
    """标题归一: without spaces, brackets and punctuation, lower case, full-width letters made narrow."""
    narrow = "".join(chr(ord(c) - 0xFEE0) if "！" <= c <= "～" else c for c in title)
    return "".join(c for c in narrow.lower() if c not in _DROPPED)


def find(head: Sequence[Sequence[str]], form: Form) -> Header:
    """找表头: the best header among the leading rows.

    Raises:
        JieduiError: no row names at least two of the needed columns: says which were looked for.
    """
    names = _names(form)
    best: tuple[int, int, Header] | None = None
    for at, row in enumerate(head[:LOOKED_AT]):
        for titles, last in _readings(head, at):
            hits = len({names[plain_title(title)] for title in titles if plain_title(title) in names})
            if hits and (best is None or hits > best[0]):
                best = (hits, at, Header(last + 1, tuple(titles)))
        if best is not None and not any(row):
            break
    if best is None or best[0] < min(2, len(form.fields)):
        needed = "、".join(one.title for one in form.fields if one.needed)
        raise JieduiError(
            f"No header row was found in the first {LOOKED_AT} rows of the sheet.",
            remedy=f"The header must name at least these columns: {needed}. Download the template to see all.",
        )
    return best[2]


def _readings(head: Sequence[Sequence[str]], at: int) -> list[tuple[list[str], int]]:
    """The row alone, and the row with the one below it as parts of its titles."""
    row = list(head[at])
    readings = [(row, at)]
    if at + 1 < len(head):
        below = head[at + 1]
        both = [_joined(upper, lower) for upper, lower in zip(row, below, strict=True)]
        readings.append((both, at + 1))
    return readings


def _joined(upper: str, lower: str) -> str:
    if not lower or upper == lower:
        return upper
    # the part alone names a field more often than the whole: 风险识别时间 stands under 风险
    return upper + lower if upper and not plain_title(lower).startswith(plain_title(upper)) else lower


def _names(form: Form) -> dict[str, str]:
    return {plain_title(title): one.name for one in form.fields for title in (one.title, *one.also)}


def match(header: Header, form: Form, remembered: Mapping[str, int] | None = None) -> dict[str, int]:
    """对栏目: field → column number (from 0). What was remembered for the source stands; of two columns with one title
    the first.
    """
    found = {name: at for name, at in (remembered or {}).items() if name in form and at < len(header.titles)}
    names = _names(form)
    taken = set(found.values())
    for at, title in enumerate(header.titles):
        name = names.get(plain_title(title)) or names.get(plain_title(title.split("\n")[-1]))
        if name and name not in found and at not in taken:
            found[name] = at
            taken.add(at)
    return found


def missing(found: Mapping[str, int], form: Form) -> list[str]:
    """缺少的栏目: fields without which the file cannot be read."""
    return [one.name for one in form.fields if one.needed and one.name not in found]
