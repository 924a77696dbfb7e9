"""隐私: how identity numbers and phones are stored, found and shown.

Stored: encrypted with authentication (`suites`), bound to the column and the person's key, so that a ciphertext moved
to another row does not open; before it three bytes that name suite and key. Found: by a blind index, an HMAC under a
key of its own for each column. In a snapshot: a keyed pseudonym, always HMAC-SHA-256 under a key that never changes.
Shown: masked, see `terms.identity`; in full only through `actions.access.disclose`, which records it.

Door: `cipher()`; its verbs for one text, and `…_many` for a column of them.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from jiedui.records.privacy.cipher import Cipher
from jiedui.runtime import keys, settings

__all__ = ["Cipher", "cipher"]


def cipher() -> Cipher:
    """本机密码: from the keys of the installation, as they are now: a rotation is seen by processes that run."""
    return _of(keys.stamp(settings.load()))


@lru_cache(maxsize=2)
def _of(stamp: tuple[Any, ...]) -> Cipher:
    return Cipher(keys.load(settings.load()))
