"""花名册行: the rows of the register's list, written by hand: fifty rows of twelve cells are half of a page's time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from jiedui.records.queries.register import Line
from jiedui.terms import codelists
from jiedui.web.templatetags.figures import in_english, missing, place, place_name

register = template.Library()

_TAGS = {"exited": " good", "relapsed": " alarm", "poor": " care"}


class _Words:
    """The labels and addresses of one page, looked up once."""

    def __init__(self, *, numbers: bool) -> None:
        self.numbers = numbers
        self.language = int(in_english())
        self.none = str(missing())
        self.no_year = f'<span class="none" title="{escape(_("no year of the household is recorded"))}">—</span>'
        self.watched, self.left = escape(_("watched")), escape(_("left"))
        self.person, self.household = (reverse(name, args=[0]).replace("0", "{}") for name in ("person", "household"))

    def label(self, identifier: str | None, codelist: str) -> str:
        """代码名称: as the filter `label` prints it."""
        if not identifier:
            return self.none
        return escape(getattr(codelists, codelist)[identifier][self.language])


@register.simple_tag
def person_rows(lines: Iterable[Line], numbers: Any) -> SafeString:
    """表格行: everything that comes from the records is escaped here."""
    words = _Words(numbers=bool(numbers))
    return mark_safe("".join(_row(line, words) for line in lines))  # escaped cell by cell


def _row(line: Line, words: _Words) -> str:
    number = f'<td class="nowrap"><code>{escape(line.id_masked) or "—"}</code></td>' if words.numbers else ""
    village = (
        f'<span title="{escape(place(line.region_code))}">{escape(line.village)}</span>'
        if line.village
        else escape(place_name(line.region_code))
    )
    gone = ' class="gone"' if line.left_on else ""
    born = "—" if line.birth_year is None else line.birth_year
    house = words.household.format(line.household_id)
    facts = (
        _status(line, words),
        words.label(line.education, "EDUCATION"),
        words.label(line.health, "HEALTH"),
        words.label(line.labour_ability, "LABOUR_ABILITY"),
        words.label(line.work_status, "WORK_STATUS"),
    )
    return (
        f'<tr{gone}><td class="nowrap"><a href="{words.person.format(line.person_id)}">{escape(line.name)}</a></td>'
        f'<td>{words.label(line.sex, "SEX")}</td><td class="n">{born}</td>{number}'
        f'<td class="n"><a class="quiet" href="{house}">{line.household_id}</a></td>'
        f'<td class="nowrap">{words.label(line.relation, "RELATION")}</td><td class="nowrap">{village}</td>'
        + "".join(f'<td class="nowrap">{fact}</td>' for fact in facts)
        + "</tr>"
    )


def _status(line: Line, words: _Words) -> str:
    """As `parts/status.html` prints it."""
    status = words.no_year
    if line.status:
        status = f'<span class="tag{_TAGS[line.status]}">{words.label(line.status, "POVERTY_STATUS")}</span>'
    if line.monitored_as:
        status += (
            f' <span class="tag care" title="{words.label(line.monitored_as, "MONITORED_AS")}">{words.watched}</span>'
        )
    if line.left_on:
        status += f' <span class="tag" title="{line.left_on.isoformat()}">{words.left}</span>'
    return status
