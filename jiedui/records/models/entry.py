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
        # neither index nor reference in the database: nobody asks for all that a user entered, no user is deleted, and
        # a province is copied in a sixth faster without
        db_index=False,
        db_constraint=False,
        related_name="+",
        verbose_name="录入人",
    )
    entered_at = models.DateTimeField("录入时间", db_default=Now(), editable=False)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        abstract = True


class Imported(Entered):
    """导入信息: a table into which spreadsheets are imported: which import entered the row.

    A number and not a reference, so that a province is copied in without a look-up for each row; empty = entered
    otherwise.
    """

    import_id = models.BigIntegerField("导入批次", null=True, blank=True, editable=False)

    class Meta:
        abstract = True
