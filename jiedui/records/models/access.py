"""权限: users, what they were granted and when, what was disclosed, what was loaded."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.conf import settings
from django.contrib.auth import hashers
from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Now

from jiedui.records import access
from jiedui.records.models import fields, rules
from jiedui.terms.codelists import CodeList

ROLE: Final[CodeList] = {
    "recipient_office": ("被帮扶方扶贫办", "recipient's poverty relief office"),
    "donor_office": ("帮扶方协作办", "donor's collaboration office"),
    "labour_bureau": ("人社部门", "labour bureau"),
    "organisation_department": ("组织部门", "organisation department"),
    "finance": ("财政部门", "finance department"),
    "assessor": ("考核组", "assessor"),
    "auditor": ("审计部门", "auditor"),
    "discipline": ("纪检监察", "discipline inspection"),
    "firm": ("用人企业", "firm that employs"),
    "administrator": ("系统管理员", "administrator"),
    "public": ("社会公众", "public"),
}
"""Roles; what each of them sees is in `records.access`."""
LINK_KIND: Final[CodeList] = {
    "proposal": ("匹配建议", "proposal that was adopted"),
    "placement": ("就业安置", "placement"),
    "coming": ("即将到岗", "said yes to an offer"),
}
CASE_SUBJECT: Final[CodeList] = {
    "funds": ("资金", "use of money"),
    "project": ("项目", "project"),
    "recognition": ("识别退出", "who was entered or removed"),
    "conduct": ("作风", "conduct of officials"),
    "other": ("其他", "other"),
}


class ConcatOp(Func):
    """连接: `a || b`, which is immutable, so that a stored column may be made of it; null where one is."""

    template = "(%(expressions)s)"
    arg_joiner = " || "


class User(AbstractUser):
    """用户: a person who signs in; what the person may see comes from role grants only, never from flags.

    `first_password`: the password is one that an administrator was shown; nothing opens before the user changes it.
    """

    first_password = models.BooleanField("初始密码", default=False, db_default=False)

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
    """授权: one role in one region (empty = the whole country) for a span of days; a firm's names its organisation."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="grants", verbose_name="用户"
    )
    role = fields.choice("角色", ROLE)
    region_code = models.CharField("区划", max_length=12, blank=True, default="", db_collation="C")
    organisation = models.ForeignKey(
        "Organisation",
        on_delete=models.DO_NOTHING,
        db_constraint=False,  # a register that is replaced takes its firms along; a trigger then ends their grants
        db_index=False,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="企业",
    )
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
            models.CheckConstraint(
                condition=Q(role="firm", organisation__isnull=False) | (~Q(role="firm") & Q(organisation__isnull=True)),
                name="role_grant_organisation_of_firm",
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


class RoleConflict(models.Model):
    """不相容角色: two roles that nobody holds at a time, and why; the parameter as the database's trigger reads it.

    Written after each migration by `records.grants` from `leadership.incompatible_roles`.
    """

    one = fields.choice("角色", ROLE)
    other = fields.choice("另一角色", ROLE)
    reason = fields.text("理由")

    class Meta:
        db_table = "records_role_conflict"
        verbose_name = verbose_name_plural = "不相容角色"
        constraints = [models.UniqueConstraint(fields=["one", "other"], name="role_conflict_once")]


class PersonLink(models.Model):
    """人员关联: what links a person to a donor or a firm from a day until before another; without it neither sees him.

    A placement makes its link by a trigger, and takes it along; so does an offer, to the donor when it is made
    (`proposal`), to the firm too once the worker said yes (`coming`). `region_code` and `household` follow the person.
    `reach` is the donor's code and the village's, one text, so that one range says "this donor, in this territory"
    (`access.Sight.linked`).
    """

    visibility = "link"
    region_column = "region_code"

    kind = fields.choice("类型", LINK_KIND)
    person = models.ForeignKey(
        "Person",
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="+",
        verbose_name="人员",
    )
    household = models.ForeignKey(
        "Household", on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+",
        verbose_name="户",
    )  # fmt: skip
    region_code = fields.code("所在村")
    pairing = models.ForeignKey(
        "Pairing", on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, null=True, related_name="+",
        verbose_name="结对关系",
    )  # fmt: skip
    donor_code = fields.code("帮扶方", required=False)
    organisation = models.ForeignKey(
        "Organisation", on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, null=True, related_name="+",
        verbose_name="用人单位",
    )  # fmt: skip
    placement = models.ForeignKey(
        "Placement", on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, null=True, related_name="+",
        verbose_name="安置",
    )  # fmt: skip
    job_offer = models.ForeignKey(
        "JobOffer", on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, null=True, related_name="+",
        verbose_name="岗位推荐",
    )  # fmt: skip
    since = fields.day("起始日期")
    until = fields.day("截止日期", required=False)
    reach = models.GeneratedField(
        expression=ConcatOp(F("donor_code"), F("region_code")),
        output_field=models.CharField("可达", max_length=18, db_collation="C", null=True),
        db_persist=True,
    )

    objects = access.VisibleQuerySet.as_manager()

    class Meta:
        db_table = "records_person_link"
        verbose_name = verbose_name_plural = "人员关联"
        constraints = [
            rules.listed("person_link", "kind", LINK_KIND),
            rules.digits("person_link", "region_code", 12),
            rules.in_order("person_link", "since", "until"),
            models.CheckConstraint(
                condition=Q(pairing__isnull=True, donor_code__isnull=True)
                | Q(pairing__isnull=False, donor_code__isnull=False),
                name="person_link_donor_of_pairing",
            ),
            models.CheckConstraint(
                condition=Q(kind="placement", placement__isnull=False)
                | (~Q(kind="placement") & Q(placement__isnull=True)),
                name="person_link_placement",
            ),
            models.UniqueConstraint(fields=["placement"], name="person_link_placement_once"),
        ]
        indexes = [
            models.Index(fields=["person", "until"], name="person_link_person"),
            models.Index(fields=["household", "until"], name="person_link_household"),
            models.Index(fields=["reach"], name="person_link_reach"),
            models.Index(fields=["organisation"], name="person_link_organisation"),
            models.Index(fields=["job_offer"], condition=Q(job_offer__isnull=False), name="person_link_job_offer"),
        ]


class Case(models.Model):
    """案件线索: a clue or an audit finding until its closure, seen by the discipline inspection of its place only.

    What it names is a number and not a reference: a case outlives a register that is replaced.
    """

    visibility = "case"
    region_column = "region_code"

    case_id = fields.key("编号")
    region_code = fields.code("所在地")
    subject = fields.choice("类别", CASE_SUBJECT)
    title = fields.text("事项")
    opened_on = fields.day("受理日期")
    closed_on = fields.day("办结日期", required=False)
    finding = fields.text("结论", required=False)
    person_id = models.BigIntegerField("人员", null=True, blank=True)
    household_id = models.BigIntegerField("户", null=True, blank=True)
    project_id = models.BigIntegerField("项目", null=True, blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, db_index=False, related_name="+",
        verbose_name="录入人",
    )  # fmt: skip
    entered_at = models.DateTimeField("录入时间", db_default=Now(), editable=False)

    objects = access.VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "案件线索"
        constraints = [
            rules.digits("case", "region_code"),
            rules.listed("case", "subject", CASE_SUBJECT),
            rules.in_order("case", "opened_on", "closed_on"),
        ]
        indexes = [models.Index(fields=["region_code"], name="case_region")]


class Disclosure(models.Model):
    """查看敏感信息记录: who asked to see a person's hidden fields, which, why and when; never changed."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="查看人")
    person = models.ForeignKey("Person", on_delete=models.DO_NOTHING, db_constraint=False, verbose_name="被查看人")
    columns = models.JSONField("字段")
    reason = fields.text("事由")
    region_code = fields.code("所在村", required=False)
    at = models.DateTimeField("时间", db_default=Now())

    class Meta:
        verbose_name = verbose_name_plural = "查看敏感信息记录"
        indexes = [
            models.Index(fields=["by", "at"], name="disclosure_by_day"),
            models.Index(fields=["region_code", "-id"], name="disclosure_region"),
        ]


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
