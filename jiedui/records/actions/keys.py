"""密钥动作: encrypt and index everybody anew under a new key while both are alive, and remove a key that holds nothing.

Each batch is one transaction, so that a rotation that was killed goes on where it stopped. A search computes the index
under every living key (`Cipher.blind_indexes`), so it finds a person before, during and after. The pseudonym key is not
rotated: a snapshot of last year and one of this year would no longer know the same person.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa
from django.db import connection, transaction

from jiedui.errors import JieduiError
from jiedui.records.privacy import cipher
from jiedui.runtime import keys, settings

BATCH: Final = 5_000
"""Persons of one transaction."""
_OTHER: Final = "(substring(id_number FROM 1 FOR 3) <> %(active)s OR substring(phone FROM 1 FOR 3) <> %(active)s)"


@dataclass(frozen=True)
class KeyUse:
    """密钥用量: a living data key and what is encrypted under it."""

    id: int
    suite: str
    active: bool
    id_numbers: int
    phones: int


@dataclass(frozen=True)
class Rotated:
    """轮换结果: the key that encrypts, and how many persons were encrypted anew."""

    active: int
    persons: int


def status() -> list[KeyUse]:
    """密钥状态: by number. A ciphertext without a header counts for key 1, which wrote it.

    Raises:
        JieduiError: rows are encrypted under a key that is not there.
    """
    stored = keys.load(settings.load())
    numbers, phones = _held("id_number"), _held("phone")
    if unknown := sorted((numbers.keys() | phones.keys()) - {key.id for key in stored.data}):
        raise JieduiError(
            f"Rows are encrypted under key {unknown[0]}, which is not among the keys.",
            remedy="Put back the keys.toml that belongs to this database.",
        )
    return [
        KeyUse(key.id, key.suite, key.id == stored.active, numbers.get(key.id, 0), phones.get(key.id, 0))
        for key in stored.data
    ]


def rotate(
    suite: str | None = None, *, batch: int = BATCH, progress: Callable[[float, float], None] | None = None
) -> Rotated:
    """轮换密钥: a new active key, then every person under it; an unfinished rotation is finished instead.

    Args:
        suite: of the new key; None = as JIEDUI_CIPHER_SUITE says.
        batch: persons of one transaction.
        progress: told persons done and persons in all.

    Raises:
        JieduiError: the keys come from the environment, no such suite, or an unfinished rotation to another suite.
    """
    found = settings.load()
    used = status()
    if any(not key.active and key.id_numbers + key.phones for key in used):
        going = next(key for key in used if key.active)
        if suite is not None and suite != going.suite:
            raise JieduiError(
                f"A rotation to key {going.id} ({going.suite}) is not finished.",
                remedy="Finish it with `jiedui keys rotate` first.",
            )
    else:
        keys.add(found, suite or found.cipher_suite)
    return _finish(batch, progress)


def retire(number: int) -> None:
    """停用密钥: remove a key from the living ones.

    Raises:
        JieduiError: something is still encrypted under it, it is the active one, or there is no such key.
    """
    # nobody enters a person while it is counted
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE records_person IN SHARE MODE")
        for column in ("id_number", "phone"):
            if held := _held(column).get(number):
                raise JieduiError(
                    f"{held} values of {column} are encrypted under key {number}.", remedy="Run `jiedui keys rotate`."
                )
        keys.drop(settings.load(), number)


def _held(column: str) -> dict[int, int]:
    """How many values of a column each key holds, by its id."""
    ids = {header: number for number, header in cipher().headers.items()}
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT substring({column} FROM 1 FOR 3), count(*) FROM records_person "
            f"WHERE {column} IS NOT NULL GROUP BY 1"
        )
        counts: dict[int, int] = {}
        for header, count in cursor.fetchall():
            number = ids.get(bytes(header), 1)
            counts[number] = counts.get(number, 0) + count
    return counts


def _finish(batch: int, progress: Callable[[float, float], None] | None) -> Rotated:
    active = cipher().header
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM records_person WHERE {_OTHER}", {"active": active})
        total = cursor.fetchone()[0]
    done, last = 0, None
    while True:
        changed, last = _batch(active, last, batch)
        if not changed:
            break
        done += changed
        if progress:
            progress(min(done, total), total)
    return Rotated(keys.load(settings.load()).active, done)


def _batch(active: bytes, last: int | None, batch: int) -> tuple[int, int | None]:
    """The next persons after `last` in one transaction; how many, and the last of them."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"SELECT person_id, id_number, phone FROM records_person WHERE {_OTHER} AND person_id > %(last)s "
            "ORDER BY person_id LIMIT %(batch)s FOR UPDATE",
            {"active": active, "last": -(2**63) if last is None else last, "batch": batch},
        )
        rows = cursor.fetchall()
        if not rows:
            return 0, last
        cursor.execute(
            "SELECT set_config('jiedui.reason', %s, true)", [f"data key {int.from_bytes(active[1:], 'big')}"]
        )
        cursor.execute(
            "UPDATE records_person p SET id_number = n.id_number, id_number_index = n.id_number_index, "
            "phone = n.phone, phone_index = n.phone_index FROM unnest(%s::bigint[], %s::bytea[], %s::bytea[], "
            "%s::bytea[], %s::bytea[]) AS n (person_id, id_number, id_number_index, phone, phone_index) "
            "WHERE p.person_id = n.person_id",
            _anew(rows),
        )
        cursor.execute("SELECT set_config('jiedui.reason', '', true)")
    return len(rows), rows[-1][0]


def _anew(rows: list[tuple[int, Any, Any]]) -> list[list[Any]]:
    """Keys, identity numbers, their indexes, phones and theirs, under the active key."""
    secret = cipher()
    ids = pa.array([row[0] for row in rows], pa.int64())
    numbers = secret.decrypt_many(_binary(rows, 1), "id_number", ids)
    phones = secret.decrypt_many(_binary(rows, 2), "phone", ids)
    columns = (
        ids,
        secret.encrypt_many(numbers, "id_number", ids),
        secret.blind_index_many(numbers),
        secret.encrypt_many(phones, "phone", ids),
        secret.blind_index_many(phones, "phone"),
    )
    return [column.to_pylist() for column in columns]


def _binary(rows: list[tuple[int, Any, Any]], at: int) -> pa.Array:
    return pa.array([None if row[at] is None else bytes(row[at]) for row in rows], pa.binary())
