"""重复识别: which rows of the register may be the same person; arrays and Arrow in, scored pairs out.

Owns the comparison of names, identity numbers, households and places, its weights, and the exchange of keyed lists
between provinces. Refuses to decide and to write: an officer looks at each pair. No Django, no database.

Public doors: `probable` scores pairs, `evidence_label` puts a code into words, `exchange` finds double registrations of
two provinces without their numbers. They load NumPy, pyarrow and DuckDB when first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jiedui.linkage import exchange
    from jiedui.linkage.finding import probable
    from jiedui.linkage.levels import evidence_label

__all__ = ["evidence_label", "exchange", "probable"]
_DOORS = {"evidence_label": "levels", "probable": "finding"}


def __getattr__(name: str) -> object:
    if name == "exchange":
        return import_module("jiedui.linkage.exchange")
    if name not in _DOORS:
        raise AttributeError(f"module {__name__} has no attribute {name}")
    return getattr(import_module(f"jiedui.linkage.{_DOORS[name]}"), name)
