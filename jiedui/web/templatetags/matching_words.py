"""匹配用语: problems, states, steps, settings and reasons of matches in the page's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django import template
from django.utils.translation import gettext as _

from jiedui.policy import parameters
from jiedui.records.actions import labour_offers
from jiedui.records.models import MARK_KIND, ORDER_STATE, PROBLEM
from jiedui.results.models.matching import PARTNER
from jiedui.terms.divisions import Gazetteer
from jiedui.web.templatetags.figures import in_english, missing, spoken

register = template.Library()

_TONES: Final = {"running": "care", "waiting": "", "finished": "good", "failed": "alarm", "stopped": ""}
_UNITS: Final[dict[str, tuple[str, str]]] = {
    "points": ("分", "points"),
    "km": ("公里", "km"),
    "fen": ("分（人民币）", "fen"),
    "years": ("岁", "years"),
    "vacancies": ("个岗位", "vacancies"),
    "poverty status": ("贫困状态", "poverty status"),
    "share": ("%", "%"),
    "persons": ("人", "persons"),
    "months": ("个月", "months"),
    "counties": ("个县", "counties"),
}


@register.filter
def problem(name: str) -> str:
    """匹配问题."""
    return spoken(PROBLEM.get(name or "labour", (name, name)))


@register.filter
def order_state(name: str) -> str:
    """任务状态."""
    return spoken(ORDER_STATE[name])


@register.filter
def order_tone(name: str) -> str:
    """状态的色调: a class of the tag."""
    return _TONES.get(name, "")


@register.filter
def mark_kind(name: str) -> str:
    """标记类型."""
    return spoken(MARK_KIND[name])


@register.filter
def partner(name: str) -> str:
    """同行结果."""
    return spoken(PARTNER.get(name, (name, name)))


@register.filter
def left_out(reason: str) -> str:
    """未签原因: a reason without words stays as it is."""
    own = {
        "outside": _("lives outside my office's region, or is not shown to me by name"),
        "gone": _("is no longer in the register"),
    }
    return own.get(reason) or spoken(labour_offers.LEFT_OUT.get(reason, (reason, reason)))


@register.filter
def step(name: str) -> str:
    """步骤: as a job tells them; one without words stays as it is."""
    return {
        "freeze": _("freezing the records"),
        "read workers and vacancies": _("reading workers and vacancies"),
        "choose candidates": _("choosing candidates"),
        "solve": _("solving"),
        "verify": _("checking the proof"),
        "explain": _("explaining"),
        "compare": _("comparing with simpler ways"),
        "store": _("storing"),
    }.get(name, name)


@register.filter
def measure(unit: str) -> str:
    """参数单位."""
    return spoken(_UNITS.get(unit, (unit, unit)))


@register.filter
def named(key: str) -> str:
    """参数名称: of a key, as it is dated; the key itself where there is none."""
    return _titles().get(key, {}).get("en" if in_english() else "zh", _setting(key))


def _titles() -> dict[str, dict[str, str]]:
    return {one.key: {"zh": one.title_zh, "en": one.title_en} for one in parameters.every()}


def _setting(key: str) -> str:
    return {
        "on": _("day"),
        "snapshot": _("snapshot"),
        "policy": _("policy"),
        "code": _("code"),
        "region": _("region"),
        "quotas": _("quotas"),
        "pins": _("pinned pairs"),
        "forbids": _("forbidden pairs"),
    }.get(key, key)


@register.filter
def setting(value: Any) -> str:
    """设置值: a number with separators, a list joined, quotas by county."""
    if value is None or value == "" or value in ([], {}):
        return missing()
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, Mapping):
        name = Gazetteer.load().name
        return "; ".join(f"{name(county)} {limits(bounds)}" for county, bounds in value.items())
    if isinstance(value, list | tuple):
        if value and isinstance(value[0], list | tuple):
            return _("%(number)s pairs") % {"number": len(value)}
        return ", ".join(map(str, value))
    return str(value)


@register.filter
def limits(bounds: Sequence[int | None]) -> str:
    """名额: least and most, as they are told."""
    least, most = bounds
    if most is None:
        return _("at least %(least)s") % {"least": least}
    return _("%(least)s to %(most)s") % {"least": least, "most": most}
