"""脱贫: tables of the area `poverty`, as `snapshot.schema.poverty` declares them."""

from __future__ import annotations

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models.functions import Left

from jiedui.records.models import fields, rules
from jiedui.records.models.entry import Entered, Imported
from jiedui.terms import codelists


class PovertyCounty(Entered):
    """贫困县: National poor county and the year of its delisting."""

    visibility = "open"
    region_column = "county_code"

    poverty_county_id = fields.key("编号")
    county_code = fields.code("县代码", required=False)
    county_code_2020 = fields.code("县代码(2020)", required=False)
    name = fields.text("名称")
    province_code = fields.code("省代码")
    delisted_year = fields.whole("摘帽年份")

    class Meta:
        db_table = "records_poverty_county"
        verbose_name = verbose_name_plural = "贫困县"
        constraints = [
            rules.digits("poverty_county", "county_code", 6),
            rules.digits("poverty_county", "county_code_2020", 6),
            rules.digits("poverty_county", "province_code", 6),
            rules.year("poverty_county", "delisted_year"),
            models.UniqueConstraint(
                fields=["province_code", "name", "county_code_2020"], nulls_distinct=False, name="poverty_county_once"
            ),
        ]


class Household(Imported):
    """建档立卡户: Registered poor household."""

    visibility = "people"

    household_id = fields.key("户编号")
    region_code = fields.code("所在村")
    entered_on = fields.day("首次识别时间")
    cause = fields.choice("主要致贫原因", codelists.POVERTY_CAUSE)
    unsafe_housing = fields.yes_no("危房户")
    safe_water = fields.yes_no("安全饮水")
    hamlet = fields.text("自然村", required=False)
    address = fields.text("住址")

    class Meta:
        verbose_name = verbose_name_plural = "建档立卡户"
        indexes = [
            models.Index(fields=["region_code"], name="household_region"),
            BrinIndex(fields=["import_id"], name="household_import"),
        ]
        constraints = [
            rules.digits("household", "region_code", 12),
            rules.listed("household", "cause", codelists.POVERTY_CAUSE),
        ]


class HouseholdYear(Imported):
    """户年度信息: A household as it was at the end of a year."""

    visibility = "people"

    household_year_id = fields.key("编号")
    household = fields.link("户", "Household", indexed=False)
    region_code = fields.code("所在村")
    year = fields.whole("年度")
    status = fields.choice("脱贫状态", codelists.POVERTY_STATUS)
    members = fields.whole("人数")
    income_per_head_fen = fields.fen("人均纯收入", required=False)
    monitored_as = fields.choice("监测对象类型", codelists.MONITORED_AS, required=False)
    risk_removed = fields.yes_no("风险是否消除", required=False)
    risk_found_on = fields.day("风险识别时间", required=False)
    risk_removed_on = fields.day("风险消除时间", required=False)

    class Meta:
        db_table = "records_household_year"
        verbose_name = verbose_name_plural = "户年度信息"
        indexes = [
            models.Index(fields=["region_code"], name="household_year_region"),
            BrinIndex(fields=["import_id"], name="household_year_import"),
        ]
        constraints = [
            rules.digits("household_year", "region_code", 12),
            rules.year("household_year", "year"),
            *rules.not_negative("household_year", "members"),
            models.UniqueConstraint(fields=["household", "year"], name="household_year_once"),
            rules.listed("household_year", "status", codelists.POVERTY_STATUS),
            rules.listed("household_year", "monitored_as", codelists.MONITORED_AS),
            rules.in_order("household_year", "risk_found_on", "risk_removed_on"),
        ]


class StatusChange(Imported):
    """状态变动: Entry, exit, relapse or correction of a household, with reason and date."""

    visibility = "people"

    status_change_id = fields.key("编号")
    household = fields.link("户", "Household")
    region_code = fields.code("所在村")
    kind = fields.choice("变动", codelists.STATUS_CHANGE)
    changed_on = fields.day("日期")
    reason = fields.text("原因")

    class Meta:
        db_table = "records_status_change"
        verbose_name = verbose_name_plural = "状态变动"
        indexes = [
            models.Index(fields=["region_code"], name="status_change_region"),
            BrinIndex(fields=["import_id"], name="status_change_import"),
        ]
        constraints = [
            rules.digits("status_change", "region_code", 12),
            rules.listed("status_change", "kind", codelists.STATUS_CHANGE),
        ]


