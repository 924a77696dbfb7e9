"""Django 启动: the ORM for programs that are not the web server."""

from __future__ import annotations

import os

from jiedui.runtime import postgres, settings
from jiedui.runtime.postgres import Database

SETTINGS_MODULE = "jiedui.runtime.django_settings"


def setup() -> Database:
    """启动 Django: with the database running. May be called again. Returns the database's addresses."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS_MODULE)
    database = postgres.ensure_running(settings.load())
    import django
    from django.apps import apps

    if not apps.ready:
        django.setup()
    return database
