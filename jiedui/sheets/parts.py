"""部件: the parts of a zip package as streams whose real size is watched, never the declared one."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from jiedui.sheets.errors import SheetError
from jiedui.sheets.limits import Limits

PIECE = 1 << 20
"""Bytes of a piece, unpacked."""
SMALL_PART = 32 << 20
"""Most bytes of a part that is read as a whole (styles, relationships)."""
MEMBERS = 20_000
DAMAGED = "Ask for the file again, or open it with a spreadsheet program and save it as .xlsx."


def damaged(detail: str) -> SheetError:
    """损坏: the file breaks off or its bytes changed on the way."""
    return SheetError(f"The file is damaged: {detail}.", remedy=DAMAGED)


class Parts:
    """部件集: the members of a zip file by path, without regard to case; `unpacked` counts over all of them."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self.path, self.limits, self.unpacked = path, limits, 0
        try:
            with zipfile.ZipFile(path) as archive:
                members = archive.infolist()
        except (zipfile.BadZipFile, struct.error, EOFError, ValueError, NotImplementedError, UnicodeDecodeError) as bad:
            raise damaged("it begins as a zip file and has no readable list of its parts; it may be cut off") from bad
        if len(members) > MEMBERS:
            raise SheetError(f"The file has {len(members):,} parts; a workbook has a few.", remedy=DAMAGED)
        self._members = {_key(member.filename): member for member in members}

    def __contains__(self, name: str) -> bool:
        return _key(name) in self._members

    def names(self) -> list[str]:
        """名称: of all parts, in lower case."""
        return list(self._members)

    def packed_size(self, name: str) -> int:
        """压缩大小: of a part, in bytes; 0 if it is missing."""
        member = self._members.get(_key(name))
        return 0 if member is None else member.compress_size

    def stream(self, name: str, piece: int = PIECE) -> Part:
        """打开: a part as an iterator over pieces of bytes."""
        member = self._members.get(_key(name))
        if member is None:
            raise damaged(f"the part {name} is missing")
        return Part(self, member, piece)

    def read(self, name: str) -> bytes:
        """读取: a small part as a whole."""
        out = io.BytesIO()
        for piece in self.stream(name):
            out.write(piece)
            if out.tell() > SMALL_PART:
                raise SheetError(
                    f"The part {name} of the workbook is larger than {SMALL_PART >> 20} MB.",
                    remedy="Copy the rows into a new workbook and save that.",
                )
        return out.getvalue()


class Part:
    """部件流: unpacked pieces of one part; `done` and `total` are packed bytes, for progress."""

    def __init__(self, parts: Parts, member: zipfile.ZipInfo, piece: int) -> None:
        self.name, self.done, self.total = member.filename, 0, max(1, member.compress_size)
        self._parts, self._member, self._piece = parts, member, piece
        if member.flag_bits & 0x1:
            raise password()
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise SheetError(
                f"The part {self.name} is packed in a way that spreadsheets do not use.",
                remedy="Save the file again as .xlsx.",
            )

    def __iter__(self) -> Iterator[bytes]:
        checksum, size, limits = 0, 0, self._parts.limits
        for piece in self._pieces():
            size += len(piece)
            self._parts.unpacked += len(piece)
            if self._parts.unpacked > limits.max_unpacked_bytes or (
                size > limits.ratio_from and size > limits.max_ratio * max(1, self.done)
            ):
                raise SheetError(
                    f"Unpacked, the file is far larger than a table can be ({self._parts.unpacked >> 20:,} MB so far).",
                    remedy="Copy the rows that are needed into a new workbook and save that.",
                )
            checksum = zlib.crc32(piece, checksum)
            yield piece
        if checksum != self._member.CRC or size != self._member.file_size:
            raise damaged(f"the checksum of {self.name} does not hold")

    def _pieces(self) -> Iterator[bytes]:
        with self._parts.path.open("rb") as file:
            file.seek(self._member.header_offset)
            header = file.read(30)
            if len(header) < 30 or header[:4] != b"PK\x03\x04":
                raise damaged(f"{self.name} is not where the list of parts says")
            name, extra = struct.unpack("<HH", header[26:30])
            file.seek(name + extra, io.SEEK_CUR)
            yield from self._stored(file) if self._member.compress_type == zipfile.ZIP_STORED else self._inflated(file)

    def _stored(self, file: io.BufferedReader) -> Iterator[bytes]:
        while self.done < self._member.compress_size:
            piece = file.read(min(self._piece, self._member.compress_size - self.done))
            if not piece:
                raise damaged(f"{self.name} breaks off")
            self.done += len(piece)
            yield piece

    def _inflated(self, file: io.BufferedReader) -> Iterator[bytes]:
        unpack, left = zlib.decompressobj(-zlib.MAX_WBITS), self._member.compress_size
        while left > 0 and not unpack.eof:
            packed = file.read(min(1 << 16, left))
            if not packed:
                raise damaged(f"{self.name} breaks off")
            left -= len(packed)
            self.done += len(packed)
            while packed:
                try:
                    piece = unpack.decompress(packed, self._piece)
                except zlib.error as bad:
                    raise damaged(f"{self.name} cannot be unpacked") from bad
                packed = unpack.unconsumed_tail
                if piece:
                    yield piece
        while not unpack.eof:
            try:
                piece = unpack.decompress(b"", self._piece)
            except zlib.error as bad:
                raise damaged(f"{self.name} cannot be unpacked") from bad
            if not piece:
                raise damaged(f"{self.name} breaks off")
            yield piece


def password() -> SheetError:
    """密码: the file is encrypted."""
    return SheetError(
        "The file is protected with a password and cannot be read.",
        remedy="Open it, remove the password (Save as → Tools → General options), and send the file again.",
    )


def _key(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()
