"""Roles, disclosure and the demo's users."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date

import pytest
from django.contrib.auth import authenticate
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import RequestFactory

from jiedui.errors import JieduiError
from jiedui.records import loading
from jiedui.records.actions import access as actions
from jiedui.records.models import ROLE, Change, Disclosure, RoleGrant, User
from tests.records.small_country import country, id_number

pytestmark = pytest.mark.django_db
START = date(2017, 1, 1)


def _user(role, region=""):
    user = User.objects.create_user(f"{role}{region}")
    RoleGrant.objects.create(user=user, role=role, region_code=region, valid=DateRange(START, None))
    return user


def test_hidden_fields_are_disclosed_to_the_home_office_and_recorded():
    """昭通's office gets the number of its person in full, and who asked for what and why is kept."""
    loading.load_tables(country())
    by = _user("recipient_office", "530000")
    shown = actions.disclose(4, ["id_number", "phone", "address"], by=by, reason="核对")
    assert shown == {"id_number": id_number(4), "phone": "13800001234", "address": "合成村1号"}
    record = Disclosure.objects.get()
    assert (record.by, record.person_id, record.columns, record.reason) == (
        by, 4, ["id_number", "phone", "address"], "核对",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("role", "region"), [("donor_office", "310000"), ("auditor", ""), ("recipient_office", "520000")]
)
def test_nobody_else_gets_hidden_fields(role, region):
    """Who sees the person masked, or not at all, gets the same answer and leaves no record of a disclosure."""
    loading.load_tables(country())
    with pytest.raises(JieduiError, match="no such person whom you may see by name"):
        actions.disclose(4, ["id_number"], by=_user(role, region), reason="r")
    assert not Disclosure.objects.exists()


def test_disclosure_needs_a_reason_and_a_known_field():
    """No reason, no number; and no other column through this door."""
    loading.load_tables(country())
    by = _user("recipient_office", "530000")
    with pytest.raises(JieduiError, match="needs a reason"):
        actions.disclose(4, ["id_number"], by=by, reason="")
    with pytest.raises(JieduiError, match="'pseudonym' is not disclosed"):
        actions.disclose(4, ["pseudonym"], by=by, reason="r")


def test_demo_users_are_one_for_each_role_and_can_sign_in():
    """Each role has one user whose printed password works; a second call changes nothing."""
    loading.load_tables(country(), origin=loading.Origin("test", 1, synthetic=True))
    users = actions.create_demo_users()
    assert sorted(RoleGrant.objects.values_list("role", flat=True)) == sorted(ROLE)
    for name, password, role in users[:2]:
        user = authenticate(RequestFactory().get("/"), username=name, password=password)
        assert user is not None, name
        assert role in {labels[0] for labels in ROLE.values()}
    stored = set(User.objects.values_list("username", "password"))
    assert actions.create_demo_users() == users
    assert set(User.objects.values_list("username", "password")) == stored


def test_demo_users_never_enter_a_real_database():
    """Where nothing is loaded, or something that is not synthetic, there are no users with known passwords."""
    with pytest.raises(JieduiError, match="synthetic data only"):
        actions.create_demo_users()
    loading.load_tables(country())
    with pytest.raises(JieduiError, match="synthetic data only"):
        actions.create_demo_users()
    assert not User.objects.exists()


def test_only_a_national_administrator_grants_and_not_to_itself():
    """Roles come from another administrator; the same role twice in one time is refused in words."""
    admin, other = _user("administrator"), User.objects.create_user("new")
    given = actions.grant(other, "finance", "530000", since=START, by=admin)
    assert given.role == "finance"
    for wrong in (other, _user("administrator", "530000"), _user("auditor")):
        with pytest.raises(JieduiError, match="Only an administrator"):
            actions.grant(User.objects.create_user(f"x{wrong.pk}"), "public", "", since=START, by=wrong)
    with pytest.raises(JieduiError, match="to oneself"):
        actions.grant(admin, "auditor", "", since=START, by=admin)
    with pytest.raises(JieduiError, match="needs a region"):
        actions.grant(other, "recipient_office", "", since=START, by=admin)
    with pytest.raises(JieduiError, match="in part of that time"):
        actions.grant(other, "finance", "530000", since=date(2020, 1, 1), by=admin)


def test_a_withdrawn_role_shows_nothing_and_is_remembered():
    """From the day of withdrawal the user sees nothing; the grant as it was is in the history."""
    loading.load_tables(country())
    admin, other = _user("administrator"), User.objects.create_user("new")
    given = actions.grant(other, "recipient_office", "530000", since=START, by=admin)
    actions.withdraw(given, on=date(2019, 1, 1), by=admin)
    assert "530602101001" in other.sight(date(2018, 12, 31)).people
    assert not other.sight(date(2019, 1, 1)).people
    assert Change.objects.get(table="role_grant").by == admin.pk
    with pytest.raises(JieduiError, match="ended already"):
        actions.withdraw(given, on=date(2019, 1, 1), by=admin)


AS_PAGES = """
from jiedui.runtime import django
django.setup()
from django.db import ProgrammingError, connections
connections["default"].settings_dict["NAME"] = {name!r}
from datetime import date
from jiedui.records import access
from jiedui.records.actions import access as roles, pairing
from jiedui.records.models import Pairing, User
office, keeper = User.objects.get(username="recipient_office530000"), User.objects.get(username="administrator")
for user, verb in (
    (office, lambda: roles.disclose(4, ["phone"], by=office, reason="r")),
    (keeper, lambda: pairing.add("320000", "610000", "east_west", "b", valid_from=date(2018, 1, 1), by=keeper)),
    (keeper, lambda: pairing.end(Pairing.objects.get(pk=1), on=date(2020, 1, 1), by=keeper, reason="r")),
):
    try:
        with access.database_scope(user):
            verb()
    except ProgrammingError as refused:
        print(type(refused.__cause__).__name__)
"""


@pytest.mark.django_db(transaction=True)
def test_the_verbs_are_refused_to_the_pages_role(web_dsn):
    """A process that connects as the pages do discloses nothing and changes no pairing, even for whoever is entitled:
    no page offers a verb, so the database refuses them.
    """
    loading.load_tables(country())
    _user("recipient_office", "530000")
    _user("administrator")
    code = AS_PAGES.format(name=connection.settings_dict["NAME"])
    environment = {**os.environ, "JIEDUI_DB_ROLE": "web"}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=120)
    assert done.stdout.split() == ["InsufficientPrivilege"] * 3, done.stderr
    assert not Disclosure.objects.exists()
    assert not Change.objects.filter(table="pairing").exists()
