"""劳务用语: states of offers, trips, subsidies and vacancies as tags, and findings in words."""

from __future__ import annotations

from typing import Any, Final

from django import template
from django.utils.translation import gettext as _

from jiedui.terms import money
from jiedui.web.templatetags.figures import in_english, missing

register = template.Library()

_OFFER_TONES: Final = {
    "offered": "care", "accepted": "good", "departed": "good", "started": "good", "lapsed": "alarm",
}  # fmt: skip
_TRIP_TONES: Final = {"planned": "care", "departed": "care", "arrived": "good"}
_STATE_TONES: Final = {
    "reported": "care", "checked": "good", "approved": "care", "paid": "good", "applied": "care", "settled": "good",
}  # fmt: skip


@register.filter
def offer_tone(state: str) -> str:
    """推荐状态色: the class of a state's tag."""
    return _OFFER_TONES.get(state, "")


@register.filter
def trip_tone(state: str) -> str:
    """批次状态色."""
    return _TRIP_TONES.get(state, "")


@register.filter
def state_tone(state: str) -> str:
    """状态色: of vacancies, subsidies and settlements."""
    return _STATE_TONES.get(state, "")


@register.filter
def finding_said(finding: Any) -> str:
    """问题语句: what a rule found, in the page's language."""
    return (finding.message_en if in_english() else "") or finding.message


@register.filter
def evidence_short(kind: str) -> str:
    """佐证简称: for a narrow cell; the whole name is in the list above."""
    short = {
        "certificate": _("cert."), "contract": _("contr."), "pay_flow": _("pay"), "insurance": _("ins."),
        "phone": _("phone"),
    }  # fmt: skip
    return short.get(kind, kind)


@register.filter
def whole_yuan(fen: int | None) -> str:
    """整元: as people say a wage: 4,500, and 4,500.50 where there are cents."""
    return missing() if fen is None or fen == "" else money.yuan(int(fen)).removesuffix(".00")
