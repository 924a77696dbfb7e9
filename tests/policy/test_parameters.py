"""Dated parameters."""

from __future__ import annotations

from datetime import date

import pytest

from jiedui.errors import JieduiError
from jiedui.policy import clauses, parameters

ENTRY = """
[limit]
title_zh = "限"
title_en = "limit"
duty = "labour.5"
unit = "months"
basis = "ours"
source = "test"
values = [{ from = 2016-12-07, value = 3 }, { from = 2019-01-01, value = [3, 6] }]
"""


def test_a_value_holds_from_its_day_until_the_next() -> None:
    """A parameter has the value of the day: nothing before the first, the old one until the day before the new one."""
    (first, second) = parameters.parse("labour", ENTRY)["labour.limit"]
    assert (first.value, first.valid_from) == (3, date(2016, 12, 7))
    assert (second.value, second.valid_from) == ((3, 6), date(2019, 1, 1))


@pytest.mark.parametrize("on", [date(2016, 12, 7), date(2019, 12, 31), date(2030, 1, 1)])
def test_the_term_of_a_secondment_is_known_on_every_day_of_the_opinion(on: date) -> None:
    """The official bounds hold from the day of the opinion on."""
    held = parameters.load(on)
    assert (held.value("talent.term_months_min"), held.value("talent.term_months_max")) == (24, 36)
    assert held.get("talent.term_months_min").basis == "official"


def test_before_the_first_day_there_is_no_value() -> None:
    """A day before the opinion has no such parameter: an error with the remedy, never a default."""
    with pytest.raises(JieduiError, match=r"talent\.term_months_min") as error:
        parameters.load(date(2016, 12, 6)).value("talent.term_months_min")
    assert "talent.toml" in error.value.remedy


def test_an_unknown_key_is_refused() -> None:
    """A key that is nowhere is an error."""
    with pytest.raises(JieduiError, match=r"labour\.no_such"):
        parameters.load(date(2019, 1, 1)).value("labour.no_such")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('unit = "months"\n', "", "its fields must be"),
        ('unit = "months"', 'unit = ""', "unit must not be empty"),
        ('basis = "ours"', 'basis = "guess"', "neither official nor ours"),
        ("from = 2019-01-01", "from = 2016-12-07", "no day twice"),
        ("from = 2019-01-01", "from = 2015-01-01", "ordered"),
        ("values = [", "values = [] # [", "values must not be empty"),
    ],
)
def test_a_wrong_parameter_is_named(old: str, new: str, message: str) -> None:
    """A parameter without unit, basis, source or ordered days is an error that names it."""
    with pytest.raises(JieduiError, match=message) as error:
        parameters.parse("labour", ENTRY.replace(old, new))
    assert "labour.limit" in error.value.message


def test_every_parameter_cites_a_duty_and_says_where_it_comes_from() -> None:
    """Each parameter belongs to a duty that exists; an official one names the text or the law that gives it."""
    known = {duty.id for duty in clauses.load().duties}
    for parameter in parameters.every():
        assert parameter.duty in known, parameter.key
        if parameter.basis == "official":
            assert "意见" in parameter.source or "法" in parameter.source, parameter.key
