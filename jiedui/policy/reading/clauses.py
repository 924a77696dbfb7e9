"""条款: the numbered clauses of a document, found by the structure of its numbering, not by its words.

Sixth stage of the reader. Understands （四）, (四), ㈣, 四、, 第四条, 4. and 4、, under chapters (二、, 第二章) or
without, at the beginning of a line or, where line breaks were lost, after the end of a sentence. A clause is named in
one form whatever the page writes: （四）; where numbers start anew in each chapter 二（一）; a chapter without
clauses 二、.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from jiedui.policy.reading.layout import Line

_DIGITS: Final = "一二三四五六七八九"
_NUMERAL: Final = f"[{_DIGITS}十〇]{{1,4}}"
_NOT_CITED: Final = "(?!\\s*[条款项](?:[的、，,。和规及与之]|$))"
_STYLES: Final[dict[str, re.Pattern[str]]] = {
    "article": re.compile(rf"第\s*(?P<n>{_NUMERAL}|[0-9]{{1,3}})\s*条[\s、:：]*"),
    "bracket": re.compile(rf"(?:[（(]\s*(?P<n>{_NUMERAL})\s*[）)]|(?P<c>[㈠-㈩])){_NOT_CITED}[、.．]?\s*"),
    "numeral": re.compile(rf"(?P<n>{_NUMERAL})\s*[、.．]\s*"),
    "arabic": re.compile(r"(?P<n>[0-9]{1,2})\s*(?:[、．]|[.](?![0-9]))\s*"),
}
_CHAPTER: Final = re.compile(rf"第\s*(?P<n>{_NUMERAL})\s*[章部编]\s*")
_INLINE: Final = re.compile(rf"(?<=[。；;：:！!?？”])\s*[（(]\s*(?P<n>{_NUMERAL})\s*[）)]{_NOT_CITED}")
_INLINE_ARTICLE: Final = re.compile(rf"(?<=[。；;”])\s*第\s*(?P<n>{_NUMERAL}|[0-9]{{1,3}})\s*条(?=[\s　])[\s、:：]*")
_LEAD: Final = re.compile(r"[\s　#*>]*")
_HEADING: Final = 40
"""Characters; a longer first sentence is text, not a heading."""


@dataclass(frozen=True, slots=True)
class Clause:
    """条款: `number` as the page numbers it, `label` in our one form, offsets of the whole in the cleaned text."""

    number: int
    label: str
    chapter: str
    heading: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Mark:
    style: str
    number: int
    start: int
    after: int
    line_start: bool


def numeral(number: int) -> str:
    """汉字数字: 14 → 十四 (1 to 99)."""
    tens, ones = divmod(number, 10)
    left = "" if tens == 0 else "十" if tens == 1 else _DIGITS[tens - 1] + "十"
    return left + (_DIGITS[ones - 1] if ones else "")


def number_of(text: str) -> int:
    """数值: 十四 → 14, also 14 and ㈣; 0 for what is no number."""
    if text.isdigit() and text.isascii():
        return int(text)
    if "㈠" <= text <= "㈩":
        return ord(text) - ord("㈠") + 1
    match = re.fullmatch(f"(?:([{_DIGITS}])?(十))?([{_DIGITS}])?", text)
    if not match or not text:
        return 0
    tens = (_DIGITS.index(match[1]) + 1 if match[1] else 1) if match[2] else 0
    return tens * 10 + (_DIGITS.index(match[3]) + 1 if match[3] else 0)


def find(lines: Sequence[Line]) -> tuple[Clause, ...]:
    """找条款: the clauses of a document in the order of the page; none where nothing is numbered."""
    marks = list(_marks(lines))
    style = _clause_style(marks)
    if style is None:
        return ()
    chapter_style = "chapter" if any(m.style == "chapter" for m in marks) else "numeral"
    chosen = _in_sequence([m for m in marks if m.style == style and (m.line_start or style in ("bracket", "article"))])
    chapters = [m for m in marks if m.style == chapter_style and m.line_start and style != chapter_style]
    clauses = _without_repeats(_clauses(lines, chosen, chapters))
    # 1. 2. 3. also number a mere list, whose items have no text of their own.
    return clauses if style != "arabic" or any(c.heading and c.text for c in clauses) else ()


def missing(clauses: Sequence[Clause]) -> tuple[int, ...]:
    """缺号: numbers that are left out between the clauses of one numbering."""
    gaps: list[int] = []
    for before, after in pairwise(clauses):
        if after.number > before.number + 1:
            gaps.extend(range(before.number + 1, after.number))
    return tuple(gaps)


def _marks(lines: Sequence[Line]) -> Iterator[_Mark]:
    for line in lines:
        begin = _LEAD.match(line.text)
        at = begin.end() if begin else 0
        for style, pattern in (("chapter", _CHAPTER), *_STYLES.items()):
            match = pattern.match(line.text, at)
            number = number_of(match["n"] or match.groupdict().get("c") or "") if match else 0
            if match and number:
                yield _Mark(style, number, line.start, line.start + match.end(), line_start=True)
                break
        for style, pattern in (("bracket", _INLINE), ("article", _INLINE_ARTICLE)):
            for match in pattern.finditer(line.text):
                number = number_of(match["n"])
                if number:
                    start = line.start + match.start()
                    yield _Mark(style, number, start, line.start + match.end(), line_start=False)


def _clause_style(marks: Sequence[_Mark]) -> str | None:
    """The numbering that makes clauses: articles first, then brackets, unless only a few chapters have brackets."""
    count = {style: sum(m.style == style for m in marks) for style in _STYLES}
    if count["article"] >= 2:
        return "article"
    chapters = count["numeral"]
    if count["bracket"] >= 2:
        under = _chapters_with_brackets(marks)
        numbers = [m.number for m in marks if m.style == "bracket"]
        if chapters < 2 or under * 2 >= chapters or numbers[-1] > chapters:
            return "bracket"
    for style in ("numeral", "bracket", "arabic"):
        if count[style] >= 2:
            return style
    return next((style for style in _STYLES if count[style]), None)


def _chapters_with_brackets(marks: Sequence[_Mark]) -> int:
    found: set[int] = set()
    chapter = -1
    for mark in marks:
        if mark.style == "numeral":
            chapter = mark.start
        elif mark.style == "bracket":
            found.add(chapter)
    return len(found)


def _in_sequence(marks: Sequence[_Mark]) -> list[_Mark]:
    """Marks that count: every one at the beginning of a line, inside a line only the number that must come next."""
    chosen: list[_Mark] = []
    for mark in marks:
        if mark.line_start or (chosen and mark.number == chosen[-1].number + 1) or (not chosen and mark.number == 1):
            chosen.append(mark)
    return chosen


def _clauses(lines: Sequence[Line], marks: Sequence[_Mark], chapters: Sequence[_Mark]) -> list[Clause]:
    source = _Source(lines)
    restarts = any(after.number <= before.number for before, after in pairwise(marks))
    alone = _without_marks(chapters, marks)
    styles = {c.style for c in chapters}
    everything = sorted([*marks, *chapters], key=lambda m: m.start)
    found: list[Clause] = []
    chapter, chapter_number = "", 0
    for index, mark in enumerate(everything):
        end = everything[index + 1].start if index + 1 < len(everything) else source.end
        heading, body = _split(source.between(mark.after, end))
        if mark.style in styles:
            chapter, chapter_number = heading or body[:_HEADING], mark.number
            if mark.start in alone:
                label = f"{numeral(mark.number)}、"
                found.append(Clause(mark.number, label, "", heading, body, mark.start, end))
            continue
        label = f"（{numeral(mark.number)}）"
        if restarts and chapter_number:
            label = numeral(chapter_number) + label
        found.append(Clause(mark.number, label, chapter, heading, body, mark.start, end))
    return found


class _Source:
    """The document's text by offset in the cleaned text, lines that were left out being empty."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._lines = lines
        self._starts = [line.start for line in lines]
        self.end = lines[-1].end if lines else 0

    def between(self, start: int, end: int) -> str:
        first = max(bisect_right(self._starts, start) - 1, 0)
        parts: list[str] = []
        behind = bisect_left(self._starts, end)
        for line in self._lines[first:behind]:
            parts.append(line.text[max(start - line.start, 0) : max(end - line.start, 0)])
        return "\n".join(parts)


