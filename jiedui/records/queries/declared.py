"""按声明读表: any declared table as plain values, page by page, through the same gate and masks as the pages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.apps import apps
from django.db.models import Q

from jiedui.errors import JieduiError
from jiedui.records.access import readable_columns, within
from jiedui.records.queries.register import masked
from jiedui.snapshot.schema import TABLES
from jiedui.snapshot.schema.definition import Column, Table
from jiedui.terms.divisions import prefix
from jiedui.terms.identity import mask_name
from jiedui.terms.scope import Scope

MOST: Final = 500
"""Rows of one page at most."""
_NEVER: Final = ("address",)
_ENCRYPTED: Final = ("id_number", "phone")
_WHOLE: Final = "[0-9]{1,18}"


@dataclass(frozen=True, slots=True)
class Rows:
    """一页: rows by column name, and the key of the next page ("" = this is the last)."""

    rows: tuple[dict[str, Any], ...]
    after: str


def tables() -> Mapping[str, Table]:
    """各表: every declared table by name."""
    return TABLES


def columns(table: Table) -> tuple[Column, ...]:
    """可读字段: the columns that are handed out; an address is not, not even masked."""
    return tuple(one for one in table.columns if one.name not in _NEVER)


def narrowing(table: Table) -> Iterator[str]:
    """可筛字段: the key columns by whose value a list may be narrowed."""
    return (one.name for one in table.columns if one.kind in ("ref", "person") and one.name != table.key)


def listed(user: Any, name: str, asked: Mapping[str, str]) -> Rows:
    """列表: rows in the order of their place and key, or of their key; `asked` holds place, after, limit and keys.

    Raises:
        JieduiError: a table or parameter that is not known, or a value that cannot be.
    """
    table = _table(name)
    unknown = sorted(set(asked) - {"place", "after", "limit", *narrowing(table)})
    if unknown:
        allowed = ", ".join(["place", "after", "limit", *narrowing(table)])
        raise JieduiError(f"{name} is not narrowed by {unknown[0][:40]!r}.", remedy=f"It takes {allowed}.")
    limit = int(_digits("limit", asked["limit"])) if asked.get("limit") else 100
    if not 1 <= limit <= MOST:
        raise JieduiError(f"A page has 1 to {MOST} rows, not {limit}.", remedy="Read page after page.")
    order = _order(table)
    rows = (
        _model(name).objects.visible_to(user).filter(_asked_for(table, asked), _behind(order, asked.get("after", "")))
    )
    found = list(rows.order_by(*order)[: limit + 1])
    last = found[limit - 1] if len(found) > limit else None
    return Rows(
        tuple(_plain(user, table, row) for row in found[:limit]),
        "~".join(str(getattr(last, one)) for one in order) if last is not None else "",
    )


def one(user: Any, name: str, key: int) -> dict[str, Any] | None:
    """一行: by its key, or None where there is none that the user may see."""
    table = _table(name)
    row = _model(name).objects.visible_to(user).filter(pk=key).first()
    return None if row is None else _plain(user, table, row)


def _table(name: str) -> Table:
    if name not in TABLES:
        raise JieduiError(f"There is no table {name[:40]!r}.", remedy=f"Tables: {', '.join(TABLES)}.")
    return TABLES[name]


def _model(name: str) -> Any:
    return apps.get_model("records", name.replace("_", ""))


def _order(table: Table) -> tuple[str, ...]:
    """Rows about people go by place, which an index serves for every scope; the other tables are small."""
    return (table.region, table.key) if _model(table.name).visibility == "people" else (table.key,)


def _asked_for(table: Table, asked: Mapping[str, str]) -> Q:
    condition = Q()
    if place := asked.get("place"):
        if not table.region:
            raise JieduiError(f"The rows of {table.name} lie in no place.", remedy="Leave out place.")
        if not re.fullmatch("[0-9]{6}([0-9]{3}([0-9]{3})?)?", place, re.ASCII):
            raise JieduiError(f"{place[:40]!r} is no code of a place.", remedy="Give 6, 9 or 12 digits.")
        condition &= within(Scope.of([prefix(place)]), table.region)
    for name in narrowing(table):
        if asked.get(name):
            condition &= Q(**{name: int(_digits(name, asked[name]))})
    return condition


def _digits(name: str, value: str) -> str:
    if not re.fullmatch(_WHOLE, value, re.ASCII):
        raise JieduiError(f"{name} is a whole number, not {value[:40]!r}.", remedy="Write digits only.")
    return value


def _behind(order: tuple[str, ...], after: str) -> Q:
    if not after:
        return Q()
    parts = after.split("~")
    if len(parts) != len(order) or not all(re.fullmatch(_WHOLE, part, re.ASCII) for part in parts):
        raise JieduiError("This is the key of no page.", remedy="Take `after` from the page before.")
    key = int(parts[-1])
    if len(order) == 1:
        return Q(**{f"{order[0]}__gt": key})
    place, row = order
    return Q(**{f"{place}__gte": parts[0]}) & (
        Q(**{f"{place}__gt": parts[0]}) | Q(**{place: parts[0], f"{row}__gt": key})
    )


def _plain(user: Any, table: Table, row: Any) -> dict[str, Any]:
    allowed = readable_columns(user, type(row), row)
    region = getattr(row, table.region) if table.region else None
    named = region is not None and region in user.sight().named
    return {one.name: _value(one, row, allowed=one.name in allowed, named=named) for one in columns(table)}


def _value(column: Column, row: Any, *, allowed: bool, named: bool) -> Any:
    if column.name in _ENCRYPTED and column.private:
        return (masked(row, column.name) or None) if named else None  # type: ignore[arg-type]
    value = getattr(row, column.name)
    if not allowed:
        return mask_name(value) if column.name == "name" and column.private and value is not None else None
    return value.isoformat() if column.kind == "date" and value is not None else value
