"""约束: the check constraints that every area writes alike.

The database is the last reader of every row, also of rows that came by COPY, so what can be said of one row is said
there.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.db import models
from django.db.models import F, Q

_LENGTHS = {
    (6,): r"^[0-9]{6}$",
    (12,): r"^[0-9]{12}$",
    (6, 9, 12): r"^[0-9]{6}([0-9]{3}([0-9]{3})?)?$",
}


def _or_unknown(column: str, condition: Q) -> Q:
    return Q(**{f"{column}__isnull": True}) | condition


def digits(table: str, column: str, *lengths: int) -> models.CheckConstraint:
    """A division code is digits of one of these lengths (default 6, 9 or 12)."""
    pattern = _LENGTHS[lengths or (6, 9, 12)]
    return models.CheckConstraint(condition=Q(**{f"{column}__regex": pattern}), name=f"{table}_{column}_digits")


def digits_if_known(table: str, column: str, *lengths: int) -> models.CheckConstraint:
    """A division code is digits of one of these lengths, or not known."""
    pattern = _LENGTHS[lengths or (6, 9, 12)]
    condition = _or_unknown(column, Q(**{f"{column}__regex": pattern}))
    return models.CheckConstraint(condition=condition, name=f"{table}_{column}_digits")


def not_negative(table: str, *columns: str) -> list[models.CheckConstraint]:
    """An amount or a count is zero or more, or not known."""
    return [
        models.CheckConstraint(condition=_or_unknown(column, Q(**{f"{column}__gte": 0})), name=f"{table}_{column}_sign")
        for column in columns
    ]


def in_order(table: str, earlier: str, later: str, *, strict: bool = False) -> models.CheckConstraint:
    """The later date is not before the earlier one (`strict`: after it), or not known."""
    comparison = "gt" if strict else "gte"
    condition = _or_unknown(later, Q(**{f"{later}__{comparison}": F(earlier)}))
    return models.CheckConstraint(condition=condition, name=f"{table}_{later}_order")


def listed(table: str, column: str, codelist: Mapping[str, tuple[str, str]]) -> models.CheckConstraint:
    """The value is an identifier of the code list."""
    return models.CheckConstraint(condition=Q(**{f"{column}__in": list(codelist)}), name=f"{table}_{column}_listed")


def listed_if_known(table: str, column: str, codelist: Mapping[str, tuple[str, str]]) -> models.CheckConstraint:
    """The value is an identifier of the code list, or not known."""
    condition = _or_unknown(column, Q(**{f"{column}__in": list(codelist)}))
    return models.CheckConstraint(condition=condition, name=f"{table}_{column}_listed")


def year(table: str, column: str) -> models.CheckConstraint:
    """A year has four digits: a typing error of one digit more or less never enters."""
    return models.CheckConstraint(
        condition=Q(**{f"{column}__gte": 1900, f"{column}__lte": 2100}), name=f"{table}_{column}_year"
    )
