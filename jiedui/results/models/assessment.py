"""考核结果: the indicators as they were defined, their values and the scores of a run."""

from __future__ import annotations

from typing import Final

from django.db import models
from django.db.models import Q

from jiedui.results.models.run import Run
from jiedui.terms.codelists import SIDE

_SIDES: Final = [(side, chinese) for side, (chinese, _) in SIDE.items()]


class IndicatorDefinition(models.Model):
    """指标定义: an indicator of the run's scheme, word for word as it was computed."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="definitions", verbose_name="运行")
    indicator = models.CharField("指标", max_length=64)
    area = models.CharField("领域", max_length=32)
    name_zh = models.CharField("名称")
    name_en = models.CharField("英文名称")
    duty = models.CharField("职责", max_length=32)
    unit = models.CharField("单位", max_length=32)
    side = models.CharField("考核对象", max_length=16)
    direction = models.CharField("方向", max_length=16)
    weight = models.DecimalField("权重", max_digits=12, decimal_places=6, null=True)
    basis = models.CharField("权重依据", max_length=16)
    rule_text = models.TextField("计算规则")
    rule_text_en = models.TextField("英文计算规则", blank=True, default="")
    sql = models.TextField("查询")

    class Meta:
        db_table = "results_indicator_definition"
        verbose_name = verbose_name_plural = "指标定义"
        constraints = [models.UniqueConstraint(fields=["run", "indicator", "side"], name="indicator_definition_once")]

    def __str__(self) -> str:
        return self.name_zh


class IndicatorValue(models.Model):
    """指标值: one number of one pair and side; an empty value says why in `missing_reason` and is never zero."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="values", verbose_name="运行")
    pairing_id = models.BigIntegerField("结对关系")
    side = models.CharField("考核对象", max_length=16, choices=_SIDES)
    area = models.CharField("领域", max_length=32)
    indicator = models.CharField("指标", max_length=64)
    value = models.DecimalField("数值", max_digits=28, decimal_places=6, null=True)
    unit = models.CharField("单位", max_length=32)
    numerator = models.DecimalField("分子", max_digits=28, decimal_places=6, null=True)
    denominator = models.DecimalField("分母", max_digits=28, decimal_places=6, null=True)
    previous = models.DecimalField("上年", max_digits=28, decimal_places=6, null=True)
    target = models.DecimalField("目标", max_digits=28, decimal_places=6, null=True)
    score = models.DecimalField("得分", max_digits=12, decimal_places=6, null=True)
    evidence_rows = models.BigIntegerField("佐证行数")
    missing_reason = models.CharField("缺失原因", blank=True, default="")
    missing_reason_en = models.CharField("英文缺失原因", blank=True, default="")
    score_missing_reason = models.CharField("不计分原因", blank=True, default="")

    class Meta:
        db_table = "results_indicator_value"
        verbose_name = verbose_name_plural = "指标值"
        constraints = [
            models.UniqueConstraint(fields=["run", "indicator", "pairing_id", "side"], name="indicator_value_once"),
            models.CheckConstraint(
                condition=Q(value__isnull=False) | ~Q(missing_reason=""), name="indicator_value_missing_says_why"
            ),
        ]


class PairScore(models.Model):
    """得分: one pair and side in one area, or in all areas together (area = "")."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="scores", verbose_name="运行")
    pairing_id = models.BigIntegerField("结对关系")
    side = models.CharField("考核对象", max_length=16, choices=_SIDES)
    area = models.CharField("领域", max_length=32, blank=True, default="")
    score = models.DecimalField("得分", max_digits=12, decimal_places=6, null=True)
    weight = models.DecimalField("权重", max_digits=12, decimal_places=6, null=True)
    rank = models.IntegerField("名次", null=True)
    grade = models.CharField("等次", max_length=32, blank=True, default="")
    grade_zh = models.CharField("等次名称", max_length=32, blank=True, default="")
    deduction = models.DecimalField("扣分", max_digits=12, decimal_places=6, null=True)
    peer_class = models.CharField("同类", max_length=64, blank=True, default="")
    peers = models.IntegerField("同类数", null=True)

    class Meta:
        db_table = "results_pair_score"
        verbose_name = verbose_name_plural = "得分"
        constraints = [models.UniqueConstraint(fields=["run", "pairing_id", "side", "area"], name="pair_score_once")]