class Person(Imported):
    """建档立卡人口: Member of a registered household."""

    visibility = "people"

    person_id = fields.key("人编号")
    household = fields.link("户", "Household")
    region_code = fields.code("所在村")
    sex = fields.choice("性别", codelists.SEX)
    birth_year = fields.whole("出生年")
    relation = fields.choice("与户主关系", codelists.RELATION)
    ethnic_group = fields.text("民族")
    education = fields.choice("文化程度", codelists.EDUCATION)
    in_school = fields.yes_no("在校生")
    health = fields.choice("健康状况", codelists.HEALTH)
    labour_ability = fields.choice("劳动能力", codelists.LABOUR_ABILITY)
    joined_on = fields.day("人员识别时间")
    left_on = fields.day("减少时间", required=False)
    name = fields.sought("姓名")
    id_number = fields.encrypted("证件号码")
    id_number_index = models.BinaryField("证件号码盲索引", max_length=32, editable=False)
    pseudonym = models.CharField("假名", max_length=32, db_collation="C", editable=False)
    phone = fields.encrypted("联系电话", required=False)
    phone_index = models.BinaryField("联系电话盲索引", max_length=32, null=True, editable=False)
    county_code = models.GeneratedField(
        expression=Left("region_code", 6),
        output_field=models.CharField("县", max_length=6, db_collation="C"),
        db_persist=True,
    )

    class Meta:
        verbose_name = verbose_name_plural = "建档立卡人口"
        indexes = [
            models.Index(fields=["region_code", "household", "person_id"], name="person_place"),
            # a county's officer searches by the beginning of a name inside a county, a province's everywhere
            models.Index(fields=["county_code", "name", "person_id"], name="person_county_name"),
            models.Index(fields=["name", "person_id"], name="person_name"),
            models.Index(fields=["phone_index"], name="person_phone", condition=models.Q(phone_index__isnull=False)),
            BrinIndex(fields=["import_id"], name="person_import"),
        ]
        constraints = [
            rules.digits("person", "region_code", 12),
            rules.year("person", "birth_year"),
            rules.in_order("person", "joined_on", "left_on"),
            models.UniqueConstraint(fields=["id_number_index"], name="person_id_number_once"),
            models.UniqueConstraint(fields=["pseudonym"], name="person_pseudonym_once"),
            rules.listed("person", "sex", codelists.SEX),
            rules.listed("person", "relation", codelists.RELATION),
            rules.listed("person", "education", codelists.EDUCATION),
            rules.listed("person", "health", codelists.HEALTH),
            rules.listed("person", "labour_ability", codelists.LABOUR_ABILITY),
        ]


class PersonYear(Imported):
    """人员年度信息: A person as it was in the register of a year."""

    visibility = "people"

    person_year_id = fields.key("编号")
    person = fields.link("人员", "Person", indexed=False)
    region_code = fields.code("所在村")
    year = fields.whole("年度")
    education = fields.choice("文化程度", codelists.EDUCATION)
    in_school = fields.yes_no("在校生")
    health = fields.choice("健康状况", codelists.HEALTH)
    labour_ability = fields.choice("劳动能力", codelists.LABOUR_ABILITY)
    months_worked = fields.whole("务工时间", required=False)
    insured = fields.yes_no("参加大病保险", required=False)

    class Meta:
        db_table = "records_person_year"
        verbose_name = verbose_name_plural = "人员年度信息"
        indexes = [
            models.Index(fields=["region_code"], name="person_year_region"),
            BrinIndex(fields=["import_id"], name="person_year_import"),
        ]
        constraints = [
            rules.digits("person_year", "region_code", 12),
            rules.year("person_year", "year"),
            models.CheckConstraint(
                condition=models.Q(months_worked__isnull=True) | models.Q(months_worked__range=(0, 12)),
                name="person_year_months_worked_range",
            ),
            models.UniqueConstraint(fields=["person", "year"], name="person_year_once"),
            rules.listed("person_year", "education", codelists.EDUCATION),
            rules.listed("person_year", "health", codelists.HEALTH),
            rules.listed("person_year", "labour_ability", codelists.LABOUR_ABILITY),
        ]
