"""密钥: the secrets of one installation, generated once into `home/keys.toml` (mode 0600), or given by the environment.

Losing the file loses the encrypted identity numbers for good: it belongs in the backup, beside the database.
Several data keys may be alive: one encrypts, all of them open and find. The pseudonym key is never changed.
"""

from __future__ import annotations

import contextlib
import fcntl
import hmac
import os
import secrets
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from jiedui.errors import EnvironmentProblem, JieduiError
from jiedui.runtime.settings import CIPHER_SUITES, Settings

FILE: Final = "keys.toml"
_PLAIN: Final = {
    "django_secret": "django_secret",
    "pseudonym_key": "pseudonym",
    "anchor_key": "anchor",
    "owner_password": "owner_password",
    "web_password": "web_password",
    "admin_password": "admin_password",
}
"""Text secrets of the file, and their names in `Settings.key_values`."""
_PASSWORDS: Final = ("owner_password", "web_password", "admin_password")
_LENGTHS: Final = {"aes-siv": (64, 32), "sm4-hmac-sm3": (48, 32)}
"""Bytes of encryption and index key of a suite. SM4 with HMAC-SM3: 32 bytes authenticate, 16 encrypt."""


@dataclass(frozen=True, repr=False)
class DataKey:
    """数据密钥: what encrypts identity numbers and phones and makes their blind indexes; hexadecimal, never printed."""

    id: int
    """1…65535; part of each ciphertext."""
    suite: str
    encryption_key: str
    index_key: str


@dataclass(frozen=True, repr=False)
class Keys:
    """密钥: text secrets; keys are hexadecimal. Never printed, never logged."""

    django_secret: str
    pseudonym_key: str
    """32 bytes: HMAC of the identity number gives the pseudonym. Never changed: snapshots would lose their thread."""
    anchor_key: str
    """32 bytes: HMAC of the anchors of the journal."""
    owner_password: str
    web_password: str
    admin_password: str
    """Of the bootstrap superuser of the embedded server; used only to create the two roles and the database."""
    data: tuple[DataKey, ...]
    """Living data keys, by id."""
    active: int
    """Id of the one that encrypts."""


def path(settings: Settings) -> Path:
    """位置: the file of the keys."""
    return settings.keys_file or settings.home / FILE


def load(settings: Settings) -> Keys:
    """读取或生成密钥: from the file, and over it what the environment gives.

    Raises:
        EnvironmentProblem: the file is unreadable, damaged, or lost beside a database; a value that is no key.
    """
    file, given = path(settings), settings.key_values
    stored: dict[str, Any] = {}
    if not _complete(given, settings):
        stored = _stored(settings, file)
    return _read(stored, given, str(file))


def stamp(settings: Settings) -> tuple[Any, ...]:
    """版本: differs as soon as the keys differ; costs one look at the file."""
    file = path(settings)
    try:
        found = file.stat()
    except FileNotFoundError:
        return (file, tuple(settings.key_values.items()))
    return (file, found.st_mtime_ns, found.st_ino, found.st_size, tuple(settings.key_values.items()))


def add(settings: Settings, suite: str) -> Keys:
    """新增数据密钥: a new one that encrypts from now on; those that are there still open and find.

    Raises:
        JieduiError: the data keys come from the environment, or there is no such suite.
    """
    if suite not in CIPHER_SUITES:
        raise JieduiError(f"There is no cipher suite {suite!r}.", remedy=f"Suites: {', '.join(CIPHER_SUITES)}.")
    with _changing(settings) as keys:
        number = max(key.id for key in keys.data) + 1
        changed = replace(keys, data=(*keys.data, _new_data_key(number, suite)), active=number)
        _write(path(settings), changed, new=False)
    return changed


def drop(settings: Settings, number: int) -> Keys:
    """删除数据密钥: what it encrypted cannot be read again, so ask first whether anything is left of it.

    Raises:
        JieduiError: no such key, or it is the active one, or keys come from the environment.
    """
    with _changing(settings) as keys:
        if number not in {key.id for key in keys.data}:
            raise JieduiError(f"There is no data key {number}.", remedy="See `jiedui keys status`.")
        if number == keys.active:
            raise JieduiError(f"Data key {number} is the one that encrypts.", remedy="Run `jiedui keys rotate` first.")
        changed = replace(keys, data=tuple(key for key in keys.data if key.id != number))
        _write(path(settings), changed, new=False)
    return changed


