"""表格: tables of pairings: which lines are one, its header, and the edges of its rows.

A header names the sides (帮扶方, 受援地区, in either order, above the columns or before the lines of a table on its
side); columns under one side (省, 市, 县) make one place. A side that a row leaves empty is that of the row above, as
in a cell that spans rows. Without a header two columns are read only when it is certain which can be the donor.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import product, zip_longest
from typing import Final

from jiedui.policy.reading import cells, headers, lexicon
from jiedui.policy.reading.cells import Row, clean
from jiedui.policy.reading.edges import (
    AMBIGUOUS,
    MANY,
    Edge,
    Outcome,
    Unresolved,
    orient,
    overlap,
    problem_of,
    remark_of,
    scheme_of,
)
from jiedui.policy.reading.headers import Role
from jiedui.policy.reading.layout import Line
from jiedui.policy.reading.mentions import Piece, Run, Scanner
from jiedui.terms.divisions import Division
from jiedui.terms.names import Resolution

_PERIOD: Final = re.compile("(?:19|20)[0-9]{2}年?[0-9月日]*[-—–~～至到]+((?:19|20)[0-9]{2})年?[0-9月日]*(?!起)")


@dataclass(frozen=True, slots=True)
class Tables:
    """表格: what was read from them and the numbers of the lines that belong to them."""

    outcome: Outcome
    lines: frozenset[int]


def read(lines: Sequence[Line], scanner: Scanner, *, scheme: str | None = None, helping: bool) -> Tables:
    """读表: the edges of all tables of a document."""
    loose = Scanner(scanner.resolver, loose=True)
    reader = _Reader(loose, scheme)
    taken: set[int] = set()
    for block in cells.blocks(lines):
        at = 0
        reader.lead = _lead(lines, block[0].line.number)
        while at < len(block):
            used = reader.table(block[at:] if at else block, helping=helping)
            taken.update(row.line.number for row in block[at : at + used])
            at += max(used, 1)
    return Tables(Outcome(tuple(reader.edges), tuple(reader.unresolved)), frozenset(taken))


def _lead(lines: Sequence[Line], number: int) -> str:
    """The line above a table, which may name its scheme or say that it no longer holds."""
    index = bisect_left(lines, number, key=lambda line: line.number)
    above = (line.text.strip() for line in reversed(lines[max(index - 4, 0) : index]))
    text = next((text for text in above if text), "")
    return text if len(text) <= 60 else ""


@dataclass(slots=True)
class _Reader:
    scanner: Scanner
    scheme: str | None
    lead: str = ""
    edges: list[Edge] = field(default_factory=list)
    unresolved: list[Unresolved] = field(default_factory=list)

    def table(self, rows: Sequence[Row], *, helping: bool) -> int:
        """Read the table that begins with the first row; how many rows it took (0 = there is none)."""
        depth, roles = self._header(rows)
        if depth:
            body = self._body(rows, depth, len(roles))
            body_rows = [row for row in body if row.cells not in {row.cells for row in rows[:depth]}]
            wide = max((len(row.cells) for row in body_rows), default=0) - len(roles)
            untitled: Role = "open"
            titles = "".join("".join(row.cells) for row in rows[:depth])
            self._rows(body_rows, (*roles, *[untitled] * wide), self.lead + titles)
            return depth + len(body)
        lying = self._lying(rows)
        if lying:
            return lying
        if helping and self._bare_pair(rows[0]):
            count = next((i for i, row in enumerate(rows) if row.cells and not self._bare_pair(row)), len(rows))
            self._rows([row for row in rows[:count] if row.cells], ("either", "either"), self.lead)
            return count
        return 0

    def _header(self, rows: Sequence[Row]) -> tuple[int, tuple[Role, ...]]:
        """The rows of the header (one or two) and the role of each column."""
        if len(set(rows[0].cells)) < 2 or any(self._places(cell) for cell in rows[0].cells if cell):
            return 0, ()
        titles = list(rows[0].cells)
        depth = 1
        second = rows[1].cells if len(rows) > 1 else ()
        if len(second) >= len(titles) and all(not c or headers.plain(c) or c in titles for c in second):
            above = _spread(titles, len(second))
            titles = [a if a == b else a + b for a, b in zip(above, second, strict=True)]
            depth = 2
        roles = headers.roles(titles)
        return (depth, roles) if roles else (0, ())

    def _body(self, rows: Sequence[Row], depth: int, width: int) -> list[Row]:
        parted = rows[0].parted
        body: list[Row] = []
        for row in rows[depth:]:
            if row.cells and row.parted != parted:
                break
            if parted == " " and len(row.cells) != width and not all(self._places(cell) for cell in row.cells):
                break
            body.append(row)
        return body

    def _lying(self, rows: Sequence[Row]) -> int:
        """A table on its side: a title before each line, a pair in each column; how many rows it took."""
        lines: list[Row] = []
        seen: set[str] = set()
        for row in rows:
            if row.cells and (row.cells[0] in seen or row.parted in ("", " ") or self._places(row.cells[0])):
                break
            lines.append(row)
            seen.update(row.cells[:1])
        drawn = [row.cells for row in lines if row.cells]
        roles = headers.roles([row[0] for row in drawn])
        named = [row for row, role in zip(drawn, roles, strict=False) if role not in ("none", "open")]
        if len(named) < 2 or not all(any(self._places(cell) for cell in row[1:]) for row in named):
            return 0
        columns = zip_longest(*(row[1:] for row in drawn), fillvalue="")
        turned = [Row(rows[0].line, tuple(column), rows[0].parted) for column in columns if any(column)]
        self._rows(turned, roles, self.lead + "".join(row[0] for row in drawn), carried=False)
        return len(lines)

    def _bare_pair(self, row: Row) -> bool:
        return row.parted != " " and len(row.cells) == 2 and all(self._places(cell) for cell in row.cells)

    def _places(self, cell: str) -> bool:
        run = self._run(cell, None)
        return run is not None and bool(run.divisions)

    def _run(self, cell: str, within: Division | None) -> Run | None:
        """The places of a cell that holds nothing else."""
        text = clean(cell)
        run = self.scanner.run(text, 0, (), within) if text else None
        return run if run is not None and run.end == len(text) else None

    def _rows(self, rows: Sequence[Row], roles: Sequence[Role], header: str, *, carried: bool = True) -> None:
        before: list[tuple[Piece, ...]] = [(), ()]
        for row in rows:
            if not row.cells:
                continue
            if row.parted == " " and len(row.cells) != len(roles):
                before = [(), ()]
                self._open(row, "", "格数与表头不符")
                continue
            if not any(not cells.empty(cell) for cell, role in zip(row.cells, roles, strict=False) if role != "none"):
                continue
            # A row that no longer holds still names the side that the rows below it leave empty.
            before = [
                self._side(filled, row) if filled or not carried else above
                for filled, above in zip(_filled(row, roles), before, strict=True)
            ]
            reason = self._gone(row, roles)
            refined = None if reason else self._refined(row, roles, before)
            if reason:
                self._open(row, "", reason)
            elif refined:
                self._pair(row, refined[0], refined[1], header, certain="either" not in roles)

    def _gone(self, row: Row, roles: Sequence[Role]) -> str:
        """Why a row no longer holds, in Chinese: by the line above, by its header, or by a cell beside the places."""
        if lexicon.undone(self.lead):
            return f"“{self.lead}”之后所列不是现行的结对关系"
        if "former" in roles:
            return "表头写明是过去的结对关系"
        for cell, role in zip(row.cells, roles, strict=False):
            if role not in ("none", "open"):
                continue
            period = _PERIOD.search(cell)
            if lexicon.ENDED.search(cell) or (period and int(period[1]) < self.scanner.resolver.on.year):
                return f"“{cell}”：不是现行的结对关系"
        return ""

    def _refined(
        self, row: Row, roles: Sequence[Role], sides: Sequence[tuple[Piece, ...]]
    ) -> list[tuple[Piece, ...]] | None:
        """The sides with what stands in columns without a title; None where such a place belongs to neither side."""
        refined = list(sides)
        columns = headers.sides(roles)
        for at, (cell, role) in enumerate(zip(row.cells, roles, strict=False)):
            if role != "open" or cells.empty(cell) or self._run(cell, None) is None:
                continue
            order = sorted((0, 1), key=lambda side: min((at - c if c < at else 99 + c) for c in columns[side]))
            for side in order:
                only = [p.division for p in refined[side] if p.division]
                run = self._run(cell, only[0]) if len(only) == 1 else None
                inside = [p.division for p in run.pieces if p.division] if run else []
                if run and len(inside) == len(run.pieces) and all(overlap(only[0], d) for d in inside):
                    if all(_depth(d) >= _depth(only[0]) for d in inside):
                        refined[side] = run.pieces
                    break
            else:
                self._open(row, cell, "表头没有说明这一格属于哪一方")
                return None
        return refined

    def _side(self, cells: Sequence[str], row: Row) -> tuple[Piece, ...]:
        """The places of one side: the deepest column's, inside those of the columns before it."""
        within: Division | None = None
        pieces: tuple[Piece, ...] = ()
        for cell in cells:
            run = self._run(cell, within)
            if run is None:
                pieces = (Piece(cell, 0, len(cell), Resolution(cell, None, reason="unknown")),)
            elif within and any(p.division and not overlap(within, p.division) for p in run.pieces):
                pieces = tuple(
                    Piece(p.text, p.start, p.end, p.resolution, f"不在{within.name}辖区内") for p in run.pieces
                )
            else:
                pieces = run.pieces
            only = [p.division for p in pieces if p.division]
            within = only[0] if len(only) == 1 else None
        for piece in pieces:
            if piece.division is None:
                self._open(row, piece.text, problem_of(piece), piece.resolution.candidates)
        return pieces

    def _pair(self, row: Row, left: Sequence[Piece], right: Sequence[Piece], header: str, *, certain: bool) -> None:
        sides = [[p for p in side if p.division] for side in (left, right)]
        if not sides[0] or not sides[1]:
            if not left or not right:
                self._open(row, "", "这一行缺少一方")
            return
        oriented = orient(*([p.division for p in s if p.division] for s in sides))
        forward = True if certain else oriented
        if forward is None:
            self._open(row, "", "两列之间没有写明谁帮扶谁")
            return
        if forward and oriented is False and not lexicon.CERTAIN_LABEL.search(header):
            self._open(row, "", "两列的方向与表头不符")
            return
        donors, recipients = sides if forward else (sides[1], sides[0])
        many = len(left) > 1 and len(right) > 1
        if many and not lexicon.TOGETHER.search(header + self._beside(row)):
            self._open(row, "", AMBIGUOUS)
            return
        for donor, recipient in product(donors, recipients):
            self._edge(row, donor, recipient, header, MANY if many else "")

    def _edge(self, row: Row, donor: Piece, recipient: Piece, header: str, remark: str) -> None:
        if donor.division is None or recipient.division is None:
            return
        if overlap(donor.division, recipient.division):
            self._open(row, recipient.text, f"{donor.text}与{recipient.text}是同一地或有隶属关系")
            return
        scheme = scheme_of(header, donor.division, recipient.division, self.scheme)
        remarks = "；".join(filter(None, (remark, remark_of((donor, recipient)))))
        text = row.shown
        self.edges.append(Edge(donor.division, recipient.division, scheme, text, row.line.start, "表格", remarks))

    def _open(self, row: Row, piece: str, reason: str, candidates: tuple[Division, ...] = ()) -> None:
        text = row.shown
        self.unresolved.append(Unresolved(text, piece or text, reason, row.line.start, candidates))

    def _beside(self, row: Row) -> str:
        """The text of the cells that hold no place."""
        return "".join(cell for cell in row.cells if self._run(cell, None) is None)


def _filled(row: Row, roles: Sequence[Role]) -> list[list[str]]:
    """The cells of both sides that name something."""
    return [
        [row.cells[c] for c in columns if c < len(row.cells) and not cells.empty(row.cells[c])]
        for columns in headers.sides(roles)
    ]


def _depth(division: Division) -> int:
    return ("province", "prefecture", "county").index(division.level)


def _spread(titles: Sequence[str], width: int) -> list[str]:
    """The titles of a header's first row, a blank one being that of the columns to its left."""
    spread: list[str] = []
    for title in [*titles, *[""] * (width - len(titles))]:
        spread.append(title or (spread[-1] if spread else ""))
    return spread
