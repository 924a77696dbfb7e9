"""XML编码: pieces of an XML part as UTF-8, whatever encoding it is written in; and no document types."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from jiedui.sheets.errors import SheetError
from jiedui.sheets.parts import damaged

READ = frozenset(["utf-8", "ascii", "gb18030", "gbk", "gb2312", "big5", "utf-16", "iso8859-1", "cp1252"])
_DECLARED = re.compile(rb"""^<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")


def as_utf8(pieces: Iterator[bytes], name: str) -> Iterator[bytes]:
    """转为UTF-8: unchanged if it is that already (its bytes are checked later, where they become text)."""
    start = b""
    for piece in pieces:
        start += piece
        if len(start) >= 256:
            break
    encoding = _encoding(start, name)
    if encoding is None:
        if start:
            yield start[3:] if start.startswith(codecs.BOM_UTF8) else start
        yield from pieces
        return
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        text = decoder.decode(start)
        # The declaration names an encoding that the bytes have no longer.
        yield re.sub(r"^\ufeff?<\?xml.*?\?>", "", text, count=1, flags=re.DOTALL).encode()
        for piece in pieces:
            yield decoder.decode(piece).encode()
        decoder.decode(b"", final=True)
    except UnicodeError as bad:
        raise damaged(f"{name} is not in the encoding that it declares") from bad


def _encoding(start: bytes, name: str) -> str | None:
    """None for UTF-8."""
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if start[:4] == b"<\0?\0":
        return "utf-16-le"
    if start[:4] == b"\0<\0?":
        return "utf-16-be"
    declared = _DECLARED.match(start.removeprefix(codecs.BOM_UTF8))
    if declared is None:
        return None
    try:
        found = codecs.lookup(declared[1].decode()).name
    except LookupError:
        found = ""
    if found not in READ:
        raise damaged(f"{name} declares an encoding that no spreadsheet program uses")
    return None if found in ("utf-8", "ascii") else found


def refuse_dtd(text: bytes, name: str) -> None:
    """拒绝DTD: document types and entities, which a workbook never has and an attack does."""
    if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
        raise dtd(name)


def dtd(name: str) -> SheetError:
    """The sentence for it."""
    return SheetError(
        f"The part {name} has a document type (DTD), which no spreadsheet program writes.",
        remedy="Do not trust this file. Ask for a new one that Excel or WPS has saved.",
    )
