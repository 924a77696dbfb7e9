"""Exports: what the reader sees and nothing else, in full length, masked, harmless to open, and noted."""

from __future__ import annotations

import csv
import io
from datetime import date

import openpyxl
import pytest
from django.db import connection
from django.http import StreamingHttpResponse
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jiedui.errors import JieduiError
from jiedui.records.models import HouseholdYear, Person, PersonYear, RoleGrant, User, Village
from jiedui.records.queries import export
from jiedui.records.queries.register import Filters, Sought
from jiedui.terms.identity import mask_id, mask_name
from tests.records.small_country import VILLAGES, id_number
from tests.web.test_persons import HERE, made_up, signed_in

pytestmark = pytest.mark.django_db
PATH = "/register/export/file/"
HEADER = (
    "县,乡镇,行政村,自然村,户编号,人编号,姓名,证件号码,人数,与户主关系,民族,文化程度,在校生状况,健康状况,劳动技能,务工时间(月),"
    "是否参加大病保险,致贫原因,危房户,安全饮水,人均纯收入,联系电话,首次识别时间,人员识别时间,户类型,监测对象类型,风险是否消除,"
    "风险识别时间,风险消除时间"
)
"""The registry's own export header (domain fact 12)."""


def content(reply: StreamingHttpResponse) -> bytes:
    """All of a streamed answer."""
    assert reply.status_code == 200
    return b"".join(reply.streaming_content)


def rows(client: Client, query: str = "") -> list[dict[str, str]]:
    """The rows of a csv export."""
    text = content(client.get(f"{PATH}?format=csv{query}")).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def notes() -> list[str]:
    """What the journal knows of exports."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT detail::text FROM records_change WHERE operation = 'export' ORDER BY id")
        return [row[0] for row in cursor.fetchall()]


def test_a_file_can_go_where_it_came_from() -> None:
    """The header is the registry's; the values are its labels; numbers of people are digits."""
    made_up(12)
    Village.objects.create(region_code=HERE, county_name="昭阳区", township_name="甲乡", name="乙村")
    PersonYear.objects.create(
        person_id=4, region_code=HERE, year=2019, education="college", in_school=False, health="chronic",
        labour_ability="weak", months_worked=3, insured=None,
    )  # fmt: skip
    client = signed_in("recipient_office", "530000")
    text = content(client.get(f"{PATH}?format=csv")).decode("utf-8-sig")
    assert text.splitlines()[0].startswith(HEADER)
    (row,) = [row for row in rows(client) if row["人编号"] == "4"]
    expected = {
        "县": "昭阳区", "乡镇": "甲乡", "行政村": "乙村", "户编号": "2", "姓名": "合成人", "与户主关系": "户主",
        "证件号码": mask_id(id_number(4)), "联系电话": "138****1234", "文化程度": "大专及以上",
        "健康状况": "长期慢性病", "劳动技能": "弱劳动力或半劳动力", "务工时间(月)": "3", "是否参加大病保险": "",
        "致贫原因": "因病",
        "安全饮水": "是", "首次识别时间": "2014-01-01", "户类型": "已脱贫", "监测对象类型": "", "年度": "2019",
        "区划代码": HERE,
    }  # fmt: skip
    assert {title: row[title] for title in expected} == expected
    assert float(row["人均纯收入"]) == 4000


def test_what_is_exported_is_what_is_seen() -> None:
    """Each reader gets the people of its scope, masked as on the pages; who sees nobody gets the header alone."""
    made_up(36)
    home = rows(signed_in("recipient_office", "530600"))
    assert {row["区划代码"] for row in home} == {HERE}
    assert {row["姓名"] for row in home} == {"合成人"}
    away = rows(signed_in("assessor"))
    assert {row["人编号"] for row in away} == {str(key) for key in range(1, 37)}
    assert {row["姓名"] for row in away} == {mask_name("合成人")}
    assert {row["证件号码"] + row["联系电话"] + row["自然村"] for row in away} == {""}
    assert rows(signed_in("finance", "530000")) == []


def test_filters_and_years_are_in_force() -> None:
    """Place, filter and search narrow the file as they narrow the list; a year shows the household as it was."""
    made_up(36)
    HouseholdYear.objects.create(household_id=2, region_code=HERE, year=2020, status="relapsed", members=9)
    Person.objects.filter(pk=4).update(sex="male")
    client = signed_in("recipient_office", "530000")
    assert [row["人编号"] for row in rows(client, "&sex=male")] == ["4"]
    assert {row["区划代码"] for row in rows(client, "&place=533301")} == {VILLAGES[0]}
    assert [row["人编号"] for row in rows(client, f"&q={id_number(4)}")] == ["4"]
    assert [row["户类型"] for row in rows(client, "&q=人4")] == ["返贫"]
    assert [row["户类型"] for row in rows(client, "&q=人4&year=2019")] == ["已脱贫"]
    assert [row["户类型"] for row in rows(client, "&q=人4&year=2011")] == [""]


