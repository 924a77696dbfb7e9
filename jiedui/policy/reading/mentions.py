"""地名串: the runs of places in a sentence: 贵州省遵义市、铜仁市和毕节市 is one run of three.

A province or prefecture that is said once holds for the places after it in the same run, never beyond. A place must be
followed by something that can follow a place, so that 和平泉市 is 和 and 平泉市, and 贵州省某某县 is not 贵州省.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Final

from jiedui.policy.reading import lexicon
from jiedui.terms.divisions import Division
from jiedui.terms.names import Resolution, Resolver

_NOT_DIVISION: Final = re.compile(
    "新疆生产建设兵团(?:第?[一二三四五六七八九十0-9]+师)?|四省藏区|四省涉藏州县|兵团第?[一二三四五六七八九十0-9]+师"
)
_OPEN: Final = re.compile("[（(]([^（）()]{1,200})[）)]")
_OF: Final = re.compile("的|所辖的?|下辖的?|所属的?|辖内")
_LEFT_BORDER: Final = re.compile(f"[，,：:；;、由]|{lexicon.HELP}|分别|负责|承担")
_LEFT_NAME: Final = re.compile("[一-龥]{2,12}(?:地区|兵团|省|市|州|盟|县|区|旗)")
_EXCEPT: Final = re.compile("^(?:除|不含|不包括)|除外|不再|停止|原由|已撤|^原$|以前|年前|此前|过去")
_INCLUDING: Final = re.compile("^(?:含|包括|其中|下同|以下简称|简称|原|共|辖|即|[0-9一二三四五六七八九十两])")


@dataclass(frozen=True, slots=True)
class Piece:
    """地名: one place of a run: its text, where it stands in the statement, and what it resolves to.

    `problem` says in Chinese why it is not usable although (or because) it was not resolved; `remark` is what stands in
    brackets behind it, where that is no part of the name.
    """

    text: str
    start: int
    end: int
    resolution: Resolution
    problem: str = ""
    remark: str = ""

    @property
    def division(self) -> Division | None:
        """区划: what it resolves to, None where there is a problem."""
        return None if self.problem else self.resolution.found


@dataclass(frozen=True, slots=True)
class Run:
    """地名串: places joined by 、和及与, with the connectors between them as written."""

    pieces: tuple[Piece, ...]
    connectors: tuple[str, ...]
    start: int
    end: int

    @property
    def divisions(self) -> tuple[Division, ...]:
        """区划: those of its places that were resolved."""
        return tuple(piece.division for piece in self.pieces if piece.division)


@dataclass(frozen=True, slots=True)
class Scanner:
    """地名扫描: finds runs in a text. `gaps` are the offsets before which white space stood.

    `loose` also takes bare names of counties (海淀) on their own, as in a table's cell, and commas as connectors.
    """

    resolver: Resolver
    loose: bool = False

    def scan(self, text: str, gaps: Collection[int] = (), within: Division | None = None) -> list[Run]:
        """扫描: every run of the text, from left to right."""
        runs: list[Run] = []
        at = 0
        while at < len(text):
            run = self.run(text, at, gaps, within)
            if run is not None and text[at] in "和及与同":
                # 和|平泉市 against 和平: the reading that reaches further.
                later = self.run(text, at + 1, gaps, within)
                if later is not None and later.end > run.end:
                    run = later
            if run is None:
                at += 1
                continue
            runs.append(self._with_left_neighbour(text, run))
            at = run.end
        return runs

    def run(self, text: str, start: int, gaps: Collection[int] = (), within: Division | None = None) -> Run | None:
        """一串: the run that begins exactly here, or None."""
        pieces: list[Piece] = []
        connectors: list[str] = []
        at, previous = start, within
        while True:
            piece = self._piece(text, at, previous, gaps, first=not pieces)
            if piece is None:
                break
            if connectors and connectors[-1] == " " and piece.resolution.reason == "unknown":
                # 贵州省 某某县: less is known than 贵州省.
                pieces[-1] = _with_problem(pieces[-1], pieces[-1].end, f"其后的“{piece.text}”没有认出")
            end, inner = self._brackets(text, piece)
            pieces.extend(inner)
            connectors.extend(["、"] * (len(inner) - 1))
            previous = next((p.division for p in reversed(inner) if p.division), previous)
            at, joint = self._connector(text, end, gaps, previous)
            connectors.append(joint)
            if not joint:
                at = end
                break
        if not pieces:
            return None
        end = at if not connectors[-1] else at - len(connectors[-1])
        if connectors[-1] == " ":
            end = at
        return Run(tuple(pieces), tuple(connectors[: len(pieces) - 1]), start, end)

    def _connector(self, text: str, at: int, gaps: Collection[int], previous: Division | None) -> tuple[int, str]:
        """What joins the next place: 、和 before 田家庵区 but 、 before 和田市, and 和 before a doubled 和和."""
        pattern = lexicon.SEPARATOR_IN_CELL if self.loose else lexicon.CONNECTOR
        match = pattern.match(text, at)
        if match is None:
            return (at, " ") if at in gaps and at < len(text) else (at, "")
        end = match.end()
        for other in (end, end - 1, end + 1):
            doubled = other <= end or text[end - 1 : end] == text[end:other]
            piece = self._piece(text, other, previous, gaps, first=False) if other > at and doubled else None
            if piece is not None and (piece.resolution.found or piece.resolution.candidates):
                return other, text[at:other]
        return end, match[0]

    def _piece(
        self, text: str, at: int, previous: Division | None, gaps: Collection[int], *, first: bool
    ) -> Piece | None:
        special = _NOT_DIVISION.match(text, at)
        if special:
            return Piece(special[0], at, special.end(), Resolution(special[0], None, reason="not_a_division"))
        longest: Piece | None = None
        for end, weak in self.resolver.ends(text, at):
            if weak and not self.loose and not self._inside(text[at:end], previous):
                continue
            end, name = self._extended(text, at, end)
            piece = Piece(name, at, end, self._resolve(name, previous))
            if lexicon.FOLLOWS.match(text, end) or end in gaps:
                return piece
            longest = longest or piece
        if longest is not None and first:
            return longest
        unknown = None if first else lexicon.NAME_LIKE.match(text, at)
        if unknown and lexicon.FOLLOWS.match(text, unknown.end()) and not lexicon.VERB_EDGE.search(unknown[0]):
            return Piece(unknown[0], at, unknown.end(), self.resolver.resolve(unknown[0]))
        return longest

    def _extended(self, text: str, start: int, end: int) -> tuple[int, str]:
        """内蒙古的赤峰市: a place, 的, and a place inside it are one name."""
        name = text[start:end]
        match = _OF.match(text, end)
        if match:
            for further, _ in self.resolver.ends(text, match.end()):
                joined = name + text[match.end() : further]
                if self.resolver.resolve(joined).found and lexicon.FOLLOWS.match(text, further):
                    return further, joined
        return end, name

    def _inside(self, name: str, previous: Division | None) -> bool:
        return previous is not None and any(self.resolver.resolve(name, p).found for p in _parents(previous))

    def _resolve(self, name: str, previous: Division | None) -> Resolution:
        """A name after another place: what lies beside or inside it goes before what bears the name elsewhere."""
        anywhere = self.resolver.resolve(name)
        if previous is None:
            return anywhere
        for parent in _parents(previous):
            inside = self.resolver.resolve(name, within=parent)
            if inside.found is None:
                continue
            if anywhere.found is None or anywhere.found == inside.found:
                return inside
            same = [r for r in (inside, anywhere) if r.found and r.found.level == previous.level]
            if len(same) == 1:
                return same[0]
            return Resolution(name, None, (inside.found, anywhere.found), "ambiguous")
        return anywhere

    def _brackets(self, text: str, piece: Piece) -> tuple[int, list[Piece]]:
        """河北省（张家口市、保定市）: places in brackets inside the place say which part of it is meant."""
        match = _OPEN.match(text, piece.end)
        if not match:
            return piece.end, [piece]
        remark = match[1]
        piece = replace(piece, remark=remark)
        if _EXCEPT.search(remark) or lexicon.ENDED.search(remark):
            return match.end(), [_with_problem(piece, match.end(), f"括号内说明“{remark}”改变了范围")]
        if _INCLUDING.match(remark) or piece.division is None:
            return match.end(), [piece]
        inner = Scanner(self.resolver, loose=True).run(remark, 0, (), piece.division)
        if inner is None or inner.end != len(remark):
            return match.end(), [piece]
        shift = match.start(1)
        parts = [Piece(p.text, p.start + shift, p.end + shift, p.resolution, p.problem) for p in inner.pieces]
        if all(p.division is None or _contains(piece.division, p.division) for p in parts):
            return match.end(), parts
        if all(p.division and _contains(p.division, piece.division) for p in parts):
            return match.end(), [piece]
        return match.end(), [_with_problem(piece, match.end(), f"括号内“{remark}”不在其辖区内")]

    def _with_left_neighbour(self, text: str, run: Run) -> Run:
        """某某市和东莞市: an unknown name joined to the run from the left belongs to it."""
        before = text[max(run.start - 24, 0) : run.start]
        joint = re.search("(?:、|以及|及|和|与)$", before)
        tail = _LEFT_BORDER.split(before[: joint.start()])[-1] if joint else ""
        if joint is None or not _LEFT_NAME.fullmatch(tail):
            return run
        start = run.start - len(joint[0]) - len(tail)
        unknown = Piece(tail, start, start + len(tail), Resolution(tail, None, reason="unknown"))
        return Run((unknown, *run.pieces), (joint[0], *run.connectors), start, run.end)


def only_places(text: str, resolver: Resolver) -> bool:
    """只有地名: whether a text is one run of places and nothing else but marks at its end."""
    bare = re.sub(r"\s+|[、，,；;。]+$", "", text)
    run = Scanner(resolver, loose=True).run(bare, 0) if bare else None
    return run is not None and run.end == len(bare)


def _parents(division: Division) -> list[str]:
    codes = [division.code] if division.level != "county" else []
    codes += [division.prefecture_code] if division.prefecture_code else []
    return list(dict.fromkeys([*codes, division.province_code]))


def _contains(outer: Division, inner: Division) -> bool:
    return inner.code != outer.code and (inner.province_code == outer.code or inner.prefecture_code == outer.code)


def _with_problem(piece: Piece, end: int, problem: str) -> Piece:
    return replace(piece, end=end, problem=problem)
