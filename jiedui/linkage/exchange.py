"""跨省查重: persons that two provinces both have registered in one year, found without sending identity numbers.

The two agree on a key of 32 random bytes. Each makes HMAC-SHA-256 (RFC 2104, FIPS 180-4) of "year|number" for its
persons; only these 32-byte tokens travel, sorted, in a letter with the year and a fingerprint of the key. Each then
looks the other's tokens up among its own, and learns which of its own persons the other has too, by its own
pseudonyms. The first hex digits of a token are a case number that both can name.

What it does not do: whoever has the key can try all numbers there are against a letter. The key protects the letter
on its way and from everybody else; between the two provinces there must be an agreement. A number that was registered
wrongly on one side is not found.
"""

from __future__ import annotations

import hmac
import re
import secrets
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import pyarrow as pa

from jiedui.errors import JieduiError
from jiedui.terms.identity import id_check_digit, id_problem

KEY_BYTES: Final = 32
_TOKEN: Final = 32
_HEADER: Final = re.compile(rb"jiedui-exchange 1 ([0-9]{4}) ([0-9a-f]{16}) ([0-9]{1,12})\n")
_CASE: Final = 16
"""Hex digits of a case number."""
FOUND: Final = pa.schema([("pseudonym", pa.string()), ("case", pa.string())])


@dataclass(frozen=True, slots=True)
class Letter:
    """清单: what travels: the year, the key's fingerprint (16 hex digits) and the tokens (32 bytes each, sorted)."""

    year: int
    fingerprint: str
    tokens: tuple[bytes, ...]

    def to_bytes(self) -> bytes:
        """写出: the file to send. It holds no number and no pseudonym."""
        head = f"jiedui-exchange 1 {self.year:04} {self.fingerprint} {len(self.tokens)}\n"
        return head.encode("ascii") + b"".join(self.tokens)


@dataclass(frozen=True, slots=True)
class Own:
    """本省清单: the letter, and what stays at home: each token's pseudonyms.

    `left_out` counts persons whose number is missing or no valid one, by the reason in Chinese.
    """

    letter: Letter
    pseudonyms: dict[bytes, tuple[str, ...]]
    left_out: dict[str, int]


def new_key() -> bytes:
    """新密钥: 32 random bytes, for a file that both provinces keep and nobody else."""
    return secrets.token_bytes(KEY_BYTES)


def make(key: bytes, year: int, persons: Iterable[tuple[str, str | None]]) -> Own:
    """造清单: of (own pseudonym, identity number) of everybody registered in a year.

    A valid 15-digit number counts as its 18-digit form. Raises `JieduiError` for a key of another length or a year
    that is not of four digits.
    """
    _check(key, year)
    tokens: dict[bytes, tuple[str, ...]] = {}
    left_out: Counter[str] = Counter()
    start = hmac.new(key, f"{year}|".encode("ascii"), "sha256")
    for pseudonym, number in persons:
        whole = _whole(number)
        problem = id_problem(whole) if whole else "没有证件号码"
        if problem:
            left_out[problem] += 1
            continue
        code = start.copy()
        code.update(whole.encode("ascii"))
        token = code.digest()
        tokens[token] = (*tokens.get(token, ()), pseudonym)
    return Own(Letter(year, fingerprint(key), tuple(sorted(tokens))), tokens, dict(left_out))


def read(content: bytes) -> Letter:
    """读清单: a letter of the other province. Raises `JieduiError` for a file that is no letter or not whole."""
    head = _HEADER.match(content)
    if head is None:
        raise JieduiError(
            "The file is no exchange list of this version.", remedy="Ask for the file that their exchange wrote."
        )
    body, count = content[head.end() :], int(head[3])
    if len(body) != count * _TOKEN:
        raise JieduiError(
            f"The exchange list should hold {count} tokens and holds {len(body) / _TOKEN:.6g}.",
            remedy="It was cut off or changed on its way: have it sent again.",
        )
    tokens = tuple(body[at : at + _TOKEN] for at in range(0, len(body), _TOKEN))
    return Letter(int(head[1]), head[2].decode("ascii"), tokens)


def find(mine: Own, theirs: Letter) -> pa.Table:
    """查找: own persons that the other province has registered too: pseudonym and case number, by case number.

    Raises `JieduiError` for lists of different years or keys, which could have nothing in common.
    """
    if mine.letter.year != theirs.year:
        raise JieduiError(
            f"Our list is of {mine.letter.year}, theirs of {theirs.year}.", remedy="Make both for the same year."
        )
    if not hmac.compare_digest(mine.letter.fingerprint, theirs.fingerprint):
        raise JieduiError(
            f"Our key has the fingerprint {mine.letter.fingerprint}, theirs {theirs.fingerprint}.",
            remedy="Agree on one key and make both lists with it.",
        )
    both = [token for token in sorted(set(theirs.tokens)) if token in mine.pseudonyms]
    rows = [(pseudonym, token.hex()[:_CASE]) for token in both for pseudonym in mine.pseudonyms[token]]
    return pa.table([[row[i] for row in rows] for i in range(2)], schema=FOUND)


def fingerprint(key: bytes) -> str:
    """密钥指纹: 16 hex digits that tell keys apart and tell nothing about them."""
    return hmac.digest(key, b"jiedui exchange key", "sha256").hex()[:16]


def _whole(number: str | None) -> str:
    """The number in capitals; a 15-digit one with its century and check digit."""
    text = (number or "").strip().upper()
    if re.fullmatch("[0-9]{15}", text):
        first17 = text[:6] + "19" + text[6:]
        return first17 + id_check_digit(first17)
    return text


def _check(key: bytes, year: int) -> None:
    if len(key) != KEY_BYTES:
        raise JieduiError(
            f"The exchange key has {len(key)} bytes and not {KEY_BYTES}.", remedy="Take the file as it was agreed on."
        )
    if not 1000 <= year <= 9999:
        raise JieduiError(f"{year} is no year.", remedy="Give a year of four digits.")
