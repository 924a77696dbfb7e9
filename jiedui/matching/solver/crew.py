"""线程组: the same compiled function on parts of the data, side by side.

The functions release the interpreter lock, so plain threads do. Parts are cut by number only: the same input and the
same number of threads give the same parts, and so the same result.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Self, TypeVar

Result = TypeVar("Result")


class Crew:
    """线程组: `threads` workers; None means the processors that this process may use. A context manager."""

    def __init__(self, threads: int | None = None) -> None:
        self.threads = threads or len(os.sched_getaffinity(0))
        self._pool = ThreadPoolExecutor(self.threads) if self.threads > 1 else None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool:
            self._pool.shutdown(wait=True, cancel_futures=True)

    def parts(self, size: int) -> list[tuple[int, int]]:
        """`size` things cut into as many ranges as there are threads (fewer where there is little to do)."""
        count = min(self.threads, max(1, size // 1024))
        return [(size * k // count, size * (k + 1) // count) for k in range(count)]

    def map(self, work: Callable[..., Result], calls: Iterable[Sequence[Any]]) -> list[Result]:
        """`work(*call)` for each call, in order of the calls; the first error is raised."""
        listed = list(calls)
        if self._pool is None or len(listed) == 1:
            return [work(*call) for call in listed]
        return [future.result() for future in [self._pool.submit(work, *call) for call in listed]]
