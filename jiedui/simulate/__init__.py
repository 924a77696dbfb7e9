"""模拟: a synthetic country on the real poor counties, for the demo, tests and benchmarks.

Owns made-up people. Refuses real ones.

Public names: `country` makes every table; `pseudonym_key` is the key to freeze it with; `PLANTED` lists what is wrong
in it on purpose; `is_synthetic_id` tells its identity numbers from real ones. They load NumPy and pyarrow when first
used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jiedui.simulate.irregularities import PLANTED
    from jiedui.simulate.numbers import is_synthetic_id
    from jiedui.simulate.tables import country, pseudonym_key

__all__ = ["PLANTED", "country", "is_synthetic_id", "pseudonym_key"]
_DOORS = {
    "PLANTED": "irregularities",
    "country": "tables",
    "is_synthetic_id": "numbers",
    "pseudonym_key": "tables",
}


def __getattr__(name: str) -> object:
    if name not in _DOORS:
        raise AttributeError(f"module {__name__} has no attribute {name}")
    return getattr(import_module(f"jiedui.simulate.{_DOORS[name]}"), name)
