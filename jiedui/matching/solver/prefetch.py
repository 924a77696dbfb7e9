"""预取: tell the processor which memory will be needed next (LLVM's `llvm.prefetch`); changes no result.

The agent that bids next is known one bid ahead, its row is not in the cache, and nothing else waits for it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba import njit
from numba.core import cgutils, types
from numba.extending import intrinsic

from jiedui.matching.solver.arrays import Array, Scalar

AHEAD = 16
"""Edges after the first of a row that are fetched too."""


def _prefetch(typingctx: Any, array: Any, index: Any) -> Any:
    """Load the cache line of `array[index]` without waiting; reads nothing, and an index past the end is harmless."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        view = context.make_array(signature.args[0])(context, builder, arguments[0])
        place = builder.bitcast(builder.gep(view.data, [arguments[1]]), ir.IntType(8).as_pointer())
        number = ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [place.type, number, number, number])
        function = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0i8")
        builder.call(function, [place, number(0), number(3), number(1)])
        return context.get_dummy_value()

    return types.void(array, index), generate


prefetch: Any = intrinsic(_prefetch)


@njit(inline="always")
def prefetch_rows(indptr: Array, edges: Array, agents: Array, lo: Scalar, hi: Scalar) -> None:
    """Begin to load the rows of `agents[lo:hi]`."""
    for at in range(lo, hi):
        begin = indptr[np.uint64(agents[at])]
        prefetch(edges, begin)
        prefetch(edges, begin + AHEAD)
