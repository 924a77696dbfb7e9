"""Lists as county offices send them: merged headers, dates as text, floats, full-width digits, people of others."""

from __future__ import annotations

import io
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from jiedui.jobs import importing as job
from jiedui.records import models
from jiedui.records.actions import importing
from jiedui.records.actions.importing import Sending
from jiedui.records.imports import corrections
from tests.records.imports.lists import COUNTY, OPEN, VILLAGE, code, counts, enter, problems, take
from tests.records.small_country import id_number

pytestmark = [pytest.mark.django_db, pytest.mark.duty("labour.1")]
FULL_WIDTH = str.maketrans("0123456789-.", "０１２３４５６７８９－．")


def sheet(path: Path, rows: list[list[Any]], merged: tuple[str, ...]) -> Path:
    """A workbook with these rows and merged cells, and a second sheet that nobody asked for."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for cells in merged:
        book.active.merge_cells(cells)
    book.create_sheet("填表说明").append(["请勿改动表头"])
    book.save(path)
    return path


def send(path: Path, kind: str, by: models.User) -> models.Import:
    """Send the file and have it compared; what is in no code list is not mapped."""
    one = importing.receive(Sending(kind, COUNTY, "县人社局", path.name), path, by=by)
    job.compare(one.pk)
    one.refresh_from_db()
    if one.state == "columns":
        importing.confirm(one, one.columns["fields"], {}, header=one.columns["header"], by=by)
        job.compare(one.pk)
        one.refresh_from_db()
    return one


def test_a_list_of_workers_with_a_header_of_three_rows(by: models.User, tmp_path: Path) -> None:
    """A title over all, 就业 and 意向 merged over their parts, notes beside; each odd row with its rule and column."""
    enter(models.Household.objects.get(), 4, "赵六")
    models.Person.objects.filter(pk=4).update(region_code="620123101201")
    upper = ["序号", "姓名", "身份证号码", "就业", None, None, "意向", None, None, "登记时间", "备注"]
    lower = [
        None,
        None,
        None,
        "就业状态",
        "就业意愿",
        "就业能力",
        "意向职业",
        "意向工作地",
        "期望月工资（元）",
        None,
        None,
    ]
    wide = id_number(1).translate(FULL_WIDTH)
    rows = [
        ["2019年皋兰县劳动力摸底表"], upper, lower,
        [1, " 张　三 ", wide, "未就业", "有", "是", "缝纫工", "东莞", 3000.0, "2019.6.5", ""],
        [2, "李四", id_number(2), "就近务工", "否", "有", "6-05-01", "440000", "3,200元", datetime(2019, 6, 5), None],
        [3, "王五", id_number(3), "打工", "是", "是", None, None, None, "2019-6-5", None],
        [4, "赵六", id_number(4), "务农", "是", "是", None, None, None, None, "邻县"],
        [5, "王五", id_number(3), "务农", "也许", "是", date(2006, 5, 1), "东北", "面议", "六月", None],
    ]  # fmt: skip
    merged = ("A1:K1", "D2:F2", "G2:I2", "A2:A3", "B2:B3", "C2:C3", "J2:J3", "K2:K3")
    one = send(sheet(tmp_path / "摸底表.xlsx", rows, merged), "worker", by)
    assert one.columns["fields"]["min_wage_fen"] == 8
    assert problems(one) == {
        (6, "unknown_label", "work_status"), (7, "no_such_person", "id_number"),
        (8, "unknown_label", "willing"), (8, "unknown_occupation", "occupation"), (8, "unknown_division", "wish_place"),
        (8, "not_an_amount", "min_wage_fen"), (8, "not_a_date", "registered_on"),
    }  # fmt: skip
    assert counts(one) == (2, 0, 0, 0, 0, 3)
    book, rows_back = corrections.workbook(one)
    back = list(openpyxl.load_workbook(io.BytesIO(book)).active.values)
    assert rows_back == 3
    assert [id_number(3) in row for row in back[-3:]] == [True, False, True], "also who was refused after the reading"
    assert any("没有这个人" in str(cell) for cell in back[-2])
    take(one, by)
    names = ("person_id", "work_status", "occupation", "wish_place", "min_wage_fen", "registered_on")
    assert list(models.Worker.objects.order_by("pk").values_list(*names)) == [
        (1, "unemployed", "6-05-01", "441900", 300_000, date(2019, 6, 5)),
        (2, "near", "6-05-01", "440000", 320_000, date(2019, 6, 5)),
    ]


@pytest.mark.duty("labour.2")
def test_a_list_of_vacancies_as_firms_fill_it(by: models.User, tmp_path: Path) -> None:
    """People as units, a code that became a day, floats, full-width digits, one row twice, another county's vacancy."""
    upper = ["用人单位", None, "岗位", None, None, None, None, "招聘期", None, "住宿", "夫妻房"]
    lower = [
        "统一社会信用代码",
        "单位名称",
        "岗位名称",
        "工种",
        "工作地点",
        "招聘人数",
        "月工资(元)",
        "开始日期",
        "截止日期",
        None,
        None,
    ]
    first, last = (date.fromisoformat(text) for text in OPEN)
    good = [code(1).translate(FULL_WIDTH), "甲厂", "缝纫工", "6-05-01", "甘肃省皋兰县", "10人", 3500.0,
            f"{first.year}年{first.month}月{first.day}日", f"{last:%Y/%m/%d}", "包住", "有"]  # fmt: skip
    same = [code(2), "乙厂", "搬运工", "装卸搬运工", COUNTY, 2.0, "4,000.00元", first, last, None, None]
    rows = [
        ["岗位信息采集表"], upper, lower, good, same, same,
        [code(3), "丙厂", "焊工", date(2006, 5, 1), COUNTY, 2, 4000, first, last, None, None],
        [code(4), "丁厂", "焊工", "焊工", "浦东新区", 2, 4000, first, last, None, None],
        [code(5), "戊厂", "焊工", "焊工", COUNTY, 2.5, "面议", "长期", last, None, "不详"],
    ]  # fmt: skip
    one = send(sheet(tmp_path / "岗位.xlsx", rows, ("A1:K1", "A2:B2", "C2:G2", "H2:I2", "K2:K3")), "vacancy", by)
    assert problems(one) == {
        (5, "key_twice", "title"), (6, "key_twice", "title"), (7, "unknown_occupation", "occupation"),
        (8, "outside", "work_county"), (9, "not_a_number", "seats"), (9, "not_an_amount", "monthly_wage_fen"),
        (9, "not_a_date", "open_from"), (9, "unknown_label", "couple_room"),
    }  # fmt: skip
    take(one, by)
    names = (
        "organisation__credit_code",
        "occupation",
        "seats",
        "monthly_wage_fen",
        "open_from",
        "open_to",
        "couple_room",
    )
    assert list(models.Vacancy.objects.values_list(*names)) == [(code(1), "6-05-01", 10, 350_000, first, last, True)]


