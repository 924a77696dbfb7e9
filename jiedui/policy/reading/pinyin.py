"""去除拼音: takes out readings that were inserted in brackets after characters, and nothing else.

Third stage of the reader. `東(dong)(dong)` loses both groups; `縣(市、區)`, `(四)`, `總值(GDP)` keep theirs. A group is
taken out only when it is a reading of the character before it: any reading of it, of its simplified or of its
traditional form, with tone marks, tone numbers or neither, ü written ü, v, u: or u, in any case and width.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from pypinyin import Style, pinyin

from jiedui.policy.reading import script

_OPEN, _CLOSE = "(（[［【〔﹙", ")）]］】〕﹚"
_LETTERS = "A-Za-zÀ-ɏḀ-ỿ\u0300-\u036fＡ-Ｚａ-ｚ"
_GROUP: Final = re.compile(
    rf"[ \t\u3000\xa0]?[{re.escape(_OPEN)}]\s*"
    rf"(?P<syllable>[{_LETTERS}][{_LETTERS}:：0-9０-９]{{0,9}})\s*[{re.escape(_CLOSE)}]"
)
_HAN: Final = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u2e80-\u2fd5\u3007\U00020000-\U0003ffff]")
_SYLLABLE: Final = re.compile(
    "(?:[bpmfdtnlgkhjqxrzcsyw]|[zcs]h)?(?:i?[aeou][aeiou]{0,2}(?:ng?|r)?|i(?:ng?|u)?|v[en]?n?|u(?:ai|an|ang|ei|en|i|n|o|e)?)"
)


@dataclass(frozen=True, slots=True)
class Removed:
    """去除的拼音: a group, how often it stood after the character, and the character's offset in the page's text."""

    position: int
    character: str
    group: str
    count: int


@dataclass(frozen=True, slots=True)
class Stripped:
    """去拼音后的文本: `offsets[i]` is where the i-th character stood in the page's text.

    `kept` are brackets that look like a syllable but are no reading of the character before them, with their offset.
    """

    text: str
    offsets: Sequence[int]
    removed: tuple[Removed, ...]
    kept: tuple[tuple[int, str], ...]

    @property
    def groups(self) -> int:
        """组数: how many groups were taken out."""
        return sum(removed.count for removed in self.removed)


def strip(text: str) -> Stripped:
    """去拼音: the text without inserted readings. Linear in the length of the text."""
    removed: list[Removed] = []
    kept: list[tuple[int, str]] = []
    parts: list[str] = []
    offsets: list[int] = []
    done = 0
    run: Counter[str] = Counter()
    character_at = -1
    for match in _GROUP.finditer(text):
        if match.start() != done or character_at < 0:
            removed += _rows(text, character_at, run)
            run = Counter()
            character_at = match.start() - 1
        if character_at >= 0 and is_reading(match["syllable"], text[character_at]):
            parts.append(text[done : match.start()])
            offsets.extend(range(done, match.start()))
            run[match[0].strip()] += 1
            done = match.end()
        else:
            shouted = match["syllable"].isupper()
            if (
                not shouted
                and _SYLLABLE.fullmatch(_plain(match["syllable"]))
                and _HAN.match(text[max(character_at, 0)])
            ):
                kept.append((match.start(), match[0].strip()))
            removed += _rows(text, character_at, run)
            run, character_at = Counter(), -1
    removed += _rows(text, character_at, run)
    parts.append(text[done:])
    offsets.extend(range(done, len(text)))
    return Stripped("".join(parts), offsets, tuple(removed), tuple(kept))


def _rows(text: str, at: int, run: Counter[str]) -> list[Removed]:
    return [Removed(at, text[at], group, count) for group, count in run.items()]


def is_reading(syllable: str, character: str) -> bool:
    """是否读音: whether a syllable, however it is written, is a reading of the character."""
    if not _HAN.match(character):
        return False
    return _plain(syllable) in _readings(character)


def _plain(syllable: str) -> str:
    """A syllable without tone, in small letters, ü as u."""
    text = unicodedata.normalize("NFKC", syllable).casefold()
    text = re.sub("(?<=[a-zü])[0-5]", "", text)
    decomposed = unicodedata.normalize("NFD", text)
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return re.sub("u:|v", "u", bare)


@cache
def _readings(character: str) -> frozenset[str]:
    forms = {character, script.simplify(character), *script.traditional_forms(script.simplify(character))}
    found = (
        reading
        for form in forms
        for readings in pinyin(form, style=Style.TONE, heteronym=True, errors="ignore")
        for reading in readings
    )
    return frozenset(_plain(reading) for reading in found)
