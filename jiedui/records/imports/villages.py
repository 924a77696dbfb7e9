"""村级区划表: the villages of a county with their 12-digit codes, which rosters name in words."""

from __future__ import annotations

from typing import Final

from jiedui.records.imports.forms import Field, Form

FORM: Final = Form(
    "village",
    (
        Field(
            "region_code",
            "村代码",
            "code",
            required=True,
            needed=True,
            also=("行政村代码", "区划代码", "统计用区划代码"),
            example="620122101201",
        ),
        Field("county_name", "县", "text", required=True, table="village", also=("县区", "县市区")),
        Field(
            "township_name", "乡镇", "text", required=True, needed=True, table="village", also=("乡镇街道", "乡(镇)")
        ),
        Field("name", "行政村", "text", required=True, needed=True, table="village", also=("村", "村名", "名称")),
    ),
    key="region_code",
)