def test_a_workbook_keeps_digits_as_text() -> None:
    """In .xlsx numbers of people and households are texts, days are days, amounts are numbers."""
    made_up(12)
    reply = signed_in("recipient_office", "530000").get(f"{PATH}?format=xlsx")
    assert "attachment" in reply.headers["Content-Disposition"]
    sheet = openpyxl.load_workbook(io.BytesIO(content(reply))).active
    table = list(sheet.iter_rows(values_only=True))
    row = dict(zip(table[0], next(row for row in table if row[5] == "4"), strict=True))
    assert row["证件号码"] == mask_id(id_number(4))
    assert row["人均纯收入"] == 4000
    assert row["人员识别时间"].date() == date(2014, 1, 1)


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", '=HYPERLINK("x")'])
def test_no_text_becomes_a_formula(name: str) -> None:
    """What a spreadsheet would run is text in both formats."""
    made_up(6)
    Person.objects.filter(pk=4).update(name=name, ethnic_group=name)
    client = signed_in("recipient_office", "530000")
    (row,) = rows(client, "&q=人4")
    assert row["姓名"][:1] not in ("=", "+", "-", "@")
    assert row["民族"][:1] not in ("=", "+", "-", "@")
    sheet = openpyxl.load_workbook(io.BytesIO(content(client.get(f"{PATH}?format=xlsx&q=人4")))).active
    assert all(cell.data_type != "f" for line in sheet.iter_rows() for cell in line)


def test_full_numbers_need_a_reason_and_are_noted() -> None:
    """By a form with a reason only; noted before the first byte and at the end, with rows and digest."""
    made_up(12)
    client = signed_in("recipient_office", "530600")
    assert client.post(PATH, {"full": "1", "format": "csv"}).status_code == 400
    assert client.get(f"{PATH}?full=1&reason=x&format=csv").status_code == 200
    masked = content(client.get(f"{PATH}?full=1&reason=x&format=csv")).decode()
    assert id_number(4) not in masked
    assert notes()
    assert all("begun" not in note for note in notes())
    before = len(notes())
    reply = client.post(PATH, {"full": "1", "format": "csv", "reason": "上报省里"})
    stream = iter(reply.streaming_content)
    text = next(stream)
    assert len(notes()) == before + 1
    assert "begun" in notes()[-1]
    text += b"".join(stream)
    assert id_number(4) in text.decode()
    assert "上报省里" in notes()[-1]
    assert len(notes()) == before + 2


def test_a_number_that_was_searched_by_is_not_noted() -> None:
    """The journal says that somebody was sought by number, not which number."""
    made_up(12)
    rows(signed_in("recipient_office", "530000"), f"&q={id_number(4)}")
    assert "identity" in notes()[-1]
    assert id_number(4) not in "".join(notes())


def test_who_sees_no_names_gets_no_full_numbers() -> None:
    """A form sent by hand is refused in words."""
    made_up(12)
    reply = signed_in("assessor").post(PATH, {"full": "1", "format": "csv", "reason": "核对"})
    assert reply.status_code == 400


@pytest.mark.parametrize("query", ["?format=pdf", "?sex=x", "?place=1"])
def test_a_wrong_request_is_said(query: str) -> None:
    """A format or filter that there is not is a sentence, and nothing is exported."""
    made_up(6)
    assert signed_in("recipient_office", "530000").get(PATH + query).status_code == 400


def test_an_export_breaks_off_when_rights_change() -> None:
    """A role that ends while the file is written: no further row, an error, and a csv says that it is no whole."""
    made_up(36)
    client = signed_in("recipient_office", "530000")
    user = User.objects.get()
    wanted = export.Wanted(user.pk, Sought(), Filters())
    pieces = export.batches(wanted, piece=5)
    assert next(pieces).num_rows == 5
    RoleGrant.objects.all().delete()
    with pytest.raises(JieduiError, match="rights changed"):
        next(pieces)
    assert rows(client) == []


def test_pieces_neither_lose_nor_repeat() -> None:
    """Whatever the size of a piece and the place, the batches hold each visible person once, in order."""
    made_up(48)
    signed_in("auditor")
    user = User.objects.get()
    everybody = list(Person.objects.order_by("region_code", "household_id", "pk").values_list("pk", "region_code"))

    @settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.integers(1, 60), st.sampled_from(["", "530000", "522601", VILLAGES[0]]))
    def held(piece: int, place: str) -> None:
        digits = place.rstrip("0") if place.endswith("0000") else place
        found = [
            int(key)
            for batch in export.batches(export.Wanted(user.pk, Sought(), Filters(place)), piece=piece)
            for key in batch.column("人编号").to_pylist()
        ]
        assert found == [key for key, region in everybody if region.startswith(digits)]

    held()
