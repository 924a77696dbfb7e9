"""匹配: what people ask of the matching engine, and what they told it beforehand. What it answers is in `results`."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from jiedui.records.access import VisibleQuerySet
from jiedui.records.models import fields, rules
from jiedui.terms.codelists import CodeList

PROBLEM: Final[CodeList] = {
    "labour": ("人岗匹配", "workers and vacancies"),
    "county_pair": ("县级结对", "county pairs"),
    "post": ("人选与岗位", "candidates and posts"),
    "village": ("企业与村", "firms and villages"),
    "need": ("需求与意向", "needs and offers"),
}
ORDER_STATE: Final[CodeList] = {
    "waiting": ("排队中", "waiting"),
    "running": ("运行中", "running"),
    "finished": ("已完成", "finished"),
    "failed": ("失败", "failed"),
    "stopped": ("已停止", "stopped"),
}
MARK_KIND: Final[CodeList] = {"pin": ("指定", "pinned"), "forbid": ("排除", "forbidden")}


class MatchOrder(models.Model):
    """匹配任务: somebody asks for a run; a job takes it up.

    `wanted` is what differs from the dated parameters: {"on": "2019-12-31", "parameters": {key: value}, "quotas":
    {county: [least, most or null]}}; `progress` {"done", "total", "step"}; `problem_said` {"message", "remedy"} of a
    failed one. `run` is the number of the run in `results`, `based_on` the run whose prices it starts from.
    """

    visibility = "match"
    region_column = "region_code"

    match_order_id = fields.key("编号")
    problem = fields.choice("问题", PROBLEM)
    region_code = fields.code("范围")
    wanted = models.JSONField("设置", default=dict)
    based_on = models.UUIDField("参照运行", null=True)
    run = models.UUIDField("运行", null=True)
    state = fields.choice("状态", ORDER_STATE)
    stop_asked = models.BooleanField("要求停止", db_default=False, default=False)
    progress = models.JSONField("进度", default=dict)
    problem_said = models.JSONField("问题说明", default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="发起人")
    asked_at = models.DateTimeField("发起时间", db_default=Now())
    changed_at = models.DateTimeField("状态时间", db_default=Now())

    objects = VisibleQuerySet.as_manager()

    class Meta:
        db_table = "records_match_order"
        verbose_name = verbose_name_plural = "匹配任务"
        indexes = [models.Index(fields=["problem", "region_code", "-match_order_id"], name="match_order_region")]
        constraints = [
            rules.digits("match_order", "region_code"),
            rules.listed("match_order", "problem", PROBLEM),
            rules.listed("match_order", "state", ORDER_STATE),
        ]


class MatchMark(models.Model):
    """指定与排除: a pair that a person pins or forbids, with the reason, until it is taken back.

    `left_id` and `right_id` are keys: of worker and vacancy, candidate and post, need and offer; of counties their
    codes as numbers; of a village its code as a number, and of the firm its offer. `region_code` is the home of the
    left side.
    """

    visibility = "match"
    region_column = "region_code"

    match_mark_id = fields.key("编号")
    problem = fields.choice("问题", PROBLEM)
    left_id = models.BigIntegerField("左方")
    right_id = models.BigIntegerField("右方")
    region_code = fields.code("所在地")
    kind = fields.choice("类型", MARK_KIND)
    reason = fields.text("事由")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="标记人")
    at = models.DateTimeField("时间", db_default=Now())
    ended_at = models.DateTimeField("撤销时间", null=True)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        db_table = "records_match_mark"
        verbose_name = verbose_name_plural = "指定与排除"
        indexes = [models.Index(fields=["problem", "region_code"], name="match_mark_region")]
        constraints = [
            rules.digits("match_mark", "region_code"),
            rules.listed("match_mark", "problem", PROBLEM),
            rules.listed("match_mark", "kind", MARK_KIND),
            models.UniqueConstraint(
                fields=["problem", "left_id", "right_id"], condition=Q(ended_at=None), name="match_mark_once"
            ),
            # a worker or a candidate is pinned once; other left sides may have several partners
            models.UniqueConstraint(
                fields=["problem", "left_id"],
                condition=Q(ended_at=None, kind="pin", problem__in=["labour", "post"]),
                name="match_mark_one_pin",
            ),
        ]


class OfferSheet(models.Model):
    """推荐单: the sheet of an offer that a worker can open on a phone without an account; the key itself is not kept.

    `key_digest` is the SHA-256 of the key in the address; the sheet opens until before `until`.
    """

    visibility = "people"
    region_column = "region_code"

    offer_sheet_id = fields.key("编号")
    job_offer = fields.link("岗位推荐", "JobOffer")
    region_code = fields.code("户籍村")
    key_digest = models.CharField("密钥摘要", max_length=64, db_collation="C", unique=True)
    until = fields.day("有效至")
    made_at = models.DateTimeField("生成时间", db_default=Now())
    answered_at = models.DateTimeField("答复时间", null=True)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        db_table = "records_offer_sheet"
        verbose_name = verbose_name_plural = "推荐单"
        constraints = [rules.digits("offer_sheet", "region_code", 12)]
