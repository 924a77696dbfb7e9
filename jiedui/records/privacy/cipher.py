"""密码: the living keys of the installation, ready for use: one encrypts, each of them opens and finds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa

from jiedui.errors import JieduiError, NotVerified
from jiedui.records.privacy.suites import SUITES, Digest, Suite, hmac_sha256
from jiedui.runtime.keys import DataKey, Keys

if TYPE_CHECKING:
    from collections.abc import Sequence

    Texts = pa.Array | pa.ChunkedArray
    RowKeys = pa.Array | pa.ChunkedArray | np.ndarray | Sequence[int]

HEADER: Final = 3
"""Bytes before a ciphertext: the suite's mark, and the key's id in two bytes, the higher first."""
_PLAIN_KEY: Final = 1
"""The key that wrote ciphertexts without a header, before keys had numbers."""
_FORMS: Final[Mapping[str, Callable[[str], str]]] = {
    "id_number": lambda text: text.strip().upper(),
    "phone": lambda text: text.strip(),
}
"""Columns with a blind index, and how their texts are written before they are digested."""


@dataclass(frozen=True)
class _Living:
    """One data key: its suite, and the digests of its blind indexes by column."""

    header: bytes
    suite: Suite
    index: Mapping[str, Digest]


class Cipher:
    """密码: encrypts with the active key, opens with whichever wrote it; made by `cipher()`."""

    def __init__(self, keys: Keys) -> None:
        self._living = {key.id: _living(key) for key in keys.data}
        self._active = self._living[keys.active]
        self._others = [key for number, key in self._living.items() if number != keys.active]
        self._pseudonym = hmac_sha256(bytes.fromhex(keys.pseudonym_key))

    @property
    def header(self) -> bytes:
        """密文头: what a ciphertext of the active key begins with."""
        return self._active.header

    @property
    def headers(self) -> dict[int, bytes]:
        """密文头: of every living key, by its id."""
        return {number: key.header for number, key in self._living.items()}

    def encrypt(self, text: str, column: str, key: int) -> bytes:
        """加密: header, tag and ciphertext, 19 bytes longer than the text in UTF-8. The same text in the same column
        of the same row gives the same ciphertext.
        """
        cell = (b"%d" % key, text.encode())
        return self._active.header + self._active.suite.seal(column.encode(), [cell])[0]

    def decrypt(self, ciphertext: bytes, column: str, key: int) -> str:
        """解密. Raises `NotVerified` when it was written with another key, for another row, or was altered."""
        text = self._opened(bytes(ciphertext), column.encode(), b"%d" % key)
        if text is None:
            raise _unopened(column, key)
        return text.decode()

    def blind_index(self, text: str, column: str = "id_number") -> bytes:
        """盲索引: 32 bytes to find a text by equality, under the active key; a final x of a number counts as X."""
        return _of(self._active, column)(_FORMS[column](text).encode())

    def blind_indexes(self, text: str, column: str = "id_number") -> list[bytes]:
        """盲索引: under every living key, the active one's first: a search asks for any of them."""
        plain = _form(column)(text).encode()
        return [_of(key, column)(plain) for key in (self._active, *self._others)]

    def pseudonym(self, id_number: str) -> str:
        """假名: 32 hexadecimal digits, the person's key in every snapshot of this installation."""
        return self._pseudonym(id_number.strip().upper().encode()).hex()[:32]

    def encrypt_many(self, texts: Texts, column: str, keys: RowKeys) -> pa.BinaryArray:
        """批量加密: as `encrypt`, for a column of texts and the int64 keys of their rows; null stays null.

        Raises:
            JieduiError: not as many keys as texts, or a row without a key.
        """
        rows, values = _rows(texts, keys), _one(texts.cast(pa.string()).cast(pa.binary()))
        there = values.is_valid()
        if values.null_count:
            rows, values = rows.filter(there), values.filter(there)
        sealed = self._active.suite.seal_column(self._active.header, column.encode(), rows, values)
        if len(sealed) == len(there):
            return sealed
        place = np.cumsum(there.to_numpy(zero_copy_only=False)) - 1
        return sealed.take(pa.array(place, pa.int64(), mask=~there.to_numpy(zero_copy_only=False)))

    def decrypt_many(self, ciphertexts: Texts, column: str, keys: RowKeys) -> pa.StringArray:
        """批量解密: as `decrypt`; null stays null. Raises `NotVerified` naming the first row that does not open."""
        cells, there = _cells(ciphertexts, keys)
        name = column.encode()
        found: list[bytes | None] = [None] * len(cells)
        for key in (self._active, *self._others):
            mine = [i for i, (_, sealed) in enumerate(cells) if found[i] is None and sealed[:HEADER] == key.header]
            opened = key.suite.open(name, [(cells[i][0], cells[i][1][HEADER:]) for i in mine])
            for i, text in zip(mine, opened, strict=True):
                found[i] = text
        for i, text in enumerate(found):
            if text is None:
                found[i] = self._opened(cells[i][1], name, cells[i][0])
                if found[i] is None:
                    raise _unopened(column, int(cells[i][0]))
        return _scattered(found, there, len(ciphertexts), pa.string())

    def blind_index_many(self, texts: Texts, column: str = "id_number") -> pa.BinaryArray:
        """批量盲索引: as `blind_index`: 32 bytes each; null stays null."""
        return self._index_many(self._active, texts, column)

    def blind_indexes_many(self, texts: Texts, column: str = "id_number") -> list[pa.BinaryArray]:
        """批量盲索引: as `blind_indexes`: one column for each living key, the active one's first."""
        return [self._index_many(key, texts, column) for key in (self._active, *self._others)]

    def _index_many(self, key: _Living, texts: Texts, column: str) -> pa.BinaryArray:
        digest = _of(key, column)
        return pa.array([None if text is None else digest(text) for text in _plain(texts, column)], pa.binary())

    def pseudonym_many(self, texts: Texts) -> pa.StringArray:
        """批量假名: as `pseudonym`; null stays null."""
        digest = self._pseudonym
        plain = _plain(texts, "id_number")
        return pa.array([None if text is None else digest(text)[:16].hex() for text in plain], pa.string())

    def _opened(self, ciphertext: bytes, column: bytes, row: bytes) -> bytes | None:
        """The text, by the key that the header names, or by the first key where there is no header."""
        for key in self._living.values():
            if ciphertext[:HEADER] == key.header:
                text = key.suite.open(column, [(row, ciphertext[HEADER:])])[0]
                if text is not None:
                    return text
        first = self._living.get(_PLAIN_KEY)
        return first.suite.open(column, [(row, ciphertext)])[0] if first else None


