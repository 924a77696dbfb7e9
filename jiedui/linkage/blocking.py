"""候选分组: which pairs are looked at: those that share at least one of the keys below.

| key | persons share | finds |
|---|---|---|
| 1 | the first 17 digits of the number | whatever else differs |
| 2 | sound of the name, birth date | a number with a wrong area or order, in any place |
| 3 | sound of the name, year of birth, county | a wrong day, a missing number |
| 4 | sound of the name, village | a wrong year |
| 5 | area, birth date, surname's sound | a wrong order number and a wrong given name |
| 6 | birth date, order number, surname's sound | a wrong area and a wrong given name |
| 7 | area, month and day, order number, surname's sound | a wrong year and a wrong given name |
| 8 | area, year, order number, surname's sound | a wrong month or day and a wrong given name |
| 9 | household, year of birth | any wrong name |
| 10 | sound of the name, phone | any wrong number |
| 11 | phone, year of birth, surname's sound | a wrong given name and a wrong number |
| 12 | sound of the name, month and day, order number | digits swapped between area and year |
| 13 | sound of the name, area, order number | digits swapped between year and month |
| 14 | sound of the name, area, year | digits swapped between day and order number |

Area, birth and order number are those of the identity number; a birth date or year without one is as reported.
A key that more persons share than the parameter `poverty.duplicate_largest_block` says is passed over: it would cost
the square of its persons and says nothing (a placeholder name, a village's one phone).
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from jiedui.linkage.identity import IdentityKeys
from jiedui.linkage.names import NameKeys, hashed

RULES: Final = 14
Block = tuple[NDArray[np.int64], NDArray[np.bool_]]


def block_keys(
    name: NameKeys,
    number: IdentityKeys,
    year: NDArray[np.int64],
    born: NDArray[np.int64],
    household: NDArray[np.int64],
    village: NDArray[np.int64],
    county: NDArray[np.int64],
    phone: NDArray[np.int64],
    largest: int,
) -> list[Block]:
    """求分组键: for each rule a key per person, and whether it is kept: someone else has it, and not too many."""
    first = np.ascontiguousarray(number.characters[:, :9])
    whole = _key(_digits(first), _digits(number.characters[:, 9:]))
    surname, sound, known = name.surname, name.sound, number.known
    named, area, day, order = name.known, number.area, number.day, number.order
    listed: list[tuple[NDArray[np.int64], NDArray[np.bool_]]] = [
        (whole, known),
        (_key(sound, born), named & (born > 0)),
        (_key(sound, year, county), named & (year > 0)),
        (_key(sound, village), named),
        (_key(area, born, surname), known & named),
        (_key(born, order, surname), known & named),
        (_key(area, day, order, surname), known & named),
        (_key(area, year, order, surname), known & named),
        (_key(household, year), year > 0),
        (_key(sound, phone), named & (phone > 0)),
        (_key(phone, year, surname), named & (phone > 0) & (year > 0)),
        (_key(sound, day, order), known & named),
        (_key(sound, area, order), known & named),
        (_key(sound, area, year), known & named),
    ]
    return [(key, _shared(key, there, largest)) for key, there in listed]


def kept_blocks(features: pa.Table) -> list[Block]:
    """取分组键: the keys of a table of features, as `candidates` reads them."""
    columns = [features[f"block{i + 1}"].combine_chunks() for i in range(RULES)]
    return [
        (pc.fill_null(column, 0).to_numpy(), pc.is_valid(column).to_numpy(zero_copy_only=False)) for column in columns
    ]


def candidates(blocks: list[Block]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """候选对: the rows (left < right) of every pair that shares a kept key, each pair once."""
    found = [np.zeros(0, np.int64)]
    for key, kept in blocks:
        rows = np.flatnonzero(kept)
        order = rows[np.argsort(key[rows], kind="stable")]
        found.append(_pairs(order, key[order]))
    pairs = np.unique(np.concatenate(found))
    return (pairs >> 32).astype(np.int32), (pairs & 0xFFFFFFFF).astype(np.int32)


def _pairs(order: NDArray[np.int64], key: NDArray[np.int64]) -> NDArray[np.int64]:
    """All pairs of rows of one key, as left × 2^32 + right; `order` is sorted by key, then by row."""
    if not len(order):
        return np.zeros(0, np.int64)
    start = np.flatnonzero(np.r_[True, key[1:] != key[:-1]])
    size = np.diff(np.r_[start, len(order)])
    end = np.repeat(start + size, size)
    later = end - np.arange(len(order)) - 1
    left = np.repeat(np.arange(len(order)), later)
    step = np.arange(len(left)) - np.repeat(np.cumsum(later) - later, later)
    pairs: NDArray[np.int64] = (order[left] << 32) | order[left + 1 + step]
    return pairs


def _shared(key: NDArray[np.int64], there: NDArray[np.bool_], largest: int) -> NDArray[np.bool_]:
    rows = np.flatnonzero(there)
    ordered = rows[np.argsort(key[rows])]
    kept = np.zeros(len(key), bool)
    if len(ordered):
        values = key[ordered]
        start = np.flatnonzero(np.r_[True, values[1:] != values[:-1]])
        size = np.diff(np.r_[start, len(values)])
        kept[ordered] = np.repeat((size > 1) & (size <= largest), size)
    return kept


def _key(*parts: NDArray[Any]) -> NDArray[np.int64]:
    return hashed(np.stack([part.astype(np.int64).view(np.uint64) for part in parts], axis=1))


def _digits(block: NDArray[np.uint8]) -> NDArray[np.int64]:
    total = np.zeros(len(block), np.int64)
    for i in range(block.shape[1]):
        total = total * 10 + (block[:, i] - ord("0"))
    return total
