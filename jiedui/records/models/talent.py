"""人才支援: tables of the area `talent`, as `snapshot.schema.talent` declares them."""

from __future__ import annotations

from django.db import models

from jiedui.records.models import fields, rules
from jiedui.records.models.entry import Entered
from jiedui.terms import codelists


class Secondment(Entered):
    """挂职: Official or specialist seconded in either direction."""

    visibility = "talent"

    secondment_id = fields.key("编号")
    pairing = fields.link("结对关系", "Pairing")
    direction = fields.choice("方向", codelists.SECONDMENT_DIRECTION)
    kind = fields.choice("类别", codelists.TALENT_KIND)
    field = fields.choice("领域", codelists.FIELD)
    region_code = fields.code("挂职地")
    home_region_code = fields.code("派出地")
    poverty_duty = fields.yes_no("主要精力用于脱贫攻坚")
    started_on = fields.day("开始日期")
    planned_end_on = fields.day("计划结束日期")
    ended_on = fields.day("实际结束日期", required=False)
    person_key = fields.text("干部标识")
    name = fields.text("姓名")

    class Meta:
        verbose_name = verbose_name_plural = "挂职"
        indexes = [models.Index(fields=["region_code"], name="secondment_region")]
        constraints = [
            rules.digits("secondment", "region_code"),
            rules.digits("secondment", "home_region_code"),
            rules.in_order("secondment", "started_on", "planned_end_on"),
            rules.in_order("secondment", "started_on", "ended_on"),
            rules.listed("secondment", "direction", codelists.SECONDMENT_DIRECTION),
            rules.listed("secondment", "kind", codelists.TALENT_KIND),
            rules.listed("secondment", "field", codelists.FIELD),
        ]


class SupportTeam(Entered):
    """组团式帮扶: Group support in teaching, medicine or farming."""

    visibility = "talent"

    support_team_id = fields.key("编号")
    pairing = fields.link("结对关系", "Pairing")
    field = fields.choice("领域", codelists.FIELD)
    region_code = fields.code("服务地")
    started_on = fields.day("开始日期")
    persons = fields.whole("人数")
    person_times = fields.whole("人次")

    class Meta:
        db_table = "records_support_team"
        verbose_name = verbose_name_plural = "组团式帮扶"
        indexes = [models.Index(fields=["region_code"], name="support_team_region")]
        constraints = [
            rules.digits("support_team", "region_code"),
            *rules.not_negative("support_team", "persons", "person_times"),
            rules.listed("support_team", "field", codelists.FIELD),
        ]


class Training(Entered):
    """培训: Training of officials, specialists and village entrepreneurs."""

    visibility = "talent"

    training_id = fields.key("编号")
    pairing = fields.link("结对关系", "Pairing")
    kind = fields.choice("类别", codelists.TRAINING_KIND)
    region_code = fields.code("学员所在地")
    held_on = fields.day("举办日期")
    persons = fields.whole("人数")
    started_business = fields.whole("创业成功人数", required=False)

    class Meta:
        verbose_name = verbose_name_plural = "培训"
        indexes = [models.Index(fields=["region_code"], name="training_region")]
        constraints = [
            rules.digits("training", "region_code"),
            *rules.not_negative("training", "persons", "started_business"),
            rules.listed("training", "kind", codelists.TRAINING_KIND),
        ]


class Post(Entered):
    """岗位需求: A post for which somebody is to be seconded, with its field, level and term."""

    visibility = "talent"

    post_id = fields.key("编号")
    pairing = fields.link("结对关系", "Pairing")
    region_code = fields.code("挂职地")
    title = fields.text("岗位")
    kind = fields.choice("类别", codelists.TALENT_KIND)
    field = fields.choice("领域", codelists.FIELD)
    level = fields.choice("层级", codelists.TALENT_LEVEL)
    seats = fields.whole("人数")
    term_months = fields.whole("任期")
    needed_from = fields.day("到岗日期")
    state = fields.choice("状态", codelists.POST_STATE)

    class Meta:
        verbose_name = verbose_name_plural = "岗位需求"
        indexes = [models.Index(fields=["region_code"], name="post_region")]
        constraints = [
            rules.digits("post", "region_code"),
            *rules.not_negative("post", "seats", "term_months"),
            rules.listed("post", "kind", codelists.TALENT_KIND),
            rules.listed("post", "field", codelists.FIELD),
            rules.listed("post", "level", codelists.TALENT_LEVEL),
            rules.listed("post", "state", codelists.POST_STATE),
        ]


class Candidate(Entered):
    """人选: An official or specialist who may be seconded."""

    visibility = "talent"
    region_column = "home_region_code"

    candidate_id = fields.key("编号")
    home_region_code = fields.code("派出地")
    kind = fields.choice("类别", codelists.TALENT_KIND)
    field = fields.choice("领域", codelists.FIELD)
    second_field = fields.choice("第二领域", codelists.FIELD, required=False)
    level = fields.choice("层级", codelists.TALENT_LEVEL)
    longest_term_months = fields.whole("最长任期")
    free_from = fields.day("可到岗日期")
    wish_place = fields.code("意向地", required=False)
    person_key = fields.text("干部标识")
    name = fields.text("姓名")
    withdrawn = fields.yes_no("已撤回")

    class Meta:
        verbose_name = verbose_name_plural = "人选"
        indexes = [models.Index(fields=["home_region_code"], name="candidate_region")]
        constraints = [
            rules.digits("candidate", "home_region_code"),
            rules.digits_if_known("candidate", "wish_place"),
            *rules.not_negative("candidate", "longest_term_months"),
            rules.listed("candidate", "kind", codelists.TALENT_KIND),
            rules.listed("candidate", "field", codelists.FIELD),
            rules.listed_if_known("candidate", "second_field", codelists.FIELD),
            rules.listed("candidate", "level", codelists.TALENT_LEVEL),
        ]
