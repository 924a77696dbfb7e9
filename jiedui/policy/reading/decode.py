"""解码: bytes of a page to text: UTF-8, UTF-16 (marked or not), GB18030, Big5, with or without a byte order mark.

First stage of the reader. It decides by what the bytes are: a mark, then strict UTF-8, then the encoding under which
the page holds the most frequent Chinese characters. Bytes that are no text are refused.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from jiedui.errors import JieduiError

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SIGNATURES: Final = (
    (b"%PDF", "a PDF"),
    (b"PK\x03\x04", "a Word, Excel or zip file"),
    (b"\xd0\xcf\x11\xe0", "an old Word or Excel file"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x1f\x8b", "a gzip file"),
    (b"SQLite format 3", "a database"),
)
_FREQUENT: Final = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面方后多定行学法所民得经"
    "十三之进等部度家电力里如水化高自二理起小现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形相全表间样与关各重新"
    "省市州县区旗帮扶协结口支援贫困东西南北京津海江浙福广川贵云甘青宁夏疆藏蒙古"
    "這為個國時來們發動產種麼後進電裡現實體當點業開還與關縣區幫協結貧東對於會說過經東廣雲貴寧"
)
_UNTYPED: Final = re.compile("[\\x00-\\x08\\x0b\\x0e-\\x1f\\x7f-\\x84\\x86-\\x9f\ufffd\ue000-\uf8ff]")
_REMEDY: Final = "Save the page as text or as HTML and give that file."


@dataclass(frozen=True, slots=True)
class Decoded:
    """解码结果: the text, its encoding, and whether the bytes end in the middle of a character."""

    text: str
    encoding: str
    cut: bool = False


def decode(data: bytes) -> Decoded:
    """解码: the text of a page. Raises `JieduiError` where the bytes are no text."""
    for signature, kind in _SIGNATURES:
        if data.startswith(signature):
            raise JieduiError(f"The page is {kind}, not text.", remedy=_REMEDY)
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _checked(_lenient(data[len(mark) :], encoding))
    strict = _strict(data, "utf-8")
    if strict is not None and "\x00" not in strict.text:
        return _checked(strict)
    return _checked(_most_plausible(data))


def from_text(text: str) -> Decoded:
    """文本输入: a page that is text already; a byte order mark is taken off."""
    return _checked(Decoded(text.removeprefix("\ufeff"), "text"))


def _most_plausible(data: bytes) -> Decoded:
    wide = ("utf-16-le", "utf-16-be") if 0 in data else ()
    found = [d for d in (_strict(data, e) for e in ("gb18030", "big5", *wide)) if d is not None]
    found.append(_lenient(data, "utf-8"))
    found.append(_lenient(data, "gb18030"))
    return max(found, key=lambda d: _plausibility(d.text))


def _plausibility(text: str) -> int:
    sample = text[:200_000]
    return sum(char in _FREQUENT for char in sample) - 20 * len(_UNTYPED.findall(sample))


def _strict(data: bytes, encoding: str) -> Decoded | None:
    """Strictly decoded, an incomplete character at the very end left out; None where the bytes do not fit."""
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        text = decoder.decode(data, final=False)
    except UnicodeDecodeError:
        return None
    pending = decoder.getstate()[0]
    return Decoded(text, encoding, cut=bool(pending)) if len(pending) < 4 else None


def _lenient(data: bytes, encoding: str) -> Decoded:
    return _strict(data, encoding) or Decoded(data.decode(encoding, errors="replace"), encoding)


def _checked(decoded: Decoded) -> Decoded:
    sample = decoded.text[:200_000]
    strange = len(_UNTYPED.findall(sample))
    letters = sum(unicodedata.category(char)[0] in "LNPZS" or char.isspace() for char in sample[:5_000])
    if strange * 20 > len(sample) or letters * 10 < min(len(sample), 5_000) * 8:
        raise JieduiError("The page is not text: most of its bytes are no characters.", remedy=_REMEDY)
    text = decoded.text.replace("\r\n", "\n").replace("\r", "\n")
    return Decoded(text, decoded.encoding, decoded.cut)
