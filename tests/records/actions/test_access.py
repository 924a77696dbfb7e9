"""Roles, disclosure and the demo's users."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date

import pytest
from django.contrib.auth import authenticate
from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import RequestFactory

from jiedui.errors import JieduiError
from jiedui.policy import parameters
from jiedui.policy.rules import leadership_roles
from jiedui.records import loading
from jiedui.records.access import NATIONAL_ROLES
from jiedui.records.actions import access as actions
from jiedui.records.models import ROLE, Change, Disclosure, RoleConflict, RoleGrant, User
from jiedui.records.queries import grants as queries
from jiedui.records.queries import people
from tests.records.small_country import country, id_number

pytestmark = pytest.mark.django_db
START = date(2017, 1, 1)


def _user(role, region=""):
    user = User.objects.create_user(f"{role}{region}")
    RoleGrant.objects.create(user=user, role=role, region_code=region, valid=DateRange(START, None))
    return user


@pytest.mark.django_db(transaction=True)
def test_hidden_fields_are_disclosed_to_the_home_office_and_recorded():
    """昭通's office gets the number of its person in full, and who asked for what and why is kept."""
    loading.load_tables(country())
    by = _user("recipient_office", "530000")
    shown = actions.disclose(4, ["id_number", "phone", "address"], by=by, reason="核对")
    assert shown == {"id_number": id_number(4), "phone": "13800001234", "address": "合成村1号"}
    record = Disclosure.objects.get()
    readers = {by: 1, _user("auditor"): 1, _user("discipline", "530000"): 1, _user("discipline", "520000"): 0}
    readers |= {_user("administrator"): 0, _user("assessor"): 0}
    assert {reader: people.disclosures(reader).count() for reader in readers} == readers
    assert (record.by, record.person_id, record.columns, record.reason, record.region_code) == (
        by, 4, ["id_number", "phone", "address"], "核对", "530602101001",
    )  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_a_disclosure_is_recorded_whatever_breaks_off_afterwards(monkeypatch):
    """The record is committed before anything is decrypted: a later failure leaves it, an earlier one shows nothing."""
    loading.load_tables(country())
    by = _user("recipient_office", "530000")

    def broken(*_):
        raise ZeroDivisionError

    with monkeypatch.context() as patched:
        patched.setattr(actions, "_plain", broken)
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            actions.disclose(4, ["phone"], by=by, reason="核对")
    assert Disclosure.objects.count() == 1
    shown = []
    with monkeypatch.context() as patched:
        patched.setattr(actions, "_count_today", broken)
        patched.setattr(actions, "_plain", lambda *_: shown.append(1))
        with pytest.raises(ZeroDivisionError):
            actions.disclose(4, ["phone"], by=by, reason="核对")
    assert (Disclosure.objects.count(), shown) == (1, [])


@pytest.mark.django_db(transaction=True)
def test_a_day_has_its_limit_of_disclosures(monkeypatch):
    """After the number of the parameter the same user is refused in words, and another one is not."""
    loading.load_tables(country())
    by, other = _user("recipient_office", "530000"), _user("recipient_office", "530600")
    most = parameters.load(date.today()).value("leadership.disclosures_per_day")
    rows = [Disclosure(by=by, person_id=4, columns=[], reason="核对") for _ in range(most)]
    Disclosure.objects.bulk_create(rows[1:])
    actions.disclose(4, ["phone"], by=by, reason="核对")
    with pytest.raises(JieduiError, match=f"{most} times today"):
        actions.disclose(4, ["phone"], by=by, reason="核对")
    assert actions.disclose(4, ["phone"], by=other, reason="核对")
    assert Disclosure.objects.filter(by=by).count() == most


@pytest.mark.parametrize(
    ("role", "region"), [("donor_office", "310000"), ("auditor", ""), ("recipient_office", "520000")]
)
def test_nobody_else_gets_hidden_fields(role, region):
    """Who sees the person masked, or not at all, gets the same answer and leaves no record of a disclosure."""
    loading.load_tables(country())
    with pytest.raises(JieduiError, match="no such person whom you may see by name"):
        actions.disclose(4, ["id_number"], by=_user(role, region), reason="核对")
    assert not Disclosure.objects.exists()


def test_disclosure_needs_a_reason_and_a_known_field():
    """No reason, no number; and no other column through this door."""
    loading.load_tables(country())
    by = _user("recipient_office", "530000")
    with pytest.raises(JieduiError, match="needs a reason"):
        actions.disclose(4, ["id_number"], by=by, reason="")
    with pytest.raises(JieduiError, match="fewer than 2 characters"):
        actions.disclose(4, ["id_number"], by=by, reason=" 查 ")
    with pytest.raises(JieduiError, match="'pseudonym' is not disclosed"):
        actions.disclose(4, ["pseudonym"], by=by, reason="核对")
    with pytest.raises(JieduiError, match="No hidden field"):
        actions.disclose(4, [], by=by, reason="核对")


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


