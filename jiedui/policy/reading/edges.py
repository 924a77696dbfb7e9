"""结对边: an edge that was read, a report of what was not, and what sentences and tables both ask of them.

An edge is read only where the page says who helps whom; all else is reported. Never read: a donor that lies inside
its recipient, and pairs of which neither side is certain to be the donor.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from jiedui.policy.reading import lexicon
from jiedui.policy.reading.mentions import Piece
from jiedui.terms.divisions import Division
from jiedui.terms.names import REASONS

MANY: Final = "多对多：每个帮扶方对每个被帮扶方"
"""Remark on an edge out of a list of donors and a list of recipients."""
AMBIGUOUS: Final = "多个帮扶方和多个被帮扶方之间没有写明怎样对应"
_QUOTED: Final = 300
"""Characters; of a longer statement only the surroundings of the piece are quoted."""


@dataclass(frozen=True, slots=True)
class Edge:
    """结对: who helps whom, as one statement says it. `start` is the statement's offset in the cleaned text."""

    donor: Division
    recipient: Division
    scheme: str
    sentence: str
    start: int
    form: str
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Unresolved:
    """未能判读: the statement, the piece of it that stays open, why, and the divisions that it could mean."""

    sentence: str
    piece: str
    reason: str
    start: int
    candidates: tuple[Division, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """判读结果: edges and reports in the order of the page."""

    edges: tuple[Edge, ...]
    unresolved: tuple[Unresolved, ...]


@dataclass(frozen=True, slots=True)
class Side:
    """一方: the pieces of one side and what follows them (等, a count)."""

    pieces: tuple[Piece, ...]
    complete: bool = True
    remark: str = ""

    @property
    def divisions(self) -> tuple[Division, ...]:
        """区划: those that are resolved."""
        return tuple(piece.division for piece in self.pieces if piece.division)


@cache
def _ranks() -> dict[str, int]:
    text = files("jiedui.policy.reading").joinpath("data", "sides.toml").read_text(encoding="utf-8")
    sides = tomllib.loads(text)
    return {**dict.fromkeys(sides["donors"], 2), **dict.fromkeys(sides["recipients"], 0)}


def orient(left: Sequence[Division], right: Sequence[Division]) -> bool | None:
    """辨方向: True if the left side can only be the donor, False if the right, None if neither is certain."""
    if not left or not right:
        return None
    a = [_ranks().get(d.province_code, 1) for d in left]
    b = [_ranks().get(d.province_code, 1) for d in right]
    if min(a) > max(b):
        return True
    return False if min(b) > max(a) else None


def scheme_of(text: str, donor: Division, recipient: Division, given: str | None) -> str:
    """机制: the scheme given, otherwise 对口支援 by the words, a province's own pair by the places, else 东西部."""
    if given:
        return given
    if lexicon.COUNTERPART.search(text) and not re.search("帮扶|协作", text):
        return "counterpart"
    return "own_province" if donor.province_code == recipient.province_code else "east_west"


def overlap(donor: Division, recipient: Division) -> bool:
    """同一或包含: whether one of the two is the other or lies inside it."""
    above = {d.code: {d.code, d.province_code, d.prefecture_code} for d in (donor, recipient)}
    return donor.code in above[recipient.code] or recipient.code in above[donor.code]


def contains(donor: Division, recipient: Division) -> bool:
    """下辖: whether a province or prefecture helps a part of itself."""
    return donor.code != recipient.code and donor.code in (recipient.province_code, recipient.prefecture_code)


def problem_of(piece: Piece) -> str:
    """问题: why a piece is not usable, in Chinese."""
    return piece.problem or REASONS.get(piece.resolution.reason, ("没有认出", ""))[0]


def remark_of(pieces: Iterable[Piece]) -> str:
    """附注: by which former names the divisions were found."""
    former = [f"{p.resolution.former}今为{p.division.name}" for p in pieces if p.resolution.former and p.division]
    return "；".join(former)


def quoted(text: str, start: int, end: int) -> str:
    """引文: a statement, or of a very long one what stands around a piece of it."""
    if len(text) <= _QUOTED:
        return text
    left, right = max(start - _QUOTED // 3, 0), min(max(end, start), start + _QUOTED) + _QUOTED // 3
    return ("…" if left else "") + text[left:right] + ("…" if right < len(text) else "")
