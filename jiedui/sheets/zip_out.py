"""写包: a zip file as bytes that leave at once: sizes follow each part in a data descriptor (APPNOTE 4.3.9)."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass

from jiedui.sheets.errors import SheetError

SYNC_FLAG, DEFLATED, VERSION = 0x0008, 8, 20
DAY_1980 = 0x0021
"""1980-01-01: the same rows give the same bytes."""
MOST = (1 << 32) - 1
END_OF_DEFLATE = b"\x03\x00"


@dataclass
class _Member:
    name: bytes
    offset: int
    checksum: int = 0
    packed: int = 0
    size: int = 0


class ZipOut:
    """写包: each method returns the bytes to send. No zip64: a sheet is ended before its part has 4 GiB."""

    def __init__(self) -> None:
        self._members: list[_Member] = []
        self._at = 0

    def whole(self, name: str, content: bytes) -> bytes:
        """整件: a small part."""
        packer = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
        packed = packer.compress(content) + packer.flush()
        begin = self.begin(name)
        return begin + self.add(packed, len(content), zlib.crc32(content)) + self.end()

    def begin(self, name: str) -> bytes:
        """开始: the local header of a part."""
        member = _Member(name.encode(), self._at)
        self._members.append(member)
        header = struct.pack("<4s5H3I2H", b"PK\x03\x04", VERSION, SYNC_FLAG, DEFLATED, 0, DAY_1980, 0, 0, 0,
                             len(member.name), 0)  # fmt: skip
        return self._sent(header + member.name)

    def add(self, packed: bytes, size: int, checksum: int) -> bytes:
        """续: deflated bytes of the part, and the size and checksum (of the part so far) of what they hold."""
        member = self._members[-1]
        member.packed += len(packed)
        member.size += size
        member.checksum = checksum
        return self._sent(packed)

    def end(self) -> bytes:
        """结束: the data descriptor."""
        member = self._members[-1]
        return self._sent(struct.pack("<4s3I", b"PK\x07\x08", member.checksum, member.packed, member.size))

    def close(self) -> bytes:
        """收尾: the central directory."""
        start, entries = self._at, b""
        for m in self._members:
            fields = (VERSION, VERSION, SYNC_FLAG, DEFLATED, 0, DAY_1980, m.checksum, m.packed, m.size)
            entries += struct.pack("<4s6H3I5H2I", b"PK\x01\x02", *fields, len(m.name), 0, 0, 0, 0, 0, m.offset)
            entries += m.name
        count = len(self._members)
        return self._sent(entries + struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, count, count, len(entries), start, 0))

    def _sent(self, data: bytes) -> bytes:
        self._at += len(data)
        if self._at > MOST:
            raise SheetError("The workbook would be larger than 4 GB.", remedy="Export fewer rows, or a csv.")
        return data
