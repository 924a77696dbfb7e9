"""分组: block-cipher modes for many short texts at once, where a call of the library for each would cost the time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import pyarrow as pa

BLOCK: Final = 16
TAG: Final = 16
Bytes = np.ndarray[Any, np.dtype[np.uint8]]
Lengths = np.ndarray[Any, np.dtype[np.int64]]


def counter_mode(blocks: Any, tags: Sequence[bytes], texts: Sequence[bytes]) -> list[bytes]:
    """计数器模式: each text XORed with the cipher of its tag's counter; `blocks` is an ECB encryptor."""
    lengths = np.fromiter(map(len, texts), np.int64, len(texts))
    counts = -(-lengths // BLOCK)
    starts = np.concatenate([[0], np.cumsum(counts)])
    stream = key_stream(blocks, np.frombuffer(b"".join(tags), np.uint8).reshape(-1, BLOCK), counts).ravel()
    padded = b"".join([text.ljust(count * BLOCK, b"\0") for text, count in zip(texts, counts.tolist(), strict=True)])
    mixed = (stream ^ np.frombuffer(padded, np.uint8)).tobytes()
    at = (starts[:-1] * BLOCK).tolist()
    return [mixed[start : start + length] for start, length in zip(at, lengths.tolist(), strict=True)]


def key_stream(blocks: Any, tags: Bytes, counts: Lengths) -> Bytes:
    """密钥流: uint8 (sum of counts, 16), one call for all: block i of a tag is the cipher of the tag, bits 31 and 63
    cleared, plus i (RFC 5297, 2.6: so that i never carries out of the last word).
    """
    counters = np.ascontiguousarray(tags).view(">u4").copy()
    counters[:, 2:] &= 0x7FFFFFFF
    repeated = np.repeat(counters, counts, axis=0)
    before = np.repeat(np.cumsum(counts) - counts, counts)
    repeated[:, 3] += (np.arange(len(repeated)) - before).astype(np.uint32)
    return np.frombuffer(blocks.update(repeated.tobytes()), np.uint8).reshape(-1, BLOCK)


def doubled(values: Bytes) -> Bytes:
    """加倍: in GF(2^128), big-endian, row by row (RFC 5297, 2.3); uint8 (n, 16)."""
    halves = np.ascontiguousarray(values).view(">u8").astype(np.uint64)
    high, low = halves[:, 0], halves[:, 1]
    out = np.empty_like(halves)
    out[:, 0] = (high << np.uint64(1)) | (low >> np.uint64(63))
    out[:, 1] = (low << np.uint64(1)) ^ ((high >> np.uint64(63)) * np.uint64(0x87))
    return out.astype(">u8").view(np.uint8)


def laid_out(texts: pa.Array) -> tuple[Bytes, Lengths]:
    """排开: binary texts as rows of whole blocks, zeros behind them, with room for one byte more; and their lengths."""
    offsets = np.frombuffer(texts.buffers()[1], np.int32)[texts.offset : texts.offset + len(texts) + 1]
    lengths = np.diff(offsets).astype(np.int64)
    rows = np.zeros((len(texts), (int(lengths.max(initial=0)) // BLOCK + 1) * BLOCK), np.uint8)
    if offsets[0] < offsets[-1]:
        rows[within(rows, lengths)] = np.frombuffer(texts.buffers()[2], np.uint8)[offsets[0] : offsets[-1]]
    return rows, lengths


def within(rows: Bytes, lengths: Lengths) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """文内: which bytes of the rows belong to their texts."""
    return np.arange(rows.shape[1]) < lengths[:, None]


class Cmac:
    """CMAC (NIST SP 800-38B) of many messages under one key."""

    def __init__(self, blocks: Any) -> None:
        self._blocks = blocks
        self._whole = doubled(self._cipher(np.zeros((1, BLOCK), np.uint8)))
        self._padded = doubled(self._whole)

    def _cipher(self, values: Bytes) -> Bytes:
        return np.frombuffer(self._blocks.update(values.tobytes()), np.uint8).reshape(-1, BLOCK)

    def __call__(self, messages: Bytes, lengths: Lengths) -> Bytes:
        """认证码: uint8 (n, 16) of messages as `laid_out` gives them; the messages are changed on the way."""
        count = np.arange(len(lengths))
        whole = (lengths > 0) & (lengths % BLOCK == 0)
        last = np.maximum(-(-lengths // BLOCK), 1) - 1
        messages[count[~whole], lengths[~whole]] = 0x80
        parts = messages.reshape(len(lengths), -1, BLOCK)
        parts[count, last] ^= np.where(whole[:, None], self._whole, self._padded)
        state = np.zeros((len(lengths), BLOCK), np.uint8)
        for step in range(int(last.max(initial=-1)) + 1):
            going = last >= step
            state[going] = self._cipher(state[going] ^ parts[going, step])
        return state
