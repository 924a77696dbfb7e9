"""Jobs for a user: the owner's connection as the pages' role, and what a change of grants does meanwhile."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import InternalError, ProgrammingError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client

from jiedui.records import access, loading
from jiedui.records.models import Pairing, Person, Placement, RoleGrant, User
from tests.records.small_country import country

pytestmark = pytest.mark.django_db
START = date(2017, 1, 1)


def _user(role: str, region: str) -> User:
    made = User.objects.create_user(f"{role}{region}", password="x")
    RoleGrant.objects.create(user=made, role=role, region_code=region, valid=DateRange(START, None))
    return made


def _role() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        return cursor.fetchone()[0]


def test_a_job_reads_under_row_level_security():
    """Inside, a query that forgets `visible_to` shows the user's rows, and facts cannot be written; afterwards all is
    as before, also after an error.
    """
    loading.load_tables(country())
    office, owner = _user("recipient_office", "533300"), _role()
    with access.acting_as(office) as sight:
        assert _role() != owner
        assert sight.people
        assert set(Person.objects.values_list("region_code", flat=True)) == {"533301100001"}
        with pytest.raises(ProgrammingError), transaction.atomic():
            Person.objects.update(name="x")
    assert _role() == owner
    assert Person.objects.count() == 12
    with pytest.raises(ZeroDivisionError), access.acting_as(office):
        1 / 0  # noqa: B018
    assert _role() == owner
    with access.acting_as(User.objects.create_user("nobody")):
        assert not Person.objects.exists()


def test_one_job_inside_another_is_the_inner_user_and_then_the_outer():
    """Nested, the inner user's sight holds inside and the outer one's afterwards, in both walls."""
    loading.load_tables(country())
    one, other = _user("recipient_office", "533300"), _user("recipient_office", "522600")
    with access.acting_as(one):
        with access.acting_as(other):
            assert set(Person.objects.values_list("region_code", flat=True)) == {"522601100001"}
        assert set(Person.objects.values_list("region_code", flat=True)) == {"533301100001"}


def test_an_error_of_the_database_inside_leaves_the_owner_as_it_was():
    """A failed statement ends the transaction, and with it the role."""
    loading.load_tables(country())
    office, owner = _user("recipient_office", "533300"), _role()
    with pytest.raises((ProgrammingError, InternalError)), transaction.atomic(), access.acting_as(office):
        Person.objects.update(name="x")
    assert _role() == owner


def test_a_queued_job_shows_what_holds_when_it_runs():
    """The user object was read when the job was queued; a grant withdrawn, a pairing ended, an account closed since
    then shows nothing.
    """
    loading.load_tables(country())
    office, donor = _user("recipient_office", "533300"), _user("donor_office", "310000")
    today = date.today()
    for user in (office, donor):
        with access.acting_as(user):
            assert Person.objects.exists()
    RoleGrant.objects.filter(user=office).update(valid=DateRange(START, today))
    Pairing.objects.filter(pk=1).update(valid_to=today)
    for user in (office, donor):
        with access.acting_as(user):
            assert not Person.objects.exists()
            assert not Person.objects.visible_to(user).exists()
    inspector = _user("auditor", "")
    User.objects.filter(pk=inspector.pk).update(is_active=False)
    with access.acting_as(inspector):
        assert not Person.objects.exists()


def test_a_running_session_loses_what_was_withdrawn(client: Client):
    """The same session, one request later: a grant that ended, a placement that ended and a pairing that ended."""
    loading.load_tables(country())
    donor, home = _user("donor_office", "310000"), _user("recipient_office", "530000")
    today = date.today()
    client.force_login(donor)
    assert client.get("/records/person/4/").status_code == 200
    Placement.objects.filter(pk=2).update(ended_on=today)
    assert client.get("/records/person/4/").status_code == 404
    Placement.objects.filter(pk=2).update(ended_on=today + timedelta(days=9))
    assert client.get("/records/person/4/").status_code == 200
    Pairing.objects.filter(pk=1).update(valid_to=today)
    assert client.get("/records/person/4/").status_code == 404
    client.force_login(home)
    assert client.get("/records/person/4/").status_code == 200
    RoleGrant.objects.filter(user=home).update(valid=DateRange(START, today))
    assert client.get("/records/person/4/").status_code == 404
