"""花名册: the synthetic country as the spreadsheets that offices exchange: the registry's export, lists of villages,
workers and vacancies, the monthly monitoring.

Columns bear the titles of domain practice; values are the labels that people read. Everybody in them is made up.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from jiedui.simulate.places import village_names
from jiedui.snapshot.schema import TABLES

_KEYS: Final = (
    "worker_id", "person_id", "household_id", "region_code", "partner_id", "work_month_id", "vacancy_id",
    "organisation_id",
)  # fmt: skip
"""Columns that no list of an office shows."""
_YEAR_OF: Final = ("household_year", "person_year")


def registry_export(tables: Mapping[str, pa.Table], year: int, *, inside: str = "") -> pa.Table:
    """建档立卡导出表: one row for each person present at the end of a year below a code prefix, 29 columns.

    `tables` is what `country` gives; `year` one of which household years are there. Rows are by village, household,
    person. Whole numbers, days and amounts stay typed; the rest is text; identity numbers are text.
    """
    person = tables["person"]
    person = person.filter(pc.and_(pc.starts_with(person["region_code"], inside), _present(person, year)))
    person = person.sort_by([("region_code", "ascending"), ("household_id", "ascending"), ("person_id", "ascending")])
    household = _rows(tables["household"], "household_id", person["household_id"])
    years = tables["household_year"].filter(pc.equal(tables["household_year"]["year"], year))
    of_household = _rows(years, "household_id", person["household_id"])
    person_years = tables["person_year"].filter(pc.equal(tables["person_year"]["year"], year))
    of_person = _rows(person_years, "person_id", person["person_id"])
    villages = _rows(village_names(tables["household"]["region_code"]), "region_code", person["region_code"])
    return pa.table(
        {
            "县": villages["county_name"],
            "乡镇": villages["township_name"],
            "行政村": villages["name"],
            "自然村": household["hamlet"],
            "户编号": pc.cast(person["household_id"], pa.string()),
            "人编号": pc.cast(person["person_id"], pa.string()),
            "姓名": person["name"],
            "证件号码": person["id_number"],
            "人数": of_household["members"],
            "与户主关系": _labels("person", "relation", person["relation"]),
            "民族": person["ethnic_group"],
            "文化程度": _labels("person", "education", person["education"]),
            "在校生状况": _words(person["in_school"], "在校生", "非在校生"),
            "健康状况": _labels("person", "health", person["health"]),
            "劳动技能": _labels("person", "labour_ability", person["labour_ability"]),
            "务工时间(月)": of_person["months_worked"],
            "是否参加大病保险": _words(of_person["insured"], "是", "否"),
            "致贫原因": _labels("household", "cause", household["cause"]),
            "危房户": _words(household["unsafe_housing"], "是", "否"),
            "安全饮水": _words(household["safe_water"], "是", "否"),
            "人均纯收入": pc.divide(pc.cast(of_household["income_per_head_fen"], pa.float64()), 100.0),
            "联系电话": person["phone"],
            "首次识别时间": household["entered_on"],
            "人员识别时间": person["joined_on"],
            "户类型": _labels("household_year", "status", of_household["status"]),
            "监测对象类型": _labels("household_year", "monitored_as", of_household["monitored_as"]),
            "风险是否消除": _words(of_household["risk_removed"], "是", "否"),
            "风险识别时间": of_household["risk_found_on"],
            "风险消除时间": of_household["risk_removed_on"],
        }
    )


def village_list(tables: Mapping[str, pa.Table], *, inside: str = "") -> pa.Table:
    """村级区划表: the villages below a code prefix in which households live: code, county, township, village."""
    rows = village_names(tables["household"]["region_code"])
    rows = rows.filter(pc.starts_with(rows["region_code"], inside))
    return rows.rename_columns(["村代码", "县", "乡镇", "行政村"])


def worker_list(tables: Mapping[str, pa.Table], *, inside: str = "") -> pa.Table:
    """劳动力花名册: one row for each worker below a code prefix, under the titles of the import's template."""
    worker = tables["worker"].filter(pc.starts_with(tables["worker"]["region_code"], inside))
    person = _rows(tables["person"], "person_id", worker["person_id"])
    partner = _rows(tables["worker"], "worker_id", worker["partner_id"])
    titles = {column.name: column.title for column in TABLES["worker"].columns}
    shown = [name for name in titles if name not in _KEYS]
    return pa.table(
        {"证件号码": person["id_number"], "姓名": person["name"]}
        | {titles[name]: _told("worker", name, worker[name]) for name in shown}
        | {"同行人证件号码": _rows(tables["person"], "person_id", partner["person_id"])["id_number"]}
    )


def monitoring_list(tables: Mapping[str, pa.Table], *, inside: str = "") -> pa.Table:
    """月度务工监测表: one row for each month of a person below a code prefix, under the template's titles."""
    month = tables["work_month"].filter(pc.starts_with(tables["work_month"]["region_code"], inside))
    person = _rows(tables["person"], "person_id", month["person_id"])
    titles = {column.name: column.title for column in TABLES["work_month"].columns}
    shown = [name for name in titles if name not in _KEYS]
    return pa.table(
        {"证件号码": person["id_number"], "姓名": person["name"]}
        | {titles[name]: _told("work_month", name, month[name]) for name in shown}
    )


def vacancy_list(tables: Mapping[str, pa.Table], *, inside: str = "") -> pa.Table:
    """岗位清单: one row for each vacancy below a code prefix, under the template's titles."""
    vacancy = tables["vacancy"].filter(pc.starts_with(tables["vacancy"]["region_code"], inside))
    firm = _rows(tables["organisation"], "organisation_id", vacancy["organisation_id"])
    titles = {column.name: column.title for column in TABLES["vacancy"].columns}
    shown = [name for name in titles if name not in (*_KEYS, "state")]
    return pa.table(
        {"统一社会信用代码": firm["credit_code"], "用人单位": firm["name"], "工作地": vacancy["region_code"]}
        | {titles[name]: _told("vacancy", name, vacancy[name]) for name in shown}
    )


def _told(table: str, name: str, values: pa.ChunkedArray) -> Any:
    """A column as offices write it: labels, 是 and 否, yuan; the rest as it is."""
    column = TABLES[table].column(name)
    if column.choices is not None:
        return _labels(table, name, values)
    if column.kind == "bool":
        return _words(values, "是", "否")
    return pc.divide(pc.cast(values, pa.float64()), 100.0) if column.kind == "fen" else values


def _present(person: pa.Table, year: int) -> Any:
    end = pa.scalar(f"{year}-12-31").cast(pa.date32())
    left = pc.coalesce(pc.greater(person["left_on"], end), pa.scalar(True))
    return pc.and_(pc.less_equal(person["joined_on"], end), left)


def _rows(table: pa.Table, key: str, wanted: pa.ChunkedArray) -> pa.Table:
    """The row of each wanted key, nulls where there is none."""
    at = pc.index_in(wanted.combine_chunks(), value_set=table[key].combine_chunks())
    return table.take(at)


def _labels(table: str, column: str, values: pa.ChunkedArray) -> Any:
    choices = TABLES[table].column(column).choices or {}
    titles = pa.array([labels[0] for labels in choices.values()])
    return titles.take(pc.index_in(values, value_set=pa.array(list(choices))))


def _words(values: pa.ChunkedArray, yes: str, no: str) -> Any:
    return pc.if_else(values, yes, no)
