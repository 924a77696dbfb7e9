"""表格: tables of pairings: lines of cells parted by tabs, |, several spaces or (below a header) single ones.

A header names the sides (帮扶方, 受援地区, in either order); columns under one side (省, 市, 县) make one place. A
side that a row leaves empty is that of the row above, as in a cell that spans rows. Without a header two columns of
places are read only when it is certain which of them can be the donor.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Final, Literal

from jiedui.policy.reading import lexicon
from jiedui.policy.reading.edges import (
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
from jiedui.policy.reading.layout import Line
from jiedui.policy.reading.mentions import Piece, Scanner
from jiedui.terms.divisions import Division
from jiedui.terms.names import Resolution

Role = Literal["donor", "recipient", "either", "below", "none"]

_RECIPIENT: Final = re.compile(
    "受援|被帮扶|受帮扶|受助|被支援|受扶|(?:帮扶|支援|协作|结对|对口)(?:对象|地区|地$|市州|州市|县)|西部|贫困|深度"
)
_DONOR: Final = re.compile("帮扶|支援|援助|东部|援方|派出")
_EITHER: Final = re.compile("结对|协作|对口|合作")
_PLAIN: Final = re.compile(
    "(?:省区市|省区|省市|省份|省|市州|州市|地市|地区|城市|市|州|盟市|盟|县市区|县区|区县|旗县|县市|县|区|旗)(?:名称?)?"
)
_NONE: Final = re.compile("序号|编号|备注|说明|联系|电话|时间|日期|年度|项目|资金|金额|人数|负责人|代码|内容")
_EMPTY: Final = re.compile("[-—–/／\\\\无]*|全[省市区州境域]")
_RULE: Final = re.compile(r"[\s|:+\-=─━┼│]+")
_CELL_MARK: Final = re.compile(r"^(?:[0-9]{1,3}[、.．)）]\s*|[（(][0-9]{1,3}[）)]\s*|[-•·●]\s*)")


@dataclass(frozen=True, slots=True)
class Row:
    """行: the cells of one line and how they were parted."""

    line: Line
    cells: tuple[str, ...]
    parted: str


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
    for block in _blocks(lines):
        at = 0
        reader.lead = _lead(lines, block[0].line.number)
        while at < len(block):
            used = reader.table(block[at:], helping=helping)
            taken.update(row.line.number for row in block[at : at + used])
            at += max(used, 1)
    return Tables(Outcome(tuple(reader.edges), tuple(reader.unresolved)), frozenset(taken))


def _lead(lines: Sequence[Line], number: int) -> str:
    """The line above a table, which may name its scheme or say that it no longer holds."""
    index = bisect_left(lines, number, key=lambda line: line.number)
    above = (line.text.strip() for line in reversed(lines[max(index - 4, 0) : index]))
    text = next((text for text in above if text), "")
    return text if len(text) <= 60 else ""


def cells_of(text: str) -> tuple[tuple[str, ...], str]:
    """分格: the cells of a line and what parts them ("" where nothing does)."""
    stripped = text.strip()
    if "|" in stripped or "│" in stripped:
        return tuple(cell.strip() for cell in re.split("[|│]", stripped.strip("|│"))), "|"
    if "\t" in text:
        return tuple(cell.strip() for cell in text.rstrip().split("\t")), "\t"
    if re.search(r"\S(?: {2,}|[ ]*　+[ ]*)\S", stripped) or re.match(r"(?: {4,}|　{3,})\S", text):
        empty = ("",) if re.match(r"(?: {4,}|　{3,})\S", text) else ()
        return (*empty, *re.split(r" {2,}|[ ]*　+[ ]*", stripped)), "  "
    if " " in stripped:
        return tuple(stripped.split()), " "
    return (stripped,), ""


def _blocks(lines: Sequence[Line]) -> Iterator[list[Row]]:
    """Neighbouring lines with at least two cells."""
    block: list[Row] = []
    for line in lines:
        cells, parted = cells_of(line.text)
        if parted and _RULE.fullmatch(line.text):
            if block:
                block.append(Row(line, (), parted))
        elif len(cells) > 1:
            block.append(Row(line, cells, parted))
        elif block:
            yield block
            block = []
    if block:
        yield block


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
            self._rows(body_rows, roles, self.lead + "".join("".join(row.cells) for row in rows[:depth]))
            return depth + len(body)
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
        if second and len(second) == len(titles) and all(not c or _PLAIN.fullmatch(c) or c in titles for c in second):
            titles = [a if a == b else a + b for a, b in zip(titles, second, strict=True)]
            depth = 2
        roles = _roles(titles)
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

    def _bare_pair(self, row: Row) -> bool:
        return row.parted != " " and len(row.cells) == 2 and all(self._places(cell) for cell in row.cells)

    def _places(self, cell: str) -> bool:
        text = _clean(cell)
        run = self.scanner.run(text, 0) if text else None
        return run is not None and run.end == len(text) and bool(run.divisions)

    def _rows(self, rows: Sequence[Row], roles: Sequence[Role], header: str) -> None:
        before: dict[str, tuple[Piece, ...]] = {}
        for row in rows:
            if not row.cells:
                continue
            if row.parted == " " and len(row.cells) != len(roles):
                self._open(row, "", "格数与表头不符")
                continue
            left, right = _sides(roles)
            sides = []
            for name, columns in (("left", left), ("right", right)):
                cells = [row.cells[c] for c in columns if c < len(row.cells)]
                filled = [cell for cell in cells if not _EMPTY.fullmatch(_clean(cell))]
                if filled:
                    before[name] = self._side(filled, row)
                sides.append(before.get(name, ()))
            if any(not _EMPTY.fullmatch(_clean(row.cells[c])) for c in (*left, *right) if c < len(row.cells)):
                self._pair(row, sides[0], sides[1], header, certain="either" not in roles)

    def _side(self, cells: Sequence[str], row: Row) -> tuple[Piece, ...]:
        """The places of one side: the deepest column's, inside those of the columns before it."""
        within: Division | None = None
        pieces: tuple[Piece, ...] = ()
        for cell in cells:
            text = _clean(cell)
            run = self.scanner.run(text, 0, (), within)
            if run is None or run.end != len(text):
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
        if lexicon.undone(self.lead):
            self._open(row, "", f"“{self.lead}”之后所列不是现行的结对关系")
            return
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
        many = len(donors) > 1 and len(recipients) > 1
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
        text = _shown(row)
        self.edges.append(Edge(donor.division, recipient.division, scheme, text, row.line.start, "表格", remarks))

    def _open(self, row: Row, piece: str, reason: str, candidates: tuple[Division, ...] = ()) -> None:
        text = _shown(row)
        self.unresolved.append(Unresolved(text, piece or text, reason, row.line.start, candidates))


