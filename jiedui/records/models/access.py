"""权限: users, what they were granted and when, what was disclosed, what was changed, what was loaded."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.conf import settings
from django.contrib.auth import hashers
from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from jiedui.records import access
from jiedui.records.models import fields, rules
from jiedui.terms.codelists import CodeList

ROLE: Final[CodeList] = {
    "recipient_office": ("被帮扶方扶贫办", "recipient's poverty relief office"),
    "donor_office": ("帮扶方协作办", "donor's collaboration office"),
    "labour_bureau": ("人社部门", "labour bureau"),
    "finance": ("财政部门", "finance department"),
    "assessor": ("考核组", "assessor"),
    "auditor": ("审计部门", "auditor"),
    "discipline": ("纪检监察", "discipline inspection"),
    "administrator": ("系统管理员", "administrator"),
    "public": ("社会公众", "public"),
}
"""Roles; what each of them sees is in `records.access`."""


class User(AbstractUser):
    """用户: a person who signs in; what the person may see comes from role grants only, never from flags."""

    class Meta:
        verbose_name = verbose_name_plural = "用户"

    def sight(self, on: date | None = None) -> access.Sight:
        """可见范围: what the user may see on a day (default today)."""
        return access.sight_of(self, on or date.today())

    def check_password(self, raw_password: str) -> bool:
        """核对密码: without the rehash at sign-in: the pages write no password. Setting one rehashes it."""
        return hashers.check_password(raw_password, self.password)

    async def acheck_password(self, raw_password: str) -> bool:
        """核对密码: the same, for asynchronous callers."""
        return await hashers.acheck_password(raw_password, self.password)


class RoleGrant(models.Model):
    """授权: one role in one region (empty = the whole country) for a span of days."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="grants", verbose_name="用户"
    )
    role = fields.choice("角色", ROLE)
    region_code = models.CharField("区划", max_length=12, blank=True, default="", db_collation="C")
    valid = DateRangeField("有效期")

    class Meta:
        db_table = "records_role_grant"
        verbose_name = verbose_name_plural = "授权"
        constraints = [
            rules.listed("role_grant", "role", ROLE),
            models.CheckConstraint(
                condition=Q(region_code__regex=fields.CODE) | Q(region_code=""), name="role_grant_region_code_digits"
            ),
            models.CheckConstraint(
                condition=~Q(region_code="") | Q(role__in=access.NATIONAL_ROLES), name="role_grant_region_needed"
            ),
            ExclusionConstraint(
                name="role_grant_no_overlap",
                expressions=[
                    (F("user"), RangeOperators.EQUAL),
                    (F("role"), RangeOperators.EQUAL),
                    (F("region_code"), RangeOperators.EQUAL),
                    (F("valid"), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} {self.region_code}".strip()


class Disclosure(models.Model):
    """查看敏感信息记录: who asked to see a person's hidden fields, which, why and when; never changed."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="查看人")
    person = models.ForeignKey("Person", on_delete=models.DO_NOTHING, db_constraint=False, verbose_name="被查看人")
    columns = models.JSONField("字段")
    reason = fields.text("事由")
    at = models.DateTimeField("时间", db_default=Now())

    class Meta:
        verbose_name = verbose_name_plural = "查看敏感信息记录"


class Change(models.Model):
    """变更记录: a row as it was before an update or a deletion; written by the database, never by a program."""

    table = fields.text("表")
    row_id = models.BigIntegerField("行编号")
    operation = fields.text("操作")
    before = models.JSONField("变更前")
    by = models.BigIntegerField("操作人编号", null=True)
    reason = fields.text("依据", required=False)
    at = models.DateTimeField("时间", db_default=Now())

    class Meta:
        verbose_name = verbose_name_plural = "变更记录"
        indexes = [models.Index(fields=["table", "row_id"], name="change_row")]


class LoadedBatch(models.Model):
    """装载批次: what was loaded, with which seed and digest; a rerun sees that the same is there already."""

    what = fields.text("内容")
    seed = models.BigIntegerField("种子", null=True)
    synthetic = models.BooleanField("合成数据")
    digest = fields.text("摘要")
    rows = models.JSONField("行数")
    at = models.DateTimeField("时间", db_default=Now())

    class Meta:
        db_table = "records_loaded_batch"
        verbose_name = verbose_name_plural = "装载批次"
