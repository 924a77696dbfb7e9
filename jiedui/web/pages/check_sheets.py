"""核查表页: sheets for the visit round, filled in as far as the register knows, with room for the pen."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from jiedui import sheets
from jiedui.errors import JieduiError
from jiedui.policy.registry import serves
from jiedui.records.queries import register
from jiedui.terms import money
from jiedui.web.pages import export, persons
from jiedui.web.templatetags.figures import label, yes_no


@serves("goal.1")
def page(request: HttpRequest) -> HttpResponse:
    """核查表页: choose a village, going down from the widest place that is seen; then its sheets."""
    try:
        filters = register.filters_of({"place": request.GET.get("place", "")})
    except JieduiError:
        problem = _("The address holds a filter, a place or a page that there is not.")
        return render(request, "web/check_sheets.html", {"problem": problem}, status=400)
    place = filters.place
    if len(place) == 12:
        return _village(request, place)
    context = {
        "place": place,
        "trail": persons.trail(place),
        "places": persons.places(request.user, place, "check-sheets"),
    }
    return render(request, "web/check_sheets.html", context)


def _village(request: HttpRequest, village: str) -> HttpResponse:
    homes = register.homes(request.user, village)
    trail = persons.trail(village)
    context = {
        "place": village,
        "trail": trail,
        "village": "".join(name for _code, name in trail),
        "homes": homes,
        "persons": sum(len(home.members) for home in homes),
        "questions": (_("Address right"), _("Members right"), _("Income right"), _("Housing safe"), _("Water safe")),
    }
    return render(request, "web/check_sheets.html", context, status=200 if homes else 404)


def file(request: HttpRequest, village: str) -> StreamingHttpResponse:
    """核查表文件: the same sheets as a workbook, a row for each person, with empty columns to write in."""
    homes = register.homes(request.user, village) if len(village) == 12 else []
    if not homes:
        raise Http404(_("No household to see here"))
    titles = [title for title, _kind in _columns()]
    rows = [_row(home, line) for home in homes for line in home.members]
    texts = pa.RecordBatch.from_pydict({title: [row[i] for row in rows] for i, title in enumerate(titles)}, _schema())
    columns = [sheets.Column(title, kind) for title, kind in _columns()]
    name = f"核查表-{village}-{date.today():%Y%m%d}.xlsx"
    return export.attached(name, "xlsx", sheets.xlsx_chunks(columns, [texts], sheet_title=_("Check sheets")))


def _columns() -> list[tuple[str, str]]:
    """(title, kind) of the workbook's columns; the last ones are for the visitor."""
    known = [
        (_("Household"), "id"), (_("Person number"), "id"), (_("Name"), "text"), (_("Identity number"), "id"),
        (_("Relation"), "text"), (_("Sex"), "text"), (_("Born"), "int"), (_("Education"), "text"),
        (_("Health"), "text"), (_("Ability to work"), "text"), (_("Work"), "text"), (_("Status"), "text"),
        (_("Watched as"), "text"), (_("Income per head (yuan)"), "text"), (_("Unsafe housing"), "text"),
        (_("Safe water"), "text"),
    ]  # fmt: skip
    return [*known, (_("Right"), "text"), (_("What is different"), "text"), (_("Visited on"), "text")]


def _schema() -> pa.Schema:
    return pa.schema([(title, pa.int64() if kind == "int" else pa.string()) for title, kind in _columns()])


def _row(home: register.Home, line: register.Line) -> tuple[str | int | None, ...]:
    """One person's row; what is not known stays empty."""
    income = home.year.get("income_per_head_fen")
    return (
        str(line.household_id), str(line.person_id), line.name, line.id_masked or None,
        _said(line.relation, "RELATION"), _said(line.sex, "SEX"), line.birth_year, _said(line.education, "EDUCATION"),
        _said(line.health, "HEALTH"), _said(line.labour_ability, "LABOUR_ABILITY"),
        _said(line.work_status, "WORK_STATUS"), _said(home.year.get("status"), "POVERTY_STATUS"),
        _said(home.watched_as, "MONITORED_AS"), None if income is None else money.yuan(income),
        yes_no(home.household["unsafe_housing"]), yes_no(home.household["safe_water"]), None, None, None,
    )  # fmt: skip


def _said(identifier: str | None, codelist: str) -> str | None:
    return None if identifier is None else str(label(identifier, codelist))
