"""暂存: what was read of a file, in the state folder under the import's number, sealed, gone once decided.

Sealed: AES-GCM under a key derived from the installation's, so that a copied folder shows no names. Written beside and
renamed, so that a killed process leaves the piece before or none.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import shutil
from pathlib import Path
from typing import Final

import pyarrow as pa
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from jiedui.errors import JieduiError, NotVerified
from jiedui.runtime import keys, settings

ORIGINAL: Final = "original"
_NONCE: Final = 12
_PIECE: Final = 8 << 20
"""Bytes that are sealed together: the memory that sealing takes."""


def folder(import_id: int) -> Path:
    """暂存文件夹: of one import."""
    return settings.load().home / "imports" / str(import_id)


def original(import_id: int) -> Path:
    """原文件: as it was uploaded; it is there until its rows are read and compared."""
    return folder(import_id) / ORIGINAL


def receive(import_id: int, source: Path) -> None:
    """收下: move an uploaded file (on the same disk) into the import's folder, readable for this account only."""
    place = folder(import_id)
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    source.chmod(0o600)
    source.replace(place / ORIGINAL)


def forget(import_id: int) -> None:
    """清除: everything that was staged of an import."""
    if folder(import_id).is_dir():
        shutil.rmtree(folder(import_id))


def only_original(import_id: int) -> None:
    """只留原文件: what was read of it is cleared, drafts of a killed process too; it is read again."""
    if folder(import_id).is_dir():
        for path in folder(import_id).iterdir():
            if path.name != ORIGINAL:
                path.unlink()


def write(import_id: int, name: str, table: pa.Table) -> None:
    """写暂存表: whole or not at all."""
    place = folder(import_id)
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = place / f"{name}.{os.getpid()}.draft"
    with draft.open("wb") as file:
        draft.chmod(0o600)
        sink = _Sealing(file, _key(), f"{import_id}/{name}")
        with pa.ipc.new_stream(sink, table.schema, options=pa.ipc.IpcWriteOptions(compression="lz4")) as stream:
            stream.write_table(table, max_chunksize=1 << 16)
        sink.finish()
        file.flush()
        os.fsync(file.fileno())
    draft.replace(place / f"{name}.sealed")


def read(import_id: int, name: str) -> pa.Table:
    """读暂存表.

    Raises:
        JieduiError: it is not there (the import was decided and cleared), or does not open with this key.
    """
    path = folder(import_id) / f"{name}.sealed"
    try:
        with path.open("rb") as file:
            return pa.ipc.open_stream(pa.PythonFile(_Opened(file, _key(), f"{import_id}/{name}"), mode="r")).read_all()
    except FileNotFoundError:
        raise JieduiError(
            f"What was read for import {import_id} is no longer there.", remedy="Send the file again."
        ) from None


def there(import_id: int, name: str) -> bool:
    """有无: whether a table is staged."""
    return (folder(import_id) / f"{name}.sealed").is_file()


def _key() -> bytes:
    stored = bytes.fromhex(keys.load(settings.load()).pseudonym_key)
    return hmac.digest(stored, b"jiedui staging of imports", hashlib.sha256)


class _Sealing:
    """A file that seals what is written to it, piece after piece; the number of a piece is bound to it."""

    closed = False

    def __init__(self, file: object, key: bytes, name: str) -> None:
        self._file, self._cipher, self._name = file, AESGCM(key), name
        self._held = bytearray()
        self._pieces = 0

    def write(self, data: object) -> int:
        view = memoryview(data)  # type: ignore[arg-type]
        self._held += view
        while len(self._held) >= _PIECE:
            self._seal(bytes(self._held[:_PIECE]), last=False)
            del self._held[:_PIECE]
        return view.nbytes

    def _seal(self, piece: bytes, *, last: bool) -> None:
        nonce = secrets.token_bytes(_NONCE)
        bound = f"{self._name}/{self._pieces}/{int(last)}".encode()
        sealed = nonce + self._cipher.encrypt(nonce, piece, bound)
        self._file.write(len(sealed).to_bytes(4, "big") + bytes([last]) + sealed)  # type: ignore[attr-defined]
        self._pieces += 1

    def finish(self) -> None:
        """Seal what is left; a file without its last piece does not open."""
        self._seal(bytes(self._held), last=True)
        self._held.clear()

    def flush(self) -> None:
        """Pieces are written as they fill."""


class _Opened:
    """A file that opens what `_Sealing` sealed, as it is read."""

    closed = False

    def __init__(self, file: object, key: bytes, name: str) -> None:
        self._file, self._cipher, self._name = file, AESGCM(key), name
        self._held = memoryview(b"")
        self._pieces = 0
        self._ended = False

    def read(self, size: int = -1) -> bytes:
        parts: list[bytes] = []
        wanted = size
        while wanted != 0:
            if not self._held.nbytes and not self._next():
                break
            take = self._held if wanted < 0 else self._held[:wanted]
            parts.append(bytes(take))
            self._held = self._held[take.nbytes :]
            wanted -= take.nbytes if wanted > 0 else 0
        return b"".join(parts)

    def _next(self) -> bool:
        if self._ended:
            return False
        head = self._file.read(5)  # type: ignore[attr-defined]
        if len(head) < 5:
            raise NotVerified("A staged file ends too early.", remedy="Send the spreadsheet again.")
        sealed = self._file.read(int.from_bytes(head[:4], "big"))  # type: ignore[attr-defined]
        bound = f"{self._name}/{self._pieces}/{head[4]}".encode()
        try:
            self._held = memoryview(self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], bound))
        except InvalidTag:
            raise NotVerified(
                "A staged file does not open: it was altered, or the keys are others.",
                remedy="Send the spreadsheet again.",
            ) from None
        self._pieces += 1
        self._ended = bool(head[4])
        return True

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return False

    def close(self) -> None:
        """The file is closed by whoever opened it."""
