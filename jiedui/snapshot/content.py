"""内容摘要: the digest of what a table says, whatever wrote its file.

SHA-256 over the rows in their stored order, column by column: `name`, a zero byte, then
· the validity as one byte per row (1 = known, 0 = missing);
· int64 and date as little-endian int64 and int32, bool as one byte, a missing value as zero;
· text as the little-endian int64 lengths in bytes of all rows (0 where missing), then all bytes in UTF-8.
So neither the Parquet library, nor its compression, nor a file's time enters it.
"""

from __future__ import annotations

import hashlib

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc


def content_digest(table: pa.Table) -> str:
    """内容摘要: hexadecimal SHA-256 of the rows of a table, as the module says."""
    digest = hashlib.sha256()
    for name in table.column_names:
        digest.update(name.encode() + b"\0")
        for part in _parts(table[name]):
            digest.update(part)
    return digest.hexdigest()


def _parts(column: pa.ChunkedArray) -> list[bytes]:
    validity = np.asarray(column.is_valid()).astype(np.uint8).tobytes()
    if pa.types.is_string(column.type):
        filled = column.fill_null("")
        lengths = np.asarray(pc.binary_length(filled)).astype("<i8").tobytes()
        return [validity, lengths, *(_text_bytes(chunk) for chunk in filled.chunks)]
    if pa.types.is_boolean(column.type):
        return [validity, np.asarray(column.fill_null(False)).astype(np.uint8).tobytes()]
    if pa.types.is_date32(column.type):
        return [validity, np.asarray(column.cast(pa.int32()).fill_null(0)).astype("<i4").tobytes()]
    return [validity, np.asarray(column.fill_null(0)).astype("<i8").tobytes()]


def _text_bytes(chunk: pa.StringArray) -> bytes:
    # A string array is its offsets and one run of bytes; a slice starts at offset `chunk.offset`.
    offsets = np.frombuffer(chunk.buffers()[1], np.int32)[chunk.offset : chunk.offset + len(chunk) + 1]
    data = chunk.buffers()[2]
    if data is None or len(chunk) == 0:
        return b""
    return bytes(memoryview(data)[int(offsets[0]) : int(offsets[-1])])
