"""模拟: a synthetic country on the real poor counties, for the demo, tests and benchmarks.

Owns made-up people. Refuses real ones.

Public names: `country` makes every table; `PLANTED` lists what is wrong in it on purpose; `is_synthetic_id` tells its
identity numbers from real ones. They load NumPy and pyarrow when first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jiedui.simulate.country import country
    from jiedui.simulate.irregularities import PLANTED
    from jiedui.simulate.numbers import is_synthetic_id

__all__ = ["PLANTED", "country", "is_synthetic_id"]
_DOORS = {"PLANTED": "irregularities", "is_synthetic_id": "numbers"}


def __getattr__(name: str) -> object:
    if name == "country":
        # The module has the function's name; the function takes its place in this namespace.
        made = import_module("jiedui.simulate.country").country
        globals()["country"] = made
        return made
    if name in _DOORS:
        return getattr(import_module(f"jiedui.simulate.{_DOORS[name]}"), name)
    raise AttributeError(f"module {__name__} has no attribute {name}")
