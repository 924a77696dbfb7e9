"""单元格: texts of a spreadsheet become typed columns; what cannot be understood is a problem, never a guess.

Work is done once for each different text of a batch, or on whole columns; nothing is done cell by cell. `clean` is the
only repair: blanks around, full-width digits and letters. An identity number is never repaired (domain fact 14).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from jiedui.records.imports import identity, labels
from jiedui.records.imports.forms import Field
from jiedui.sheets import CellKind
from jiedui.terms.divisions import Gazetteer
from jiedui.terms.identity import is_valid_credit_code
from jiedui.terms.names import Resolver
from jiedui.terms.occupations import Occupations

LONGEST_TEXT: Final = 200
_SERIALS: Final = (20_000, 80_000)
"""Serial days that can be meant as a day of our time: 1954 to 2119."""
_WIDE: Final = str.maketrans({c: chr(c - 0xFEE0) for c in range(0xFF01, 0xFF5F)} | {0x3000: " "})
_TYPES: Final = {
    "text": pa.string(), "name": pa.string(), "place": pa.string(), "code": pa.string(), "credit": pa.string(),
    "phone": pa.string(), "identity": pa.string(), "choice": pa.string(), "number": pa.int64(), "int": pa.int64(),
    "yuan": pa.int64(), "date": pa.date32(), "bool": pa.bool_(), "month": pa.date32(), "occupation": pa.string(),
    "division": pa.string(),
}  # fmt: skip

_UNITS: Final = re.compile("(个月|人|月|天|公里)$")

Report = Callable[[np.ndarray, str], None]
"""`report(mask, rule)`: positions in the batch (bool, n) that break a rule."""


class Unreadable(Exception):  # noqa: N818
    """看不懂: a text that a parser refuses, with the rule that it breaks."""


@dataclass(frozen=True, slots=True)
class Reading:
    """读法: how to read a column of one field: the labels that an officer mapped, and the workbook's first day."""

    field: Field
    mapped: Mapping[str, str]
    date_1904: bool = False


def arrow_type(field: Field) -> pa.DataType:
    """列类型: of a field as it is read."""
    return _TYPES[field.kind]


def parse(reading: Reading, column: pa.Array, kinds: np.ndarray, report: Report) -> pa.Array:
    """读一列: (n,) typed values of a batch's column; null where nothing is entered or a problem was reported."""
    errors = kinds == CellKind.ERROR
    if errors.any():
        report(errors, "formula_error")
        column = pc.if_else(pa.array(errors), None, column.cast(pa.string()))
    match reading.field.kind:
        case "identity":
            return identity.read(clean(column), kinds, report)
        case "number":
            return _number(column, report)
        case "name":
            return _name(column, report)
        case "phone":
            return _phone(column, report)
        case _:
            return _by_text(column, _parser(reading), arrow_type(reading.field), report)


def clean(column: pa.Array) -> pa.Array:
    """清理: text without blanks around, full-width characters made narrow; empty becomes null."""
    text = pc.utf8_trim_whitespace(column.cast(pa.string()))
    wide = pc.match_substring_regex(text, rb"[\uFF01-\uFF5E\u3000]".decode("unicode_escape"))
    if pc.any(wide).as_py():
        narrow = [value and value.translate(_WIDE).strip() for value in text.filter(wide).to_pylist()]
        text = pc.replace_with_mask(text, wide.fill_null(False), pa.array(narrow, pa.string()))
    return pc.if_else(pc.equal(text, ""), None, text)


def _by_text(column: pa.Array, parser: Callable[[str], Any], kind: pa.DataType, report: Report) -> pa.Array:
    """Each different text is parsed once."""
    texts, place = _different(column)
    values: list[Any] = []
    broken: dict[str, list[int]] = {}
    for at, text in enumerate(texts.to_pylist()):
        cleaned = text and text.translate(_WIDE).strip()
        try:
            values.append(parser(cleaned) if cleaned else None)
        except Unreadable as problem:
            values.append(None)
            broken.setdefault(str(problem), []).append(at)
    for rule, positions in broken.items():
        wrong = np.zeros(len(texts) + 1, bool)
        wrong[positions] = True
        report(wrong[place], rule)
    return pa.array([*values, None], kind).take(pa.array(place))


def _different(column: pa.Array) -> tuple[pa.Array, np.ndarray]:
    """The different texts, and the position of each cell's text; that of an empty cell is after the last."""
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    place = column.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    used, compact = np.unique(place, return_inverse=True)
    texts = column.dictionary.take(pa.array(used[used >= 0]))
    empty = int(used.size and used[0] < 0)
    return texts, np.where(compact < empty, len(texts), compact - empty)


def _parser(reading: Reading) -> Callable[[str], Any]:
    match reading.field.kind:
        case "choice" | "bool":
            return _labelled(labels.known(reading.field, reading.mapped))
        case "date":
            return _dates(reading.date_1904)
        case "month":
            return _months(reading.date_1904)
        case "occupation":
            return _occupation
        case "division":
            return _division
        case "int":
            return _whole
        case "yuan":
            return _fen
        case "code":
            return _code
        case "credit":
            return _credit
        case _:
            return _text


def _text(text: str) -> str:
    if len(text) > LONGEST_TEXT:
        raise Unreadable("too_long")
    return text


def _labelled(known: Mapping[str, str | bool]) -> Callable[[str], str | bool]:
    def parser(text: str) -> str | bool:
        found = known.get(labels.plain(text))
        if found is None:
            raise Unreadable("unknown_label")
        return found

    return parser


