"""使用权: who uses the embedded server. The last one out turns it off.

Each process that uses the server holds a shared lock on `home/users.lock` until it ends, however it ends. When it
leaves in good order and nobody else holds the lock, it stops the server; `jiedui db start` asks to keep it running.
"""

from __future__ import annotations

import atexit
import contextlib
import fcntl
import os
from collections.abc import Callable, Iterator
from pathlib import Path

USERS, KEEP = "users.lock", "keep-running"
_held: dict[Path, tuple[int, int]] = {}
"""Lock file → (process that took it, descriptor)."""


@contextlib.contextmanager
def exclusive(file: Path) -> Iterator[int]:
    """独占: hold the lock file alone; gives the descriptor, so that a child can hold it too."""
    descriptor = _open(file)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield descriptor
    finally:
        os.close(descriptor)


def take(home: Path, stop: Callable[[], object]) -> None:
    """登记使用: hold a share until this process ends; `stop` is called if it was the last. Taking it twice is one."""
    file = home / USERS
    if _held.get(file, (0, 0))[0] == os.getpid():
        return
    descriptor = _open(file)
    fcntl.flock(descriptor, fcntl.LOCK_SH)
    _held[file] = (os.getpid(), descriptor)
    atexit.register(_leave, home, stop)


def release(home: Path) -> None:
    """放弃使用权: give the share back without stopping anything."""
    holder, descriptor = _held.pop(home / USERS, (0, -1))
    if holder == os.getpid():
        os.close(descriptor)


def keep(home: Path, wanted: bool) -> None:
    """保持运行: whether the server stays when its last user leaves."""
    if wanted:
        (home / KEEP).touch()
    else:
        (home / KEEP).unlink(missing_ok=True)


def kept(home: Path) -> bool:
    """Whether the server was asked to stay."""
    return (home / KEEP).exists()


def _leave(home: Path, stop: Callable[[], object]) -> None:
    holder, descriptor = _held.get(home / USERS, (0, -1))
    if holder != os.getpid():
        return  # a fork of the process that took it, or released already
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if not kept(home):
            stop()
    except BlockingIOError:
        pass  # somebody else uses the server
    finally:
        release(home)


def _open(file: Path) -> int:
    return os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
