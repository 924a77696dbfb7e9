"""分句段: what stands between two commas of a statement, and whether it holds now.

What is negated, past, supposed or rumoured is not read. A negation counts for its own segment; a time that is past
(以前, 1996年至2010年间) and a supposition count until the sentence ends or says what holds now.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from jiedui.policy.reading import grammar, lexicon
from jiedui.policy.reading.grammar import Token
from jiedui.policy.reading.mentions import Run, Scanner
from jiedui.policy.reading.statements import ITEM, Statement
from jiedui.terms.divisions import Division

CUT: Final = "文字到此中断，地名可能不全"
_NEGATED: Final = "否定、除外或过去的表述，不作为现行结对关系"
_SUPPOSED: Final = "建议、设想或假设的表述，不作为现行结对关系"
_PAST: Final = re.compile(
    "以前|[0-9]年前|过去|此前|从前|当年|当时|昔日|早年|历史上|上个?世纪|[0-9一二三四五六七八九]{2,4}年代|(?<![草高平中荒太])原(?:先|来)"
)
_PERIOD: Final = re.compile("((?:19|20)[0-9]{2})年?[0-9月日]*[至到—–~～-]+((?:19|20)[0-9]{2})年?")
_PRESENT: Final = re.compile("现(?!已)|目前|如今|今|改|调整(?!前)|继续|转|新一轮")
_STUMP: Final = 2
"""Characters: so much of a word that the page breaks off leaves the list before it readable."""


@dataclass(frozen=True, slots=True)
class Segment:
    """句段: what stands between two commas.

    `lead`: the adverbs before its first token; `cut`: the page may break off behind it; `doubt`: why nothing of it may
    be read; `alone`: it and all that follows are bare places; `beside`: a segment next to it speaks of helping a place.
    """

    statement: Statement
    tokens: tuple[Token, ...]
    lead: str
    cut: bool
    doubt: str
    alone: bool
    beside: bool

    @property
    def signs(self) -> str:
        """符号串: its symbols."""
        return grammar.symbols(self.tokens)

    @property
    def start(self) -> int:
        """起点: offset in its statement."""
        return self.tokens[0].start

    @property
    def text(self) -> str:
        """文字: from its first token to its last."""
        return self.statement.text[self.tokens[0].start : self.tokens[-1].end]

    @property
    def wording(self) -> str:
        """措辞: its text without the places."""
        at, parts = self.start, [self.lead]
        for token in self.tokens:
            if token.run:
                parts.append(self.statement.text[at : token.start])
                at = token.end
        return "".join([*parts, self.statement.text[at : self.tokens[-1].end]])

    def run(self, at: int) -> Run:
        """地名串: the places of one token."""
        run = self.tokens[at].run
        return run if run is not None else Run((), (), 0, 0)


@dataclass(slots=True)
class Scope:
    """辖域: what holds for the statements of one sentence: a list led in as past, a past time, a supposition."""

    undone: str = ""
    past: bool = False
    supposed: bool = False

    def doubt(self, statement: Statement, signs: str) -> str:
        """存疑: why nothing of a segment may be read, in Chinese, or nothing."""
        if self.undone:
            return f"{self.undone}不是现行的结对关系"
        if "X" in signs or self.past:
            return _NEGATED
        if self.supposed:
            return _SUPPOSED
        return "疑问句，不作为现行结对关系" if re.search("[？?]", statement.terminal) else ""

    def enter(self, before: str, signs: str, year: int) -> None:
        """进入: note what the words before a segment's first place, and its symbols, say of time and truth."""
        periods = [int(match[2]) < year for match in _PERIOD.finditer(before)]
        if _PAST.search(before) or any(periods):
            self.past = True
        elif _PRESENT.search(before):
            self.past = False
        self.supposed = self.supposed or "H" in signs


def segmented(statement: Statement, tokens: Sequence[Token], scanner: Scanner, scope: Scope) -> Iterator[Segment]:
    """分段: the segments of a statement in order."""
    parts = grammar.segments(tokens)
    signs = [grammar.symbols(part) for part in parts]
    alone_from = len(parts)
    while alone_from and signs[alone_from - 1].lstrip("+") == "P":
        alone_from -= 1
    says = [False, *(bool(re.search("[Vv]", s) and "P" in s) for s in signs), False]
    at = tokens[0].start if scope.past else 0
    for index, part in enumerate(parts):
        cut = statement.cut and index == len(parts) - 1
        place = next((token.start for token in part if token.run), part[-1].end)
        scope.enter(statement.text[at:place], signs[index], scanner.resolver.on.year)
        lead = statement.text[max(at, part[0].start - 12) : part[0].start].lstrip("，,、")
        found = _without_stump(part, scanner) if cut else part
        doubt = scope.doubt(statement, signs[index])
        yield Segment(statement, tuple(found), lead, cut, doubt, index >= alone_from, says[index] or says[index + 2])
        at = part[-1].end


def _without_stump(part: Sequence[Token], scanner: Scanner) -> Sequence[Token]:
    """…、恩施土家族苗: the stump of a word at the very end makes that place uncertain, not the ones before it."""
    if len(part) < 2 or part[-1].symbol != "W" or part[-2].run is None or len(part[-2].run.pieces) < 2:
        return part
    run = part[-2].run
    stump = run.pieces[-1].text + part[-1].text
    short = len(part[-1].text) <= _STUMP
    if part[-2].end != part[-1].start or not (short or scanner.resolver.begins(stump)):
        return part
    last = replace(run.pieces[-1], problem=CUT)
    return [*part[:-2], replace(part[-2], run=replace(run, pieces=(*run.pieces[:-1], last)))]


def head(text: str, runs: Sequence[Run]) -> tuple[str, int, Division | None]:
    """引语: what stands before a colon: its words, where the body begins, the place that holds for the body's donors.

    关系如下：… has words without a place; 浙江省：杭州市帮扶… a place whose parts follow.
    """
    colon = re.search("[:：]+", text)
    if not colon:
        return "", 0, None
    if not runs or runs[0].start >= colon.end():
        if lexicon.LABEL.fullmatch(text, 0, colon.start()):
            return "", 0, None
        border = runs[0].start if runs else len(text)
        last = max(text.rfind("：", 0, border), text.rfind(":", 0, border))
        number = ITEM.match(text, last + 1)
        return text[: colon.start()], number.end() if number else last + 1, None
    outer = runs[0].divisions
    if len(runs) > 2 and runs[0].end == colon.start() and len(outer) == 1 and len(runs[0].pieces) == 1:
        between = text[runs[1].end : runs[2].start]
        if re.search(lexicon.HELP, between):
            return text[: colon.start()], colon.end(), outer[0]
    return "", 0, None
