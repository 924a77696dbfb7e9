"""文件种类: what a file is by its first bytes, and a clear sentence for every kind that is not read."""

from __future__ import annotations

from pathlib import Path

from jiedui.sheets.errors import SheetError
from jiedui.sheets.limits import Limits
from jiedui.sheets.parts import Parts, password

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SAVE_AS = "Open it with Excel or WPS and save it as an .xlsx workbook."


def kind_of(path: Path, limits: Limits) -> str:
    """种类: "xlsx" (a zip) or "csv" (anything that may be text); the others are refused."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            start = file.read(8192)
    except OSError as error:
        raise SheetError(f"The file cannot be opened: {error.strerror}.", remedy="Check the path.") from error
    if size == 0:
        raise SheetError("The file is empty (0 bytes).", remedy="Export it again and send the new file.")
    if size > limits.max_file_bytes:
        raise SheetError(
            f"The file has {size >> 20:,} MB; the limit is {limits.max_file_bytes >> 20:,} MB.",
            remedy="Split it into several files.",
        )
    if start.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "xlsx"
    if start.startswith(OLE):
        raise _ole(path)
    _refuse_others(start)
    return "csv"


def _refuse_others(start: bytes) -> None:
    """Pages, XML and files of other programs that would otherwise be read as text."""
    head = start.lstrip(b"\xef\xbb\xbf \t\r\n")[:4096].lower()
    if head.startswith((b"<!doctype html", b"<html", b"<table", b"<head", b"<meta", b"<style")) or (
        head.startswith(b"<") and b"<html" in head
    ):
        raise SheetError("The file is a web page (an HTML table), whatever its name says.", remedy=SAVE_AS)
    if head.startswith(b"<?xml") or head.startswith(b"<workbook"):
        raise SheetError("The file is XML and not a workbook.", remedy=SAVE_AS)
    if start.startswith(
        (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"{\\rtf", b"PAR1")
    ):
        raise SheetError("The file is neither a workbook nor a csv.", remedy="Send the .xlsx workbook itself.")
    if start[:4] in (b"\x09\x08\x10\x00", b"\x09\x08\x08\x00", b"\x09\x04\x06\x00"):
        raise SheetError("The file is an old Excel workbook (.xls).", remedy=SAVE_AS)


def _ole(path: Path) -> SheetError:
    """An OLE container: its directory names the streams in UTF-16."""
    with path.open("rb") as file:
        streams = file.read(8 << 20)
        file.seek(max(0, path.stat().st_size - (8 << 20)))
        streams += file.read()
    if any(name.encode("utf-16-le") in streams for name in ("EncryptedPackage", "EncryptionInfo")):
        return password()
    if "WordDocument".encode("utf-16-le") in streams:
        return SheetError("The file is an old Word document (.doc).", remedy="Send the table as an .xlsx workbook.")
    return SheetError("The file is an old workbook (.xls of Excel or .et of WPS).", remedy=SAVE_AS)


def refuse_other_packages(parts: Parts) -> None:
    """Zip files that are no .xlsx: OpenDocument, .xlsb, documents, a zip with a workbook in it."""
    names = parts.names()
    if "mimetype" in parts and b"opendocument" in parts.read("mimetype"):
        raise SheetError("The file is an OpenDocument file (.ods).", remedy=SAVE_AS)
    if "xl/workbook.bin" in parts:
        raise SheetError("The file is a binary workbook (.xlsb).", remedy=SAVE_AS)
    if "word/document.xml" in parts or "ppt/presentation.xml" in parts:
        raise SheetError("The file is a document or a presentation.", remedy="Send the table as an .xlsx workbook.")
    if "index/document.iwa" in parts:
        raise SheetError("The file is a Numbers document.", remedy="Export it as Excel (.xlsx).")
    if any(name.endswith((".xlsx", ".xls", ".csv")) for name in names):
        raise SheetError("The file is a zip archive with tables in it.", remedy="Unpack it and send one table.")
    if "_rels/.rels" not in parts:
        raise SheetError("The file is a zip archive and not a workbook.", remedy="Send the .xlsx workbook itself.")
