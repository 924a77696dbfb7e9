"""运行: one computation with its lineage: from which snapshot, by which policy, code, parameters and seed."""

from __future__ import annotations

import uuid
from typing import Final

from django.db import models
from django.db.models import Q

KIND: Final = {"match": "匹配", "assess": "考核"}
STATUS: Final = {"running": "运行中", "finished": "已完成", "failed": "失败"}


class Run(models.Model):
    """运行: everything needed to compute the same numbers again.

    Of a match `problem` says which (`labour`, `county_pair`, `post`, `village`, `need`), `region_code` for whose people
    ("" = the whole snapshot), `settings` what was told besides the parameters (quotas, pins and forbidden pairs), and
    `based_on` the run from whose prices it started, which changes the time and not the answer.

    A run is `finished` only in the transaction that wrote its rows, so a crashed one never shows numbers.
    """

    run_id = models.UUIDField("编号", primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField("类型", max_length=16, choices=list(KIND.items()))
    area = models.CharField("领域", max_length=32, blank=True, default="")
    problem = models.CharField("匹配问题", max_length=16, blank=True, default="")
    region_code = models.CharField("范围", max_length=12, blank=True, default="", db_collation="C")
    settings = models.JSONField("设置", default=dict)
    based_on = models.UUIDField("参照运行", null=True, blank=True)
    scheme = models.CharField("考核方案", max_length=64, blank=True, default="")
    year = models.IntegerField("年度", null=True, blank=True)
    snapshot_digest = models.CharField("快照摘要", max_length=128)
    snapshot_path = models.CharField("快照位置")
    policy_digest = models.CharField("政策参数摘要", max_length=128)
    code_version = models.CharField("程序版本", max_length=64)
    parameters = models.JSONField("参数", default=dict)
    seed = models.BigIntegerField("种子", null=True, blank=True)
    started_at = models.DateTimeField("开始时间")
    finished_at = models.DateTimeField("完成时间", null=True, blank=True)
    status = models.CharField("状态", max_length=16, choices=list(STATUS.items()), default="running")
    summary = models.JSONField("概要", default=dict)
    folder = models.CharField("文件夹", blank=True, default="")

    class Meta:
        verbose_name = verbose_name_plural = "运行"
        indexes = [
            models.Index(fields=["kind", "status", "-finished_at"], name="run_latest"),
            models.Index(fields=["problem", "region_code", "-finished_at"], name="run_of_problem"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=list(KIND)), name="run_kind_listed"),
            models.CheckConstraint(condition=Q(status__in=list(STATUS)), name="run_status_listed"),
            models.CheckConstraint(
                condition=~Q(status="finished") | Q(finished_at__isnull=False), name="run_finished_when"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.scheme or self.area} {self.year or ''} {str(self.run_id)[:8]}"
