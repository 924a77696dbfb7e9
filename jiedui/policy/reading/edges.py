"""结对判读: statements to edges. An edge is read only where the statement says who helps whom; all else is reported.

Every edge and every report cites its statement. Never read as edges: what is negated, past or supposed; lists that
are cut off or end in 等 on both sides; places that did not resolve; a donor that contains its recipient.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from itertools import product
from typing import Final

from jiedui.policy.reading import grammar, lexicon
from jiedui.policy.reading.grammar import Form, Token
from jiedui.policy.reading.mentions import Piece, Run, Scanner
from jiedui.policy.reading.statements import Statement
from jiedui.terms.divisions import Division
from jiedui.terms.names import REASONS

_TITLES: Final = re.compile("《[^《》]*》")
_FACING: Final = re.compile("[与同跟暨]")
"""The connectors that set two sides against each other."""
_LONGEST: Final = 60
"""Symbols; a longer clause is no form of the grammar."""
_INTEREST: Final = re.compile("[VSNnMRvKC]|O")
_NUMERALS: Final = {"两": 2, **{digit: i for i, digit in enumerate("一二三四五六七八九十", 1)}}


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


def read(statements: Iterable[Statement], scanner: Scanner, *, scheme: str | None = None, helping: bool) -> Outcome:
    """判读: all edges of a document's statements.

    `scheme` is given to every edge; None = by the words. `helping` says whether the page speaks of helping at all:
    only then are lists without a verb (A：X, A—X) read.
    """
    reader = _Reader(scanner, scheme, helping)
    for statement in statements:
        reader.statement(statement)
    return Outcome(tuple(reader.edges), tuple(reader.unresolved))


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


def problem_of(piece: Piece) -> str:
    """问题: why a piece is not usable, in Chinese."""
    return piece.problem or REASONS.get(piece.resolution.reason, ("没有认出", ""))[0]


def remark_of(pieces: Iterable[Piece]) -> str:
    """附注: by which former names the divisions were found."""
    former = [f"{p.resolution.former}今为{p.division.name}" for p in pieces if p.resolution.former and p.division]
    return "；".join(former)


@dataclass(slots=True)
class _Reader:
    """Reads statements one after the other; remembers what leads a list in and a label's first half."""

    scanner: Scanner
    scheme: str | None
    helping: bool
    edges: list[Edge] = field(default_factory=list)
    unresolved: list[Unresolved] = field(default_factory=list)
    lead: str = ""
    label: tuple[str, Side, Statement] | None = None
    undone: str = ""
    paragraph: int = -1

    def statement(self, statement: Statement) -> None:
        if statement.paragraph != self.paragraph:
            self.undone, self.paragraph = "", statement.paragraph
        text = _TITLES.sub(lambda m: "□" * len(m[0]), statement.text)
        if not lexicon.WORD.search(text):
            return
        runs = self.scanner.scan(text, statement.gaps)
        head, body, within = self._head(text, runs)
        if head and not within:
            self.lead = head
            self.undone = f"“{head}”之后所列" if lexicon.undone(head) else self.undone
        elif not runs and len(text) <= 40 and not statement.terminal:
            self.lead = text
        if runs:
            if within:
                runs = self.scanner.scan(text, statement.gaps, within)
                runs = [run for run in runs if run.start >= body]
            self._segments(statement, grammar.tokens(text, runs), body)
        if re.search("[。！!？?]", statement.terminal):
            self.undone = ""

    def _head(self, text: str, runs: Sequence[Run]) -> tuple[str, int, Division | None]:
        """What leads in before a colon: words without a place, or a place whose parts follow (北京市：海淀区帮扶…)."""
        colon = re.search("[:：]+", text)
        if not colon:
            return "", 0, None
        before = [run for run in runs if run.start < colon.start()]
        if not before and lexicon.LABEL.fullmatch(text, 0, colon.start()):
            return "", 0, None
        if not before:
            further = [m.end() for m in re.finditer("[:：]+", text) if not any(r.start < m.start() for r in runs)]
            return text[: colon.start()], max(further), None
        after = [run for run in runs if run.start >= colon.end()]
        only = before[0].divisions
        if len(before) == 1 and len(only) == 1 and before[0].end == colon.start() and len(after) >= 2:
            between = text[after[0].end : after[1].start]
            if re.search(lexicon.HELP, between):
                return text[: colon.start()], colon.end(), only[0]
        return "", 0, None

    def _segments(self, statement: Statement, found: Sequence[Token], body: int) -> None:
        parts = grammar.segments([t for t in found if t.start >= body])
        taken = False
        donors: Side | None = None
        last: tuple[Side, str, list[Token]] | None = None
        for index, part in enumerate(parts):
            signs = grammar.symbols(part)
            if "P" not in signs:
                last = None
                continue
            doubt = self._doubt(statement, parts, index)
            cut = statement.cut and index == len(parts) - 1
            if cut:
                part = self._without_stump(part)
            form = None if doubt or len(part) > _LONGEST else self._form(part)
            if form:
                donors, last = self._read(statement, part, form, cut=cut)
                taken = True
            elif not doubt and donors and re.match(r"^\+[LO]*VI?P[Qq]*(?:E?[Jr])*$", signs):
                recipients = self._side(
                    part, signs.index("P"), statement, cut=statement.cut and index == len(parts) - 1
                )
                self._pairs(statement, donors, recipients, part, Form("并帮扶X", 0, 0, False, False, False))
            elif not doubt and last and signs == "P" and self._continues(parts, index, last[0]):
                side = self._side(part, 0, statement, cut=cut)
                self._pairs(statement, last[0], side, last[2], Form("列举续", 0, 0, False, False, False))
            elif not self._labelled(statement, part, signs, doubt):
                self._report(statement, part, signs, doubt)
                last = None
        if taken:
            self.label = None

    def _without_stump(self, part: list[Token]) -> list[Token]:
        """…、恩施土家族苗: the stump of a name at the very end makes that place uncertain, not the ones before it."""
        if len(part) < 2 or part[-1].symbol != "W" or part[-2].run is None or len(part[-2].run.pieces) < 2:
            return part
        run = part[-2].run
        stump = run.pieces[-1].text + part[-1].text
        if part[-2].end != part[-1].start or not self.scanner.resolver.begins(stump):
            return part
        last = _troubled(run.pieces[-1], "文字到此中断，地名可能不全")
        return [*part[:-2], replace(part[-2], run=replace(run, pieces=(*run.pieces[:-1], last)))]

    def _form(self, part: Sequence[Token]) -> Form | None:
        form = grammar.form_of(part)
        if form is None or (form.name in grammar.OWN_LINE and not self.helping):
            return None
        if form.name == "A与X结对" and part[0].symbol != "P":
            return None
        return form

    def _doubt(self, statement: Statement, parts: Sequence[Sequence[Token]], index: int) -> str:
        """Why nothing of this segment may be read, in Chinese, or nothing."""
        if self.undone:
            return f"{self.undone}不是现行的结对关系"
        if "X" in grammar.symbols(parts[index]):
            return "否定、除外或过去的表述，不作为现行结对关系"
        if any("H" in grammar.symbols(part) for part in parts[: index + 1]):
            return "建议、设想或假设的表述，不作为现行结对关系"
        if "？" in statement.terminal or "?" in statement.terminal:
            return "疑问句，不作为现行结对关系"
        return ""

    def _continues(self, parts: Sequence[Sequence[Token]], index: int, donors: Side) -> bool:
        """Places after a comma go on with the recipients where nothing follows that they could belong to."""
        run = parts[index][0].run
        alone = all(grammar.symbols(part) == "P" for part in parts[index:])
        return alone and run is not None and orient(donors.divisions, run.divisions) is True

    def _read(
        self, statement: Statement, part: Sequence[Token], form: Form, *, cut: bool
    ) -> tuple[Side | None, tuple[Side, str, list[Token]] | None]:
        final = max(form.donors, form.recipients)
        if form.mutual and form.donors == form.recipients:
            self._mutual(statement, part, form)
            return None, None
        lenient = form.name in grammar.OWN_LINE and not self._deeper(part, final)
        sides = {
            at: self._side(part, at, statement, cut=cut and at == final and at + 1 >= len(part) and not lenient)
            for at in (form.donors, form.recipients)
        }
        donors, recipients = sides[form.donors], sides[form.recipients]
        if form.mutual:
            forward = self._direction(part, donors, recipients)
            if forward is None:
                self._open(statement, part, "两地之间没有写明谁帮扶谁")
                return None, None
            donors, recipients = (donors, recipients) if forward else (recipients, donors)
        self._pairs(statement, donors, recipients, part, form)
        after = (donors, form.name, list(part)) if final == form.recipients and not form.pairwise else None
        return donors, after

    def _direction(self, part: Sequence[Token], left: Side, right: Side) -> bool | None:
        sign = next((t.text for t in part if t.symbol == "K"), "")
        if re.search("[→⇒⟶➔➡]|[-–—=][＞>]", sign) and "<" not in sign:
            return True
        return orient(left.divisions, right.divisions)

    def _deeper(self, part: Sequence[Token], final: int) -> bool:
        run = part[final].run
        last = run.pieces[-1].division if run else None
        order = ("province", "prefecture", "county")
        return last is None or any(order.index(e.recipient.level) > order.index(last.level) for e in self.edges)

    def _mutual(self, statement: Statement, part: Sequence[Token], form: Form) -> None:
        run = part[form.donors].run
        pieces = run.pieces if run else ()
        connectors = run.connectors if run else ()
        if len(pieces) > 2 and all(bool(_FACING.search(c)) == (i % 2 == 0) for i, c in enumerate(connectors)):
            for at in range(0, len(pieces) - 1, 2):
                self._facing(statement, Side(pieces[at : at + 1]), Side(pieces[at + 1 : at + 2]), part, form)
            return
        strong = [i for i, c in enumerate(connectors) if _FACING.search(c)]
        border = strong[0] if len(strong) == 1 else 0 if len(pieces) == 2 and connectors[0] in ("和", "及") else None
        if border is None:
            self._open(statement, part, "没有写明谁帮扶谁")
            return
        self._facing(statement, Side(pieces[: border + 1]), Side(pieces[border + 1 :]), part, form)

    def _facing(self, statement: Statement, left: Side, right: Side, part: Sequence[Token], form: Form) -> None:
        forward = orient(left.divisions, right.divisions)
        if forward is None and left.divisions and right.divisions:
            self._open(statement, part, "两地之间没有写明谁帮扶谁")
            return
        donors, recipients = (left, right) if forward is not False else (right, left)
        self._pairs(statement, donors, recipients, part, form)

    def _side(self, part: Sequence[Token], at: int, statement: Statement, *, cut: bool) -> Side:
        run = part[at].run
        pieces = run.pieces if run else ()
        complete, remark = True, ""
        for token in part[at + 1 : at + 3]:
            if token.symbol not in "Qq":
                break
            count = _count(token.text)
            if token.symbol == "q" and len(pieces) == 1 and count != 1:
                pieces = (_troubled(pieces[0], f"“{token.text}”没有逐一列名"),)
            elif count is not None and count != len(pieces):
                complete, remark = False, f"“{token.text}”与列出的个数不符"
            elif token.symbol == "Q" and count is None:
                complete, remark = False, "列举未尽（等）"
        if cut and pieces and not _certain(pieces[-1]):
            pieces = (*pieces[:-1], _troubled(pieces[-1], "文字到此中断，地名可能不全"))
        return Side(pieces, complete, remark)

    def _pairs(self, statement: Statement, donors: Side, recipients: Side, part: Sequence[Token], form: Form) -> None:
        for piece in (*donors.pieces, *recipients.pieces):
            if piece.division is None:
                row = Unresolved(
                    statement.text, piece.text, problem_of(piece), statement.start, piece.resolution.candidates
                )
                self._add_unresolved(row)
        for side in (donors, recipients):
            if not side.complete:
                self._open(statement, part, side.remark)
        if not donors.complete and not recipients.complete:
            return
        many = len(donors.pieces) > 1 and len(recipients.pieces) > 1
        separate = form.pairwise and (len(donors.pieces) > 1)
        if (separate and len(donors.pieces) != len(recipients.pieces)) or (form.each and many):
            self._open(statement, part, f"分别对应，但帮扶方{len(donors.pieces)}个、被帮扶方{len(recipients.pieces)}个")
            return
        pairs = (
            zip(donors.pieces, recipients.pieces, strict=True)
            if separate
            else product(donors.pieces, recipients.pieces)
        )
        remark = "多对多：每个帮扶方对每个被帮扶方" if many and not separate else ""
        for donor, recipient in pairs:
            self._edge(statement, donor, recipient, part, form, remark)

    def _edge(
        self, statement: Statement, donor: Piece, recipient: Piece, part: Sequence[Token], form: Form, remark: str
    ) -> None:
        if donor.division is None or recipient.division is None:
            return
        if overlap(donor.division, recipient.division):
            self._open(statement, part, f"{donor.text}与{recipient.text}是同一地或有隶属关系")
            return
        words = statement.text[part[0].start : part[-1].end]
        if form.mutual or form.name == "列举续" or "V" not in grammar.symbols(part):
            words += self.lead
        scheme = scheme_of(words, donor.division, recipient.division, self.scheme)
        remarks = "；".join(filter(None, (remark, remark_of((donor, recipient)))))
        edge = Edge(donor.division, recipient.division, scheme, statement.text, statement.start, form.name, remarks)
        self.edges.append(edge)

    def _labelled(self, statement: Statement, part: Sequence[Token], signs: str, doubt: str) -> bool:
        """帮扶方：A on one line, 受援方：X on the next."""
        match = re.fullmatch("([Nn])[IC]*P[Qq]*", signs)
        if not match or doubt:
            return False
        side = self._side(part, signs.index("P"), statement, cut=statement.cut)
        if self.label and self.label[0] != match[1]:
            donors, recipients = (self.label[1], side) if match[1] == "n" else (side, self.label[1])
            self._pairs(statement, donors, recipients, part, Form("帮扶方A受援方X", 0, 0, False, False, False))
            self.label = None
        else:
            self.label = (match[1], side, statement)
        return True

    def _report(self, statement: Statement, part: Sequence[Token], signs: str, doubt: str) -> None:
        """Report a segment that names places and helping but was not read."""
        if signs == "P" and lexicon.HELP_WORD.search(statement.text):
            self._open(statement, part, "逗号前后的地名不知属于哪一方")
            return
        places = signs.count("P") + sum(len(t.run.connectors) for t in part if t.run)
        says = re.search("[VSNnMRv]", signs)
        signed = self.helping and signs.count("P") > 1 and re.search("[KC]", signs)
        named = [t for t in part if t.run]
        if not says and not signed:
            return
        if not lexicon.HELP_WORD.search("".join(t.text for t in part)) and places < 2:
            return
        piece = statement.text[named[0].start : part[-1].end]
        self._add_unresolved(
            Unresolved(statement.text, piece, doubt or _why(signs, statement.cut), statement.start, _candidates(named))
        )

    def _open(self, statement: Statement, part: Sequence[Token], reason: str) -> None:
        piece = statement.text[part[0].start : part[-1].end]
        self._add_unresolved(Unresolved(statement.text, piece, reason, statement.start))

    def _add_unresolved(self, row: Unresolved) -> None:
        if row not in self.unresolved[-8:]:
            self.unresolved.append(row)


