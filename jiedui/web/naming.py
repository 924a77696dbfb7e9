"""简称: short names for charts and tight columns, as people write them: 恩施州, 内蒙古, 苏州."""

from __future__ import annotations

from jiedui.terms.divisions import Gazetteer
from jiedui.terms.names import bare_form, marked_forms


def short_name(code: str) -> str:
    """简称: of a division; an autonomous prefecture keeps 州, a county its full name, an unknown code stays."""
    division = Gazetteer.load().get(code)
    if division is None:
        return code
    if division.level == "county":
        return division.name
    if division.name.endswith("自治州"):
        return marked_forms(division.name, division.level)[-1]
    return bare_form(division.name, division.level) or division.name
