"""AES-SIV 成列: RFC 5297 for a column of short texts, a few calls of the library's AES for all of them.

It gives what the library's AES-SIV gives cell by cell (a property test holds it), in a fraction of the time.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyarrow as pa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from jiedui.records.privacy.blocks import BLOCK, TAG, Bytes, Cmac, Lengths, doubled, key_stream, laid_out, within

TOGETHER: Final = 1 << 16
"""Cells of one call: their rows stay in the processor's cache."""
LONGEST: Final = 256
"""Bytes of a text up to which rows of equal width are worth it."""


class AesSivColumn:
    """AES-SIV 成列: with column and row as the associated data."""

    def __init__(self, key: bytes) -> None:
        half = len(key) // 2
        self._cmac = Cmac(_blocks(key[:half]))
        self._counter = _blocks(key[half:])
        self._zero = self._cmac(np.zeros((1, 2 * BLOCK), np.uint8), np.array([BLOCK]))

    def seal(self, header: bytes, column: bytes, rows: pa.Array, texts: pa.Array) -> pa.BinaryArray:
        """加密: header, tag and ciphertext of each cell; `rows` (decimal) and `texts` binary without nulls, texts of at
        most `LONGEST` bytes.
        """
        plain, lengths = laid_out(texts)
        tags = self._tags(column, rows, plain.copy(), lengths)
        head = len(header)
        sealed = np.empty((len(texts), head + TAG + plain.shape[1]), np.uint8)
        sealed[:, :head] = np.frombuffer(header, np.uint8)
        sealed[:, head : head + TAG] = tags
        blocks = np.full(len(texts), plain.shape[1] // BLOCK)
        sealed[:, head + TAG :] = plain ^ key_stream(self._counter, tags, blocks).reshape(plain.shape)
        whole = lengths + head + TAG
        offsets = np.concatenate([[0], np.cumsum(whole)]).astype(np.int32)
        data = sealed[within(sealed, whole)]
        return pa.Array.from_buffers(pa.binary(), len(texts), [None, pa.py_buffer(offsets), pa.py_buffer(data)])

    def _tags(self, column: bytes, rows: pa.Array, messages: Bytes, lengths: Lengths) -> Bytes:
        """S2V (RFC 5297, 2.4) over column, row and text; the messages are changed on the way."""
        mixed = doubled(self._zero) ^ self._cmac(*laid_out(pa.array([column], pa.binary())))
        mixed = doubled(mixed) ^ self._cmac(*laid_out(rows))
        long = np.flatnonzero(lengths >= BLOCK)
        messages[long[:, None], lengths[long, None] - BLOCK + np.arange(BLOCK)] ^= mixed[long]
        short = np.flatnonzero(lengths < BLOCK)
        messages[short, lengths[short]] = 0x80
        messages[short, :BLOCK] ^= doubled(mixed[short])
        return self._cmac(messages, np.maximum(lengths, BLOCK))


def _blocks(key: bytes) -> Any:
    """The block cipher alone, for whole blocks that this module makes."""
    return Cipher(algorithms.AES(key), modes.ECB()).encryptor()
