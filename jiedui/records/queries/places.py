"""地点: whether a code below the county stands for a place that the records know."""

from __future__ import annotations

from typing import Any

from django.apps import apps

from jiedui.snapshot.schema import TABLES
from jiedui.terms.scope import Scope


def recorded(user: Any, code: str) -> bool:
    """有无记录: whether a row that the user may see names the place or lies below it (a township by its villages).

    There is no list of townships and villages in the project, so that the records are the only ones who know them;
    households, asked first, have nearly all.
    """
    names = sorted(TABLES, key=lambda name: name != "household")
    return any(_in_table(user, name, code) for name in names)


def _in_table(user: Any, name: str, code: str) -> bool:
    columns = [column.name for column in TABLES[name].columns if column.kind == "code"]
    if not columns:
        return False
    rows = apps.get_model("records", name.replace("_", "")).objects.visible_to(user)
    return any(rows.filter(**one).exists() for column in columns for one in Scope.of([code]).comparisons(column))
