"""句式: the forms in which a clause between commas can say who helps whom.

A clause becomes a string of symbols (`lexicon.WORDS`, P for a run of places, W for anything else), and each form is a
pattern over that string, with the donors in group d and the recipients in group r. Forms in which both sides look
alike (A与X结对, A—X) have the groups a and b, or s for one run that holds both.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final

from jiedui.policy.reading import lexicon
from jiedui.policy.reading.mentions import Run

_SKIPPED: Final = re.compile(r"[“”‘’\"'「」『』\s]+")
_BRACKET: Final = re.compile("[（(][^（）()]*[）)]")
_WEAK_VERB: Final = re.compile("帮|对口|援")
_COMMA: Final = re.compile("[，,、]+")
"""Also a 、 that joins no places: 遵义由上海帮扶、六盘水由大连帮扶."""
_UNDONE: Final = re.compile("不再|停止|终止|取消|原由|拟|已(?:撤|调整|解除|结束)")


@dataclass(frozen=True, slots=True)
class Token:
    """词: its symbol, where it stands in the statement, its text, and its places for the symbol P."""

    symbol: str
    start: int
    end: int
    text: str
    run: Run | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """句式: which form matched and the positions of its sides among the tokens; `pairwise` for 分别."""

    name: str
    donors: int
    recipients: int
    pairwise: bool
    each: bool
    mutual: bool


_PRE: Final = "^[^PXH]*?"
_MORE: Final = "[Qq]*"
_TAIL: Final = "(?:E?[JrwqQ])*$"
_D: Final = f"(?P<d>P){_MORE}"
_R: Final = f"(?P<r>P){_MORE}"

FORMS: Final[tuple[tuple[str, re.Pattern[str]], ...]] = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("A帮扶X", f"{_PRE}{_D}C?[Gg]?[OL]*[Vv]L?[Jr]?[IC]?{_R}{_TAIL}"),
        ("X由A帮扶", f"{_PRE}{_R}[Gg]?[UB]{_D}[Gg]?(?:[OL]*V|O)(?:E?[JrwV])*$"),
        ("A对X开展帮扶", f"{_PRE}{_D}[Gg]?O?T{_R}E?L?V(?:E?[Jrw])*$"),
        ("A承担X的帮扶任务", f"{_PRE}{_D}[Gg]?O[TV]?{_R}E?V?(?:E?[Jr])*$"),
        ("帮扶X的任务由A承担", f"{_PRE}[TO]?V?{_R}E?V?(?:E?[Jr])*U{_D}G?O$"),
        ("帮扶X的是A", f"{_PRE}O?V{_R}E[NMWq]?I{_D}{_TAIL}"),
        ("A帮扶的是X", f"{_PRE}{_D}O?VE[nMWq]?I{_R}{_TAIL}"),
        ("X的帮扶方为A", f"{_PRE}{_R}E?N[GIC]*{_D}{_TAIL}"),
        ("A的帮扶对象为X", f"{_PRE}{_D}E?n[GIC]*{_R}{_TAIL}"),
        ("X接受A帮扶", f"{_PRE}{_R}R{_D}E?L?V(?:E?[Jr])*$"),
        ("帮扶方A受援方X", f"{_PRE}N[IC]*{_D}n[IC]*{_R}$"),
        ("受援方X帮扶方A", f"{_PRE}n[IC]*{_R}N[IC]*{_D}$"),
        ("A与X结对", "^(?P<s>P)G?L?I?[SV]+r?w?$"),
        ("与X结对的是A", "^\\+?(?P<a>P)SE[NMWq]?I(?P<b>P)[Qq]*$"),
        ("A结对X", "^(?P<a>P)S(?P<b>P)[Qq]*$"),
        ("A的结对城市为X", "^(?P<a>P)E?M[GIC]*(?P<b>P)[Qq]*$"),
        ("A—X", "^(?P<a>P)K(?P<b>P)[Qq]*(?:[SV]r?)?$"),
        ("A：X", "^(?P<a>P)C(?P<b>P)[Qq]*$"),
    )
)
DIRECTED: Final = frozenset(
    ("A帮扶X", "X由A帮扶", "A对X开展帮扶", "A承担X的帮扶任务", "X接受A帮扶", "并帮扶X", "继续帮扶X")
)
"""Forms that say in so many words who helps, so that a province may help a part of itself."""
CHAIN: Final = re.compile("^[^PXH]*?P(?:[OL]*[Vv]P){2,}$")
"""A帮扶X、B帮扶Y: the runs between the verbs hold recipients of the first and donors of the second."""
OWN_LINE: Final = frozenset(("A—X", "A：X"))
"""Forms of lists, which need no mark at their end."""


def tokens(text: str, runs: Sequence[Run]) -> list[Token]:
    """分词: the tokens of a statement; commas have the symbol M, adverbs are left out."""
    starts = {run.start: run for run in runs}
    found: list[Token] = []
    at = 0
    while at < len(text):
        run = starts.get(at)
        token = Token("P", at, run.end, text[at : run.end], run) if run else _word(text, at, starts, found)
        if token.symbol:
            found.append(token)
        at = token.end
    return _merged(found)


def _word(text: str, at: int, starts: dict[int, Run], found: Sequence[Token]) -> Token:
    skipped = _SKIPPED.match(text, at)
    if skipped:
        return Token("", at, skipped.end(), skipped[0])
    comma = _COMMA.match(text, at)
    if comma:
        return Token("M", at, comma.end(), comma[0])
    bracket = _BRACKET.match(text, at)
    if bracket:
        return Token("X" if _UNDONE.search(bracket[0]) else "", at, bracket.end(), bracket[0])
    weak = _WEAK_VERB.match(text, at)
    if weak and weak.end() in starts and found and found[-1].symbol in "PAG":
        return Token("v", at, weak.end(), weak[0])
    match = lexicon.WORD.match(text, at)
    if match and match.lastgroup:
        symbol, end = lexicon.SYMBOLS[int(match.lastgroup[1:])], match.end()
        if symbol in "NnMQq" and _holds(starts, at, end):
            symbol, end = _shorter(text, at, end, starts)
        if symbol in "Ta" and end not in starts:
            symbol = "W"
        if end > at and not _holds(starts, at, end):
            return Token(symbol, at, end, text[at:end])
    return Token("W", at, at + 1, text[at])


def _holds(starts: dict[int, Run], at: int, end: int) -> bool:
    """Whether a place begins inside a word."""
    return any(inner in starts for inner in range(at + 1, end))


def _shorter(text: str, at: int, end: int, starts: dict[int, Run]) -> tuple[str, int]:
    """帮扶方城县 is 帮扶 and 方城县, not 帮扶方: the word that ends where a place begins."""
    border = next(inner for inner in range(at + 1, end) if inner in starts)
    for index, (_, pattern) in enumerate(lexicon.WORDS):
        if re.fullmatch(pattern, text[at:border]):
            return lexicon.SYMBOLS[index], border
    return "W", border


def _merged(found: Sequence[Token]) -> list[Token]:
    """Adverbs out; neighbouring text that no word covers as one token."""
    merged: list[Token] = []
    for token in found:
        if token.symbol in "Aa":
            continue
        if token.symbol == "W" and merged and merged[-1].symbol == "W" and merged[-1].end == token.start:
            merged[-1] = replace(merged[-1], end=token.end, text=merged[-1].text + token.text)
        else:
            merged.append(token)
    return merged


def segments(found: Sequence[Token]) -> list[list[Token]]:
    """分段: the tokens between commas; a place before a comma joins the clause that it is the topic of."""
    parts = [list(part) for comma, part in groupby(_broken(found), key=lambda t: t.symbol == "M") if not comma]
    joined: list[list[Token]] = []
    for part in parts:
        topic = joined and symbols(joined[-1]) in ("P", "PQ", "Pq") and part[0].start > joined[-1][-1].end
        if topic and part[0].symbol in "UBVOTRNnGES":
            joined[-1] = joined[-1] + part
        else:
            joined.append(part)
    return joined


def _broken(found: Sequence[Token]) -> list[Token]:
    """A帮扶X：B帮扶Y: a colon between two clauses parts them as a comma does."""
    tokens = list(found)
    signs = symbols(tokens)
    for match in re.finditer("(?<=P)C(?=P[^PCM]*[Vv])", signs):
        if re.search("[Vv][^PCM]*P$", signs[max(match.start() - 12, 0) : match.start()]):
            tokens[match.start()] = replace(tokens[match.start()], symbol="M")
    return tokens


def symbols(part: Sequence[Token]) -> str:
    """符号串: the symbols of a segment."""
    return "".join(token.symbol for token in part)


def form_of(part: Sequence[Token]) -> Form | None:
    """辨句式: the form of a segment, or None."""
    signs = symbols(part).lstrip("+")
    shift = len(part) - len(signs)
    for name, pattern in FORMS:
        match = pattern.match(signs)
        if not match:
            continue
        groups = match.groupdict()
        mutual = "d" not in groups
        left, right = ("d", "r") if not mutual else ("s", "s") if "s" in groups else ("a", "b")
        return Form(
            name,
            match.start(left) + shift,
            match.start(right) + shift,
            pairwise="G" in signs,
            each="g" in signs,
            mutual=mutual,
        )
    return None
