"""产业合作: tables of the area `industry`, as `snapshot.schema.industry` declares them."""

from __future__ import annotations

from django.db import models

from jiedui.records.models import fields, rules
from jiedui.records.models.entry import Entered
from jiedui.terms import codelists


class Project(Entered):
    """项目: Project of a pair in the recipient's area."""

    visibility = "programme"

    project_id = fields.key("编号")
    pairing = fields.link("结对关系", "Pairing")
    region_code = fields.code("所在地")
    kind = fields.choice("类型", codelists.PROJECT_KIND)
    title = fields.text("名称")
    firm = fields.link("企业", "Organisation", required=False)
    signed_on = fields.day("签约或入库日期")
    signed_fen = fields.fen("签约投资额")
    arrived_fen = fields.fen("到位投资额", required=False)
    status = fields.choice("状态", codelists.PROJECT_STATUS)
    goal = fields.text("绩效目标", required=False)
    disclosed_on = fields.day("公示日期", required=False)

    class Meta:
        verbose_name = verbose_name_plural = "项目"
        indexes = [models.Index(fields=["region_code"], name="project_region")]
        constraints = [
            rules.digits("project", "region_code"),
            *rules.not_negative("project", "signed_fen", "arrived_fen"),
            rules.listed("project", "kind", codelists.PROJECT_KIND),
            rules.listed("project", "status", codelists.PROJECT_STATUS),
        ]


class BenefitLink(Entered):
    """利益联结: How a registered household takes part in a project and what it got."""

    visibility = "people"

    benefit_link_id = fields.key("编号")
    project = fields.link("项目", "Project")
    household = fields.link("户", "Household")
    region_code = fields.code("户所在村")
    mechanism = fields.choice("联结方式", codelists.BENEFIT_MECHANISM)
    since = fields.day("起始日期")
    amount_fen = fields.fen("户年增收", required=False)

    class Meta:
        db_table = "records_benefit_link"
        verbose_name = verbose_name_plural = "利益联结"
        indexes = [models.Index(fields=["region_code"], name="benefit_link_region")]
        constraints = [
            rules.digits("benefit_link", "region_code", 12),
            *rules.not_negative("benefit_link", "amount_fen"),
            rules.listed("benefit_link", "mechanism", codelists.BENEFIT_MECHANISM),
        ]
