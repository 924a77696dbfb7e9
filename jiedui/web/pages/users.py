"""用户页: for the administrator of the whole country: users, their roles, first passwords and sessions; no person."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from allauth.mfa.models import Authenticator
from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib import messages
from django.db.models import Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from jiedui.errors import JieduiError
from jiedui.policy.registry import serves
from jiedui.records.access import NATIONAL_ROLES
from jiedui.records.actions import access
from jiedui.records.models import ROLE, RoleGrant, User
from jiedui.records.queries import grants, users
from jiedui.web import typed

_LONGEST: Final = 60
"""Characters of a search that are kept."""


@dataclass(frozen=True, slots=True)
class Granted:
    """一条授权: as the page shows it; `last_day` is the last on which it holds, None = open."""

    grant: RoleGrant
    role: tuple[str, str]
    firm: str
    last_day: date | None
    state: str
    """now, ended or coming."""
    given: users.Given | None


@serves("leadership.4")
@never_cache
@sensitive_variables("password")
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """用户列表页: and the form for a new one."""
    _require_administrator(request)
    problem, typed_in = None, {}
    if request.method == "POST":
        typed_in = {name: request.POST.get(name, "") for name in ("username", "shown_name")}
        try:
            user, password = access.create_user(typed_in["username"], typed_in["shown_name"], by=request.user)
        except JieduiError as error:
            problem = error
        else:
            return _of_user(request, user, password=password, created=True)
    text = request.GET.get("q", "").strip()[:_LONGEST]
    shown = users.page(text, after=request.GET.get("after", ""), before=request.GET.get("before", ""))
    colliding = grants.collisions()
    context = {
        "text": text,
        "page": shown,
        "signs": _signs(shown.rows),
        "roles": ROLE,
        "colliding": sorted({one.username for one in colliding}),
        "problem": problem,
        "typed": typed_in,
    }
    return render(request, "web/users.html", context, status=400 if problem else 200)


@serves("leadership.4")
@never_cache
@sensitive_variables("password")
@require_http_methods(["GET", "POST"])
def detail(request: HttpRequest, user_id: int) -> HttpResponse:
    """一个用户: grants and account; what is sent names its act."""
    _require_administrator(request)
    user = get_object_or_404(User, pk=user_id)
    if request.method == "GET":
        return _of_user(request, user)
    act = _ACTS.get(request.POST.get("act", ""))
    if act is None:
        raise Http404(_("There is no such act."))
    try:
        password = act(request, user)
    except JieduiError as error:
        return _of_user(request, user, problem=error)
    return _of_user(request, user, password=password) if password else redirect("user", user_id=user.pk)


def _require_administrator(request: HttpRequest) -> None:
    if not request.user.sight().administrator:
        raise Http404(_("There is no such page."))


def _of_user(
    request: HttpRequest,
    user: User,
    *,
    password: str = "",
    created: bool = False,
    problem: JieduiError | None = None,
) -> HttpResponse:
    today = date.today()
    context = {
        "shown": user,
        "granted": _granted(user, today),
        "collisions": [(ROLE[c.one], ROLE[c.other], c) for c in grants.collisions() if c.username == user.username],
        "sign": _signs([user]),
        "oneself": user == request.user,
        "roles": ROLE,
        "national": NATIONAL_ROLES,
        "today": today,
        "password": password,
        "created": created,
        "problem": problem,
        "typed": request.POST if problem and request.POST.get("act") == "grant" else {},
    }
    return render(request, "web/user.html", context, status=400 if problem else 200)


def _granted(user: User, on: date) -> list[Granted]:
    rows, given = users.grants(user), users.given(user)
    firms = {firm.key: firm.name for firm in users.firms([str(r.organisation_id) for r in rows if r.organisation_id])}
    return [
        Granted(
            row,
            ROLE[row.role],
            firms.get(row.organisation_id, str(row.organisation_id or "")),
            row.valid.upper - timedelta(days=1) if row.valid.upper else None,
            _state(row, on),
            given.get(row.pk),
        )
        for row in rows
    ]


def _state(row: RoleGrant, on: date) -> str:
    if row.valid.upper is not None and row.valid.upper <= on:
        return "ended"
    return "coming" if row.valid.lower is not None and row.valid.lower > on else "now"


def _signs(rows: Iterable[User]) -> dict[str, set[Any]]:
    """Keys of those users who have a second factor, and of those whom the log-in guard locks at present."""
    rows = list(rows)
    factors = Authenticator.objects.filter(user__in=rows, type=Authenticator.Type.TOTP)
    attempts = AccessAttempt.objects.filter(
        username__in=[row.username for row in rows], attempt_time__gte=timezone.now() - get_cool_off()
    )
    failed = attempts.values("username", "ip_address").annotate(failures=Sum("failures_since_start"))
    locked = {one["username"] for one in failed if one["failures"] >= settings.AXES_FAILURE_LIMIT}
    return {
        "factor": set(factors.values_list("user_id", flat=True)),
        "locked": {row.pk for row in rows if row.username in locked},
    }


def _grant(request: HttpRequest, user: User) -> None:
    sent = request.POST
    since = typed.day(sent.get("since", "")) or date.today()
    last = typed.day(sent.get("last_day", ""))
    if last is not None and last < since:
        raise JieduiError("The last day lies before the first.", remedy="Correct the day.")
    until = None if last is None else last + timedelta(days=1)
    firm = _firm(sent.get("firm", ""))
    role = sent.get("role", "")
    region = "" if firm is not None and role == "firm" else typed.place(sent.get("region", ""))
    access.grant(user, role, region, since=since, until=until, by=request.user, organisation_id=firm)
    messages.success(request, _("The role was granted."))


def _firm(text: str) -> int | None:
    asked = text.strip()
    if not asked:
        return None
    found = users.firms([asked])
    if not found:
        raise JieduiError(f"There is no firm {asked[:_LONGEST]}.", remedy="Give its number, or its whole name.")
    if len(found) > 1:
        numbers = ", ".join(str(one.key) for one in found)
        raise JieduiError(f"Several firms are called {asked[:_LONGEST]}.", remedy=f"Give the number: {numbers}.")
    return found[0].key


def _withdraw(request: HttpRequest, user: User) -> None:
    row = RoleGrant.objects.filter(user=user, pk=typed.number(request.POST.get("grant", ""))).first()
    if row is None:
        raise JieduiError("There is no such grant of this user.", remedy="Look at it again.")
    on = typed.day(request.POST.get("on", "")) or date.today()
    access.withdraw(row, on=on, by=request.user)
    messages.success(request, _("The role ends; the grant stays in the list."))


def _activate(request: HttpRequest, user: User) -> None:
    access.set_active(user, True, by=request.user)
    messages.success(request, _("The account is active again."))


def _deactivate(request: HttpRequest, user: User) -> None:
    access.set_active(user, False, by=request.user)
    messages.success(request, _("The account is inactive: nobody signs in with it, and its sessions show nothing."))


def _end_sessions(request: HttpRequest, user: User) -> None:
    number = access.end_sessions(user, by=request.user)
    said = ngettext("%(number)s session was ended.", "%(number)s sessions were ended.", number)
    messages.success(request, said % {"number": number})


def _renew_password(request: HttpRequest, user: User) -> str:
    return access.renew_password(user, by=request.user)


_ACTS: Final[dict[str, Callable[[HttpRequest, User], str | None]]] = {
    "grant": _grant,
    "withdraw": _withdraw,
    "activate": _activate,
    "deactivate": _deactivate,
    "sessions": _end_sessions,
    "password": _renew_password,
}
