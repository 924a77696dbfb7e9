"""对手: the registry export through django-import-export: a resource per person, the same tables, checks and secrets.

Written as its documentation advises: natural import ids, `skip_unchanged`, instance loader from memory, households made
before a row is read; `bulk=True` also uses its bulk mode. It has no difference, undo, conflicts or report of refused
rows in this form; what both do is compared.
"""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import tablib
from django.db import transaction
from import_export import fields, resources, widgets

from bench.register.rosters import YEAR
from jiedui.records.models import Household, HouseholdYear, Person, PersonYear, StatusChange, Village
from jiedui.records.privacy import cipher
from jiedui.terms import codelists
from jiedui.terms.identity import birth_date, id_problem, sex_of


class Labelled(widgets.Widget):
    """A code by its label; an unknown one is an error."""

    def __init__(self, choices: dict[str, tuple[str, str]]) -> None:
        super().__init__()
        self.known = {labels[0]: identifier for identifier, labels in choices.items()}

    def clean(self, value: Any, row: Any = None, **more: Any) -> Any:
        """The identifier."""
        if value in (None, ""):
            return None
        if value not in self.known:
            raise ValueError(f"{value} is not in the list")
        return self.known[value]


class YesNo(widgets.Widget):
    """是 or 否 in the words of the column."""

    def clean(self, value: Any, row: Any = None, **more: Any) -> bool | None:
        """True, False, or None for nothing."""
        return None if value in (None, "") else value in ("是", "在校生")


def day(value: Any) -> date | None:
    """A day out of a cell."""
    if value in (None, ""):
        return None
    return value.date() if isinstance(value, datetime) else date.fromisoformat(str(value)[:10])


class PersonResource(resources.ModelResource):
    """A person with household and years."""

    person_id = fields.Field("person_id", "人编号", widget=widgets.IntegerWidget())
    name = fields.Field("name", "姓名", widget=widgets.CharWidget())
    relation = fields.Field("relation", "与户主关系", widget=Labelled(codelists.RELATION))
    ethnic_group = fields.Field("ethnic_group", "民族", widget=widgets.CharWidget())
    education = fields.Field("education", "文化程度", widget=Labelled(codelists.EDUCATION))
    in_school = fields.Field("in_school", "在校生状况", widget=YesNo())
    health = fields.Field("health", "健康状况", widget=Labelled(codelists.HEALTH))
    labour_ability = fields.Field("labour_ability", "劳动技能", widget=Labelled(codelists.LABOUR_ABILITY))

    class Meta:
        model = Person
        import_id_fields = ("person_id",)
        fields = ("person_id", "name", "relation", "ethnic_group", "education", "in_school", "health", "labour_ability")
        skip_unchanged = True
        report_skipped = False
        use_transactions = True
        batch_size = 1000
        skip_diff = True

    def before_import(self, dataset: tablib.Dataset, **more: Any) -> None:
        """Villages by name, once."""
        names = Village.objects.values_list("county_name", "township_name", "name", "region_code")
        self.villages = {(c, t, n): code for c, t, n, code in names}
        self.households: set[int] = set(Household.objects.values_list("pk", flat=True))
        self.numbers: set[str] = set()

    def before_import_row(self, row: Any, **more: Any) -> None:
        """The checks of a row, and the household that it belongs to."""
        number = str(row["证件号码"])
        if problem := id_problem(number):
            raise ValueError(problem)
        if number in self.numbers:
            raise ValueError("the number stands twice")
        self.numbers.add(number)
        row["region_code"] = self.villages[(row["县"], row["乡镇"], row["行政村"])]
        self._household(row)

    def _household(self, row: Any) -> None:
        key = int(row["户编号"])
        if key in self.households:
            return
        self.households.add(key)
        code = row["region_code"]
        household = Household.objects.create(
            household_id=key, region_code=code, hamlet=row["自然村"],
            address=row["乡镇"] + row["行政村"] + row["自然村"],
            cause=Labelled(codelists.POVERTY_CAUSE).clean(row["致贫原因"]), entered_on=day(row["首次识别时间"]),
            unsafe_housing=row["危房户"] == "是", safe_water=row["安全饮水"] == "是",
        )  # fmt: skip
        income = row["人均纯收入"]
        HouseholdYear.objects.create(
            household=household, region_code=code, year=YEAR, members=int(row["人数"]),
            status=Labelled(codelists.POVERTY_STATUS).clean(row["户类型"]),
            income_per_head_fen=None if income in (None, "") else round(float(income) * 100),
            monitored_as=Labelled(codelists.MONITORED_AS).clean(row["监测对象类型"]),
            risk_removed=YesNo().clean(row["风险是否消除"]), risk_found_on=day(row["风险识别时间"]),
            risk_removed_on=day(row["风险消除时间"]),
        )  # fmt: skip
        StatusChange.objects.create(
            household=household, region_code=code, kind="enter", changed_on=household.entered_on, reason="import"
        )

    def before_save_instance(self, instance: Person, row: Any, **more: Any) -> None:
        """What is not a plain column."""
        number, phone, secret = str(row["证件号码"]).upper(), row["联系电话"], cipher()
        instance.household_id, instance.region_code = int(row["户编号"]), row["region_code"]
        instance.joined_on = day(row["人员识别时间"])
        instance.birth_year, instance.sex = birth_date(number).year, sex_of(number)  # type: ignore[union-attr]
        instance.id_number = secret.encrypt(number, "id_number", instance.pk)
        instance.id_number_index = secret.blind_index(number)
        instance.pseudonym = secret.pseudonym(number)
        if phone:
            instance.phone = secret.encrypt(str(phone), "phone", instance.pk)
            instance.phone_index = secret.blind_index(str(phone), "phone")

    def after_save_instance(self, instance: Person, row: Any, **more: Any) -> None:
        """The person's year (in bulk mode the persons are not there yet: kept for the end)."""
        year = PersonYear(
            person_id=instance.pk, region_code=instance.region_code, year=YEAR, education=instance.education,
            in_school=instance.in_school, health=instance.health, labour_ability=instance.labour_ability,
            months_worked=None if row["务工时间(月)"] in (None, "") else int(row["务工时间(月)"]),
            insured=YesNo().clean(row["是否参加大病保险"]),
        )  # fmt: skip
        if self._meta.use_bulk:
            self.years.append(year)
        else:
            year.save()

    years: list[PersonYear] = []

    def after_import(self, dataset: tablib.Dataset, result: Any, **more: Any) -> None:
        """The persons' years of bulk mode."""
        PersonYear.objects.bulk_create(self.years, batch_size=1000)


def run(file: Path, *, bulk: bool) -> int:
    """Read the .xlsx (tablib, openpyxl) and import it; gives the persons in the register."""
    PersonResource._meta.use_bulk = bulk
    PersonResource.years = []
    dataset = tablib.Dataset().load(file.read_bytes(), format="xlsx", read_only=True)
    with transaction.atomic():
        result = PersonResource().import_data(dataset, raise_errors=True)
    if result.has_errors():
        raise SystemExit(str(result.row_errors()[:1]))
    return Person.objects.count()