def _living(key: DataKey) -> _Living:
    suite = SUITES[key.suite](bytes.fromhex(key.encryption_key))
    secret = bytes.fromhex(key.index_key)
    # the phone's index has a key of its own, so that an index tells nothing about equal texts of two columns
    phone = suite.digest(secret)(b"blind index of phone numbers")
    header = bytes([suite.mark]) + key.id.to_bytes(2, "big")
    return _Living(header, suite, {"id_number": suite.digest(secret), "phone": suite.digest(phone)})


def _form(column: str) -> Callable[[str], str]:
    if column not in _FORMS:
        raise JieduiError(f"Column {column!r} has no blind index.", remedy=f"Columns: {', '.join(_FORMS)}.")
    return _FORMS[column]


def _of(key: _Living, column: str) -> Digest:
    _form(column)
    return key.index[column]


def _plain(texts: Texts, column: str) -> list[bytes | None]:
    """The texts as they are digested."""
    form = _form(column)
    return [None if text is None else form(text).encode() for text in texts.to_pylist()]


def _rows(texts: Texts, keys: RowKeys) -> pa.BinaryArray:
    """The keys of the rows as decimal texts."""
    rows = keys if isinstance(keys, pa.Array | pa.ChunkedArray) else pa.array(keys, pa.int64())
    if len(rows) != len(texts) or rows.null_count:
        raise JieduiError(
            f"{len(texts)} texts have {len(rows) - rows.null_count} keys of rows.", remedy="Give one each."
        )
    return _one(rows.cast(pa.int64()).cast(pa.string()).cast(pa.binary()))


def _one(column: Texts) -> pa.Array:
    """One array of a column in chunks."""
    if not isinstance(column, pa.ChunkedArray):
        return column
    return pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], column.type)


def _cells(texts: Texts, keys: RowKeys) -> tuple[list[tuple[bytes, bytes]], list[int] | None]:
    """(row's key, ciphertext) of the cells that hold something, and their places (None = all of them)."""
    names, values = _rows(texts, keys).to_pylist(), texts.cast(pa.binary()).to_pylist()
    if not texts.null_count:
        return list(zip(names, values, strict=True)), None
    there = [i for i, value in enumerate(values) if value is not None]
    return [(names[i], values[i]) for i in there], there


def _scattered(values: Iterable[bytes | None], there: list[int] | None, length: int, kind: pa.DataType) -> pa.Array:
    """The values at their places, null between them."""
    if there is None:
        whole = list(values)
    else:
        whole = [None] * length
        for place, value in zip(there, values, strict=True):
            whole[place] = value
    return pa.array(whole, pa.binary()).cast(kind)


def _unopened(column: str, key: int) -> NotVerified:
    return NotVerified(
        f"{column} of row {key} does not open.", remedy="Put back the keys.toml that belongs to this database."
    )
