"""隐私: how identity numbers and phones are stored, found and shown.

Stored: AES-SIV (RFC 5297), bound to the column and the person's key, so that a ciphertext moved to another row does
not open. Found: by a blind index, HMAC-SHA-256 under a key of its own. In a snapshot: a keyed pseudonym.
Shown: masked, see `terms.identity`; in full only through `actions.access.disclose`, which records it.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from jiedui.errors import NotVerified
from jiedui.runtime import keys, settings


@dataclass(frozen=True)
class Cipher:
    """密码: the three data keys of the installation, ready for use."""

    _siv: AESSIV
    _index_key: bytes
    _pseudonym_key: bytes

    def encrypt(self, text: str, column: str, key: int) -> bytes:
        """加密: the same text in the same column of the same row gives the same ciphertext."""
        return self._siv.encrypt(text.encode(), [column.encode(), str(key).encode()])

    def decrypt(self, ciphertext: bytes, column: str, key: int) -> str:
        """解密. Raises `NotVerified` when it was written with another key, for another row, or was altered."""
        try:
            return self._siv.decrypt(bytes(ciphertext), [column.encode(), str(key).encode()]).decode()
        except InvalidTag:
            raise NotVerified(
                f"{column} of row {key} does not open.",
                remedy="Put back the keys.toml that belongs to this database.",
            ) from None

    def blind_index(self, id_number: str) -> bytes:
        """盲索引: 32 bytes to find an identity number by equality; a final x counts as X."""
        return hmac.digest(self._index_key, id_number.strip().upper().encode(), "sha256")

    def pseudonym(self, id_number: str) -> str:
        """假名: 32 hexadecimal digits, the person's key in every snapshot of this installation."""
        return hmac.digest(self._pseudonym_key, id_number.strip().upper().encode(), "sha256").hex()[:32]


@cache
def cipher() -> Cipher:
    """本机密码: from the keys of the installation."""
    stored = keys.load(settings.load())
    return Cipher(
        AESSIV(bytes.fromhex(stored.encryption_key)),
        bytes.fromhex(stored.index_key),
        bytes.fromhex(stored.pseudonym_key),
    )
