"""Short names for charts and tight columns."""

from __future__ import annotations

import pytest

from jiedui.policy.published import pairings_2016
from jiedui.web.naming import short_name


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("422800", "恩施州"),
        ("150000", "内蒙古"),
        ("450000", "广西"),
        ("320500", "苏州"),
        ("120000", "天津"),
        ("222400", "延边州"),
        ("530602", "昭阳区"),
        ("999999", "999999"),
    ],
)
def test_short_names_are_as_people_write_them(code: str, name: str) -> None:
    """An autonomous prefecture keeps 州, a province and a city lose their ending, a county keeps its name."""
    assert short_name(code) == name


def test_every_published_side_has_a_short_name_of_its_own() -> None:
    """The 21 donors and 31 recipients have 52 different short names, none longer than four characters."""
    codes = {code for edge in pairings_2016() for code in (edge.donor_code, edge.recipient_code)}
    names = {short_name(code) for code in codes}
    assert len(codes) == len(names) == 52
    assert max(map(len, names)) <= 4
