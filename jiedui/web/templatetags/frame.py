"""页面框架: what stands around every page: navigation, grants, the mark of synthetic data, lineage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import template
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from jiedui import policy
from jiedui.records.queries import batches, grants
from jiedui.results.queries import runs
from jiedui.web.templatetags.figures import place_name, spoken

register = template.Library()


@dataclass(frozen=True, slots=True)
class Item:
    """导航项: one entry of the navigation."""

    title: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class Frame:
    """页面框架: facts that the base template prints."""

    navigation: list[Item]
    grants: list[str]
    synthetic: bool
    snapshot_digest: str
    policy_digest: str
    year: int | None


_SECTIONS = (*("home", "register", "imports", "labour", "matching", "regions", "assessment", "clauses", "reports"),)
_BELOW = {
    "pair": "home", "region": "regions", "person": "register", "household": "register",
    "disclosure": "register", "import": "imports", "duplicates": "imports", "check-sheets": "register",
    "user": "users", "case-close": "cases", "match": "matching", "proposals": "matching", "posts": "matching",
    "needs": "matching", "candidates": "matching", "help": "matching", "county": "matching",
}  # fmt: skip
"""Section of pages, by their name or its first word, that are not called by it."""


@register.simple_tag(takes_context=True)
def frame_facts(context: dict[str, Any]) -> Frame:
    """The frame of the page; a reader who is not signed in gets an empty one."""
    request: HttpRequest | None = context.get("request")
    user = getattr(request, "user", None)
    if request is None or user is None or not user.is_authenticated:
        return Frame([], [], batches.synthetic(), "", "", None)
    asked = context.get("run") if context.get("run_query") else None
    run = asked or runs.latest("assess") or runs.latest("match")
    return Frame(
        navigation=_navigation(request),
        grants=[_grant(grant) for grant in grants.held(user)],
        synthetic=batches.synthetic(),
        snapshot_digest=run.snapshot_digest if run else "",
        policy_digest=run.policy_digest if run else policy.digest(),
        year=run.year if run else None,
    )


def _navigation(request: HttpRequest) -> list[Item]:
    titles = {
        "home": _("Overview"),
        "register": _("Register"),
        "imports": _("Imports"),
        "regions": _("Places"),
        "labour": _("Labour"),
        "matching": _("Matching"),
        "assessment": _("Assessment"),
        "clauses": _("Clauses"),
        "reports": _("Reports"),
        "users": _("Users"),
        "disclosures": _("Disclosures"),
        "cases": _("Cases"),
    }
    here = getattr(request.resolver_match, "url_name", "") or ""
    first = here.partition("-")[0]
    section = _BELOW.get(here, _BELOW.get(first, first))
    sight = request.user.sight()
    own = {"users": sight.administrator, "disclosures": bool(sight.disclosures), "cases": bool(sight.cases)}
    names = (*_SECTIONS, *(name for name, opens in own.items() if opens))
    return [Item(titles[name], reverse(name), name == section) for name in names]


def _grant(grant: grants.Grant) -> str:
    where = place_name(grant.region_code) if grant.region_code else _("the whole country")
    return f"{spoken(grant.role)} · {where}"
