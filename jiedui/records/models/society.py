"""社会参与: tables of the area `society`, as `snapshot.schema.society` declares them."""

from __future__ import annotations

from django.db import models

from jiedui.records.models import fields, rules
from jiedui.records.models.entry import Entered, Imported
from jiedui.terms import codelists


class Organisation(Imported):
    """组织: Firm, social organisation, school, hospital."""

    visibility = "organisation"

    organisation_id = fields.key("编号")
    kind = fields.choice("类型", codelists.ORGANISATION_KIND)
    name = fields.text("名称")
    region_code = fields.code("注册地")
    credit_code = fields.text("统一社会信用代码", required=False)

    class Meta:
        verbose_name = verbose_name_plural = "组织"
        indexes = [models.Index(fields=["region_code"], name="organisation_region")]
        constraints = [
            rules.digits("organisation", "region_code"),
            models.UniqueConstraint(fields=["credit_code"], name="organisation_credit_code_once"),
            rules.listed("organisation", "kind", codelists.ORGANISATION_KIND),
        ]


class Donation(Entered):
    """捐赠: Donation in money or in kind, with its receipt."""

    visibility = "programme"

    donation_id = fields.key("编号")
    organisation = fields.link("捐赠方", "Organisation")
    pairing = fields.link("结对关系", "Pairing")
    region_code = fields.code("受赠地")
    given_on = fields.day("日期")
    money_fen = fields.fen("资金")
    goods_fen = fields.fen("物资折价")
    purpose = fields.choice("用途", codelists.DONATION_PURPOSE)
    receipt = fields.text("票据号", required=False)

    class Meta:
        verbose_name = verbose_name_plural = "捐赠"
        indexes = [models.Index(fields=["region_code"], name="donation_region")]
        constraints = [
            rules.digits("donation", "region_code"),
            *rules.not_negative("donation", "money_fen", "goods_fen"),
            rules.listed("donation", "purpose", codelists.DONATION_PURPOSE),
        ]


class VillagePair(Entered):
    """万企帮万村: Firm and village, with what was promised and done."""

    visibility = "programme"

    village_pair_id = fields.key("编号")
    organisation = fields.link("企业", "Organisation")
    region_code = fields.code("村")
    since = fields.day("结对日期")
    promised_fen = fields.fen("承诺投入", required=False)
    done_fen = fields.fen("实际投入", required=False)

    class Meta:
        db_table = "records_village_pair"
        verbose_name = verbose_name_plural = "万企帮万村"
        indexes = [models.Index(fields=["region_code"], name="village_pair_region")]
        constraints = [
            rules.digits("village_pair", "region_code", 12),
            *rules.not_negative("village_pair", "promised_fen", "done_fen"),
        ]
