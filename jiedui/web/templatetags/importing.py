"""导入用语: kinds, states and values of imports in the page's language."""

from __future__ import annotations

from typing import Any, Final

from django import template
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from jiedui.records.models import DUPLICATE_DECISION, IMPORT_KIND, IMPORT_STATE
from jiedui.records.queries.importing import Advance
from jiedui.web.sentences import told
from jiedui.web.templatetags.figures import spoken

register = template.Library()

_TONES: Final = {"compared": "care", "columns": "care", "refused": "alarm", "failed": "alarm", "written": "good"}


@register.filter
def import_kind(name: str) -> str:
    """类型."""
    return spoken(IMPORT_KIND[name])


@register.filter
def import_state(name: str) -> str:
    """状态."""
    return spoken(IMPORT_STATE[name])


@register.filter
def import_tone(name: str) -> str:
    """状态色: the class of a state's tag."""
    return _TONES.get(name, "")


@register.filter
def sentence(text: str) -> str:
    """语句: what the program said, in the page's language."""
    return told(text)


@register.filter
def entry_kind(name: str) -> str:
    """差异类别: of the tabs and summaries."""
    return {
        "changed": _("changed"),
        "conflict": _("conflicts"),
        "added": _("new"),
        "gone": _("gone"),
        "refused": _("refused"),
        "warned": _("to be checked"),
        "same": _("unchanged"),
    }[name]


@register.filter
def amount_done(advance: Advance) -> str:
    """进度文字: 12 MB of 80 MB, or 40,000 of 90,000 rows."""
    if advance.unit == "bytes":
        told_of = {"done": filesizeformat(advance.done), "total": filesizeformat(advance.total)}
        return _("%(done)s of %(total)s read") % told_of
    if advance.unit == "rows":
        return _("comparing %(rows)s rows with the register") % {"rows": f"{advance.total:,}"}
    return ""


@register.filter
def time_left(seconds: float | None) -> str:
    """剩余时间: rounded as people say it; "" where it is not known."""
    if seconds is None:
        return ""
    if seconds < 90:
        return _("about %(seconds)s s left") % {"seconds": max(1, round(seconds))}
    return _("about %(minutes)s min left") % {"minutes": round(seconds / 60)}


@register.filter
def table_rows(counts: dict[str, Any]) -> list[tuple[str, int]]:
    """各表行数: (what was written, rows), in words."""
    titles = {
        "household": _("new households"), "person": _("new persons"), "household_year": _("years of households"),
        "person_year": _("years of persons"), "status_change": _("changes of status"), "worker": _("new workers"),
        "vacancy": _("new vacancies"), "village": _("new villages"), "gone": _("persons who left"),
        "household_changed": _("households changed"), "person_changed": _("persons changed"),
        "worker_changed": _("workers changed"), "vacancy_changed": _("vacancies changed"),
        "village_changed": _("villages changed"), "work_month": _("new months of work"),
        "work_month_changed": _("months of work changed"), "partners": _("workers linked with a partner"),
        "workers_follow": _("workers whose status follows the newest month"),
    }  # fmt: skip
    order = list(titles)
    known = sorted((counts or {}).items(), key=lambda one: order.index(one[0]) if one[0] in titles else len(order))
    return [(titles.get(name, name), number) for name, number in known]


@register.filter
def decision_title(name: str) -> str:
    """判定."""
    return spoken(DUPLICATE_DECISION[name])
