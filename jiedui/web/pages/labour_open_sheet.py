"""推荐单答复页: the worker's own page on a phone: no account, no navigation, a yes, a no, and what happens next.

Whoever holds the key reads and answers this one offer, through two functions of the database (migration 0010). The key
is 192 random bits, so nobody guesses one; addresses from which many wrong keys come are kept waiting all the same, to
spare the database. They are counted in the process's cache, by the address that the log-in guard goes by.
"""

from __future__ import annotations

import re
from typing import Any, Final

from axes.helpers import get_client_ip_address
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from jiedui.policy.registry import serves
from jiedui.records.actions import labour_offers as actions
from jiedui.records.queries import batches
from jiedui.terms import distance
from jiedui.terms.codelists import REFUSAL_REASON
from jiedui.terms.occupations import Occupations
from jiedui.web.pages import labour_why

WRONG_KEYS: Final = 30
"""Wrong keys from one address within `_SECONDS`, before it is kept waiting."""
_SECONDS: Final = 600
_KEY: Final = re.compile("[A-Za-z0-9_-]{20,64}")
_HEADERS: Final = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}


@serves("labour.3")
@login_not_required
@csrf_exempt  # the key in the address is the whole right and no cookie counts; no-referrer sends "Origin: null"
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, key: str) -> HttpResponse:
    """推荐单答复页: Chinese unless `?lang=en` asks otherwise."""
    language = "en" if request.GET.get("lang") == "en" else "zh-hans"
    with translation.override(language):
        told = _opened(request, key)
        if isinstance(told, HttpResponse):
            answer = told
        else:
            answer = _answered(request, key, told) if request.method == "POST" else _shown(request, told)
    for name, value in {**_HEADERS, "Content-Language": language}.items():
        answer.headers[name] = value
    return answer


def _opened(request: HttpRequest, key: str) -> dict[str, Any] | HttpResponse:
    """What the key opens, to be read or answered; else the page that says so. An address that guesses waits."""
    counter = f"wrong-sheet-keys:{get_client_ip_address(request)}"
    if cache.get(counter, 0) >= WRONG_KEYS:
        return render(request, "web/labour_no_sheet.html", {"waiting": True}, status=429)
    told = actions.read_sheet(key) if _KEY.fullmatch(key) else None
    if told is None:
        _count(counter)
        return render(request, "web/labour_no_sheet.html", {"waiting": False}, status=404)
    return told


def _count(counter: str) -> None:
    """One more wrong key. What expired between two looks begins anew."""
    if cache.add(counter, 1, _SECONDS):
        return
    try:
        cache.incr(counter)
    except ValueError:
        cache.set(counter, 1, _SECONDS)


def _shown(request: HttpRequest, told: dict[str, Any], *, missing: bool = False) -> HttpResponse:
    context = {
        "told": told,
        "vacancy": told["vacancy"],
        "occupation": Occupations.load().name(told["vacancy"]["occupation"]),
        "why": labour_why.of_sheet(told["run"], told["proposal"]),
        "km": distance.between(told["region_code"], told["vacancy"]["region_code"]),
        "reasons": REFUSAL_REASON,
        "synthetic": batches.synthetic(),
        "missing": missing,
    }
    return render(request, "web/labour_open_sheet.html", context, status=400 if missing else 200)


def _answered(request: HttpRequest, key: str, told: dict[str, Any]) -> HttpResponse:
    said, why = request.POST.get("answer", ""), request.POST.get("refusal", "")
    if said not in ("yes", "no") or (said == "no" and why not in REFUSAL_REASON):
        return _shown(request, told, missing=True)
    # what was answered, withdrawn or lapsed before stays as it is, and the page then says so
    actions.answer_sheet(key, said == "yes", why if said == "no" else "")
    return redirect(request.get_full_path())
