"""劳务协作: tables of the area `labour`, as `snapshot.schema.labour` declares them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from jiedui.records.models import fields, rules
from jiedui.records.models.entry import Entered, Imported
from jiedui.terms import codelists


class Worker(Imported):
    """劳动力: Person of working age with willingness, ability and constraints."""

    visibility = "people"

    worker_id = fields.key("编号")
    person = fields.link("人员", "Person")
    household = fields.link("户", "Household")
    region_code = fields.code("所在村")
    work_status = fields.choice("就业状态", codelists.WORK_STATUS)
    willing = fields.yes_no("有就业意愿")
    able = fields.yes_no("有就业能力")
    occupation = fields.text("意向职业", required=False)
    skill = fields.choice("技能等级", codelists.SKILL_LEVEL)
    min_wage_fen = fields.fen("期望月工资", required=False)
    max_distance_km = fields.whole("最远距离", required=False)
    dependants = fields.whole("需照料人数")
    season = fields.choice("可务工季节", codelists.SEASON)
    partner = fields.link("配偶劳动力", "Worker", required=False)
    needs_dormitory = fields.yes_no("需要宿舍")
    registered_on = fields.day("登记日期")

    class Meta:
        verbose_name = verbose_name_plural = "劳动力"
        indexes = [models.Index(fields=["region_code"], name="worker_region")]
        constraints = [
            rules.digits("worker", "region_code", 12),
            *rules.not_negative("worker", "min_wage_fen", "max_distance_km", "dependants"),
            rules.listed("worker", "work_status", codelists.WORK_STATUS),
            rules.listed("worker", "skill", codelists.SKILL_LEVEL),
            rules.listed("worker", "season", codelists.SEASON),
        ]


class Vacancy(Imported):
    """岗位: Vacancy of a firm, with seats and conditions."""

    visibility = "offer"

    vacancy_id = fields.key("编号")
    organisation = fields.link("用人单位", "Organisation")
    region_code = fields.code("工作地")
    occupation = fields.text("职业")
    title = fields.text("岗位名称")
    seats = fields.whole("人数")
    monthly_wage_fen = fields.fen("月工资")
    skill = fields.choice("技能要求", codelists.SKILL_LEVEL)
    dormitory = fields.yes_no("提供宿舍")
    season = fields.choice("用工季节", codelists.SEASON)
    open_from = fields.day("招聘开始")
    open_to = fields.day("招聘截止")

    class Meta:
        verbose_name = verbose_name_plural = "岗位"
        indexes = [models.Index(fields=["region_code"], name="vacancy_region")]
        constraints = [
            rules.digits("vacancy", "region_code", 6),
            *rules.not_negative("vacancy", "seats", "monthly_wage_fen"),
            rules.in_order("vacancy", "open_from", "open_to"),
            rules.listed("vacancy", "skill", codelists.SKILL_LEVEL),
            rules.listed("vacancy", "season", codelists.SEASON),
        ]


class Placement(Entered):
    """就业安置: A registered person who took a job through the collaboration."""

    visibility = "people"

    placement_id = fields.key("编号")
    person = fields.link("人员", "Person")
    household = fields.link("户", "Household")
    region_code = fields.code("户籍村")
    vacancy = fields.link("岗位", "Vacancy", required=False)
    pairing = fields.link("结对关系", "Pairing", required=False)
    work_region_code = fields.code("工作地")
    kind = fields.choice("类型", codelists.PLACEMENT_KIND)
    started_on = fields.day("上岗日期")
    ended_on = fields.day("离岗日期", required=False)
    monthly_wage_fen = fields.fen("月工资", required=False)

    class Meta:
        verbose_name = verbose_name_plural = "就业安置"
        indexes = [models.Index(fields=["region_code"], name="placement_region")]
        constraints = [
            rules.digits("placement", "region_code", 12),
            rules.digits("placement", "work_region_code"),
            rules.in_order("placement", "started_on", "ended_on"),
            *rules.not_negative("placement", "monthly_wage_fen"),
            rules.listed("placement", "kind", codelists.PLACEMENT_KIND),
        ]


class StayCheck(Entered):
    """稳岗核查: Evidence that a placed person worked in a month."""

    visibility = "people"

    stay_check_id = fields.key("编号")
    placement = fields.link("安置", "Placement")
    region_code = fields.code("户籍村")
    month = fields.day("月份")
    evidence = fields.choice("佐证类型", codelists.STAY_EVIDENCE)

    class Meta:
        db_table = "records_stay_check"
        verbose_name = verbose_name_plural = "稳岗核查"
        indexes = [models.Index(fields=["region_code"], name="stay_check_region")]
        constraints = [
            rules.digits("stay_check", "region_code", 12),
            models.CheckConstraint(condition=Q(month__day=1), name="stay_check_month_first_day"),
            models.UniqueConstraint(fields=["placement", "month", "evidence"], name="stay_check_once"),
            rules.listed("stay_check", "evidence", codelists.STAY_EVIDENCE),
        ]


class DispatchTrip(Entered):
    """组织输出批次: Organised dispatch: a batch, its transport and hand-over."""

    visibility = "programme"

    dispatch_trip_id = fields.key("编号")
    pairing = fields.link("结对关系", "Pairing")
    region_code = fields.code("输出县")
    work_region_code = fields.code("输入地")
    departed_on = fields.day("出发日期")
    persons = fields.whole("人数")
    transport_fen = fields.fen("交通费用", required=False)

    class Meta:
        db_table = "records_dispatch_trip"
        verbose_name = verbose_name_plural = "组织输出批次"
        indexes = [models.Index(fields=["region_code"], name="dispatch_trip_region")]
        constraints = [
            rules.digits("dispatch_trip", "region_code"),
            rules.digits("dispatch_trip", "work_region_code"),
            *rules.not_negative("dispatch_trip", "persons", "transport_fen"),
        ]


class Schooling(Entered):
    """职业教育: Child of a poor family in an eastern school."""

    visibility = "people"

    schooling_id = fields.key("编号")
    person = fields.link("学生", "Person")
    region_code = fields.code("户籍村")
    pairing = fields.link("结对关系", "Pairing")
    school = fields.link("学校", "Organisation")
    enrolled_on = fields.day("入学日期")
    status = fields.choice("状态", codelists.SCHOOLING_STATUS)
    first_job_on = fields.day("首次就业日期", required=False)

    class Meta:
        verbose_name = verbose_name_plural = "职业教育"
        indexes = [models.Index(fields=["region_code"], name="schooling_region")]
        constraints = [
            rules.digits("schooling", "region_code", 12),
            rules.in_order("schooling", "enrolled_on", "first_job_on"),
            rules.listed("schooling", "status", codelists.SCHOOLING_STATUS),
        ]


class Settlement(Entered):
    """落户: Priority settlement in the East."""

    visibility = "people"

    settlement_id = fields.key("编号")
    person = fields.link("人员", "Person")
    region_code = fields.code("户籍村")
    city_code = fields.code("落户城市")
    eligible = fields.yes_no("符合条件")
    applied_on = fields.day("申请日期")
    settled_on = fields.day("落户日期", required=False)

    class Meta:
        verbose_name = verbose_name_plural = "落户"
        indexes = [models.Index(fields=["region_code"], name="settlement_region")]
        constraints = [
            rules.digits("settlement", "region_code", 12),
            rules.digits("settlement", "city_code", 6),
            rules.in_order("settlement", "applied_on", "settled_on"),
        ]
