"""月度务工监测表: where a person of the register worked in a month, for how many days and for what wage."""

from __future__ import annotations

from typing import Final

from jiedui.records.imports.forms import Field, Form
from jiedui.terms import codelists

FORM: Final = Form(
    "work_month",
    (
        Field(
            "id_number",
            "证件号码",
            "identity",
            required=True,
            needed=True,
            also=("身份证号", "身份证号码", "公民身份号码", "身份证"),
        ),
        Field("name", "姓名", "name", required=True, needed=True),
        Field(
            "month",
            "月份",
            "month",
            required=True,
            needed=True,
            table="work_month",
            also=("年月", "监测月份", "务工月份", "统计月份"),
        ),
        Field(
            "work_status",
            "就业状态",
            "choice",
            required=True,
            needed=True,
            choices=codelists.WORK_STATUS,
            table="work_month",
            also=("务工状态", "就业情况", "务工情况"),
        ),
        Field(
            "works_in",
            "务工地",
            "division",
            table="work_month",
            also=("现务工地", "务工地点", "务工地区", "务工所在地"),
        ),
        Field("days", "务工天数", "int", table="work_month", also=("天数", "当月务工天数", "出勤天数")),
        Field(
            "income_fen",
            "工资收入",
            "yuan",
            table="work_month",
            also=("务工收入", "工资", "工资收入(元)", "当月工资收入", "月工资收入"),
        ),
    ),
    key="id_number",
    monthly=True,
)
