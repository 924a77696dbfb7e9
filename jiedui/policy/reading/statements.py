"""语句: the lines of a document to statements, each with its characters' offsets, so that an edge cites its sentence.

A statement ends at 。；！？ or with its line. A line that was broken in the middle of a name or of a sentence is joined
to the next; the lines of a list that a colon leads in (北京市帮扶：) become one statement. White space inside names
disappears; where it stood is remembered, because it can also be all that parts two names.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from jiedui.policy.reading import lexicon
from jiedui.policy.reading.layout import Line
from jiedui.policy.reading.mentions import Scanner, only_places

_MARKER: Final = re.compile(
    r"[\s　]*(?:(?:[-—–•·●○■□◆◇▪►▶*+☆★※]+|[0-9]{1,2}(?:[、．)）]|[.](?![0-9]))|[（(][0-9]{1,2}[）)]|[①-⓿]|"
    r"第[一二三四五六七八九十]{1,3}[条章]|[（(][一二三四五六七八九十]{1,3}[）)]|[一二三四五六七八九十]{1,3}、)[\s　]*)+"
)
ITEM: Final = re.compile(r"[0-9]{1,2}(?:[、．)）]|[.](?![0-9]))|[（(][0-9]{1,2}[）)]|[①-⓿]")
"""A number in front of an item inside a line: 1.北京市：内蒙古；2.天津市：甘肃."""
_END: Final = re.compile(r"[。；;！!？?]+|…+|[.]{3,}|(?<=[一-龥])[.．](?=$|[\s一-龥])")
_HALF: Final = re.compile("[省市县州区旗盟](?:帮|支|援|协|结|对|对口|定|由|分|负)$|对口[帮支]$")
_REACH: Final = 400
"""Characters of a line that are looked at when the next line is joined to it."""
_EDGE: Final = 14
"""Characters on both sides of a line break that are looked at: no name is longer."""


@dataclass(frozen=True, slots=True)
class Statement:
    """语句: squeezed text, the offset of each character in the cleaned text, and where white space stood.

    `terminal` is the mark it ends with ("" for none), `first` whether it begins its line, `marked` whether that line
    has a list's marker, `cut` whether the page may break off here, `paragraph` the number of its paragraph.
    """

    text: str
    offsets: tuple[int, ...]
    gaps: frozenset[int]
    terminal: str
    first: bool
    marked: bool
    cut: bool
    paragraph: int

    @property
    def start(self) -> int:
        """起点: offset of its first character in the cleaned text."""
        return self.offsets[0]


@dataclass(slots=True)
class _Logical:
    """A line as it was meant: one line of the page, or several that belong together."""

    marked: bool
    paragraph: int
    chars: list[str] = field(default_factory=list)
    offsets: list[int] = field(default_factory=list)
    gaps: set[int] = field(default_factory=set)

    def add(self, line: Line, skip: int) -> None:
        for index in range(skip, len(line.text)):
            char = line.text[index]
            if char.isspace() or char in "\u200b\u200c\u200d\ufeff\u2060":
                self.gaps.add(len(self.chars))
            else:
                self.chars.append(char)
                self.offsets.append(line.start + index)

    def separate(self, offset: int) -> None:
        """Begin the next item of a list; the mark that ended the item before goes."""
        while self.chars[-1] in "；;。，,、":
            del self.chars[-1], self.offsets[-1]
        self.chars.append("、")
        self.offsets.append(offset)

    def tail(self, length: int = _REACH) -> str:
        """The last characters; the whole would make long paragraphs quadratic."""
        return "".join(self.chars[-length:])


def statements(
    lines: Sequence[Line], scanner: Scanner, *, cut: bool = False, whole: bool = False
) -> Iterator[Statement]:
    """分句: the statements of the document.

    `cut`: the page's bytes end in the middle of a character; `whole`: it is known that the page is not broken off.
    """
    logical = list(_logical_lines(lines, scanner))
    for index, line in enumerate(logical):
        before = logical[index - 1] if index else None
        last = index == len(logical) - 1
        broken = not whole and (_unlike(before, line) or _dangling(line))
        yield from _split(line, cut=last and (cut or broken), whole=whole)


def _unlike(before: _Logical | None, last: _Logical) -> bool:
    """The page's last line ends without a mark although the line before, of the same kind, ends with one."""
    if before is None or before.marked != last.marked:
        return False
    return bool(re.search("[。；;]$", before.tail())) and not _END.search(last.tail(1))


def _dangling(last: _Logical) -> bool:
    """The page's last line ends with the first half of a word (帮, 对口支)."""
    return bool(_HALF.search(last.tail()))


def _logical_lines(lines: Sequence[Line], scanner: Scanner) -> Iterator[_Logical]:
    current: _Logical | None = None
    paragraph = 0
    for line in lines:
        if not line.text.strip():
            if current is not None:
                yield current
            current, paragraph = None, paragraph + 1
            continue
        marker = _MARKER.match(line.text)
        skip = marker.end() if marker else 0
        text = re.sub(r"\s+", "", line.text[skip:])
        if current is not None and _in_led_list(current, text, scanner):
            if not current.tail(1).endswith(("：", ":")):
                current.separate(line.start)
            current.add(line, skip)
        elif current is not None and not marker and joined(current.tail(), text, scanner):
            current.add(line, 0)
        else:
            if current is not None:
                yield current
            current = _Logical(bool(marker), paragraph)
            current.add(line, skip)
    if current is not None:
        yield current


def _in_led_list(current: _Logical, text: str, scanner: Scanner) -> bool:
    """北京市帮扶： and below it the places, one on each line."""
    head, colon, rest = re.sub("[：:]+", "：", current.tail()).rpartition("：")
    if not colon or not only_places(text, scanner.resolver) or (rest and not only_places(rest, scanner.resolver)):
        return False
    return bool(scanner.scan(re.split("[。；;]", head)[-1]))


def joined(before: str, after: str, scanner: Scanner) -> bool:
    """是否断行: whether a line break fell into a sentence; both sides without white space."""
    if _END.search(before[-1:]) or not before or not after:
        return False
    if lexicon.STARTS_LIKE_A_CONTINUATION.match(after) or lexicon.ENDS_OPEN.search(before):
        return True
    left, right = before[-_EDGE:], after[:_EDGE]
    text, border = left + right, len(left)
    if any(m.start() < border < m.end() for m in lexicon.VERB_EDGE.finditer(text)):
        return True
    for start in range(max(border - _EDGE, 0), border):
        if any(end > border and not weak for end, weak in scanner.resolver.ends(text, start)):
            return True
    return False


def _split(line: _Logical, *, cut: bool, whole: bool) -> Iterator[Statement]:
    text, gaps = line.tail(len(line.chars)), sorted(line.gaps)
    start = 0
    pieces: list[tuple[int, int, str]] = []
    for match in _END.finditer(text):
        pieces.append((start, match.start(), match[0]))
        start = match.end()
    pieces.append((start, len(text), ""))
    for begin, end, terminal in pieces:
        number = ITEM.match(text, begin, end)
        inner = begin > 0
        begin = number.end() if number else begin
        if begin == end:
            continue
        open_end = not terminal and (cut or (inner and not whole))
        yield Statement(
            text=text[begin:end],
            offsets=tuple(line.offsets[begin:end]),
            gaps=frozenset(gap - begin for gap in gaps[bisect_right(gaps, begin) : bisect_left(gaps, end)]),
            terminal=terminal,
            first=not inner,
            marked=line.marked,
            cut=open_end or terminal.startswith(("…", "...")),
            paragraph=line.paragraph,
        )
