"""What the pages' database role may do."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.db import connection

from jiedui.records import grants

pytestmark = pytest.mark.django_db


def _held() -> dict[str, set[str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, privilege_type FROM information_schema.role_table_grants WHERE grantee = %s",
            [settings.JIEDUI_WEB_ROLE],
        )
        held: dict[str, set[str]] = {}
        for table, privilege in cursor.fetchall():
            held.setdefault(table, set()).add(privilege)
    return held


def test_the_role_holds_what_is_listed():
    """Facts, results and users are read only; the history is not read; sessions and the log-in guard are its own."""
    held = _held()
    written = {table for table, rights in held.items() if rights - {"SELECT"}}
    assert {table for table in written if table.startswith(("records_", "results_"))} == {
        "records_disclosure",
        "records_pairing",
    }
    assert "records_change" not in held
    assert held["records_disclosure"] == {"INSERT"}
    assert held["django_session"] == {"SELECT", "INSERT", "UPDATE", "DELETE"}


def test_granting_again_takes_back_what_was_added():
    """A right that somebody gave by hand is gone after the next migration."""
    with connection.cursor() as cursor:
        cursor.execute(f'GRANT DELETE ON records_person TO "{settings.JIEDUI_WEB_ROLE}"')
    before = _held()
    grants.apply()
    after = _held()
    assert before["records_person"] - after["records_person"] == {"DELETE"}
    assert {**before, "records_person": {"SELECT"}} == after


def test_a_table_that_nobody_listed_is_closed():
    """Tables of other apps are not readable by oversight."""
    assert grants.privileges("somebody_elses") == ""
