"""岗位清单: the vacancies of firms, one row for each post with its seats."""

from __future__ import annotations

from typing import Final

from jiedui.records.imports.forms import Field, Form
from jiedui.terms import codelists

FORM: Final = Form(
    "vacancy",
    (
        Field(
            "credit_code", "统一社会信用代码", "credit", required=True, needed=True, also=("信用代码", "社会信用代码")
        ),
        Field("firm", "用人单位", "text", required=True, needed=True, also=("企业名称", "单位名称", "招聘单位")),
        Field(
            "work_county", "工作地", "division", required=True, needed=True, also=("工作地点", "工作地代码", "工作地区")
        ),
        Field("title", "岗位名称", "text", required=True, needed=True, table="vacancy", also=("岗位", "招聘岗位")),
        Field("occupation", "职业", "occupation", required=True, table="vacancy", also=("职业代码", "工种")),
        Field("seats", "人数", "int", required=True, needed=True, table="vacancy", also=("招聘人数", "需求人数")),
        Field(
            "monthly_wage_fen", "月工资", "yuan", required=True, table="vacancy", also=("月薪", "月工资(元)", "薪资")
        ),
        Field("skill", "技能要求", "choice", choices=codelists.SKILL_LEVEL, table="vacancy"),
        Field("dormitory", "提供宿舍", "bool", table="vacancy", also=("是否提供宿舍", "包住")),
        Field("season", "用工季节", "choice", choices=codelists.SEASON, table="vacancy"),
        Field("starts_on", "上岗日期", "date", table="vacancy", also=("上岗时间", "到岗日期", "到岗时间")),
        Field("contract", "合同类型", "choice", choices=codelists.CONTRACT_KIND, table="vacancy", also=("合同",)),
        Field("demand", "劳动强度", "choice", choices=codelists.WORK_DEMAND, table="vacancy", also=("体力要求",)),
        Field("night_shift", "夜班", "bool", table="vacancy", also=("是否夜班", "有无夜班", "是否有夜班")),
        Field("mandarin", "要求普通话", "bool", table="vacancy", also=("普通话", "是否要求普通话")),
        Field("couple_room", "夫妻房", "bool", table="vacancy", also=("提供夫妻房", "是否有夫妻房")),
        Field("school_place", "解决子女学位", "bool", table="vacancy", also=("子女学位", "子女入学")),
        Field("open_from", "招聘开始", "date", required=True, table="vacancy", also=("开始日期",)),
        Field("open_to", "招聘截止", "date", required=True, table="vacancy", also=("截止日期",)),
    ),
    key="title",
    by_place=False,
)
