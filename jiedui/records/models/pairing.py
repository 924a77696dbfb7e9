"""结对关系: tables of the area `pairing`, as `snapshot.schema.pairing` declares them."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db.models import F, Func

from jiedui.records.models import fields, rules
from jiedui.records.models.entry import Entered
from jiedui.terms import codelists


class Validity(Func):
    """有效期: the days on which a row with `valid_from` and `valid_to` holds, as a range."""

    function = "DATERANGE"
    output_field = DateRangeField()


class Pairing(Entered):
    """结对关系: Who helps whom, since when, under which scheme and on what basis."""

    visibility = "open"

    pairing_id = fields.key("编号")
    donor_code = fields.code("帮扶方")
    recipient_code = fields.code("被帮扶方")
    level = fields.choice("层级", codelists.PAIR_LEVEL)
    scheme = fields.choice("机制", codelists.SCHEME)
    basis = fields.text("依据")
    valid_from = fields.day("生效日期")
    valid_to = fields.day("失效日期", required=False)

    class Meta:
        verbose_name = verbose_name_plural = "结对关系"
        constraints = [
            ExclusionConstraint(
                name="pairing_no_overlap",
                expressions=[
                    (F("donor_code"), RangeOperators.EQUAL),
                    (F("recipient_code"), RangeOperators.EQUAL),
                    (F("scheme"), RangeOperators.EQUAL),
                    (Validity("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ],
            ),
            rules.digits("pairing", "donor_code"),
            rules.digits("pairing", "recipient_code"),
            rules.in_order("pairing", "valid_from", "valid_to", strict=True),
            rules.listed("pairing", "level", codelists.PAIR_LEVEL),
            rules.listed("pairing", "scheme", codelists.SCHEME),
        ]


class PlanTarget(Entered):
    """帮扶规划年度目标: Yearly target of a pair's helping plan."""

    visibility = "pair"

    plan_target_id = fields.key("编号")
    pairing = fields.link("结对关系", "Pairing")
    year = fields.whole("年度")
    item = fields.text("目标")
    target = fields.whole("目标值")

    class Meta:
        db_table = "records_plan_target"
        verbose_name = verbose_name_plural = "帮扶规划年度目标"
        constraints = [
            rules.year("plan_target", "year"),
            *rules.not_negative("plan_target", "target"),
        ]
