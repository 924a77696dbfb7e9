"""登录: the only page that a stranger sees."""

from __future__ import annotations

from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView


class SignInForm(AuthenticationForm):
    """登录表单: a name that is too long for any account is a wrong one; it never reaches the log-in guard's table."""

    def clean_username(self) -> str:
        """The name, if an account could have it."""
        name = self.cleaned_data["username"]
        if len(name) > self.fields["username"].max_length:
            raise self.get_invalid_login_error()
        return name


class SignIn(LoginView):
    """登录: throttled by django-axes; whoever is signed in already goes on to the start."""

    template_name = "web/login.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True
