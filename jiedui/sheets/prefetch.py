"""预取: run an iterator in a thread of its own, a few items ahead, so that unpacking and scanning overlap."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from typing import Generic, TypeVar

T = TypeVar("T")


class Prefetch(Generic[T]):
    """预取: iterate once; errors of the source come out where they would have; `close` ends the thread."""

    def __init__(self, source: Iterator[T], depth: int = 4) -> None:
        self._queue: queue.Queue[tuple[str, T | BaseException | None]] = queue.Queue(depth)
        self._source, self._stop = source, threading.Event()
        self._thread = threading.Thread(target=self._run, name="sheets-prefetch", daemon=True)
        self._thread.start()

    def __iter__(self) -> Iterator[T]:
        while True:
            what, item = self._queue.get()
            if what == "item":
                yield item  # type: ignore[misc]
            elif isinstance(item, BaseException):
                raise item
            else:
                return

    def close(self) -> None:
        """结束: stop the thread and wait for it."""
        self._stop.set()
        while self._thread.is_alive():
            try:
                self._queue.get(timeout=0.01)
            except queue.Empty:
                continue

    def _run(self) -> None:
        try:
            for item in self._source:
                if not self._put(("item", item)):
                    return
        except BaseException as error:  # noqa: BLE001 — handed over to whoever iterates
            self._put(("error", error))
        else:
            self._put(("end", None))

    def _put(self, entry: tuple[str, T | BaseException | None]) -> bool:
        while not self._stop.is_set():
            try:
                self._queue.put(entry, timeout=0.05)
            except queue.Full:
                continue
            return True
        return False
