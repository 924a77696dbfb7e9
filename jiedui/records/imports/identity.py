"""证件号码列: a whole column of identity numbers checked at once (GB 11643-1999, domain fact 14).

The same answers as `terms.identity.id_problem`, number by number; a property test holds the two together.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from jiedui.sheets import CellKind
from jiedui.terms.identity import ID_CHECK, ID_WEIGHTS

_FORMS: Final = (
    (r"^[0-9.]+[eE]\+?[0-9]+$|^[0-9]+\.[0-9]*$", "id_became_number"),
    (r"^[0-9]{15}$", "id_15_digits"),
    (r"^[0-9]{17}[0-9Xx][0-9]{2}$", "id_disability"),
)
_CHECK: Final = np.frombuffer(ID_CHECK.encode(), np.uint8)


def read(text: pa.Array, kinds: np.ndarray, report: Callable[[np.ndarray, str], None]) -> pa.Array:
    """读证件号码: (n,) cleaned texts → upper-case numbers, null where empty or wrong; each is reported once."""
    given = pc.is_valid(text).to_numpy(zero_copy_only=False)
    open_ = given.copy()
    as_number = given & np.isin(kinds, (CellKind.NUMBER, CellKind.DATE))
    long = as_number & pc.greater(pc.utf8_length(text), 15).fill_null(False).to_numpy(zero_copy_only=False)
    _tell(long, "id_became_number", report)
    open_ &= ~long
    for pattern, rule in _FORMS:
        hit = open_ & pc.match_substring_regex(text, pattern).fill_null(False).to_numpy(zero_copy_only=False)
        _tell(hit, rule, report)
        open_ &= ~hit
    shaped = open_ & pc.match_substring_regex(text, "^[0-9]{17}[0-9Xx]$").fill_null(False).to_numpy(
        zero_copy_only=False
    )
    _tell(open_ & ~shaped, "id_form", report)
    at = np.flatnonzero(shaped)
    numbers = pc.ascii_upper(text.take(pa.array(at)))
    digits = characters(numbers)
    real = real_dates(digits)
    checked = _CHECK[(digits[:, :17].astype(np.int32) - 48) @ np.array(ID_WEIGHTS, np.int32) % 11] == digits[:, 17]
    for wrong, rule in ((~real, "id_birth_date"), (real & ~checked, "id_check_digit")):
        mask = np.zeros(len(text), bool)
        mask[at[wrong]] = True
        _tell(mask, rule, report)
    good = np.zeros(len(text), bool)
    good[at[real & checked]] = True
    return pc.if_else(pa.array(good), pc.ascii_upper(text), None)


def characters(numbers: pa.Array) -> np.ndarray:
    """字符矩阵: (n, 18) uint8 of texts of exactly 18 ASCII characters."""
    if not len(numbers):
        return np.empty((0, 18), np.uint8)
    whole = pa.concat_arrays([numbers]) if numbers.offset else numbers
    offsets = np.frombuffer(whole.buffers()[1], np.int32, len(whole) + 1)
    data = np.frombuffer(whole.buffers()[2], np.uint8, offsets[-1] - offsets[0], offsets[0])
    return data.reshape(len(whole), 18)


def births(digits: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """出生年月日: three int32 (n,) arrays out of (n, 18) characters."""
    d = digits.astype(np.int32) - 48
    return (
        d[:, 6] * 1000 + d[:, 7] * 100 + d[:, 8] * 10 + d[:, 9],
        d[:, 10] * 10 + d[:, 11],
        d[:, 12] * 10 + d[:, 13],
    )


def males(digits: np.ndarray) -> np.ndarray:
    """男性: whether the 17th digit is odd, bool (n,)."""
    return digits[:, 16] % 2 == 1


def real_dates(digits: np.ndarray) -> np.ndarray:
    """日期存在: whether the eight digits in the middle are a day of the calendar, bool (n,)."""
    year, month, day = births(digits)
    lengths = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31], np.int32)
    known = (month >= 1) & (month <= 12)
    leap = ((year % 4 == 0) & (year % 100 != 0)) | (year % 400 == 0)
    last = lengths[np.where(known, month, 0)] + (leap & (month == 2))
    return known & (year >= 1) & (day >= 1) & (day <= last)


def _tell(mask: np.ndarray, rule: str, report: Callable[[np.ndarray, str], None]) -> None:
    if mask.any():
        report(mask, rule)
