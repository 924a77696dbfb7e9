"""考核: schemes as data, indicators as SQL, evidence, scores, sensitivity.

Owns how a number is made. Refuses a number without rows.

Public names: `assess`, `Assessment`, `load_scheme`, `scheme_names`. They load pyarrow, NumPy and DuckDB
when first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jiedui.assessment.engine import assess
    from jiedui.assessment.outcome import Assessment
    from jiedui.assessment.scheme import load as load_scheme
    from jiedui.assessment.scheme import names as scheme_names

__all__ = ["Assessment", "assess", "load_scheme", "scheme_names"]

_DOORS = {
    "Assessment": ("outcome", "Assessment"),
    "assess": ("engine", "assess"),
    "load_scheme": ("scheme", "load"),
    "scheme_names": ("scheme", "names"),
}


def __getattr__(name: str) -> object:
    if name not in _DOORS:
        raise AttributeError(f"module {__name__} has no attribute {name}")
    module, attribute = _DOORS[name]
    return getattr(import_module(f"jiedui.assessment.{module}"), attribute)