def _why(signs: str, cut: bool) -> str:
    if cut:
        return "文字到此中断，句子不完整"
    if re.search("[Vv].*P", signs) and not re.search("P.*[Vv]", signs):
        return "没有写明帮扶方"
    if re.search("P.*[Vv]", signs) and signs.count("P") == 1 and not re.search("[Vv].*P", signs):
        return "没有写明谁帮扶谁"
    if re.search("P.*[Vv].*P.*W", signs):
        return "被帮扶方之后的文字读不懂"
    return "句式无法判读"


def _candidates(named: Sequence[Token]) -> tuple[Division, ...]:
    return tuple(c for t in named if t.run for p in t.run.pieces for c in p.resolution.candidates)


def _count(text: str) -> int | None:
    match = re.search("[0-9]+|[两一二三四五六七八九十]+", text)
    if not match:
        return None
    digits = match[0]
    if digits.isdigit() and digits.isascii():
        return int(digits)
    if len(digits) == 1:
        return _NUMERALS[digits]
    tens, _, ones = digits.partition("十")
    return (_NUMERALS[tens[-1]] if tens else 1) * 10 + (_NUMERALS[ones[0]] if ones else 0)


def _troubled(piece: Piece, problem: str) -> Piece:
    return Piece(piece.text, piece.start, piece.end, piece.resolution, problem)


def _certain(piece: Piece) -> bool:
    """A name that cannot go on: a county by its official name."""
    division = piece.division
    return division is not None and division.level == "county" and piece.text.endswith(division.name)
