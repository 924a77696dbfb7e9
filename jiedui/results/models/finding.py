"""核查提示: what the rules found in the run's snapshot. A finding asks people to look; it never refuses."""

from __future__ import annotations

from typing import Final

from django.db import models
from django.db.models import Q

from jiedui.results.models.run import Run
from jiedui.results.visibility import PeopleQuerySet

SEVERITY: Final = {"note": "提示", "warning": "预警", "error": "问题"}


class RuleFinding(models.Model):
    """核查提示: a duty, how grave, about what, and the rows that show it (`rows` = list of {table, key})."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="findings", verbose_name="运行")
    duty = models.CharField("职责", max_length=32)
    rule = models.CharField("规则", max_length=64)
    severity = models.CharField("程度", max_length=16, choices=list(SEVERITY.items()))
    subject = models.CharField("对象")
    message = models.TextField("内容")
    message_en = models.TextField("英文内容")
    pairing_id = models.BigIntegerField("结对关系", null=True)
    region_code = models.CharField("地区", max_length=12, blank=True, default="", db_collation="C")
    rows = models.JSONField("涉及的行", default=list)

    objects = PeopleQuerySet.as_manager()

    class Meta:
        db_table = "results_rule_finding"
        verbose_name = verbose_name_plural = "核查提示"
        indexes = [models.Index(fields=["run", "pairing_id"], name="finding_pair")]
        constraints = [models.CheckConstraint(condition=Q(severity__in=list(SEVERITY)), name="finding_severity_listed")]

    def __str__(self) -> str:
        return f"{self.duty} {self.subject}"
