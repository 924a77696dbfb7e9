"""行政区划: divisions with their history, as `terms.divisions` knows them."""

from __future__ import annotations

from django.db import models

from jiedui.records.access import VisibleQuerySet
from jiedui.records.models import fields, rules


class Region(models.Model):
    """行政区划: one division under one name for a span of years; a code may occur again under another name."""

    visibility = "open"
    region_column = "code"

    region_id = fields.key("编号")
    code = fields.code("代码")
    level = fields.text("级别")
    kind = fields.text("类别")
    name = fields.text("名称")
    full_name = fields.text("全称")
    province_code = fields.code("省代码")
    prefecture_code = fields.code("地级代码", required=False)
    first_year = fields.whole("启用年份")
    last_year = fields.whole("停用年份", required=False)
    successors = models.JSONField("后继代码", default=list)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "行政区划"
        constraints = [
            rules.digits("region", "code"),
            rules.year("region", "first_year"),
            rules.in_order("region", "first_year", "last_year", strict=True),
            models.UniqueConstraint(fields=["code", "first_year"], name="region_once"),
        ]

    def __str__(self) -> str:
        return self.full_name
