"""应用: the Django app of the site."""

from importlib import import_module

from django.apps import AppConfig


class WebConfig(AppConfig):
    """网站应用: pages only; it has no models."""

    name = "jiedui.web"
    label = "web"
    verbose_name = "网站"

    def ready(self) -> None:
        """What listens to a sign-in is there before the first request."""
        import_module("jiedui.web.second_factor")
