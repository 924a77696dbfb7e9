"""登录与账号: signing in with a password and, where there is one, a second factor; changing both."""

from __future__ import annotations

import base64
import time
from typing import Any, Final

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret, validate_totp_code
from axes.handlers.proxy import AxesProxyHandler
from axes.helpers import get_lockout_response
from django.contrib import messages
from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.contrib.auth.signals import user_login_failed
from django.contrib.auth.views import LoginView
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from jiedui.records.models import User
from jiedui.web import second_factor

_PENDING: Final = "pending_sign_in"
_SECRET: Final = "second_factor_secret"
_PENDING_SECONDS: Final = 300


class SignInForm(AuthenticationForm):
    """登录表单: a name that is too long for any account is a wrong one; it never reaches the log-in guard's table."""

    def clean_username(self) -> str:
        """The name, if an account could have it."""
        name = self.cleaned_data["username"]
        if len(name) > self.fields["username"].max_length:
            raise self.get_invalid_login_error()
        return name


class SignIn(LoginView):
    """登录: throttled by django-axes; whoever has a second factor is asked for its code before being signed in."""

    template_name = "web/login.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """The password is right: sign in, or ask for the code."""
        user = form.get_user()
        if second_factor.of(user) is None:
            return super().form_valid(form)
        self.request.session.cycle_key()
        self.request.session[_PENDING] = {
            "user": user.pk, "backend": user.backend, "at": time.time(), "next": self.get_success_url(),
        }  # fmt: skip
        return redirect("login-second")


@sensitive_post_parameters()
@never_cache
@login_not_required
@require_http_methods(["GET", "POST"])
def second_step(request: HttpRequest) -> HttpResponse:
    """第二步: the code; wrong ones count like wrong passwords, and lock out like them."""
    pending = request.session.get(_PENDING)
    if pending is None or time.time() - pending["at"] > _PENDING_SECONDS:
        request.session.pop(_PENDING, None)
        return redirect("login")
    user = User.objects.filter(pk=pending["user"], is_active=True).first()
    if user is None:
        return redirect("login")
    name = {"username": user.username}
    if not AxesProxyHandler.is_allowed(request, name):
        return get_lockout_response(request, credentials=name)
    if request.method == "POST":
        if second_factor.fits(user, request.POST.get("code", "")):
            del request.session[_PENDING]
            login(request, user, backend=pending["backend"])
            return HttpResponseRedirect(_safe(request, pending["next"]))
        user_login_failed.send(sender=__name__, credentials=name, request=request)
        if not AxesProxyHandler.is_allowed(request, name):
            request.session.pop(_PENDING, None)
            return get_lockout_response(request, credentials=name)
    return render(request, "mfa/second_step.html", {"wrong": request.method == "POST"})


def _safe(request: HttpRequest, address: str) -> str:
    return address if url_has_allowed_host_and_scheme(address, {request.get_host()}) else "/"


def page(request: HttpRequest) -> HttpResponse:
    """账号页: what one may do with one's own account."""
    return render(request, "account/account.html", _state(request.user))


class NewPasswordForm(PasswordChangeForm):
    """新密码表单: the new password is another one, or a first password would stay what it is."""

    def clean(self) -> dict[str, Any]:
        """Refuse the present password as the new one."""
        cleaned = super().clean()
        if cleaned.get("old_password") and cleaned["old_password"] == cleaned.get("new_password1"):
            self.add_error("new_password1", _("The new password is the present one; choose another."))
        return cleaned


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """修改密码: with the old one; every session of the account ends, this one too."""
    form = NewPasswordForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = form.save(commit=False)
        user.first_password = False
        user.save(update_fields=["password", "first_password"])  # what the database lets a user write of itself
        logout(request)
        messages.success(request, _("The password was changed. Sign in with the new one."))
        return redirect("login")
    return render(request, "account/password.html", {"form": form, "first": request.user.first_password})


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def factor(request: HttpRequest) -> HttpResponse:
    """第二验证: set it up by a code, see how many recovery codes are left, or take it away with password and code."""
    stored = second_factor.of(request.user)
    if request.method == "POST":
        answer = _activate(request) if stored is None else _remove(request)
        if answer is not None:
            return answer
    context = {**_state(request.user), "wrong": request.method == "POST"}
    if stored is None:
        secret = request.session.setdefault(_SECRET, generate_totp_secret())
        context |= {"secret": secret, "picture": _picture(request.user, secret)}
    return render(request, "mfa/second_factor.html", context)


def _activate(request: HttpRequest) -> HttpResponse | None:
    secret = request.session.get(_SECRET)
    if secret is None or not validate_totp_code(secret, "".join(request.POST.get("code", "").split())):
        return None
    with transaction.atomic():
        TOTP.activate(request.user, secret)
        codes = RecoveryCodes.activate(request.user).get_unused_codes()
    del request.session[_SECRET]
    return render(request, "mfa/recovery_codes.html", {"codes": codes})


def _remove(request: HttpRequest) -> HttpResponse | None:
    known = request.user.check_password(request.POST.get("password", ""))
    if not (known and second_factor.fits(request.user, request.POST.get("code", ""))):
        user_login_failed.send(sender=__name__, credentials={"username": request.user.username}, request=request)
        return None
    Authenticator.objects.filter(user=request.user).delete()
    messages.success(request, _("The second factor was taken away."))
    return redirect("account")


def _state(user: Any) -> dict[str, Any]:
    codes = Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).first()
    return {
        "factor": second_factor.of(user),
        "left": len(codes.wrap().get_unused_codes()) if codes else 0,
        "asked": second_factor.asked_of(user),
    }


def _picture(user: Any, secret: str) -> str:
    """The secret as a QR code in the page itself; nothing is loaded."""
    adapter = get_adapter()
    drawn = adapter.build_totp_svg(adapter.build_totp_url(user, secret))
    return "data:image/svg+xml;base64," + base64.b64encode(drawn.encode()).decode("ascii")
