"""姓名比较键: what of a name is compared: the characters, their plain forms, their sounds, and all but one of them.

Every key is computed once per distinct name, from tables over the distinct characters: `script.simplify` (OpenCC) and
the variants of names in `data/variants.csv` give the plain form, pypinyin the first reading without tone. A
character that pypinyin does not know sounds like itself only.
"""

from __future__ import annotations

import csv
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pypinyin import Style, pinyin

from jiedui.policy.reading import script

GAPS: Final = 6
"""The first characters of a name that may be the one that is wrong."""
_LONGEST: Final = 40
"""Characters of a name that are looked at; the rest of a longer one is left out."""
_MULTIPLIER: Final = np.uint64(0x9E3779B97F4A7C15)
Keys = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class NameKeys:
    """姓名键: one row per person, all int64: equal keys mean equal texts (64-bit hashes).

    `known` (n,) bool: a name is there; `exact`, `plain`, `sound` (n,); `surname` (n,) the first character's sound;
    `length` (n,) characters; `gaps` (n, GAPS) the plain name without its i-th character, 0 where there is none.
    """

    known: NDArray[np.bool_]
    exact: Keys
    plain: Keys
    sound: Keys
    surname: Keys
    length: NDArray[np.int16]
    gaps: Keys


def keys(names: pa.ChunkedArray) -> NameKeys:
    """求姓名键: of a text column (nulls and blanks are unknown names)."""
    encoded = pc.dictionary_encode(names.combine_chunks() if isinstance(names, pa.ChunkedArray) else names)
    distinct = [_tidy(name) for name in encoded.dictionary.to_pylist()]
    at = pc.fill_null(encoded.indices, len(distinct)).to_numpy(zero_copy_only=False)
    codes = _codes([*distinct, ""])
    alphabet, position = np.unique(codes, return_inverse=True)
    position = position.reshape(codes.shape)
    characters = [chr(code) if code else "" for code in alphabet.tolist()]
    plain = np.array([ord(plain_form(c)) if c else 0 for c in characters], np.uint64)[position]
    sound = np.array([_number(reading(plain_form(c))) if c else 0 for c in characters], np.uint64)[position]
    length = (codes > 0).sum(axis=1)
    gaps = np.zeros((len(codes), GAPS), np.int64)
    for i in range(min(GAPS, codes.shape[1])):
        here = length > max(i, 1)
        gaps[here, i] = hashed(np.delete(plain[here], i, axis=1))
    return NameKeys(
        known=(length > 0)[at],
        exact=hashed(codes.astype(np.uint64))[at],
        plain=hashed(plain)[at],
        sound=hashed(sound)[at],
        surname=hashed(sound[:, :1])[at],
        length=length.astype(np.int16)[at],
        gaps=gaps[at],
    )


def hashed(columns: NDArray[np.uint64]) -> Keys:
    """散列: a 64-bit number of each row of whole numbers (n, k); zeros at the end of a row do not count."""
    total = np.zeros(len(columns), np.uint64)
    for i in range(columns.shape[1]):
        column = columns[:, i].astype(np.uint64)
        mixed = (column + np.uint64(i + 1)) * _MULTIPLIER
        mixed = (mixed ^ (mixed >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(32))) * np.uint64(0x94D049BB133111EB)
        total += np.where(column > 0, mixed ^ (mixed >> np.uint64(31)), np.uint64(0))
    return total.view(np.int64)


@cache
def plain_form(character: str) -> str:
    """正字: the simplified, usual form of one character; the character itself where none is known."""
    simplified = script.simplify(character)
    return _variants().get(simplified, simplified)


@cache
def reading(character: str) -> str:
    """读音: the first reading of one character without tone; the character itself where none is known."""
    found = pinyin(character, style=Style.NORMAL, errors="ignore")
    return str(found[0][0]) if found else character


def _tidy(name: str | None) -> str:
    """A name without blanks, in half-width letters, the dots of two-part names all alike."""
    text = unicodedata.normalize("NFKC", name or "")
    return "".join("·" if c in "·•・‧∙.．" else c for c in text if not c.isspace())


def _codes(names: list[str]) -> NDArray[np.uint32]:
    """Code points (names, longest), 0 behind the end."""
    longest = min(max(map(len, names)), _LONGEST)
    return np.array(names, f"U{max(longest, 1)}").view(np.uint32).reshape(len(names), max(longest, 1))


def _number(text: str) -> int:
    return int.from_bytes(text.encode()[:8], "big")


@cache
def _variants() -> dict[str, str]:
    text = files("jiedui.linkage").joinpath("data", "variants.csv").read_text(encoding="utf-8")
    return {row["variant"]: row["plain"] for row in csv.DictReader(text.splitlines())}
