"""落盘: chunks into a file that is complete or not there, or into a stream."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import IO


def write_all(target: str | Path | IO[bytes], chunks: Iterator[bytes]) -> int:
    """写出: returns the bytes written; a file gets its name only when it is complete."""
    if not isinstance(target, (str, Path)):
        return _into(target, chunks)
    path = Path(target)
    part = path.with_name(path.name + ".part")
    try:
        with part.open("wb") as stream:
            size = _into(stream, chunks)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return size


def _into(stream: IO[bytes], chunks: Iterator[bytes]) -> int:
    size = 0
    for chunk in chunks:
        stream.write(chunk)
        size += len(chunk)
    return size