@contextlib.contextmanager
def _changing(settings: Settings) -> Iterator[Keys]:
    """One process at a time changes the file."""
    if {"data", "active"} & settings.key_values.keys():
        raise JieduiError(
            "The data keys come from the environment, which this program cannot change.",
            remedy="Change JIEDUI_KEY_DATA and JIEDUI_KEY_ACTIVE where they are set.",
        )
    load(settings)
    # another process may put a new file in its place, so that the lock is on the folder
    descriptor = os.open(path(settings).parent, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield _read(_stored(settings, path(settings)), {}, str(path(settings)))
    finally:
        os.close(descriptor)


def _complete(given: Mapping[str, str], settings: Settings) -> bool:
    """Whether the environment gives all that is needed: the passwords are the embedded server's."""
    needed = {"django_secret", "pseudonym", "anchor", "data"}
    return needed <= given.keys() and (settings.database_url is not None or set(_PASSWORDS) <= given.keys())


def _stored(settings: Settings, file: Path) -> dict[str, Any]:
    try:
        if not file.exists():
            _generate(settings, file)
        return tomllib.loads(file.read_text(encoding="ascii"))
    except PermissionError:
        raise EnvironmentProblem(
            f"{file} may not be read or written by this account.",
            remedy="Run as the account that made it, or set JIEDUI_HOME to a folder of your own.",
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        raise EnvironmentProblem(f"{file} is damaged.", remedy="Put back the copy from the backup.") from None


def _read(stored: dict[str, Any], given: Mapping[str, str], where: str) -> Keys:
    """Keys out of a file's content and the environment's."""
    data = _data_keys(stored, given, where)
    if "anchor_key" not in stored and isinstance(stored.get("encryption_key"), str):
        # a file from before there were anchors: one that follows from it, and from nothing that the database holds
        secret = bytes.fromhex(stored["encryption_key"])
        stored = {**stored, "anchor_key": hmac.digest(secret, b"jiedui journal anchor", "sha256").hex()}
    plain = {name: given.get(variable, stored.get(name)) for name, variable in _PLAIN.items()}
    if not stored:
        plain = {name: value if value is not None or name not in _PASSWORDS else "" for name, value in plain.items()}
    if missing := [name for name, value in plain.items() if not isinstance(value, str)]:
        raise EnvironmentProblem(f"{where} has no {', '.join(missing)}.", remedy="Put back the copy from the backup.")
    active = given.get("active", stored.get("active", data[-1].id))
    if str(active) not in {str(key.id) for key in data}:
        raise EnvironmentProblem(
            f"{where}: the active data key {active} is not there.", remedy="Put back the copy from the backup."
        )
    return Keys(data=data, active=int(active), **plain)  # type: ignore[arg-type]


def _data_keys(stored: dict[str, Any], given: Mapping[str, str], where: str) -> tuple[DataKey, ...]:
    if "data" in given:
        found = [_from_text(text.strip()) for text in given["data"].split(",")]
    elif "data" in stored:
        found = [_checked(number, key, where) for number, key in stored["data"].items()]
    else:  # a file from before keys had numbers
        found = [_checked("1", {"suite": CIPHER_SUITES[0], **stored}, where)]
    return tuple(sorted(found, key=lambda key: key.id))


def _from_text(text: str) -> DataKey:
    parts = text.split(":")
    if len(parts) != 4:
        raise EnvironmentProblem("JIEDUI_KEY_DATA is no list of keys.", remedy="Write id:suite:encryption:index.")
    names = ("suite", "encryption_key", "index_key")
    return _checked(parts[0], dict(zip(names, parts[1:], strict=True)), "JIEDUI_KEY_DATA")


def _checked(number: str, key: Any, where: str) -> DataKey:
    """A data key whose parts have the lengths of its suite."""
    remedy = "Put back the copy from the backup."
    for name in ("suite", "encryption_key", "index_key"):
        if not isinstance(key, dict) or not isinstance(key.get(name), str):
            raise EnvironmentProblem(f"{where} has no {name} of data key {number}.", remedy=remedy)
    lengths = _LENGTHS.get(key["suite"])
    if lengths is None or not number.isdigit() or not 1 <= int(number) <= 65535:
        raise EnvironmentProblem(f"{where}: data key {number} has an unknown suite or number.", remedy=remedy)
    for name, length in zip(("encryption_key", "index_key"), lengths, strict=True):
        if len(key[name]) != 2 * length or not set(key[name]) <= set("0123456789abcdef"):
            raise EnvironmentProblem(f"{where}: {name} of data key {number} is not {length} bytes.", remedy=remedy)
    return DataKey(int(number), key["suite"], key["encryption_key"], key["index_key"])


def _new_data_key(number: int, suite: str) -> DataKey:
    encryption, index = _LENGTHS[suite]
    return DataKey(number, suite, secrets.token_hex(encryption), secrets.token_hex(index))


def _generate(settings: Settings, file: Path) -> None:
    if (settings.home / "postgres").exists() and settings.database_url is None:
        raise EnvironmentProblem(
            f"{file} is gone, but the database that it opens is there.",
            remedy="Put back the copy from the backup, or `make clean` to begin with an empty database.",
        )
    keys = Keys(
        django_secret=secrets.token_urlsafe(64),
        pseudonym_key=secrets.token_hex(32),
        anchor_key=secrets.token_hex(32),
        owner_password=secrets.token_urlsafe(32),
        web_password=secrets.token_urlsafe(32),
        admin_password=secrets.token_urlsafe(32),
        data=(_new_data_key(1, settings.cipher_suite),),
        active=1,
    )
    _write(file, keys, new=True)


def _write(file: Path, keys: Keys, *, new: bool) -> None:
    """The whole file or none of it; `new`: of several processes that begin at once, the first one's stands."""
    lines = ["# Secret. Without this file the encrypted columns of the database cannot be read again."]
    lines += [f'{name} = "{getattr(keys, name)}"' for name in _PLAIN]
    lines += [f"active = {keys.active}"]
    for key in keys.data:
        lines += ["", f"[data.{key.id}]", f'suite = "{key.suite}"']
        lines += [f'encryption_key = "{key.encryption_key}"', f'index_key = "{key.index_key}"']
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f"{FILE}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as stream:
            stream.write("\n".join(lines) + "\n")
            stream.flush()
            os.fsync(stream.fileno())
        if not new:
            draft.replace(file)
            return
        with contextlib.suppress(FileExistsError):
            os.link(draft, file)
    finally:
        draft.unlink(missing_ok=True)
