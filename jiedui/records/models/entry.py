"""录入: what every table of facts has: who entered the row, when, and who may see it."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from jiedui.records.access import Visibility, VisibleQuerySet


class Entered(models.Model):
    """录入信息: a fact is entered once and carries who and when; empty `entered_by` = loaded by a program."""

    visibility: ClassVar[Visibility]
    """Class of data that the table belongs to: see `records.access`."""
    region_column: ClassVar[str] = "region_code"

    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name="录入人",
    )
    entered_at = models.DateTimeField("录入时间", db_default=Now(), editable=False)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        abstract = True
