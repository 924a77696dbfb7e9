"""第二验证: who needs one, how its secret is stored, how a code is checked, and when a session ends.

Codes by time (TOTP, RFC 6238) and recovery codes are allauth's; our own pages use them (`web.pages.account`), so that
nothing of allauth's pages, sign-up or mails is served.
"""

from __future__ import annotations

import base64
import time
from collections.abc import Callable
from datetime import date
from typing import Any, Final

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from jiedui.policy import parameters
from jiedui.records.queries import batches, grants

Handler = Callable[[HttpRequest], HttpResponse]
SINCE: Final = "signed_in_at"
_OPEN: Final = ("/account/", "/login/", "/logout/", "/language/", "/static/")


class Adapter(DefaultMFAAdapter):
    """存储: secrets are encrypted under a key made from the site's session secret: a dump of the tables opens none."""

    def encrypt(self, text: str) -> str:
        """加密."""
        return _fernet().encrypt(text.encode()).decode("ascii")

    def decrypt(self, encrypted_text: str) -> str:
        """解密."""
        return _fernet().decrypt(encrypted_text.encode("ascii")).decode()

    def get_totp_issuer(self) -> str:
        """发行者: the name that the telephone shows."""
        return "Jiedui"

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """通知邮件: none; the program sends no mail."""


def _fernet() -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"jiedui second factor")
    return Fernet(base64.urlsafe_b64encode(derived.derive(settings.SECRET_KEY.encode())))


def of(user: Any) -> Authenticator | None:
    """已设置: the user's code generator, or None."""
    return Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.TOTP).first()


def fits(user: Any, code: str) -> bool:
    """核对: whether it is the code of this moment, used once, or a recovery code that was not used yet."""
    compact = "".join(code.split())
    for kind in (Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES):
        stored = Authenticator.objects.filter(user_id=user.pk, type=kind).first()
        if stored is not None and stored.wrap().validate_code(compact):
            stored.refresh_from_db()
            stored.record_usage()
            return True
    return False


def asked_of(user: Any) -> bool:
    """须设置: whether a role of today asks for a second factor; not in a database of made-up people (the demo)."""
    wanted = parameters.load(date.today()).value("leadership.second_factor_roles")
    return grants.holds_any(user, wanted) and not batches.synthetic()


@receiver(user_logged_in, dispatch_uid="jiedui.signed_in_at")
def note_sign_in(sender: Any, request: HttpRequest, **_: Any) -> None:
    """登录时刻: the age of a session counts from here, whatever it does later."""
    request.session[SINCE] = time.time()


class SignInRules:
    """登录规则: a session ends a working day after the sign-in; whoever has a first password changes it before anything
    else; who must have a second factor sets it up first.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request, or lead to the sign-in, the new password or the second factor."""
        if not request.user.is_authenticated or request.path.startswith("/static/"):
            return self.get_response(request)
        hours = parameters.load(date.today()).value("leadership.session_hours")
        if time.time() - request.session.setdefault(SINCE, time.time()) > hours * 3600:
            logout(request)
            return redirect("login")
        if not request.path.startswith(_OPEN) and request.user.first_password:
            return redirect("account-password")
        if not request.path.startswith(_OPEN) and asked_of(request.user) and of(request.user) is None:
            return redirect("account-second-factor")
        return self.get_response(request)
