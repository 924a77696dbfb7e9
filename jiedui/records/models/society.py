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


class Need(Entered):
    """帮扶需求: What a village, township or county needs."""

    visibility = "programme"

    need_id = fields.key("编号")
    region_code = fields.code("所在地")
    kind = fields.choice("类型", codelists.NEED_KIND)
    title = fields.text("事项")
    amount_fen = fields.fen("折合金额", required=False)
    households = fields.whole("受益贫困户", required=False)
    since = fields.day("提出日期")
    until = fields.day("截止日期", required=False)
    state = fields.choice("状态", codelists.NEED_STATE)

    class Meta:
        verbose_name = verbose_name_plural = "帮扶需求"
        indexes = [models.Index(fields=["region_code"], name="need_region")]
        constraints = [
            rules.digits("need", "region_code"),
            *rules.not_negative("need", "amount_fen", "households"),
            rules.in_order("need", "since", "until"),
            rules.listed("need", "kind", codelists.NEED_KIND),
            rules.listed("need", "state", codelists.NEED_STATE),
        ]


class HelpOffer(Entered):
    """帮扶意向: What an organisation offers; its capacity is how many needs it can meet."""

    visibility = "offer"

    help_offer_id = fields.key("编号")
    organisation = fields.link("组织", "Organisation")
    region_code = fields.code("组织所在地")
    kind = fields.choice("类型", codelists.NEED_KIND)
    title = fields.text("事项")
    capacity = fields.whole("可对接数")
    amount_fen = fields.fen("每项金额上限", required=False)
    wish_place = fields.code("意向地", required=False)
    since = fields.day("提出日期")
    until = fields.day("截止日期", required=False)
    state = fields.choice("状态", codelists.NEED_STATE)

    class Meta:
        db_table = "records_help_offer"
        verbose_name = verbose_name_plural = "帮扶意向"
        indexes = [models.Index(fields=["region_code"], name="help_offer_region")]
        constraints = [
            rules.digits("help_offer", "region_code"),
            rules.digits_if_known("help_offer", "wish_place"),
            *rules.not_negative("help_offer", "capacity", "amount_fen"),
            rules.in_order("help_offer", "since", "until"),
            rules.listed("help_offer", "kind", codelists.NEED_KIND),
            rules.listed("help_offer", "state", codelists.NEED_STATE),
        ]


class HelpGiven(Entered):
    """对接: A need that an offer is to meet, as signed; a need has one at a time."""

    visibility = "programme"

    help_given_id = fields.key("编号")
    need = fields.link("需求", "Need", indexed=False)
    help_offer = fields.link("意向", "HelpOffer")
    region_code = fields.code("受助地")
    run = fields.text("匹配运行", required=False)
    signed_on = fields.day("签署日期")
    ended_on = fields.day("终止日期", required=False)

    class Meta:
        db_table = "records_help_given"
        verbose_name = verbose_name_plural = "对接"
        indexes = [models.Index(fields=["region_code"], name="help_given_region")]
        constraints = [
            rules.digits("help_given", "region_code"),
            rules.in_order("help_given", "signed_on", "ended_on"),
            models.UniqueConstraint(fields=["need"], condition=models.Q(ended_on=None), name="help_given_one_open"),
        ]
