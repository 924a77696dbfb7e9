"""内部编译: compiled functions that only compiled functions call.

They need no entry from Python. With some thirty arrays each that entry takes longer to compile than the function.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit

Function = TypeVar("Function", bound=Callable[..., Any])


def inner(function: Function) -> Function:
    """Compile `function` as elsewhere, but without an entry from Python: only compiled functions may call it."""
    options: dict[str, Any] = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
    return cast(Function, njit(cache=True, nogil=True, **options)(function))