def _whole(text: str) -> int:
    plain = _UNITS.sub("", text)
    if not re.fullmatch(r"-?[0-9]{1,9}(\.0+)?", plain):
        raise Unreadable("not_a_number")
    value = int(plain.partition(".")[0])
    if value < 0:
        raise Unreadable("negative")
    return value


def _fen(text: str) -> int:
    plain = text.replace(",", "").removesuffix("元")
    try:
        value = Decimal(plain)
    except InvalidOperation:
        raise Unreadable("not_an_amount") from None
    if not value.is_finite() or abs(value) >= 10**12:
        raise Unreadable("not_an_amount")
    if value < 0:
        raise Unreadable("negative")
    return int((value * 100).to_integral_value())


def _code(text: str) -> str:
    plain = re.sub(r"\.0+$", "", text)
    if not re.fullmatch(r"[0-9]{12}", plain):
        raise Unreadable("not_a_number")
    return plain


def _credit(text: str) -> str:
    if not is_valid_credit_code(text):
        raise Unreadable("credit_code")
    return text.upper()


def _dates(date_1904: bool) -> Callable[[str], date]:
    """The spellings that Excel makes of a day: 2016-03-05 (with a time, too), 2016/3/5, 2016.3.5, 2016年3月5日,
    20160305, and the serial number.
    """
    first = date(1904, 1, 1) if date_1904 else date(1899, 12, 30)
    written = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?(?:[ T][0-9:.]+)?")

    def parser(text: str) -> date:
        try:
            if match := written.fullmatch(text):
                return date(int(match[1]), int(match[2]), int(match[3]))
            if re.fullmatch(r"(19|20)[0-9]{6}", text):
                return date(int(text[:4]), int(text[4:6]), int(text[6:]))
            if re.fullmatch(r"[0-9]{5}(\.[0-9]+)?", text) and _SERIALS[0] <= float(text) < _SERIALS[1]:
                return first + timedelta(days=int(float(text)))
        except ValueError:
            pass  # such as 2016-02-30: said below
        raise Unreadable("not_a_date")

    return parser


def _months(date_1904: bool) -> Callable[[str], date]:
    """2019-06, 2019/6, 2019年6月, 201906, or any day of the month as `_dates` reads it; its first day.

    2019.1 is refused: a cell that was given as 2019.10 and became a number looks the same.
    """
    day = _dates(date_1904)
    written = re.compile(r"((?:19|20)[0-9]{2})(?:[-/年.]([0-9]{1,2})月?(?:份)?|([0-9]{2})(?:\.0+)?)")

    def parser(text: str) -> date:
        match = written.fullmatch(text)
        if match is None:
            try:
                return day(text).replace(day=1)
            except Unreadable:
                raise Unreadable("not_a_month") from None
        number = int(match[2] or match[3])
        if not 1 <= number <= 12 or (text[4] == "." and match[2] == "1"):
            raise Unreadable("not_a_month")
        return date(int(match[1]), number, 1)

    return parser


def _occupation(text: str) -> str:
    found = Occupations.load().resolve(text)
    if found is None:
        raise Unreadable("unknown_occupation")
    return found


def _division(text: str) -> str:
    plain = re.sub(r"\.0+$", "", text)
    if plain.isdigit():
        if len(plain) != 6 or Gazetteer.load().get(plain) is None:
            raise Unreadable("unknown_division")
        return plain
    resolution = _resolver(date.today()).resolve(text)
    if resolution.found is None:
        clear = resolution.reason not in ("ambiguous", "divided")
        raise Unreadable("unknown_division" if clear else "ambiguous_division")
    return resolution.found.code


@cache
def _resolver(on: date) -> Resolver:
    return Resolver(Gazetteer.load(), on)


def _number(column: pa.Array, report: Report) -> pa.Array:
    """A key of up to 18 digits; one that became 6.2E+17 has lost digits and is refused."""
    text = pc.replace_substring_regex(clean(column), r"\.0+$", "")
    good = pc.match_substring_regex(text, "^[0-9]{1,18}$")
    wrong = pc.and_(pc.is_valid(text), pc.invert(good)).fill_null(False)
    if pc.any(wrong).as_py():
        report(wrong.to_numpy(zero_copy_only=False), "not_a_number")
    return pc.if_else(good, text, None).cast(pa.int64())


def _name(column: pa.Array, report: Report) -> pa.Array:
    """A name without blanks inside, which offices put between two characters to align them (张 三)."""
    text = clean(column)
    spaced = pc.match_substring(text, " ")
    if pc.any(spaced).as_py():
        text = pc.replace_substring(text, " ", "")
    long = pc.greater(pc.utf8_length(text), LONGEST_TEXT).fill_null(False)
    if pc.any(long).as_py():
        report(long.to_numpy(zero_copy_only=False), "too_long")
        text = pc.if_else(long, None, text)
    return text


def _phone(column: pa.Array, report: Report) -> pa.Array:
    text = pc.replace_substring_regex(clean(column), r"[ -]|\.0+$", "")
    good = pc.match_substring_regex(text, r"^(1[0-9]{10}|0[0-9]{9,11}|[2-8][0-9]{6,7})$")
    wrong = pc.and_(pc.is_valid(text), pc.invert(good)).fill_null(False)
    if pc.any(wrong).as_py():
        report(wrong.to_numpy(zero_copy_only=False), "not_a_phone")
    return pc.if_else(good, text, None)
