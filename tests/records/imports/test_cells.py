"""What stands in cells becomes typed values, or a problem; nothing is guessed."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiedui.records.imports import cells, identity
from jiedui.records.imports.cells import Reading
from jiedui.records.imports.forms import Field
from jiedui.sheets import CellKind
from jiedui.terms import codelists
from jiedui.terms.identity import id_check_digit, id_problem

TEXT = CellKind.TEXT


def read(field: Field, texts: list[str | None], mapped=None, kind=TEXT, encode=False):
    """Values and {rule: positions} of a column of texts."""
    column = pa.array(texts, pa.string())
    kinds = np.array([CellKind.EMPTY if text is None else kind for text in texts], np.uint8)
    problems: dict[str, list[int]] = {}
    values = cells.parse(
        Reading(field, mapped or {}), column.dictionary_encode() if encode else column, kinds,
        lambda mask, rule: problems.setdefault(rule, []).extend(np.flatnonzero(mask).tolist()),
    )  # fmt: skip
    return values.to_pylist(), problems


DAY = Field("entered_on", "首次识别时间", "date")


@pytest.mark.duty("goal.1")
@given(day=st.dates(date(1955, 1, 1), date(2099, 12, 31)), encode=st.booleans())
def test_the_spellings_of_a_day_are_one_day(day, encode):
    """Dashes, slashes, dots, 年月日, eight digits, a time behind it and Excel's serial all mean the same day."""
    texts = [
        day.isoformat(), f"{day.year}/{day.month}/{day.day}", f"{day.year}.{day.month}.{day.day}",
        f"{day.year}年{day.month}月{day.day}日", day.strftime("%Y%m%d"), f"{day.isoformat()} 00:00:00",
        str((day - date(1899, 12, 30)).days), f" {day.isoformat()}　",
    ]  # fmt: skip
    assert read(DAY, texts, encode=encode) == ([day] * len(texts), {})


def test_the_serial_of_an_old_mac_counts_from_1904():
    """A workbook that counts from 1904 gives other serials for the same day."""
    column, kinds = pa.array(["42000"]), np.array([CellKind.DATE], np.uint8)
    found = cells.parse(Reading(DAY, {}, date_1904=True), column, kinds, lambda mask, rule: None)
    assert found.to_pylist() == [date(1904, 1, 1) + timedelta(days=42000)]


@pytest.mark.parametrize("text", ["2016-02-30", "2016-13-01", "上月", "201603", "1", "99999999"])
def test_what_is_no_day_is_said(text):
    """A day that the calendar does not have, a month alone, a word: null and one problem."""
    assert read(DAY, [text, None]) == ([None, None], {"not_a_date": [0]})


@given(
    digits=st.text("0123456789", min_size=17, max_size=17),
    ending=st.sampled_from(["right", "wrong", "x", "cut", "long"]),
    space=st.sampled_from(["", " ", "\u3000"]),
)
def test_identity_numbers_as_one_by_one(digits, ending, space):
    """The column's verdict on a number is that of `terms.identity.id_problem`."""
    right = digits + id_check_digit(digits)
    number = {"right": right, "wrong": digits + ("0" if right[-1] != "0" else "1"), "x": right.lower(),
              "cut": digits[:15], "long": right + "12"}[ending]  # fmt: skip
    values, problems = read(Field("id_number", "证件号码", "identity"), [space + number, None])
    if id_problem(number) is None:
        assert (values, problems) == ([number.upper(), None], {})
    else:
        assert values == [None, None]
        assert list(problems.values()) == [[0]]


@given(year=st.integers(1, 9999), month=st.integers(0, 13), day=st.integers(0, 32))
def test_real_dates_are_those_of_the_calendar(year, month, day):
    """Whether a date exists is what Python's calendar says."""
    try:
        expected = bool(date(year, month, day))
    except ValueError:
        expected = False
    digits = np.frombuffer(f"000000{year:04d}{month:02d}{day:02d}0000".encode(), np.uint8).reshape(1, 18)
    assert identity.real_dates(digits).tolist() == [expected]


@pytest.mark.parametrize("text", ["6.2010119900101E+17", "620101199001011234", "620101199001011000"])
def test_a_number_that_was_a_float_is_refused(text):
    """A cell of the kind number holds at most 15 right digits: whatever it shows, the number is lost."""
    _, problems = read(Field("id_number", "证件号码", "identity"), [text], kind=CellKind.NUMBER)
    assert problems == {"id_became_number": [0]}


def test_full_width_digits_and_blanks_are_read():
    """Full-width digits, blanks around, and units behind are how offices type; the value is clear."""
    assert read(Field("members", "人数", "int"), ["４", " 5 ", "3人", "6.0", None]) == ([4, 5, 3, 6, None], {})
    assert read(Field("income", "收入", "yuan"), ["1,234.50", "３０００元", "0"]) == ([123450, 300000, 0], {})
    assert read(Field("person_id", "人编号", "number"), [" 00123 ", "１２", "7.0"]) == ([123, 12, 7], {})


def test_what_is_no_number_is_said_and_never_zero():
    """A word, a negative number and a number with an exponent are problems, and null."""
    assert read(Field("members", "人数", "int"), ["四", "-1", ""]) == (
        [None, None, None], {"not_a_number": [0], "negative": [1]},
    )  # fmt: skip
    assert read(Field("person_id", "人编号", "number"), ["6.2E+17", "12a"]) == ([None, None], {"not_a_number": [0, 1]})
    assert read(Field("income", "收入", "yuan"), ["NaN", "1e99"]) == ([None, None], {"not_an_amount": [0, 1]})


CAUSE = Field("cause", "致贫原因", "choice", choices=codelists.POVERTY_CAUSE)


def test_codes_are_read_by_label_and_numbers_are_asked_for():
    """A label is known, a number of another system only where somebody mapped it for this source."""
    assert read(CAUSE, ["因病", " 因 学 ", "3"]) == (["illness", "schooling", None], {"unknown_label": [2]})
    assert read(CAUSE, ["3", "11"], {"3": "schooling", "11": "schooling"}) == (["schooling", "schooling"], {})


def test_pupils_are_told_from_others():
    """A kind of school means yes, 非在校生 no."""
    values, problems = read(Field("in_school", "在校生状况", "bool"), ["小学", "非在校生", "在校生", "七年级", None])
    assert (values, problems) == ([True, False, True, True, None], {})


def test_a_formulas_error_is_a_problem():
    """#N/A and the like are said, whatever the field is."""
    _, problems = read(CAUSE, ["#N/A"], kind=CellKind.ERROR)
    assert problems == {"formula_error": [0]}


def test_names_lose_blanks_inside_and_phones_their_dashes():
    """张 三 is 张三; a phone keeps its digits; what is no phone is said."""
    assert read(Field("name", "姓名", "name"), ["张 三", "李　四"]) == (["张三", "李四"], {})
    values, problems = read(Field("phone", "电话", "phone"), ["138-0000-1234", "0931-1234567", "12", None])
    assert (values, problems) == (["13800001234", "09311234567", None, None], {"not_a_phone": [2]})
