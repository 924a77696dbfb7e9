"""阅读: a published page, however damaged, into clauses and pairings (duty reading.1).

Owns the reading of text; one file for each stage, `reading.py` joins them. Refuses to guess: what it cannot resolve it
reports with the sentence. Needs the extra `reading` (OpenCC, pypinyin, lxml); the names below load on first use.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jiedui.policy.reading.reading import Open, PairingRead, Reading, read_page
    from jiedui.policy.reading.writing import files_of, report, write

__all__ = ["Open", "PairingRead", "Reading", "files_of", "read_page", "report", "write"]

_HOMES = {"files_of": "writing", "report": "writing", "write": "writing"}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES.get(name, 'reading')}"), name)
