"""劳务协作: tables of the area `labour`, as `snapshot.schema.labour` declares them."""

from __future__ import annotations

from django.contrib.postgres.indexes import BrinIndex
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
    occupation_2 = fields.text("第二意向职业", required=False)
    wish_place = fields.code("意向工作地", required=False)
    wish_place_2 = fields.code("第二意向工作地", required=False)
    skill = fields.choice("技能等级", codelists.SKILL_LEVEL)
    min_wage_fen = fields.fen("期望月工资", required=False)
    max_distance_km = fields.whole("最远距离", required=False)
    dependants = fields.whole("需照料人数")
    season = fields.choice("可务工季节", codelists.SEASON)
    partner = fields.link("同行劳动力", "Worker", required=False)
    needs_dormitory = fields.yes_no("需要宿舍")
    needs_school = fields.yes_no("需要子女学位", required=False)
    work_limit = fields.choice("劳动限制", codelists.WORK_LIMIT, required=False)
    night_shift = fields.yes_no("可上夜班", required=False)
    mandarin = fields.yes_no("能说普通话", required=False)
    works_in = fields.code("现务工地", required=False)
    works_since = fields.day("外出日期", required=False)
    found_through = fields.choice("就业渠道", codelists.FOUND_THROUGH, required=False)
    registered_on = fields.day("登记日期")

    class Meta:
        verbose_name = verbose_name_plural = "劳动力"
        indexes = [models.Index(fields=["region_code"], name="worker_region")]
        constraints = [
            rules.digits("worker", "region_code", 12),
            rules.digits_if_known("worker", "wish_place"),
            rules.digits_if_known("worker", "wish_place_2"),
            rules.digits_if_known("worker", "works_in"),
            *rules.not_negative("worker", "min_wage_fen", "max_distance_km", "dependants"),
            rules.listed("worker", "work_status", codelists.WORK_STATUS),
            rules.listed("worker", "skill", codelists.SKILL_LEVEL),
            rules.listed("worker", "season", codelists.SEASON),
            rules.listed_if_known("worker", "work_limit", codelists.WORK_LIMIT),
            rules.listed_if_known("worker", "found_through", codelists.FOUND_THROUGH),
            models.CheckConstraint(condition=~Q(partner=models.F("worker_id")), name="worker_partner_another"),
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
    state = fields.choice("核实状态", codelists.VACANCY_STATE)
    starts_on = fields.day("上岗日期", required=False)
    contract = fields.choice("合同类型", codelists.CONTRACT_KIND, required=False)
    demand = fields.choice("劳动强度", codelists.WORK_DEMAND, required=False)
    night_shift = fields.yes_no("夜班", required=False)
    mandarin = fields.yes_no("要求普通话", required=False)
    couple_room = fields.yes_no("夫妻房", required=False)
    school_place = fields.yes_no("解决子女学位", required=False)

    class Meta:
        verbose_name = verbose_name_plural = "岗位"
        indexes = [models.Index(fields=["region_code"], name="vacancy_region")]
        constraints = [
            rules.digits("vacancy", "region_code", 6),
            *rules.not_negative("vacancy", "seats", "monthly_wage_fen"),
            rules.in_order("vacancy", "open_from", "open_to"),
            rules.listed("vacancy", "skill", codelists.SKILL_LEVEL),
            rules.listed("vacancy", "season", codelists.SEASON),
            rules.listed("vacancy", "state", codelists.VACANCY_STATE),
            rules.listed_if_known("vacancy", "contract", codelists.CONTRACT_KIND),
            rules.listed_if_known("vacancy", "demand", codelists.WORK_DEMAND),
        ]


class JobOffer(Entered):
    """岗位推荐: A vacancy offered to a worker, and what became of it; each open one holds a seat.

    Which step follows which, and that no seat is given twice, the database holds (migration 0010).
    """

    visibility = "people"

    job_offer_id = fields.key("编号")
    worker = fields.link("劳动力", "Worker")
    person = fields.link("人员", "Person")
    household = fields.link("户", "Household", indexed=False)
    region_code = fields.code("户籍村")
    vacancy = fields.link("岗位", "Vacancy")
    work_region_code = fields.code("工作地")
    pairing = fields.link("结对关系", "Pairing", required=False, indexed=False)
    dispatch_trip = fields.link("输出批次", "DispatchTrip", required=False)
    run = fields.text("匹配运行", required=False)
    state = fields.choice("状态", codelists.OFFER_STATE)
    offered_on = fields.day("推荐日期")
    answer_by = fields.day("答复期限")
    answered_on = fields.day("答复日期", required=False)
    refusal = fields.choice("谢绝原因", codelists.REFUSAL_REASON, required=False)

    class Meta:
        db_table = "records_job_offer"
        verbose_name = verbose_name_plural = "岗位推荐"
        indexes = [models.Index(fields=["region_code", "state"], name="job_offer_region")]
        constraints = [
            rules.digits("job_offer", "region_code", 12),
            rules.digits("job_offer", "work_region_code"),
            rules.in_order("job_offer", "offered_on", "answer_by"),
            rules.in_order("job_offer", "offered_on", "answered_on"),
            rules.listed("job_offer", "state", codelists.OFFER_STATE),
            rules.listed_if_known("job_offer", "refusal", codelists.REFUSAL_REASON),
            models.CheckConstraint(
                condition=Q(state="refused", refusal__isnull=False) | (~Q(state="refused") & Q(refusal__isnull=True)),
                name="job_offer_refusal_said",
            ),
            models.UniqueConstraint(
                fields=["worker"], condition=Q(state__in=("offered", "accepted", "departed", "started")),
                name="job_offer_one_open",
            ),
        ]  # fmt: skip


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
    job_offer = fields.link("岗位推荐", "JobOffer", required=False, indexed=False)
    left_because = fields.choice("离岗原因", codelists.LEAVING_REASON, required=False)

    class Meta:
        verbose_name = verbose_name_plural = "就业安置"
        indexes = [models.Index(fields=["region_code"], name="placement_region")]
        constraints = [
            rules.digits("placement", "region_code", 12),
            rules.digits("placement", "work_region_code"),
            rules.in_order("placement", "started_on", "ended_on"),
            *rules.not_negative("placement", "monthly_wage_fen"),
            rules.listed("placement", "kind", codelists.PLACEMENT_KIND),
            rules.listed_if_known("placement", "left_because", codelists.LEAVING_REASON),
            models.UniqueConstraint(fields=["job_offer"], name="placement_of_offer_once"),
        ]


class FollowUp(Entered):
    """离岗回访: What was done for somebody who left a job."""

    visibility = "people"

    follow_up_id = fields.key("编号")
    placement = fields.link("安置", "Placement")
    region_code = fields.code("户籍村")
    done_on = fields.day("回访日期")
    outcome = fields.choice("结果", codelists.FOLLOW_UP)

    class Meta:
        db_table = "records_follow_up"
        verbose_name = verbose_name_plural = "离岗回访"
        indexes = [models.Index(fields=["region_code"], name="follow_up_region")]
        constraints = [
            rules.digits("follow_up", "region_code", 12),
            rules.listed("follow_up", "outcome", codelists.FOLLOW_UP),
        ]


class WorkMonth(Imported):
    """月度务工监测: What the monthly monitoring says of a person's work in a month; once for each."""

    visibility = "people"

    work_month_id = fields.key("编号")
    person = fields.link("人员", "Person", indexed=False)
    region_code = fields.code("户籍村")
    month = fields.day("月份")
    work_status = fields.choice("就业状态", codelists.WORK_STATUS)
    works_in = fields.code("务工地", required=False)
    days = fields.whole("务工天数", required=False)
    income_fen = fields.fen("工资收入", required=False)

    class Meta:
        db_table = "records_work_month"
        verbose_name = verbose_name_plural = "月度务工监测"
        indexes = [
            models.Index(fields=["region_code", "month"], name="work_month_region"),
            BrinIndex(fields=["import_id"], name="work_month_import"),
        ]
        constraints = [
            rules.digits("work_month", "region_code", 12),
            rules.digits_if_known("work_month", "works_in"),
            models.CheckConstraint(condition=Q(month__day=1), name="work_month_first_day"),
            models.UniqueConstraint(fields=["person", "month"], name="work_month_once"),
            *rules.not_negative("work_month", "days", "income_fen"),
            rules.listed("work_month", "work_status", codelists.WORK_STATUS),
        ]


class Subsidy(Entered):
    """就业补贴: A subsidy of a person for a year; the database lets each kind stand once in a year.

    A cancelled one stands no longer in the way.
    """

    visibility = "people"

    subsidy_id = fields.key("编号")
    person = fields.link("人员", "Person", indexed=False)
    household = fields.link("户", "Household", indexed=False)
    region_code = fields.code("户籍村")
    placement = fields.link("安置", "Placement")
    kind = fields.choice("类型", codelists.SUBSIDY_KIND)
    year = fields.whole("年度")
    amount_fen = fields.fen("金额")
    state = fields.choice("状态", codelists.SUBSIDY_STATE)
    approved_on = fields.day("核定日期")
    paid_on = fields.day("发放日期", required=False)

    class Meta:
        verbose_name = verbose_name_plural = "就业补贴"
        indexes = [models.Index(fields=["region_code", "year"], name="subsidy_region")]
        constraints = [
            rules.digits("subsidy", "region_code", 12),
            rules.year("subsidy", "year"),
            *rules.not_negative("subsidy", "amount_fen"),
            rules.in_order("subsidy", "approved_on", "paid_on"),
            rules.listed("subsidy", "kind", codelists.SUBSIDY_KIND),
            rules.listed("subsidy", "state", codelists.SUBSIDY_STATE),
            models.CheckConstraint(
                condition=Q(state="paid", paid_on__isnull=False) | ~Q(state="paid"), name="subsidy_paid_when"
            ),
            models.UniqueConstraint(
                fields=["person", "kind", "year"], condition=~Q(state="cancelled"), name="subsidy_once_a_year"
            ),
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

    visibility = "trip"

    dispatch_trip_id = fields.key("编号")
    pairing = fields.link("结对关系", "Pairing")
    region_code = fields.code("输出县")
    work_region_code = fields.code("输入地")
    departed_on = fields.day("出发日期")
    persons = fields.whole("人数")
    transport_fen = fields.fen("交通费用", required=False)
    state = fields.choice("状态", codelists.TRIP_STATE)
    vehicle = fields.text("交通工具", required=False)
    meeting_point = fields.text("集合地点", required=False)
    handed_over_by = fields.text("带队人", required=False)
    picked_up_by = fields.text("接收人", required=False)
    arrived_on = fields.day("交接日期", required=False)

    class Meta:
        db_table = "records_dispatch_trip"
        verbose_name = verbose_name_plural = "组织输出批次"
        indexes = [models.Index(fields=["region_code"], name="dispatch_trip_region")]
        constraints = [
            rules.digits("dispatch_trip", "region_code"),
            rules.digits("dispatch_trip", "work_region_code"),
            *rules.not_negative("dispatch_trip", "persons", "transport_fen"),
            rules.in_order("dispatch_trip", "departed_on", "arrived_on"),
            rules.listed("dispatch_trip", "state", codelists.TRIP_STATE),
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
    major = fields.text("专业", required=False)
    aid_fen = fields.fen("资助金额", required=False)
    internship_from = fields.day("实习开始", required=False)
    internship_firm = fields.link("实习单位", "Organisation", required=False, related_name="+", indexed=False)
    first_job_placement = fields.link("首次就业安置", "Placement", required=False, indexed=False)

    class Meta:
        verbose_name = verbose_name_plural = "职业教育"
        indexes = [models.Index(fields=["region_code"], name="schooling_region")]
        constraints = [
            rules.digits("schooling", "region_code", 12),
            rules.in_order("schooling", "enrolled_on", "first_job_on"),
            rules.in_order("schooling", "enrolled_on", "internship_from"),
            *rules.not_negative("schooling", "aid_fen"),
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
    state = fields.choice("状态", codelists.SETTLEMENT_STATE)

    class Meta:
        verbose_name = verbose_name_plural = "落户"
        indexes = [models.Index(fields=["region_code"], name="settlement_region")]
        constraints = [
            rules.digits("settlement", "region_code", 12),
            rules.digits("settlement", "city_code", 6),
            rules.in_order("settlement", "applied_on", "settled_on"),
            rules.listed("settlement", "state", codelists.SETTLEMENT_STATE),
        ]