def test_a_monitoring_list_with_months_of_every_kind(by: models.User, tmp_path: Path) -> None:
    """A month as a day of Excel, a number, text, wide digits; days with a unit; one month twice; people of others."""
    enter(models.Household.objects.get(), 4, "赵六")
    models.Person.objects.filter(pk=4).update(region_code="620123101201")
    rows = [
        ["月度务工监测表"],
        ["人员", None, "务工情况", None, None, None, None],
        ["姓名", "证件号码", "月份", "就业状态", "务工地点", "务工天数", "工资收入（元）"],
        ["张三", id_number(1), datetime(2019, 6, 30), "东部务工", "上海市", "22天", "4,000"],
        ["张三", id_number(1), 201907, "东部务工", "310000", 21.0, 4100.5],
        ["张三", id_number(1), "２０１９－０８", "东部务工", "上海", "２０", "４０００"],
        ["张三", id_number(1), "2019年9月份", "东部务工", None, None, None],
        ["李四", id_number(2), "2019/06", "务农", None, 0, 0],
        ["李四", id_number(2), "201906", "务农", None, None, None],
        ["王五", id_number(3), "2019-06", "在外", "不详", 22.5, "若干"],
        ["王五", id_number(3), "上半年", "务农", None, None, None],
        ["赵六", id_number(4), "2019-06", "务农", None, None, None],
    ]  # fmt: skip
    one = send(sheet(tmp_path / "监测.xlsx", rows, ("A1:G1", "A2:B2", "C2:G2")), "work_month", by)
    assert problems(one) == {
        (8, "month_twice", "month"), (9, "month_twice", "month"), (10, "unknown_label", "work_status"),
        (10, "unknown_division", "works_in"), (10, "not_a_number", "days"), (10, "not_an_amount", "income_fen"),
        (11, "not_a_month", "month"), (12, "no_such_person", "id_number"),
    }  # fmt: skip
    take(one, by)
    names = ("region_code", "month", "works_in", "days", "income_fen")
    assert list(models.WorkMonth.objects.order_by("month").values_list(*names)) == [
        (VILLAGE, date(2019, 6, 1), "310000", 22, 400_000), (VILLAGE, date(2019, 7, 1), "310000", 21, 410_050),
        (VILLAGE, date(2019, 8, 1), "310000", 20, 400_000), (VILLAGE, date(2019, 9, 1), None, None, None),
    ]  # fmt: skip


def test_a_label_that_an_officer_gave_a_meaning_is_read(by: models.User, tmp_path: Path) -> None:
    """省外务工 is in no code list: it may be the East. What the officer says holds for the source from then on."""
    rows = [["证件号码", "姓名", "月份", "就业状态"], [id_number(1), "张三", "2019-06", "省外务工"]]
    for number in (1, 2):
        path = sheet(tmp_path / f"{number}.xlsx", rows, ())
        one = importing.receive(Sending("work_month", COUNTY, "县人社局", path.name), path, by=by)
        job.compare(one.pk)
        one.refresh_from_db()
        assert one.state == ("columns" if number == 1 else "compared")
        if number == 1:
            labels = {"work_status": {"省外务工": "away_other"}}
            importing.confirm(one, one.columns["fields"], labels, header=one.columns["header"], by=by)
            job.compare(one.pk)
            take(one, by)
    assert models.WorkMonth.objects.get().work_status == "away_other"
