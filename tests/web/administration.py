"""What the tests of the administration's pages share: readers with a role, as the pages' role of the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from django.conf import settings
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client

from jiedui.records.models import LoadedBatch, RoleGrant, User


@contextmanager
def as_pages() -> Iterator[None]:
    """The body's queries are those of the pages' role, whom the database refuses what is not granted."""
    with connection.cursor() as cursor:
        cursor.execute(f'SET ROLE "{settings.JIEDUI_WEB_ROLE}"')
        yield
        cursor.execute("RESET ROLE")


def made_up() -> None:
    """Mark the database as synthetic, so that no role is led to a second factor."""
    LoadedBatch.objects.create(what="x", synthetic=True, digest="d", rows={})


def reader(name: str, role: str, region: str) -> User:
    """A user with one role since 2016."""
    user = User.objects.create_user(name)
    RoleGrant.objects.create(user=user, role=role, region_code=region, valid=DateRange(date(2016, 1, 1), None))
    return user


def signed_in(user: User, language: str = "zh-hans") -> Client:
    """A session of a user."""
    one = Client()
    one.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    one.cookies["django_language"] = language
    return one
