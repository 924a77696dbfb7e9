"""应用: the Django app of the site."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """网站应用: pages only; it has no models."""

    name = "jiedui.web"
    label = "web"
    verbose_name = "网站"
