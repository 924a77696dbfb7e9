"""语句判读: statements to edges. An edge is read only where the statement says who helps whom; all else is reported.

Every edge and every report cites its statement. Never read as edges: what is negated, past or supposed; the last place
of a statement that is cut off; lists that end in 等 on both sides; places that did not resolve.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from typing import Final

from jiedui.policy.reading import grammar, lexicon, segments
from jiedui.policy.reading.edges import (
    AMBIGUOUS,
    MANY,
    Edge,
    Outcome,
    Side,
    Unresolved,
    contains,
    orient,
    overlap,
    problem_of,
    quoted,
    remark_of,
    scheme_of,
)
from jiedui.policy.reading.grammar import Form
from jiedui.policy.reading.mentions import Piece, Run, Scanner
from jiedui.policy.reading.segments import CUT, Scope, Segment
from jiedui.policy.reading.statements import Statement
from jiedui.terms.divisions import Division

_TITLES: Final = re.compile("《[^《》]*》")
_FACING: Final = re.compile("[与同跟暨]")
"""The connectors that set two sides against each other."""
_BINDING: Final = re.compile("结对|结为|结成|对子|(?:开展|实施|实行|建立|形成|确立).*(?:帮扶|支援|扶贫|对口|东西部)")
"""Two places side by side are a pair by these words; 北京市与河北省协作 alone is none."""
_CUT: Final = "文字到此中断，句子不完整"
_LONGEST: Final = 60
"""Symbols; a longer clause is no form of the grammar."""
_REMARK: Final = re.compile(
    f"由?(?P<d>.+?)(?:负责|承担)?(?:对口|结对|定点)*(?:{lexicon.HELP})|(?:负责|对口|结对|定点)*(?:{lexicon.HELP})(?P<r>.+)"
)
_ELLIPTICAL: Final = re.compile(r"\+[LO]*VI?P[Qq]*(?:E?[Jr])*|\+?TPE?L?V(?:E?[Jrw])*")
_RESUMED: Final = re.compile("(?:[LO]*VI?P[Qq]*|TPE?L?V)(?:E?[Jrw])*")
"""After 不再帮扶X，: 继续帮扶Y."""
_ONCE_MORE: Final = re.compile("继续|而是|转而|改为|改|现")
_STOPPED: Final = re.compile("P[^PVv]*X[^PVv]*[Vv]")
_HANDED_OVER: Final = re.compile("[XU]+P[^P]*VEP")
_TAKEN_OVER: Final = re.compile("UPG?(?:[OL]*V|O)(?:E?[Jrw])*")
"""原由A帮扶的X，改由B帮扶: its two halves."""
_GENERIC: Final = "各|全|本|该|有关|相关|[东西中]部|东西|贫困|深度|所有|受援|帮扶|[省市县州区]|其他|当地|两地|地方"
_NAMELESS: Final = re.compile(
    f"(?P<d>(?!{_GENERIC})[一-龥]{{2,12}}?(?:省|市|州|盟|县|区|旗))(?:东西部|对口|结对|定点)*(?:帮扶|支援|援助|协作)"
    f"(?!{_GENERIC})[一-龥]{{1,12}}?(?:省|市|州|盟|县|区|旗)"
)
"""青龙市帮扶白虎州: the words of a pairing between names that mean no division."""
_DEPTH: Final = {"province": 0, "prefecture": 1, "county": 2}
_NUMERALS: Final = {"两": 2, **{digit: i for i, digit in enumerate("一二三四五六七八九十", 1)}}


@dataclass(slots=True)
class _Before:
    """What the segment before said, for a segment that leaves it out."""

    donors: Side | None = None
    listed: tuple[Side, str] | None = None
    """The donors and the words of a segment that ended with its recipients."""
    stopped: Side | None = None
    """The donors of a segment that says whom they no longer help."""
    handed: Side | None = None
    """The recipients of a segment that says who helped them before."""


def read(statements: Iterable[Statement], scanner: Scanner, *, scheme: str | None = None, helping: bool) -> Outcome:
    """判读: all edges of a document's statements.

    `scheme` is given to every edge; None = by the words. `helping` says whether the page speaks of helping at all:
    only then are lists without a verb (A：X, A—X) read.
    """
    reader = _Reader(scanner, scheme, helping)
    for statement in statements:
        reader.statement(statement)
    return Outcome(tuple(reader.edges), tuple(reader.unresolved))


@dataclass(slots=True)
class _Reader:
    """Reads statements one after the other; remembers what leads a list in and a label's first half."""

    scanner: Scanner
    scheme: str | None
    helping: bool
    edges: list[Edge] = field(default_factory=list)
    unresolved: list[Unresolved] = field(default_factory=list)
    lead: str = ""
    scope: Scope = field(default_factory=Scope)
    one_to_one: bool = False
    label: tuple[str, Side] | None = None
    paragraph: int = -1
    depth: int = 0

    def statement(self, statement: Statement) -> None:
        if statement.paragraph != self.paragraph:
            self.scope, self.paragraph = Scope(), statement.paragraph
        text = _TITLES.sub(lambda m: "□" * len(m[0]), statement.text)
        runs = self.scanner.scan(text, statement.gaps)
        self.one_to_one = bool(lexicon.ONE_TO_ONE.search(text))
        head, body, within = segments.head(text, runs)
        if head and not within:
            self.lead = (head if runs else text)[-_LONGEST:]
            self.scope.undone = f"“{self.lead}”之后所列" if lexicon.undone(head) else self.scope.undone
        if within:
            runs = [run for run in self.scanner.scan(text, statement.gaps, within) if run.start >= body]
        read, told = len(self.edges), len(self.unresolved)
        if runs:
            tokens = [token for token in grammar.tokens(text, runs) if token.start >= body]
            self._segments(list(segments.segmented(statement, tokens, self.scanner, self.scope)))
        if not head and len(text) <= _LONGEST and not statement.terminal and len(self.edges) == read:
            self.lead = text
        if (read, told) == (len(self.edges), len(self.unresolved)):
            self._nameless(statement, text)
        if re.search("[。！!？?]", statement.terminal):
            self.scope = Scope()

    def _nameless(self, statement: Statement, text: str) -> None:
        """Report a pairing between names none of which is known."""
        match = _NAMELESS.search(text)
        if match:
            sentence = quoted(statement.text, match.start(), match.end())
            self.unresolved.append(Unresolved(sentence, match[0], "地名没有认出", statement.start))

    def _segments(self, found: Sequence[Segment]) -> None:
        before = _Before()
        taken = False
        held: list[Segment] = []
        for index, segment in enumerate(found):
            if len(held) == index and self._holds(segment, found[index + 1 : index + 2]):
                held.append(segment)
                continue
            before, read = self._segment(segment, before, held if len(held) == index else ())
            taken = taken or read
        if taken:
            self.label = None

    def _holds(self, segment: Segment, following: Sequence[Segment]) -> bool:
        """A、B，C帮扶X: bare places at the beginning belong to the list that the next segment begins with."""
        if segment.doubt or segment.signs.lstrip("+I") != "P" or not following:
            return False
        signs = following[0].signs.lstrip("+I")
        form = None if signs == "P" else self._form(following[0])
        return signs == "P" or (form is not None and not form.mutual and signs.startswith("P"))

    def _segment(self, segment: Segment, before: _Before, held: Sequence[Segment]) -> tuple[_Before, bool]:
        """Read one segment: what the next may leave out, and whether it was read by a form."""
        signs = segment.signs
        if "P" not in signs:
            return (before if set(signs) <= {"+", "W"} and len(segment.text) <= 2 else _Before()), False
        remarked = self._remarks(segment)
        form = self._form(segment)
        if form:
            return self._read(segment, form, held), True
        for bare in held:
            self._report(bare)
        if not segment.doubt and len(segment.tokens) <= _LONGEST and grammar.CHAIN.match(signs):
            return self._chain(segment), True
        if not segment.doubt and before.donors and _ELLIPTICAL.fullmatch(signs):
            recipients = self._side(segment, signs.index("P"), cut=segment.cut)
            self._pairs(segment, before.donors, recipients, "并帮扶X")
            return before, True
        if not segment.doubt and before.listed and segment.alone:
            donors, words = before.listed
            at = signs.index("P")
            if orient(donors.divisions, segment.run(at).divisions):
                self._pairs(segment, donors, self._side(segment, at, cut=segment.cut), "列举续", words=words)
                return before, True
        if self._resumed(segment, before):
            return before, True
        if not remarked and not self._labelled(segment):
            self._report(segment)
        return self._left(segment), remarked

    def _left(self, segment: Segment) -> _Before:
        """What a segment that no longer holds leaves to the next: who stopped to help, or what was handed over."""
        if not segment.doubt or self.scope != Scope():
            return _Before()
        signs = segment.signs.lstrip("+")
        at = len(segment.signs) - len(signs)
        if _STOPPED.match(signs):
            return _Before(stopped=self._side(segment, at, cut=False))
        if _HANDED_OVER.fullmatch(signs):
            return _Before(handed=self._side(segment, len(segment.tokens) - 1, cut=False))
        return _Before()

    def _resumed(self, segment: Segment, before: _Before) -> bool:
        """A不再帮扶X，继续帮扶Y and 原由A帮扶的X，改由B帮扶: the second half."""
        signs = segment.signs
        words = segment.lead + segment.text
        if segment.doubt or not _ONCE_MORE.match(words):
            return False
        at = signs.find("P")
        if before.stopped and _RESUMED.fullmatch(signs):
            self._pairs(segment, before.stopped, self._side(segment, at, cut=segment.cut), "继续帮扶X")
            return True
        if before.handed and _TAKEN_OVER.fullmatch(signs):
            self._pairs(segment, self._side(segment, at, cut=False), before.handed, "X改由A帮扶")
            return True
        return False

    def _form(self, segment: Segment) -> Form | None:
        if segment.doubt or len(segment.tokens) > _LONGEST:
            return None
        form = grammar.form_of(segment.tokens)
        if form is None:
            return None
        # A list, or 负责 alone, is about helping only where the page is.
        return form if self.helping or re.search("[VvSNnM]", segment.signs) else None

    def _read(self, segment: Segment, form: Form, held: Sequence[Segment] = ()) -> _Before:
        if form.mutual and form.donors == form.recipients:
            self._mutual(segment, form)
            return _Before()
        final = max(form.donors, form.recipients)
        cut = segment.cut and final + 1 == len(segment.tokens)
        if form.name in grammar.OWN_LINE and not self._goes_deeper(segment.run(final)):
            cut = False
        donors = self._side(segment, form.donors, cut=cut and form.donors == final)
        recipients = self._side(segment, form.recipients, cut=cut and form.recipients == final)
        more = tuple(piece for bare in held for piece in bare.run(bare.signs.index("P")).pieces)
        if form.donors < form.recipients:
            donors = replace(donors, pieces=(*more, *donors.pieces))
        else:
            recipients = replace(recipients, pieces=(*more, *recipients.pieces))
        if form.mutual:
            forward = _arrow(segment)
            if forward is None:
                forward = self._direction(donors, recipients)
            if forward is None and donors.divisions and recipients.divisions:
                self._open(segment, "两地之间没有写明谁帮扶谁")
                return _Before()
            donors, recipients = (recipients, donors) if forward is False else (donors, recipients)
        if _doubtful(segment):
            forward = orient(donors.divisions, recipients.divisions)
            if forward is None and donors.divisions and recipients.divisions:
                self._open(segment, "两地之间没有写明谁帮扶谁")
                return _Before()
            donors, recipients = (recipients, donors) if forward is False else (donors, recipients)
        self._pairs(segment, donors, recipients, form.name, pairwise=form.pairwise, each=form.each)
        listed = (donors, segment.text) if final == form.recipients and not form.pairwise else None
        return _Before(donors, listed)

    def _chain(self, segment: Segment) -> _Before:
        """A帮扶X、B帮扶Y: a run between two verbs is split where its donors begin."""
        at = [index for index, token in enumerate(segment.tokens) if token.run]
        donors = self._side(segment, at[0], cut=False)
        for index in at[1:-1]:
            pieces = segment.run(index).pieces
            borders = [b for b in range(1, len(pieces)) if _splits(pieces, b)]
            if len(pieces) == 2:
                borders = [1]
            if len(borders) != 1:
                self._open(segment, "句式无法判读")
                return _Before()
            self._pairs(segment, donors, Side(pieces[: borders[0]]), "A帮扶X")
            donors = Side(pieces[borders[0] :])
        self._pairs(segment, donors, self._side(segment, at[-1], cut=segment.cut), "A帮扶X")
        return _Before(donors)

    def _remarks(self, segment: Segment) -> bool:
        """内蒙古自治区（由北京市帮扶）, 北京市（帮扶内蒙古自治区）: a pair inside brackets; whether there was one."""
        found = False
        for token in segment.tokens:
            for piece in token.run.pieces if token.run else ():
                match = _REMARK.fullmatch(piece.remark)
                if not match or segment.doubt or lexicon.LABEL.fullmatch(piece.remark):
                    continue
                found = True
                run = self.scanner.run(match["d"] or match["r"], 0)
                if run is None or run.end != len(match["d"] or match["r"]):
                    self._open(segment, "括号内的句式无法判读", piece)
                    continue
                outer, inner = Side((piece,)), Side(run.pieces)
                donors, recipients = (inner, outer) if match["d"] else (outer, inner)
                self._pairs(segment, donors, recipients, "X（A帮扶）", words=piece.remark)
        return found

    def _direction(self, left: Side, right: Side) -> bool | None:
        """Whether the left side helps: by the places, or by a heading 帮扶方—受援方; None where they disagree."""
        by_places = orient(left.divisions, right.divisions)
        labels = [
            name for match in lexicon.LABELS.finditer(self.lead) for name, text in match.groupdict().items() if text
        ]
        by_lead = labels[0] == "donor" if sorted(labels) == ["donor", "recipient"] else None
        if by_places is None or by_lead is None:
            return by_lead if by_places is None else by_places
        return by_places if by_places == by_lead else None

    def _goes_deeper(self, run: Run) -> bool:
        """Whether the page names recipients below the level of the run's last place, so that it may be a stump."""
        last = run.pieces[-1].division if run.pieces else None
        return last is None or self.depth > _DEPTH[last.level]

    def _mutual(self, segment: Segment, form: Form) -> None:
        """A与X结对, A与X、B与Y结对: one run that holds both sides."""
        run = segment.run(form.donors)
        if not _BINDING.search(segment.text):
            self._open(segment, _CUT if segment.cut else "没有写明谁帮扶谁")
            return
        facing = [bool(_FACING.search(connector)) for connector in run.connectors]
        if len(facing) > 1 and len(facing) % 2 and facing == [at % 2 == 0 for at in range(len(facing))]:
            for at in range(0, len(run.pieces) - 1, 2):
                self._facing(segment, run.pieces[at : at + 1], run.pieces[at + 1 : at + 2], form)
        elif facing.count(True) == 1:
            border = facing.index(True) + 1
            self._facing(segment, run.pieces[:border], run.pieces[border:], form)
        elif len(run.pieces) == 2 and run.connectors[0] in ("和", "及"):
            self._facing(segment, run.pieces[:1], run.pieces[1:], form)
        else:
            self._open(segment, "没有写明谁帮扶谁")

    def _facing(self, segment: Segment, left: tuple[Piece, ...], right: tuple[Piece, ...], form: Form) -> None:
        sides = Side(left), Side(right)
        forward = orient(sides[0].divisions, sides[1].divisions)
        if forward is None and sides[0].divisions and sides[1].divisions:
            self._open(segment, "两地之间没有写明谁帮扶谁")
            return
        donors, recipients = sides if forward is not False else (sides[1], sides[0])
        self._pairs(segment, donors, recipients, form.name, pairwise=form.pairwise, each=form.each)

    def _side(self, segment: Segment, at: int, *, cut: bool) -> Side:
        """The places of one side with what the 等 or the count behind them says of the list."""
        pieces = segment.run(at).pieces
        complete, remark = True, ""
        for token in segment.tokens[at + 1 : at + 3]:
            if token.symbol not in "Qq":
                break
            count = _count(token.text)
            if token.symbol == "q" and len(pieces) == 1 and count != 1:
                pieces = (replace(pieces[0], problem=f"“{token.text}”没有逐一列名"),)
            elif count is not None and count != len(pieces):
                complete, remark = False, f"“{token.text}”与列出的个数不符"
            elif token.symbol == "Q" and count is None:
                complete, remark = False, "列举未尽（等）"
        if cut and pieces and not pieces[-1].problem and not _certain(pieces[-1]):
            pieces = (*pieces[:-1], replace(pieces[-1], problem=CUT))
        return Side(pieces, complete, remark)

    def _pairs(
        self,
        segment: Segment,
        donors: Side,
        recipients: Side,
        form: str,
        *,
        pairwise: bool = False,
        each: bool = False,
        words: str = "",
    ) -> None:
        for piece in (*donors.pieces, *recipients.pieces):
            if piece.division is None:
                self._open(segment, problem_of(piece), piece)
        for side in (donors, recipients):
            if not side.complete:
                self._open(segment, side.remark)
        if not donors.complete and not recipients.complete:
            return
        many = len(donors.pieces) > 1 and len(recipients.pieces) > 1
        separate = len(donors.pieces) > 1 and (pairwise or (many and self.one_to_one))
        if (separate and len(donors.pieces) != len(recipients.pieces)) or (each and many):
            counts = f"帮扶方{len(donors.pieces)}个、被帮扶方{len(recipients.pieces)}个"
            self._open(segment, f"分别对应，但{counts}")
            return
        if many and not separate and not lexicon.TOGETHER.search(segment.wording):
            self._open(segment, AMBIGUOUS)
            return
        together = zip if separate else product
        remark = MANY if many and not separate else ""
        for donor, recipient in together(donors.pieces, recipients.pieces):
            self._edge(segment, donor, recipient, form, remark, words or segment.text)

    def _edge(self, segment: Segment, donor: Piece, recipient: Piece, form: str, remark: str, words: str) -> None:
        if donor.division is None or recipient.division is None:
            return
        own = contains(donor.division, recipient.division) and form in grammar.DIRECTED
        if overlap(donor.division, recipient.division) and not own:
            self._open(segment, f"{donor.text}与{recipient.text}是同一地或有隶属关系")
            return
        if not re.search("帮扶|协作|对口", words):
            words += self.lead
        statement = segment.statement
        self.depth = max(self.depth, _DEPTH[recipient.division.level])
        self.edges.append(
            Edge(
                donor=donor.division,
                recipient=recipient.division,
                scheme=scheme_of(words, donor.division, recipient.division, self.scheme),
                sentence=quoted(statement.text, segment.start, segment.tokens[-1].end),
                start=statement.start,
                form=form,
                remark="；".join(filter(None, (remark, remark_of((donor, recipient))))),
            )
        )

    def _labelled(self, segment: Segment) -> bool:
        """帮扶方：A in one segment or line, 受援方：X in the next."""
        match = re.fullmatch("([Nn])[IC]*P[Qq]*", segment.signs)
        if not match or segment.doubt:
            return False
        kind, side = match[1], self._side(segment, segment.signs.index("P"), cut=segment.cut)
        if self.label and self.label[0] != kind:
            donors, recipients = (self.label[1], side) if kind == "n" else (side, self.label[1])
            self._pairs(segment, donors, recipients, "帮扶方A受援方X")
            self.label = None
        else:
            self.label = (kind, side)
        return True

    def _report(self, segment: Segment) -> None:
        """Report a segment that names places and helping but was not read."""
        signs = segment.signs[:_LONGEST]
        if signs == "P":
            if segment.beside:
                self._open(segment, "逗号前后的地名不知属于哪一方")
            return
        named = [piece for token in segment.tokens if token.run for piece in token.run.pieces]
        says = re.search("[VSNnMRv]", signs)
        signed = self.helping and signs.count("P") > 1 and re.search("[KC]", signs)
        if (says or signed) and (len(named) > 1 or lexicon.HELP_WORD.search(segment.text)):
            first = next(token.start for token in segment.tokens if token.run)
            piece = quoted(segment.statement.text[first : segment.tokens[-1].end], 0, 0)
            candidates = tuple(c for p in named[:_LONGEST] for c in p.resolution.candidates)
            self._add(segment, piece, segment.doubt or _why(signs, cut=segment.cut), candidates)

    def _open(self, segment: Segment, reason: str, piece: Piece | None = None) -> None:
        if piece is None:
            self._add(segment, quoted(segment.text, 0, 0), reason, ())
        else:
            self._add(segment, piece.text, reason, piece.resolution.candidates)

    def _add(self, segment: Segment, piece: str, reason: str, candidates: tuple[Division, ...]) -> None:
        sentence = quoted(segment.statement.text, segment.start, segment.tokens[-1].end)
        self.unresolved.append(Unresolved(sentence, piece, reason, segment.statement.start, candidates))


