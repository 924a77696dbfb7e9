"""简称: short names for charts and tight columns, as people write them: 恩施州, 内蒙古, 苏州."""

from __future__ import annotations

from jiedui.terms.divisions import Gazetteer
from jiedui.terms.names import bare_form, marked_forms

_COUNTY_DIGITS = len("530602")


def short_name(code: str) -> str:
    """简称: of a division; an autonomous prefecture keeps 州, a county its full name, an unknown code stays.

    A township or village is its county's name and the rest of its code.
    """
    if len(code) > _COUNTY_DIGITS:
        return short_name(code[:_COUNTY_DIGITS]) + code[_COUNTY_DIGITS:]
    division = Gazetteer.load().get(code)
    if division is None:
        return code
    if division.level == "county":
        return division.name
    if division.name.endswith("自治州"):
        return marked_forms(division.name, division.level)[-1]
    return bare_form(division.name, division.level) or division.name
