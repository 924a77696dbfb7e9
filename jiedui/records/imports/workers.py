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
        Field("occupation", "意向职业", "occupation", table="worker", also=("意向工种", "求职意向")),
        Field("occupation_2", "第二意向职业", "occupation", table="worker", also=("第二意向工种", "意向职业2")),
        Field("wish_place", "意向工作地", "division", table="worker", also=("意向就业地", "意向地区", "意向地")),
        Field("wish_place_2", "第二意向工作地", "division", table="worker", also=("第二意向就业地", "意向工作地2")),
        Field("skill", "技能等级", "choice", choices=codelists.SKILL_LEVEL, table="worker", also=("技能",)),
        Field("min_wage_fen", "期望月工资", "yuan", table="worker", also=("期望工资", "期望薪资", "期望月工资(元)")),
        Field("max_distance_km", "最远距离", "int", table="worker", also=("最远距离(公里)",)),
        Field("dependants", "需照料人数", "int", table="worker"),
        Field("season", "可务工季节", "choice", choices=codelists.SEASON, table="worker"),
        Field("needs_dormitory", "需要宿舍", "bool", table="worker", also=("是否需要宿舍",)),
        Field("needs_school", "需要子女学位", "bool", table="worker", also=("是否需要子女学位", "子女随迁入学")),
        Field("work_limit", "劳动限制", "choice", choices=codelists.WORK_LIMIT, table="worker", also=("身体限制",)),
        Field("night_shift", "可上夜班", "bool", table="worker", also=("能否上夜班", "是否可上夜班")),
        Field("mandarin", "能说普通话", "bool", table="worker", also=("普通话", "会说普通话", "是否会说普通话")),
        Field(
            "works_in", "现务工地", "division", table="worker", also=("务工地", "务工地点", "务工地区", "务工所在地")
        ),
        Field("works_since", "外出日期", "date", table="worker", also=("外出时间", "外出务工时间")),
        Field(
            "found_through",
            "就业渠道",
            "choice",
            choices=codelists.FOUND_THROUGH,
            table="worker",
            also=("务工渠道", "外出方式", "输出方式"),
        ),
        Field(
            "partner",
            "同行人证件号码",
            "identity",
            table="worker",
            also=("同行劳动力证件号码", "同行人身份证号", "同行劳动力"),
            note="一同外出的配偶或亲属；两人的行互填，或只填一行。",
        ),
        Field("registered_on", "登记日期", "date", table="worker", also=("登记时间",)),
    ),
    key="id_number",
)
