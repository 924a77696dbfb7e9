"""资金支持: tables of the area `funding`, as `snapshot.schema.funding` declares them."""

from __future__ import annotations

from django.db import models

from jiedui.records.models import fields, rules
from jiedui.records.models.entry import Entered
from jiedui.terms import codelists


class BudgetLine(Entered):
    """财政援助预算: The donor's yearly budget line for a pair."""

    visibility = "pair"

    budget_line_id = fields.key("编号")
    pairing = fields.link("结对关系", "Pairing")
    donor_code = fields.code("帮扶方")
    year = fields.whole("年度")
    approved_on = fields.day("批复日期")
    amount_fen = fields.fen("预算额")
    document = fields.text("文件号")

    class Meta:
        db_table = "records_budget_line"
        verbose_name = verbose_name_plural = "财政援助预算"
        constraints = [
            rules.digits("budget_line", "donor_code", 6),
            rules.year("budget_line", "year"),
            *rules.not_negative("budget_line", "amount_fen"),
        ]


class LedgerEntry(Entered):
    """资金流水: One dated step of the money chain; its legs sum to zero."""

    visibility = "pair"

    ledger_entry_id = fields.key("编号")
    pairing = fields.link("结对关系", "Pairing")
    step = fields.choice("环节", codelists.LEDGER_STEP)
    happened_on = fields.day("日期")
    document = fields.text("文件号")

    class Meta:
        db_table = "records_ledger_entry"
        verbose_name = verbose_name_plural = "资金流水"
        constraints = [
            rules.listed("ledger_entry", "step", codelists.LEDGER_STEP),
        ]


class LedgerLeg(Entered):
    """资金分录: One leg of an entry; every leg names the budget line that it comes from."""

    visibility = "leg"

    ledger_leg_id = fields.key("编号")
    ledger_entry = fields.link("流水", "LedgerEntry")
    region_code = fields.code("所在地")
    account = fields.choice("账户", codelists.LEDGER_ACCOUNT)
    amount_fen = fields.fen("金额")
    budget_line = fields.link("资金来源", "BudgetLine")
    project = fields.link("项目", "Project", required=False)
    household = fields.link("到户", "Household", required=False)

    class Meta:
        db_table = "records_ledger_leg"
        verbose_name = verbose_name_plural = "资金分录"
        indexes = [models.Index(fields=["region_code"], name="ledger_leg_region")]
        constraints = [
            rules.digits("ledger_leg", "region_code"),
            rules.listed("ledger_leg", "account", codelists.LEDGER_ACCOUNT),
        ]


class FiscalRevenue(Entered):
    """财力: General public budget revenue of a donor, published figures; missing years are missing."""

    visibility = "open"
    region_column = "province_code"

    fiscal_revenue_id = fields.key("编号")
    province_code = fields.code("省")
    year = fields.whole("年度")
    revenue_fen = fields.fen("一般公共预算收入")
    source = fields.text("来源")

    class Meta:
        db_table = "records_fiscal_revenue"
        verbose_name = verbose_name_plural = "财力"
        constraints = [
            rules.digits("fiscal_revenue", "province_code", 6),
            rules.year("fiscal_revenue", "year"),
            *rules.not_negative("fiscal_revenue", "revenue_fen"),
            models.UniqueConstraint(fields=["province_code", "year"], name="fiscal_revenue_once"),
        ]
