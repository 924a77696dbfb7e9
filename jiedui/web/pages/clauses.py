"""条款页: the 14 clauses in our words, what each asks of the software, and where that is done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import get_resolver, reverse
from django.utils.translation import gettext as _

from jiedui.errors import JieduiError
from jiedui.policy import clauses, inventory, parameters
from jiedui.policy.clauses import Clause, Duty
from jiedui.policy.inventory import Inventory, Mention
from jiedui.policy.registry import serves
from jiedui.results.queries import assessment, runs


@dataclass(frozen=True, slots=True)
class Block:
    """条款: a clause with its duties."""

    clause: Clause
    duties: tuple[Duty, ...]


@serves("reading.1")
def page(request: HttpRequest) -> HttpResponse:
    """条款页."""
    book = clauses.load()
    blocks = [Block(clause, book.duties_of(clause.number)) for clause in book.clauses]
    counts = {status: sum(1 for duty in book.duties if duty.status == status) for status in clauses.STATUSES}
    context = {
        "book": book,
        "blocks": blocks,
        "general": [duty for duty in book.duties if duty.clause is None],
        "counts": [(clauses.STATUSES[status], status, number) for status, number in counts.items()],
    }
    return render(request, "web/clauses.html", context)


def duty(request: HttpRequest, duty_id: str) -> HttpResponse:
    """一项职责: its words, its status, and the rules, parameters, indicators and pages that serve it."""
    book = clauses.load()
    try:
        found = book.duty(duty_id)
    except JieduiError as error:
        raise Http404(_("There is no duty with this name.")) from error
    run = runs.latest("assess")
    definitions = assessment.definitions(run).values() if run else ()
    context = {
        "duty": found,
        "clause": book.clause(found.clause) if found.clause else None,
        "definitions": [one for one in definitions if one.duty == duty_id],
        "parameters": [one for one in parameters.load(runs.last_day(run) or date.today()) if one.duty == duty_id],
        "served": {kind: _inventory().of(duty_id, kind) for kind in ("rule", "table", "test")},
        "pages": [_shown(mention) for mention in _inventory().of(duty_id, "page")],
    }
    return render(request, "web/duty.html", context)


@dataclass(frozen=True, slots=True)
class ShownPage:
    """页面: one that shows a duty; `url` is "" for a page that needs to know of what, and for reports."""

    name: tuple[str, str]
    url: str


def _shown(mention: Mention) -> ShownPage:
    return _pages().get(mention.where) or ShownPage((mention.short, mention.short), "")


@cache
def _pages() -> dict[str, ShownPage]:
    """The site's pages by the place of their code; a page's docstring opens with its Chinese name."""
    found = {}
    for pattern in get_resolver().url_patterns:
        view = pattern.callback
        where = f"{view.__module__.replace('.', '/')}.py::{view.__name__}"
        plain = not pattern.pattern.converters
        names = ((view.__doc__ or pattern.name).partition(":")[0].strip().rstrip("."), pattern.name)
        found[where] = ShownPage(names, reverse(pattern.name) if plain else "")
    return found


@cache
def _inventory() -> Inventory:
    """Read off the source once per process; the source does not change under a running site."""
    return inventory.here()
