"""号码: identity numbers, phones and credit codes that pass every check and can belong to nobody.

- Identity numbers begin with 00. GB/T 2260 codes begin with 1 to 7; 8 stands for the residence permits of 香港, 澳门
  and 台湾, 9 for foreigners' permanent residence cards. No 0 was ever issued. Digits 3–4 are the province, 5–6 a block.
- Phones begin with 154: not among the networks that the Ministry of Industry and Information Technology had assigned by
  March 2023, and not a prefix of the 13-digit numbers of things (140–144).
- Credit codes hold the division 000000, which registers nothing; their nine-character body has its own check character
  (GB 11714) and the whole has that of GB 32100.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa

from jiedui.terms.identity import CREDIT_ALPHABET, CREDIT_WEIGHTS, ID_CHECK, ID_WEIGHTS

ID_PREFIX: Final = "00"
PHONE_PREFIX: Final = "154"
CREDIT_DIVISION: Final = "000000"
_BLOCK: Final = 500
"""Numbers of one sex, day and block: the three digits of order are odd for men, even for women."""
_BODY_WEIGHTS: Final = (3, 7, 9, 10, 5, 8, 4, 2)


def is_synthetic_id(number: str) -> bool:
    """是否模拟号码: whether an identity number is one that only a simulation makes."""
    return number.startswith(ID_PREFIX)


def id_numbers(province: np.ndarray, birth: np.ndarray, male: np.ndarray) -> pa.Array:
    """证件号码: a different 18-digit number for each person.

    `province` (n,) two digits, `birth` (n,) datetime64[D], `male` (n,) bool. The order on a day is that of the rows;
    after 500 persons of one province, day and sex the next block begins.
    """
    months = birth.astype("datetime64[M]").astype(np.int64)
    year, month = 1970 + months // 12, months % 12 + 1
    day = (birth - birth.astype("datetime64[M]")).astype(np.int64) + 1
    order = rank_in_group((province * 100_000 + birth.astype(np.int64)) * 2 + male)
    digits = np.empty((len(province), 18), np.int64)
    parts = ((province % 100, 2, 2), (order // _BLOCK, 4, 2), (year, 6, 4), (month, 10, 2), (day, 12, 2))
    digits[:, :2] = 0
    for values, start, width in (*parts, (order % _BLOCK * 2 + male, 14, 3)):
        for i in range(width):
            digits[:, start + i] = values // 10 ** (width - 1 - i) % 10
    check = (digits[:, :17] * np.array(ID_WEIGHTS)).sum(axis=1) % 11
    characters = (digits + ord("0")).astype(np.uint8)
    characters[:, 17] = np.frombuffer(ID_CHECK.encode(), np.uint8)[check]
    return _fixed_width(characters)


def phones(numbers: np.ndarray) -> pa.Array:
    """电话: 11 digits from numbers below 100,000,000."""
    return _fixed_width(_digits(int(PHONE_PREFIX) * 10**8 + numbers % 10**8, 11))


def credit_codes(kinds: list[str], serials: np.ndarray) -> list[str]:
    """统一社会信用代码: one for each pair of registry and type (two characters) and serial below 31^8."""
    return [_credit_code(kind, int(serial)) for kind, serial in zip(kinds, serials, strict=True)]


def rank_in_group(group: np.ndarray) -> np.ndarray:
    """组内序号: for each row its place, from 0, among the rows of its group, in their order."""
    order = np.argsort(group, kind="stable")
    ordered = group[order]
    first = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]]) if len(group) else np.zeros(0, np.int64)
    rank = np.empty(len(group), np.int64)
    rank[order] = np.arange(len(group)) - np.repeat(first, np.diff(np.r_[first, len(group)]))
    return rank


def hex_keys(words: np.ndarray) -> list[str]:
    """标识: 32 hexadecimal digits for each row of two unsigned 64-bit words."""
    return [f"{high:016x}{low:016x}" for high, low in words.tolist()]


def _credit_code(kind: str, serial: int) -> str:
    body = ""
    for _ in range(8):
        serial, digit = divmod(serial, 31)
        body = CREDIT_ALPHABET[digit] + body
    # GB 11714: letters count A=10 … Z=35 there, and the check is 0–9 or X.
    weighed = sum((int(c) if c.isdigit() else ord(c) - 55) * w for c, w in zip(body, _BODY_WEIGHTS, strict=True))
    first17 = kind + CREDIT_DIVISION + body + "0123456789X0"[11 - weighed % 11]
    total = sum(CREDIT_ALPHABET.index(c) * w for c, w in zip(first17, CREDIT_WEIGHTS, strict=True))
    return first17 + CREDIT_ALPHABET[(31 - total % 31) % 31]


def _digits(numbers: np.ndarray, width: int) -> np.ndarray:
    powers = 10 ** np.arange(width - 1, -1, -1, dtype=np.int64)
    return (numbers[:, None] // powers % 10 + ord("0")).astype(np.uint8)


def _fixed_width(characters: np.ndarray) -> pa.Array:
    count, width = characters.shape
    offsets = np.arange(0, (count + 1) * width, width, dtype=np.int32)
    data = np.ascontiguousarray(characters)
    return pa.StringArray.from_buffers(count, pa.py_buffer(offsets), pa.py_buffer(data))
