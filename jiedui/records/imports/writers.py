"""写入者: which writer belongs to which kind of roster."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any, Final

from jiedui.records.imports.writing import Progress
from jiedui.records.models import Import

Writer = Callable[[Import, Progress], Mapping[str, Any]]
_WRITERS: Final = {
    "registry": "jiedui.records.imports.registry_writing",
    "worker": "jiedui.records.imports.worker_list",
    "vacancy": "jiedui.records.imports.vacancy_list",
    "work_month": "jiedui.records.imports.work_month_list",
    "village": "jiedui.records.imports.village_list",
}


def writer(kind: str) -> Writer:
    """写入者: writes an accepted import inside the caller's transaction; gives rows by table."""
    return import_module(_WRITERS[kind]).write