def _clean(cell: str) -> str:
    text = re.sub(r"\s+", "", _CELL_MARK.sub("", cell.strip()).replace("*", ""))
    return re.sub("(?:[、，,；;。]|等)+$", "", text)


def _shown(row: Row) -> str:
    return " | ".join(cell for cell in row.cells)


def _roles(titles: Sequence[str]) -> tuple[Role, ...]:
    """The role of each column by its title; empty where the titles are no header of pairings."""
    roles: list[Role] = []
    for title in titles:
        text = re.sub(r"\s+", "", title)
        if _NONE.search(text) or not text:
            roles.append("none")
        elif _PLAIN.fullmatch(text):
            roles.append("below" if any(r != "none" for r in roles) else "either")
        elif _RECIPIENT.search(text) and len(text) <= 16:
            roles.append("recipient")
        elif _DONOR.search(text) and len(text) <= 16:
            roles.append("donor")
        elif _EITHER.search(text) and len(text) <= 16:
            roles.append("either")
        else:
            roles.append("none")
    return _settled(roles)


def _settled(roles: Sequence[Role]) -> tuple[Role, ...]:
    """A side that is not named is the other one of a side that is; a plain 省, 市, 县 belongs to the column before."""
    named = set(roles)
    either: Role = "either"
    if "donor" in named and "recipient" not in named:
        either = "recipient"
    elif "recipient" in named and "donor" not in named:
        either = "donor"
    settled: list[Role] = []
    for role in roles:
        if role == "below":
            role = next((r for r in reversed(settled) if r != "none"), "none")
        elif role == "either":
            role = either
        settled.append(role)
    sides = _sides(settled)
    return tuple(settled) if sides[0] and sides[1] else ()


def _sides(roles: Sequence[Role]) -> tuple[list[int], list[int]]:
    """The columns of the donors and of the recipients; of two columns that can be either, the left and the right."""
    donors = [i for i, role in enumerate(roles) if role == "donor"]
    recipients = [i for i, role in enumerate(roles) if role == "recipient"]
    either = [i for i, role in enumerate(roles) if role == "either"]
    if len(either) == 2 and not donors and not recipients:
        return either[:1], either[1:]
    return donors, recipients
