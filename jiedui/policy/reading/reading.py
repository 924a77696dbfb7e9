"""阅读: a page through all stages, from bytes to clauses, pairings and a list of what stayed open.

decode → markup → pinyin → script → layout → clauses, tables, statements → edges. Every offset can be walked back to
the page's text. Nothing is dropped silently: inserted groups, left-out lines and open sentences are all listed.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from jiedui.errors import JieduiError
from jiedui.policy.reading import (
    cells,
    clauses,
    decode,
    edges,
    layout,
    markup,
    pinyin,
    script,
    sentences,
    statements,
    tables,
)
from jiedui.policy.reading.clauses import Clause
from jiedui.policy.reading.layout import Line
from jiedui.policy.reading.markup import Dropped
from jiedui.policy.reading.mentions import Scanner, only_places
from jiedui.policy.reading.pinyin import Removed
from jiedui.policy.registry import implements
from jiedui.terms import codelists
from jiedui.terms.divisions import Division, Gazetteer
from jiedui.terms.names import Resolver

ON: Final = date(2016, 12, 7)
"""The day whose names and codes hold when none is given: that of the 2016 opinion."""
_DATE: Final = re.compile(
    "[0-9]{4}年[0-9]{1,2}月[0-9]{1,2}日|[0-9]{1,2}月[0-9]{1,2}日(?=电|讯)|(?<![0-9])[0-9]{4}[-/.][01]?[0-9][-/.][0-3]?[0-9](?![0-9])"
)


@dataclass(frozen=True, slots=True)
class PairingRead:
    """读出的结对: one edge with the clause it stands in ("" outside all clauses) and the sentence that says it."""

    donor: Division
    recipient: Division
    scheme: str
    clause: str
    sentence: str
    line: int
    form: str
    remark: str


@dataclass(frozen=True, slots=True)
class Open:
    """未能判读: what was not read: the sentence, the piece, the reason (Chinese), candidates, clause and line."""

    sentence: str
    piece: str
    reason: str
    candidates: tuple[Division, ...]
    clause: str
    line: int


@dataclass(frozen=True, slots=True)
class Reading:
    """阅读结果: everything that one page gave, and everything that was taken out of it or stayed open."""

    clauses: tuple[Clause, ...]
    missing_clauses: tuple[int, ...]
    pairings: tuple[PairingRead, ...]
    repeated: int
    removed: tuple[Removed, ...]
    kept: tuple[tuple[int, str], ...]
    dropped: tuple[Dropped, ...]
    unresolved: tuple[Open, ...]
    dates: tuple[str, ...]
    encoding: str
    cut: bool
    on: date
    text: str

    @property
    def groups(self) -> int:
        """去除的拼音组数: how many inserted groups were taken out."""
        return sum(removed.count for removed in self.removed)


@implements("reading.1")
def read_page(page: str | bytes, *, on: date = ON, scheme: str | None = None) -> Reading:
    """读页: a page, as bytes or as text, into clauses and pairings.

    `on` is the day whose names and codes count (its year; the data know no months). `scheme`, a key of
    `codelists.SCHEME`, is given to every pairing; None decides by the words and the places. Raises `JieduiError` for
    bytes that are no text, for an unknown scheme and for a day before the divisions begin.
    """
    _check(on, scheme)
    decoded = decode.decode(page) if isinstance(page, bytes) else decode.from_text(page)
    plain = markup.plain(decoded.text)
    stripped = pinyin.strip(plain.text)
    text = script.simplify(stripped.text)
    resolver = Resolver(Gazetteer.load(), on)
    scanner = Scanner(resolver)

    def belongs(line: str, following: str) -> bool:
        row = [cell for cell in cells.split(line)[0] if only_places(cell, resolver)]
        return len(row) > 1 or only_places(line, resolver) or statements.joined(line, following, scanner)

    shown = layout.document(text, plain.links, belongs=belongs)
    found = clauses.find(shown.lines)
    helping = bool(layout.HELPING.search(text))
    tabled = tables.read(shown.lines, scanner, scheme=scheme, helping=helping)
    prose = [Line(x.number, x.start, "") if x.number in tabled.lines else x for x in shown.lines]
    said = sentences.read(
        statements.statements(prose, scanner, cut=decoded.cut, whole=plain.closed),
        scanner,
        scheme=scheme,
        helping=helping,
    )
    where = _Where(shown.lines, found)
    every = sorted((*tabled.outcome.edges, *said.edges), key=lambda edge: edge.start)
    pairings = _distinct([_pairing(edge, where) for edge in every])
    unresolved = sorted((*tabled.outcome.unresolved, *said.unresolved), key=lambda row: row.start)
    return Reading(
        clauses=found,
        missing_clauses=clauses.missing(found),
        pairings=pairings,
        repeated=len(every) - len(pairings),
        removed=stripped.removed,
        kept=stripped.kept,
        dropped=(*plain.dropped, *shown.dropped),
        unresolved=tuple(dict.fromkeys(_open(row, where) for row in unresolved)),
        dates=tuple(dict.fromkeys(match[0] for match in _DATE.finditer(text)))[:20],
        encoding=decoded.encoding,
        cut=decoded.cut,
        on=on,
        text=text,
    )


def _check(on: date, scheme: str | None) -> None:
    if scheme is not None and scheme not in codelists.SCHEME:
        raise JieduiError(f"There is no scheme {scheme!r}.", remedy=f"Known: {', '.join(codelists.SCHEME)}.")
    if on.year < 1981:
        raise JieduiError(f"No divisions are known for {on}.", remedy="Give a day from 1981 on.")


class _Where:
    """Clause and line (from 1) of an offset in the cleaned text."""

    def __init__(self, lines: Sequence[Line], found: Sequence[Clause]) -> None:
        self._lines = [line.start for line in lines]
        self._clauses = sorted(found, key=lambda clause: clause.start)
        self._starts = [clause.start for clause in self._clauses]

    def line(self, at: int) -> int:
        return bisect_right(self._lines, at)

    def clause(self, at: int) -> str:
        index = bisect_right(self._starts, at) - 1
        if index < 0 or at >= self._clauses[index].end:
            return ""
        return self._clauses[index].label


def _pairing(edge: edges.Edge, where: _Where) -> PairingRead:
    return PairingRead(
        donor=edge.donor,
        recipient=edge.recipient,
        scheme=edge.scheme,
        clause=where.clause(edge.start),
        sentence=edge.sentence,
        line=where.line(edge.start),
        form=edge.form,
        remark=edge.remark,
    )


def _open(row: edges.Unresolved, where: _Where) -> Open:
    return Open(row.sentence, row.piece, row.reason, row.candidates, where.clause(row.start), where.line(row.start))


def _distinct(pairings: Sequence[PairingRead]) -> tuple[PairingRead, ...]:
    """The first of each donor, recipient and scheme."""
    first: dict[tuple[str, str, str], PairingRead] = {}
    for pairing in pairings:
        first.setdefault((pairing.donor.code, pairing.recipient.code, pairing.scheme), pairing)
    return tuple(first.values())
