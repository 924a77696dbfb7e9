"""简化字: traditional characters and their variants to simplified ones, each character for one character.

Fourth stage of the reader. OpenCC (`t2s`) converts; what it leaves (陜 for 陕) and what it spoils (乾县) is added here.
The length never changes, so that offsets stay true.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Final

from opencc import OpenCC

VARIANTS: Final = {
    "陜": "陕",
    "衞": "卫",
    "敍": "叙",
    "濬": "浚",
    "澂": "澄",
    "甯": "宁",
    "兗": "兖",
    "囬": "回",
    "亷": "廉",
    "囘": "回",
    "彞": "彝",
}
"""Variants that OpenCC leaves: character by character."""
_VARIANTS = str.maketrans(VARIANTS)
_QIAN: Final = re.compile("乾(?=[县縣]|安[县縣])")
"""乾县 and 乾安县 keep 乾, which is 干 elsewhere."""
# Radicals and compatibility forms that copies out of PDF files hold in place of the characters themselves.
_COMPATIBLE: Final = re.compile("[\u2e80-\u2fd5\uf900-\ufaff]")


@cache
def _converter(name: str) -> OpenCC:
    return OpenCC(name)


def simplify(text: str) -> str:
    """转简体: the text in simplified characters, of the same length."""
    text = _COMPATIBLE.sub(_unified, text)
    simplified: str = _converter("t2s").convert(text)
    if len(simplified) != len(text):
        simplified = "".join(_one(char) for char in text)
    if "乾" in text:
        chars = list(simplified)
        for match in _QIAN.finditer(text):
            chars[match.start()] = "乾"
        simplified = "".join(chars)
    return simplified.translate(_VARIANTS)


@cache
def traditional_forms(character: str) -> tuple[str, ...]:
    """繁体: the traditional forms of one simplified character in the mainland's, Taiwan's and Hong Kong's use."""
    forms = (_converter(name).convert(character) for name in ("s2t", "s2tw", "s2hk"))
    return tuple(dict.fromkeys(form for form in forms if len(form) == 1))


def _unified(match: re.Match[str]) -> str:
    unified = unicodedata.normalize("NFKC", match[0])
    return unified if len(unified) == 1 else match[0]


@cache
def _one(char: str) -> str:
    converted: str = _converter("t2s").convert(char)
    return converted if len(converted) == 1 else char
