"""字段: one way to write each kind of column of `snapshot.schema`, so that a model reads like its declaration."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.validators import RegexValidator
from django.db import models

CODE = r"^[0-9]{6}([0-9]{3}([0-9]{3})?)?$"
"""Division code: 6 digits, 9 for a township, 12 for a village."""


def _optional(required: bool) -> dict[str, Any]:
    return {} if required else {"null": True, "blank": True}


def key(title: str) -> models.BigAutoField:
    """编号: int64 primary key."""
    return models.BigAutoField(title, primary_key=True)


def link(title: str, to: str, *, required: bool = True, indexed: bool = True, **more: Any) -> models.ForeignKey:
    """引用: key of another table; what others refer to is never deleted under them.

    `indexed=False` where a constraint of the table begins with this column and so has an index already.
    """
    return models.ForeignKey(
        to, on_delete=models.PROTECT, verbose_name=title, db_index=indexed, **_optional(required), **more
    )


def code(title: str, *, required: bool = True) -> models.CharField:
    """区划代码: text in byte order (collation C), so that a prefix is a range for every index and policy."""
    return models.CharField(
        title, max_length=12, db_collation="C", validators=[RegexValidator(CODE)], **_optional(required)
    )


def choice(title: str, codelist: Mapping[str, tuple[str, str]], *, required: bool = True) -> models.CharField:
    """代码项: identifier of a code list, shown by its Chinese label."""
    choices = [(identifier, labels[0]) for identifier, labels in codelist.items()]
    return models.CharField(title, max_length=32, choices=choices, **_optional(required))


def text(title: str, *, required: bool = True) -> models.CharField:
    """文字: one line of any length; an optional one is null when not known, never empty."""
    return models.CharField(title, **_optional(required))


def sought(title: str) -> models.CharField:
    """检索文字: text in byte order: a search by its beginning is a range, and an index serves it under the policies."""
    return models.CharField(title, db_collation="C")


def whole(title: str, *, required: bool = True) -> models.BigIntegerField:
    """整数: int64, the unit is in the declaration."""
    return models.BigIntegerField(title, **_optional(required))


def fen(title: str, *, required: bool = True) -> models.BigIntegerField:
    """金额: int64 hundredths of a yuan."""
    return models.BigIntegerField(title, **_optional(required))


def day(title: str, *, required: bool = True) -> models.DateField:
    """日期: a day without time."""
    return models.DateField(title, **_optional(required))


def yes_no(title: str, *, required: bool = True) -> models.BooleanField:
    """是否: null only where not knowing is allowed."""
    return models.BooleanField(title, **_optional(required))


def encrypted(title: str, *, required: bool = True) -> models.BinaryField:
    """密文: AES-SIV, see `records.privacy`; never shown and never searched as it is."""
    return models.BinaryField(title, editable=False, **_optional(required))
