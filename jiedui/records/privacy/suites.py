"""密码套件: the two ways to encrypt a cell and to digest a text under a key, one cell or a million at once.

Both encrypt deterministically and with authentication: the initial vector is a pseudo-random function of column, row
and text, so that the same cell gives the same ciphertext, and a ciphertext that was moved or altered does not open
(Rogaway and Shrimpton, Deterministic Authenticated Encryption, 2006; it shows whether a cell holds what it held).

- `AesSiv`: AES-SIV with AES-256 (RFC 5297) and HMAC-SHA-256 (RFC 2104, FIPS 198-1).
- `Sm4HmacSm3`: SM4 in counter mode (GB/T 32907, NIST SP 800-38A) under a synthetic vector, HMAC-SM3 (GB/T 32905)
  cut to 16 bytes. No standard gives this composition by name; it is RFC 5297 with another pseudo-random function in the
  place of S2V and SM4 in the place of AES. Limits: 16 bytes of tag, so far fewer than 2^64 cells for one key; texts of
  at most 2^31 blocks; the counter's top bits of the last two words are cleared as there.
"""

from __future__ import annotations

import hmac
import struct
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.hmac import HMAC

from jiedui.records.privacy.aes_siv import LONGEST, TOGETHER, AesSivColumn
from jiedui.records.privacy.blocks import TAG, counter_mode

Digest = Callable[[bytes], bytes]
"""Text → 32 bytes under a key."""
Cells = Sequence[tuple[bytes, bytes]]
"""(row's key as decimal text, text or ciphertext) of each cell."""
_SHA256_BLOCK: Final = 64


class Suite(ABC):
    """套件: what a data key can do; `mark` is its byte in the header of a ciphertext."""

    mark: int

    @abstractmethod
    def seal(self, column: bytes, cells: Cells) -> list[bytes]:
        """加密: for each cell tag and ciphertext, 16 bytes longer than its text."""

    def seal_column(self, header: bytes, column: bytes, rows: pa.Array, texts: pa.Array) -> pa.BinaryArray:
        """批量加密: header and `seal` of each cell; `rows` (decimal) and `texts` binary without nulls."""
        cells = list(zip(rows.to_pylist(), texts.to_pylist(), strict=True))
        return pa.array([header + one for one in self.seal(column, cells)], pa.binary())

    @abstractmethod
    def open(self, column: bytes, cells: Cells) -> list[bytes | None]:
        """解密: for each cell its text, or None where it does not open."""

    @abstractmethod
    def digest(self, key: bytes) -> Digest:
        """摘要: HMAC under a key, with the padded key digested once."""


def hmac_sha256(key: bytes) -> Digest:
    """HMAC-SHA-256 with the two halves of the key prepared: a third of the time for short texts."""
    padded = (key if len(key) <= _SHA256_BLOCK else sha256(key).digest()).ljust(_SHA256_BLOCK, b"\0")
    inner = sha256(bytes(byte ^ 0x36 for byte in padded)).copy
    outer = sha256(bytes(byte ^ 0x5C for byte in padded)).copy

    def digest(text: bytes) -> bytes:
        first, second = inner(), outer()
        first.update(text)
        second.update(first.digest())
        return second.digest()

    return digest


def hmac_sm3(key: bytes) -> Digest:
    """HMAC-SM3 with the key prepared."""
    prepared = HMAC(key, hashes.SM3())

    def digest(text: bytes) -> bytes:
        one = prepared.copy()
        one.update(text)
        return one.finalize()

    return digest


class AesSiv(Suite):
    """AES-SIV 套件: the default. One cell by the library's AES-SIV; a column of short texts by `AesSivColumn`."""

    mark = 0xA5

    def __init__(self, key: bytes) -> None:
        self._siv = AESSIV(key)
        self._column = AesSivColumn(key)

    def seal(self, column: bytes, cells: Cells) -> list[bytes]:
        """RFC 5297 with column and row as the associated data."""
        encrypt = self._siv.encrypt
        return [encrypt(text, [column, row]) for row, text in cells]

    def seal_column(self, header: bytes, column: bytes, rows: pa.Array, texts: pa.Array) -> pa.BinaryArray:
        """By the column where its texts are short."""
        if (pc.max(pc.binary_length(texts)).as_py() or 0) > LONGEST:
            return super().seal_column(header, column, rows, texts)
        parts = [
            self._column.seal(header, column, rows[at : at + TOGETHER], texts[at : at + TOGETHER])
            for at in range(0, len(texts), TOGETHER)
        ]
        return pa.concat_arrays(parts) if parts else pa.array([], pa.binary())

    def open(self, column: bytes, cells: Cells) -> list[bytes | None]:
        """RFC 5297; a cell that is too short does not open."""
        return [self._open(column, row, sealed) for row, sealed in cells]

    def _open(self, column: bytes, row: bytes, sealed: bytes) -> bytes | None:
        if len(sealed) < TAG:
            return None
        try:
            return self._siv.decrypt(sealed, [column, row])
        except InvalidTag:
            return None

    def digest(self, key: bytes) -> Digest:
        """HMAC-SHA-256."""
        return hmac_sha256(key)


class Sm4HmacSm3(Suite):
    """国密套件: SM4 and SM3."""

    mark = 0x54

    def __init__(self, key: bytes) -> None:
        self._tag = hmac_sm3(key[:32])
        self._blocks: Any = Cipher(algorithms.SM4(key[32:]), modes.ECB()).encryptor()  # for counter blocks only

    def seal(self, column: bytes, cells: Cells) -> list[bytes]:
        """Tag over column, row and text, each with its length; then the text under the tag's counter."""
        head = _with_length(column)
        tags = [self._tag(head + _with_length(row) + text)[:TAG] for row, text in cells]
        texts = counter_mode(self._blocks, tags, [text for _, text in cells])
        return [tag + text for tag, text in zip(tags, texts, strict=True)]

    def open(self, column: bytes, cells: Cells) -> list[bytes | None]:
        """The text under the counter, if it gives the tag again."""
        head = _with_length(column)
        tags = [sealed[:TAG].ljust(TAG, b"\0") for _, sealed in cells]
        texts = counter_mode(self._blocks, tags, [sealed[TAG:] for _, sealed in cells])
        return [
            text if hmac.compare_digest(self._tag(head + _with_length(row) + text)[:TAG], sealed[:TAG]) else None
            for (row, sealed), text in zip(cells, texts, strict=True)
        ]

    def digest(self, key: bytes) -> Digest:
        """HMAC-SM3."""
        return hmac_sm3(key)


def _with_length(part: bytes) -> bytes:
    """The length before it, so that no two lists of parts read alike."""
    return struct.pack(">I", len(part)) + part


SUITES: Final[dict[str, Callable[[bytes], Suite]]] = {"aes-siv": AesSiv, "sm4-hmac-sm3": Sm4HmacSm3}
"""By the name in keys.toml and JIEDUI_CIPHER_SUITE."""