def _doubtful(segment: Segment) -> bool:
    """Whether the sides are named by a label that can mean either, and by nothing else (北京市的帮扶城市为张家口市)."""
    labels = [token.text for token in segment.tokens if token.symbol in "Nn"]
    verbs = any(token.symbol in "VvSUB" for token in segment.tokens)
    return bool(labels) and not verbs and not any(lexicon.CERTAIN_LABEL.search(label) for label in labels)


def _splits(pieces: Sequence[Piece], border: int) -> bool:
    """Whether the places before the border can only receive and those behind it only help."""
    before = [p.division for p in pieces[:border] if p.division]
    behind = [p.division for p in pieces[border:] if p.division]
    return len(before) + len(behind) == len(pieces) and orient(behind, before) is True


def _arrow(segment: Segment) -> bool | None:
    """Where an arrow points: True to the right, False to the left, None for a dash or for both ends."""
    sign = "".join(token.text for token in segment.tokens if token.symbol == "K")
    right, left = bool(re.search("[→⇒⟶➔➡>＞]", sign)), bool(re.search("[←⇐<＜]", sign))
    return None if right == left else right


def _why(signs: str, *, cut: bool) -> str:
    if cut:
        return _CUT
    if re.search("^[^P]*[Vv][^V]*P", signs):
        return "没有写明帮扶方"
    if re.search("P.*[VvS]", signs) and not re.search("[Vv].*P", signs):
        return "没有写明谁帮扶谁"
    return "被帮扶方之后的文字读不懂" if re.search("P[^P]*[Vv].*P[^P]*W", signs) else "句式无法判读"


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


def _certain(piece: Piece) -> bool:
    """A name that cannot go on: a county by its official name."""
    division = piece.division
    return division is not None and division.level == "county" and piece.text.endswith(division.name)
