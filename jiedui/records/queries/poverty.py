"""脱贫: households and persons by year and status, and the poor counties with their delisting."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, QuerySet, Sum

from jiedui.records.models import HouseholdYear, PovertyCounty
from jiedui.terms.scope import Scope


@dataclass(frozen=True, slots=True)
class YearStatus:
    """年末状态: households and persons by poverty status at the end of a year."""

    year: int
    households: dict[str, int] = field(default_factory=dict)
    persons: dict[str, int] = field(default_factory=dict)

    @property
    def all_households(self) -> int:
        """总户数."""
        return sum(self.households.values())

    @property
    def all_persons(self) -> int:
        """总人数."""
        return sum(self.persons.values())

    @property
    def poor_persons(self) -> int:
        """未脱贫与返贫人数: persons who are poor at the end of the year, fallen back ones included."""
        return self.persons.get("poor", 0) + self.persons.get("relapsed", 0)


def by_year(user: Any, prefix: str = "") -> list[YearStatus]:
    """分年状态: for each year what the user may see below a code prefix ("" = everywhere), oldest first."""
    rows = (
        below(HouseholdYear.objects.visible_to(user), prefix)
        .values("year", "status")
        .annotate(households=Count("household_year_id"), persons=Sum("members"))
        .order_by("year", "status")
    )
    years: dict[int, YearStatus] = {}
    for row in rows:
        status = years.setdefault(row["year"], YearStatus(row["year"]))
        status.households[row["status"]] = row["households"]
        status.persons[row["status"]] = row["persons"]
    return list(years.values())


def counties(prefix: str = "") -> list[PovertyCounty]:
    """贫困县: the poor counties below a prefix by code of 2016; they are published, so open to every reader."""
    rows = PovertyCounty.objects.order_by("county_code", "county_code_2020", "name")
    return list(below(rows, prefix, "county_code"))


def delisted(until: int) -> tuple[int, int]:
    """摘帽: how many poor counties were delisted by the end of a year, of how many."""
    years = PovertyCounty.objects.values_list("delisted_year", flat=True)
    return sum(1 for year in years if year <= until), len(years)


def below(rows: QuerySet, prefix: str, column: str = "region_code") -> QuerySet:
    """前缀之内: the rows whose code begins with the prefix, as comparisons that an index serves."""
    if not prefix:
        return rows
    (comparison,) = Scope.of([prefix]).comparisons(column)
    return rows.filter(**comparison)
