"""劳动力花名册: who is willing and able to work, one row for each person of the register."""

from __future__ import annotations

from typing import Final

from jiedui.records.imports.forms import Field, Form
from jiedui.terms import codelists

FORM: Final = Form(
    "worker",
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
            "work_status",
            "就业状态",
            "choice",
            required=True,
            needed=True,
            choices=codelists.WORK_STATUS,
            table="worker",
            also=("务工状态", "就业情况", "务工情况"),
        ),
        Field(
            "willing",
            "有就业意愿",
            "bool",
            required=True,
            needed=True,
            table="worker",
            also=("就业意愿", "是否有就业意愿"),
        ),
        Field(
            "able",
            "有就业能力",
            "bool",
            required=True,
            needed=True,
            table="worker",
            also=("就业能力", "是否有就业能力"),
        ),
        Field("occupation", "意向职业", "text", table="worker", also=("意向工种", "求职意向")),
        Field("skill", "技能等级", "choice", choices=codelists.SKILL_LEVEL, table="worker", also=("技能",)),
        Field("min_wage_fen", "期望月工资", "yuan", table="worker", also=("期望工资", "期望薪资", "期望月工资(元)")),
        Field("max_distance_km", "最远距离", "int", table="worker", also=("最远距离(公里)",)),
        Field("dependants", "需照料人数", "int", table="worker"),
        Field("season", "可务工季节", "choice", choices=codelists.SEASON, table="worker"),
        Field("needs_dormitory", "需要宿舍", "bool", table="worker", also=("是否需要宿舍",)),
        Field("registered_on", "登记日期", "date", table="worker", also=("登记时间",)),
    ),
    key="id_number",
)
