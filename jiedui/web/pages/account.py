"""登录: the only page that a stranger sees."""

from __future__ import annotations

from django.contrib.auth.views import LoginView


class SignIn(LoginView):
    """登录: throttled by django-axes; whoever is signed in already goes on to the start."""

    template_name = "web/login.html"
    redirect_authenticated_user = True
