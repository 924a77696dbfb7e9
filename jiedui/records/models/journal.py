"""变更日志: what happened to the records, entry by entry, and the seals that chain them; see `records.journal`."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models.functions import Now

from jiedui.records.models import fields


class KeptText(models.JSONField):
    """原样 JSON: type `json`, which keeps its text byte for byte, so that a digest of it can be computed again."""

    def db_type(self, connection: Any) -> str:
        """`json`, not `jsonb`."""
        return "json"

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        """The driver reads this type by itself."""
        return value


class Change(models.Model):
    """变更记录: one entry of the journal; written by the database, never by a program, and never changed.

    `update`, `delete`: one row, `before` as it was. `insert`: one line for a statement, `rows` and the keys in
    `detail`. `truncate`, `export`: `rows`, and `detail` for an export. `disclosure`: who read which hidden columns.
    """

    table = fields.text("表")
    row_id = models.BigIntegerField("行编号", null=True)
    operation = fields.text("操作")
    rows = models.BigIntegerField("行数", db_default=1)
    before = KeptText("变更前", null=True)
    detail = KeptText("详情", null=True)
    by = models.BigIntegerField("操作人编号", null=True)
    reason = fields.text("依据", required=False)
    import_id = models.BigIntegerField("导入批次", null=True)
    at = models.DateTimeField("时间", db_default=Now())
    xid = models.BigIntegerField("事务", editable=False)
    sha256 = models.BinaryField("摘要", max_length=32, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "变更记录"
        indexes = [
            models.Index(fields=["table", "row_id"], name="change_row"),
            models.Index(fields=["xid", "id"], name="change_xid"),
            models.Index(
                fields=["import_id", "table"], condition=models.Q(import_id__isnull=False), name="change_import"
            ),
        ]


class Seal(models.Model):
    """封印: one transaction's entries, chained to the seal before; written at its end and never changed."""

    n = models.BigIntegerField("序号", primary_key=True)
    xid = models.BigIntegerField("事务")
    first_id = models.BigIntegerField("首条")
    last_id = models.BigIntegerField("末条")
    entries = models.BigIntegerField("条数")
    at = models.DateTimeField("时间")
    role = fields.text("数据库角色")
    entries_sha256 = models.BinaryField("条目摘要", max_length=32, editable=False)
    sha256 = models.BinaryField("摘要", max_length=32, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "封印"
        indexes = [models.Index(fields=["xid"], name="seal_xid")]
