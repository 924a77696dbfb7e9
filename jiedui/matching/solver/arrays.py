"""数组: what the arrays of a market must be, and the sentence that says what they are not."""

from __future__ import annotations

from typing import Any, Final, TypeVar

import numpy as np
import numpy.typing as npt

from jiedui.errors import JieduiError

Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]
Array = npt.NDArray[Any]
"""What compiled loops take: their types are those of the arrays given."""
Scalar = Any
"""A number in compiled code: int64 there, int where Python gives or takes it."""

Number = TypeVar("Number", bound=np.generic)

WIDEST: Final = 2**62
"""Sums of utilities must stay below this, so that no int64 ever overflows."""


class MarketError(JieduiError, ValueError):
    """无效市场: an array of a market is not what it must be; the message names the first place."""


def frozen(array: npt.NDArray[Number]) -> npt.NDArray[Number]:
    """A read-only view; the caller's own array stays writable."""
    view = array.view()
    view.flags.writeable = False
    return view


def integers(name: str, values: npt.ArrayLike, *, length: int | None = None, per: str = "") -> Int64:
    """One-dimensional int64, read-only, or a `MarketError` that says why not."""
    return frozen(np.ascontiguousarray(_whole_numbers(name, values, length, per), np.int64))


def signed(name: str, values: npt.ArrayLike) -> Array:
    """One-dimensional, read-only; int16, int32 or int64 as given (others: the next wider), without a copy if it can."""
    array = _whole_numbers(name, values, None, "")
    if array.dtype.kind == "u" or array.dtype.itemsize < 2:
        array = array.astype(np.promote_types(array.dtype, np.int16) if array.dtype.itemsize < 8 else np.int64)
    return frozen(np.ascontiguousarray(array, array.dtype.newbyteorder("=")))


def _whole_numbers(name: str, values: npt.ArrayLike, length: int | None, per: str) -> Array:
    array = np.asarray(values)
    if array.ndim != 1:
        raise MarketError(f"`{name}` has {array.ndim} dimensions.", remedy="Give a flat array.")
    if array.size == 0:
        array = array.astype(np.int64)
    if array.dtype.kind == "f":
        bad = np.flatnonzero(~np.isfinite(array))
        if bad.size:
            raise MarketError(f"`{name}[{bad[0]}]` is {array[bad[0]]}.", remedy="Leave out what is not known.")
        raise MarketError(
            f"`{name}` holds floating-point numbers ({array.dtype}).",
            remedy="Scale and round it to integers yourself: exactness is proven on integers.",
        )
    if array.dtype.kind not in "iu":
        raise MarketError(f"`{name}` holds {array.dtype}, not integers.")
    if array.dtype == np.uint64 and array.size and int(array.max()) >= WIDEST:
        raise MarketError(f"`{name}[{int(array.argmax())}]` is {array.max()}: too large for int64.")
    if length is not None and len(array) != length:
        raise MarketError(f"`{name}` has {len(array)} values, {length} are needed: one per {per}.")
    return array


def refuse(bad: npt.NDArray[np.intp], name: str, why: str, values: Array, remedy: str = "") -> None:
    """Raise a `MarketError` at the first of the places `bad`, if there is one."""
    if bad.size:
        raise MarketError(f"`{name}[{bad[0]}]` = {values[bad[0]]} {why}.", remedy=remedy)


def members(name: str, values: npt.ArrayLike, size: int) -> Int64:
    """Distinct numbers within 0..size − 1, or a `MarketError`."""
    numbers = integers(name, values)
    refuse(np.flatnonzero((numbers < 0) | (numbers >= size)), name, f"lies outside 0..{size - 1}", numbers)
    if len(np.unique(numbers)) != len(numbers):
        raise MarketError(f"`{name}` names a member twice.")
    return numbers


def span(values: Array) -> tuple[int, int]:
    """Least and greatest value; (0, 0) where there is none."""
    return (int(values.min()), int(values.max())) if values.size else (0, 0)