def test_roles_that_exclude_each_other_are_refused_in_words():
    """Each pair of the parameter, in both orders, in the same time only; the sentence names the role and the reason."""
    loading.load_tables(country())
    admin = _user("administrator")
    for number, conflict in enumerate(leadership_roles.conflicts(parameters.load(date.today()))):
        for first, second in ((conflict.one, conflict.other), (conflict.other, conflict.one)):
            other = User.objects.create_user(f"new{number}{first}")
            _grant(other, first, admin, until=date(2019, 1, 1))
            with pytest.raises(JieduiError, match=f"the role {first} .* excludes {second}: {conflict.reason}"):
                _grant(other, second, admin)
            _grant(other, second, admin, since=date(2019, 1, 1))
    assert queries.collisions() == []


def _grant(user, role, by, *, since=START, until=None):
    firm = 1 if role == "firm" else None
    region = "" if role in NATIONAL_ROLES or firm else "530000"
    return actions.grant(user, role, region, since=since, until=until, by=by, organisation_id=firm)


def test_grants_that_collided_before_the_rule_are_listed():
    """What was granted while the parameter allowed it is found, with the time in which both hold."""
    other = _user("auditor")
    RoleConflict.objects.all().delete()
    RoleGrant.objects.create(user=other, role="finance", region_code="530000", valid=DateRange(date(2018, 1, 1), None))
    (found,) = queries.collisions()
    assert (found.username, found.one, found.other) == ("auditor", "auditor", "finance")
    assert (found.since, found.until) == (date(2018, 1, 1), None)


def test_a_firm_is_granted_with_its_organisation_and_ends_with_the_register():
    """The region is the firm's; no other role names a firm; a replaced register ends the grant."""
    loading.load_tables(country())
    admin, other = _user("administrator"), User.objects.create_user("new")
    assert actions.grant(other, "firm", "", since=START, by=admin, organisation_id=1).region_code == "310115"
    with pytest.raises(JieduiError, match="needs a firm"):
        actions.grant(other, "firm", "310000", since=START, by=admin, organisation_id=99)
    with pytest.raises(JieduiError, match="not for a firm"):
        actions.grant(other, "public", "", since=START, by=admin, organisation_id=1)
    loading.load_tables(country(), replace=True)
    assert not RoleGrant.objects.filter(role="firm").exists()


def test_a_withdrawn_role_shows_nothing_and_is_remembered():
    """From the day of withdrawal the user sees nothing; the grant as it was is in the history."""
    loading.load_tables(country())
    admin, other = _user("administrator"), User.objects.create_user("new")
    given = actions.grant(other, "recipient_office", "530000", since=START, by=admin)
    actions.withdraw(given, on=date(2019, 1, 1), by=admin)
    assert "530602101001" in other.sight(date(2018, 12, 31)).people
    assert not other.sight(date(2019, 1, 1)).people
    assert Change.objects.get(table="role_grant", operation="update").by == admin.pk
    with pytest.raises(JieduiError, match="ended already"):
        actions.withdraw(given, on=date(2019, 1, 1), by=admin)


AS_PAGES = """
from jiedui.runtime import django
django.setup()
from django.db import DatabaseError, connections
connections["default"].settings_dict["NAME"] = {name!r}
from datetime import date
from jiedui.records import access
from jiedui.records.actions import access as roles, pairing
from jiedui.records.models import Pairing, User
office, keeper = User.objects.get(username="recipient_office530000"), User.objects.get(username="administrator")
with access.database_scope(office):
    print(roles.disclose(4, ["phone"], by=office, reason="核对")["phone"])
for user, verb in (
    (keeper, lambda: pairing.add("320000", "610000", "east_west", "b", valid_from=date(2018, 1, 1), by=keeper)),
    (keeper, lambda: pairing.end(Pairing.objects.get(pk=1), on=date(2020, 1, 1), by=keeper, reason="r")),
):
    try:
        with access.database_scope(user):
            verb()
    except DatabaseError as refused:
        print(type(refused.__cause__ or refused).__name__)
"""


@pytest.mark.django_db(transaction=True)
def test_what_the_pages_process_may_do(web_dsn):
    """A process that connects as the pages do discloses, with a record, and changes no pairing for an administrator:
    no page offers that verb, so the database lets only an office of the recipient write its county pairs.
    """
    loading.load_tables(country())
    _user("recipient_office", "530000")
    _user("administrator")
    code = AS_PAGES.format(name=connection.settings_dict["NAME"])
    environment = {**os.environ, "JIEDUI_DB_ROLE": "web"}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=120)
    assert done.stdout.split() == ["13800001234", "InsufficientPrivilege", "DatabaseError"], done.stderr
    assert Disclosure.objects.get().reason == "核对"
    assert not Change.objects.filter(table="pairing").exclude(operation="insert").exists()
