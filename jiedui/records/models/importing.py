"""导入: the imports of spreadsheets, what each source calls its columns and values, and the villages that they name."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from jiedui.records.access import VisibleQuerySet
from jiedui.records.models import fields, rules
from jiedui.records.models.entry import Imported
from jiedui.terms.codelists import CodeList

IMPORT_KIND: Final[CodeList] = {
    "registry": ("建档立卡花名册", "roster of the registered poor"),
    "worker": ("劳动力花名册", "list of workers"),
    "vacancy": ("岗位清单", "list of vacancies"),
    "work_month": ("月度务工监测", "monthly monitoring of work"),
    "village": ("村级区划表", "list of villages"),
}
IMPORT_STATE: Final[CodeList] = {
    "received": ("已收到", "received"),
    "reading": ("读取与比对中", "being read and compared"),
    "columns": ("待确认栏目", "columns to be confirmed"),
    "compared": ("待审定", "waiting for a decision"),
    "writing": ("写入中", "being written"),
    "written": ("已写入", "written"),
    "undoing": ("撤销中", "being undone"),
    "undone": ("已撤销", "undone"),
    "refused": ("未通过", "refused"),
    "cancelled": ("已取消", "cancelled"),
    "failed": ("中断", "broken off"),
}
"""received → reading → (columns → reading →) compared → writing → written → undoing → undone; each of the states that
wait may be cancelled, each that works may be refused (the file's fault) or failed (ours; may be tried again)."""
WORKING: Final = ("reading", "writing", "undoing")


class Village(Imported):
    """行政村: a village with its code and the names that rosters use for it; published, so open."""

    visibility = "open"

    village_id = fields.key("编号")
    region_code = fields.code("村代码")
    county_name = fields.text("县")
    township_name = fields.text("乡镇")
    name = fields.text("行政村")

    class Meta:
        verbose_name = verbose_name_plural = "行政村"
        constraints = [
            rules.digits("village", "region_code", 12),
            models.UniqueConstraint(fields=["region_code"], name="village_once"),
        ]
        indexes = [BrinIndex(fields=["import_id"], name="village_import")]


class Import(models.Model):
    """导入批次: one spreadsheet on its way into the register, seen by the office that may see its region by name.

    The file and what was read of it lie in the state folder under the import's number; here is what people decide and
    see. `progress` is {"done", "total", "unit", "since"}; `counts` {"added", "changed", "gone", "conflict", "refused",
    "same"} in rows; `columns` maps a field to the file's column; `labels` {field: {label: identifier}}; `excluded` what
    the officer leaves out: {"kinds": [...], "rows": [...]}.
    """

    visibility = "import"
    region_column = "region_code"

    import_id = fields.key("导入编号")
    kind = fields.choice("类型", IMPORT_KIND)
    region_code = fields.code("范围")
    year = fields.whole("年度", required=False)
    source = fields.text("来源")
    file_name = fields.text("文件名")
    size = models.BigIntegerField("字节数")
    sha256 = models.CharField("文件摘要", max_length=64, db_collation="C")
    state = fields.choice("状态", IMPORT_STATE)
    stop_asked = models.BooleanField("要求停止", db_default=False, default=False)
    progress = models.JSONField("进度", default=dict)
    counts = models.JSONField("行数", default=dict)
    problem = models.JSONField("问题", default=dict)
    columns = models.JSONField("栏目", default=dict)
    labels = models.JSONField("代码", default=dict)
    excluded = models.JSONField("不采纳", default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="上传人")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="审定人"
    )
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="撤销人"
    )
    reason = fields.text("事由", required=False)
    received_at = models.DateTimeField("收到时间", db_default=Now())
    changed_at = models.DateTimeField("状态时间", db_default=Now())
    written_at = models.DateTimeField("写入时间", null=True)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "导入批次"
        constraints = [
            rules.digits("import", "region_code", 6),
            rules.listed("import", "kind", IMPORT_KIND),
            rules.listed("import", "state", IMPORT_STATE),
            models.CheckConstraint(
                condition=Q(year__isnull=True) | Q(year__range=(1900, 2100)), name="import_year_year"
            ),
        ]
        indexes = [models.Index(fields=["region_code", "-import_id"], name="import_region")]


class SourceForm(models.Model):
    """来源格式: what a source calls its columns and values, mapped once and remembered; newer rows stand before older.

    `header` is the digest of the header's texts, so that another form of the same source is asked for again.
    """

    source = fields.text("来源")
    kind = fields.choice("类型", IMPORT_KIND)
    header = models.CharField("表头摘要", max_length=64, db_collation="C")
    columns = models.JSONField("栏目")
    labels = models.JSONField("代码")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="确认人")
    at = models.DateTimeField("时间", db_default=Now())

    class Meta:
        db_table = "records_source_form"
        verbose_name = verbose_name_plural = "来源格式"
        indexes = [models.Index(fields=["source", "kind", "header", "-id"], name="source_form_header")]


DUPLICATE_DECISION: Final[CodeList] = {
    "open": ("待判定", "to be decided"),
    "same": ("同一人", "the same person"),
    "different": ("不同的人", "different persons"),
}


class DuplicatePair(models.Model):
    """疑似重复: two persons of the register who may be one; a decision is remembered and can be taken back."""

    visibility = "pair_of_people"
    region_column = "left_region"

    left = fields.link("甲", "Person", indexed=False, related_name="+")
    right = fields.link("乙", "Person", related_name="+")
    left_region = fields.code("甲所在村")
    right_region = fields.code("乙所在村")
    probability = models.FloatField("可能性")
    evidence = models.JSONField("依据")
    found_at = models.DateTimeField("发现时间", db_default=Now())
    decision = fields.choice("判定", DUPLICATE_DECISION)
    reason = fields.text("事由", required=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="判定人"
    )
    decided_at = models.DateTimeField("判定时间", null=True)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        db_table = "records_duplicate_pair"
        verbose_name = verbose_name_plural = "疑似重复"
        constraints = [
            models.UniqueConstraint(fields=["left", "right"], name="duplicate_pair_once"),
            models.CheckConstraint(condition=Q(left__lt=models.F("right")), name="duplicate_pair_order"),
            rules.listed("duplicate_pair", "decision", DUPLICATE_DECISION),
        ]
        indexes = [models.Index(fields=["decision", "left_region"], name="duplicate_pair_queue")]
