"""What the pages' database role may write, row by row: raw SQL under the settings of a reader."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from procrastinate.contrib.django import app

from jiedui.records import access, loading
from jiedui.records.models import Disclosure, DuplicatePair, RoleConflict, RoleGrant, User
from tests.records.small_country import country

pytestmark = pytest.mark.django_db(transaction=True)
START = date(2017, 1, 1)
HERE, ELSEWHERE = "530602101001", "522601100001"
Refused = psycopg.errors.InsufficientPrivilege


def user(role: str, region: str, name: str | None = None) -> User:
    """A user with one role since long ago."""
    made = User.objects.create_user(name or f"{role}{region}")
    RoleGrant.objects.create(user=made, role=role, region_code=region, valid=DateRange(START, None))
    return made


@pytest.fixture
def office(transactional_db) -> User:
    """The office of 云南, in the small country."""
    loading.load_tables(country())
    return user("recipient_office", "530000")


@pytest.fixture
def keeper(transactional_db) -> User:
    """An administrator of the whole country."""
    return user("administrator", "")


@contextmanager
def session(web_dsn: str, reader: User) -> Iterator[psycopg.Connection]:
    """The pages' role with what the reader's sight sets; rolled back at the end."""
    today = date.today()
    with psycopg.connect(web_dsn) as web:
        values = {**access.sight_of(reader, today).as_settings(), "jiedui.day": today.isoformat()}
        for name, value in {**values, "jiedui.user": str(reader.pk)}.items():
            web.execute("SELECT set_config(%s, %s, false)", [name, value])
        web.commit()
        yield web
        web.rollback()


IMPORT = (
    "INSERT INTO records_import (kind, region_code, source, file_name, size, sha256, state, progress, counts, problem, "
    "columns, labels, excluded, by_id) VALUES "
    "('registry', %s, 's', 'f', 1, 'x', 'received', '{}', '{}', '{}', '{}', '{}', '{}', %s) RETURNING import_id"
)


def test_an_import_is_received_for_ones_own_place_in_ones_own_name(office, web_dsn):
    """Inside the named scope and by the reader; not elsewhere, not for somebody else, not without a reader."""
    other = user("recipient_office", "520000")
    with session(web_dsn, office) as web:
        (number,) = web.execute(IMPORT, ["530600", office.pk]).fetchone()
        assert web.execute("UPDATE records_import SET stop_asked = true").rowcount == 1
        with pytest.raises(Refused), web.transaction():
            web.execute("UPDATE records_import SET sha256 = 'y'")
        for region, by in (("520000", office.pk), ("530600", other.pk)):
            with pytest.raises(Refused), web.transaction():
                web.execute(IMPORT, [region, by])
        web.commit()
        assert number
    for reader in (other, user("assessor", ""), user("donor_office", "310000")):
        with session(web_dsn, reader) as web:
            assert web.execute("UPDATE records_import SET state = 'cancelled'").rowcount == 0
            with pytest.raises(Refused), web.transaction():
                web.execute(IMPORT, ["530600", reader.pk])


def test_a_form_of_a_source_is_remembered_in_ones_own_name(office, web_dsn):
    """Whoever confirms it is the reader."""
    statement = (
        "INSERT INTO records_source_form (source, kind, header, columns, labels, by_id) "
        "VALUES ('s', 'registry', 'h', '{}', '{}', %s)"
    )
    other = user("recipient_office", "520000")
    with session(web_dsn, office) as web:
        web.execute(statement, [office.pk])
        with pytest.raises(Refused), web.transaction():
            web.execute(statement, [other.pk])
        with pytest.raises(Refused), web.transaction():
            web.execute("UPDATE records_source_form SET columns = '{}'")


def test_a_pair_is_decided_where_both_are_seen_by_name(office, web_dsn):
    """The office of both homes decides, in its own name; the office of one home does not even find the pair."""
    DuplicatePair.objects.create(
        left_id=1, right_id=4, left_region="533301100001", right_region=HERE, probability=0.9, evidence={},
        decision="open",
    )  # fmt: skip
    statement = "UPDATE records_duplicate_pair SET decision = 'same', reason = 'r', decided_by_id = %s"
    half = user("recipient_office", "533300")
    with session(web_dsn, half) as web:
        assert web.execute(statement, [half.pk]).rowcount == 0
    with session(web_dsn, office) as web:
        assert web.execute(statement, [office.pk]).rowcount == 1
        with pytest.raises(Refused), web.transaction():
            web.execute(statement, [half.pk])
        with pytest.raises(Refused), web.transaction():
            web.execute("UPDATE records_duplicate_pair SET probability = 1")


DISCLOSURE = (
    "INSERT INTO records_disclosure (by_id, person_id, columns, reason, region_code) VALUES (%s, %s, '[]', 'r', %s)"
)


def test_a_disclosure_is_of_a_person_whom_the_reader_sees_by_name(office, web_dsn):
    """In one's own name, of a person of one's own place, with the place where the person lives; read by its auditor."""
    other = user("recipient_office", "520000")
    with session(web_dsn, office) as web:
        web.execute(DISCLOSURE, [office.pk, 2, "533301100001"])
        web.commit()
        for by, person, region in (
            (other.pk, 2, "533301100001"),
            (office.pk, 7, ELSEWHERE),
            (office.pk, 7, HERE),
            (office.pk, 2, None),
        ):
            with pytest.raises(Refused), web.transaction():
                web.execute(DISCLOSURE, [by, person, region])
    readers = {
        office: 1, other: 0, user("auditor", ""): 1, user("discipline", "530000"): 1, user("discipline", "520000"): 0,
        user("assessor", ""): 0, user("administrator", ""): 0,
    }  # fmt: skip
    for reader, seen in readers.items():
        with session(web_dsn, reader) as web:
            assert web.execute("SELECT count(*) FROM records_disclosure").fetchone() == (seen,), reader.username
    assert Disclosure.objects.count() == 1


GRANT = "INSERT INTO records_role_grant (user_id, role, region_code, valid) VALUES (%s, %s, %s, %s)"


def test_only_an_administrator_writes_grants_and_none_to_itself(office, keeper, web_dsn):
    """The office of a province, and the administrator for itself, are refused; a grant that began is not deleted."""
    new = User.objects.create_user("new")
    later = date.today() + timedelta(days=400)
    with session(web_dsn, office) as web, pytest.raises(Refused):
        web.execute(GRANT, [new.pk, "auditor", "", "[2019-01-01,)"])
    with session(web_dsn, keeper) as web:
        web.execute(GRANT, [new.pk, "finance", "530000", "[2019-01-01,)"])
        web.execute(GRANT, [new.pk, "public", "", f"[{later},)"])
        assert web.execute("DELETE FROM records_role_grant WHERE user_id = %s", [new.pk]).rowcount == 1
        assert (
            web.execute(
                "UPDATE records_role_grant SET valid = '[2019-01-01,2020-01-01)' WHERE user_id = %s", [new.pk]
            ).rowcount
            == 1
        )
        assert web.execute("UPDATE records_role_grant SET valid = valid WHERE user_id = %s", [keeper.pk]).rowcount == 0
        with pytest.raises(Refused), web.transaction():
            web.execute(GRANT, [keeper.pk, "public", "", "[2019-01-01,)"])


def test_only_an_administrator_writes_users(office, keeper, web_dsn):
    """Others note the last sign-in and set their own password; nobody makes a superuser."""
    made = (
        "INSERT INTO records_user (username, password, first_name, last_name, email, is_active, is_staff, "
        "is_superuser, date_joined) VALUES ('made', 'x', '', '', '', true, false, %s, now())"
    )
    with session(web_dsn, office) as web:
        assert web.execute("UPDATE records_user SET last_login = now()").rowcount == 2
        assert web.execute("UPDATE records_user SET password = 'own' WHERE id = %s", [office.pk]).rowcount == 1
        for statement in (
            f"UPDATE records_user SET password = 'x' WHERE id = {keeper.pk}",
            f"UPDATE records_user SET is_active = false WHERE id = {office.pk}",
            "UPDATE records_user SET username = username || 'x'",
            "UPDATE records_user SET is_superuser = true",
        ):
            with pytest.raises(Refused), web.transaction():
                web.execute(statement)
        with pytest.raises(Refused), web.transaction():
            web.execute(made, [False])
    with session(web_dsn, keeper) as web:
        web.execute(made, [False])
        assert web.execute("UPDATE records_user SET is_active = false WHERE id = %s", [office.pk]).rowcount == 1
        with pytest.raises(Refused), web.transaction():
            web.execute(made.replace("'made'", "'other'"), [True])


def test_roles_that_exclude_each_other_are_refused_by_the_database(office, keeper, web_dsn):
    """Whatever program writes the grant, in the same time only: the owner's raw SQL too."""
    assert RoleConflict.objects.count() > 20
    with session(web_dsn, keeper) as web, pytest.raises(psycopg.errors.CheckViolation, match="exclude each other"):
        web.execute(GRANT, [office.pk, "auditor", "", "[2020-01-01,)"])
    with connection.cursor() as cursor:
        cursor.execute(GRANT, [office.pk, "auditor", "", "[2015-01-01,2016-01-01)"])


def test_the_queue_takes_jobs_and_gives_none_away(office, web_dsn):
    """The pages put a job into the queue; they neither take, nor change, nor remove one."""
    with connection.cursor() as cursor:
        cursor.execute(f'SET ROLE "{settings.JIEDUI_WEB_ROLE}"')
        number = app.configure_task("jiedui.nothing", allow_unknown=True).defer(import_id=1)
        cursor.execute("RESET ROLE")
    with session(web_dsn, office) as web:
        assert web.execute("SELECT status FROM procrastinate_jobs WHERE id = %s", [number]).fetchone() == ("todo",)
        for statement in (
            "UPDATE procrastinate_jobs SET status = 'succeeded'",
            "UPDATE procrastinate_jobs SET args = '{}'",
            "DELETE FROM procrastinate_jobs",
            "INSERT INTO procrastinate_workers DEFAULT VALUES",
        ):
            with pytest.raises(Refused), web.transaction():
                web.execute(statement)