def _without_marks(chapters: Sequence[_Mark], marks: Sequence[_Mark]) -> frozenset[int]:
    """Where the chapters start that hold no clause."""
    starts = [mark.start for mark in marks]
    ends = [*(c.start for c in chapters[1:]), None] if chapters else []
    return frozenset(
        chapter.start
        for chapter, end in zip(chapters, ends, strict=True)
        if bisect_right(starts, chapter.start) == (len(starts) if end is None else bisect_right(starts, end))
    )


def _split(text: str) -> tuple[str, str]:
    """Heading and text: the first line or sentence is the heading where it is short and something follows."""
    paragraphs = [" ".join(p.split()) for p in text.split("\n") if p.strip()]
    if not paragraphs:
        return "", ""
    first, *rest = paragraphs
    match = re.match(r"(.{1,40}?)[。．](?=.)", first)
    if match and len(match[1]) <= _HEADING:
        return match[1].strip(), "\n".join([first[match.end() :].strip(), *rest])
    if rest and len(first) <= _HEADING and not re.search("[。；;]$", first):
        return first, "\n".join(rest)
    if not rest and len(first) <= _HEADING and not re.search("[。；;，,]", first):
        return first, ""
    return "", "\n".join(paragraphs)


def _without_repeats(clauses: Sequence[Clause]) -> tuple[Clause, ...]:
    """A table of contents repeats the headings: of equal labels with equal headings the longest text stays."""
    best: dict[tuple[str, str], Clause] = {}
    for clause in clauses:
        key = (clause.label, clause.heading)
        if key not in best or len(clause.text) > len(best[key].text):
            best[key] = clause
    return tuple(clause for clause in clauses if best[clause.label, clause.heading] is clause)
