"""Adding and ending a pairing."""

from __future__ import annotations

from datetime import date

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from jiedui.errors import JieduiError
from jiedui.records.actions import pairing as actions
from jiedui.records.models import Change, Pairing, RoleGrant, User

pytestmark = [pytest.mark.django_db, pytest.mark.duty("pairing.1")]
START = date(2017, 1, 1)


def _user(role="administrator", region=""):
    user = User.objects.create_user(f"{role}{region}")
    RoleGrant.objects.create(user=user, role=role, region_code=region, valid=DateRange(START, None))
    return user


def _add(by, **changes):
    given = {
        "donor_code": "310000", "recipient_code": "530000", "scheme": "east_west", "basis": "opinion-2016 (四)",
        "valid_from": START,
    } | changes  # fmt: skip
    return actions.add(**given, by=by)


def test_a_new_pairing_carries_who_and_its_level():
    """The row holds who entered it and the level that the two divisions have."""
    by = _user()
    found = Pairing.objects.get(pk=_add(by).pk)
    assert (found.level, found.entered_by, found.valid_to) == ("province_to_province", by, None)


def test_ending_keeps_the_row_as_it_was():
    """The end is entered once, with who and why; the row before it is in the history."""
    by = _user()
    pairing = _add(by)
    ended = actions.end(pairing, on=date(2021, 1, 1), by=by, reason="合成〔2021〕1号")
    assert ended.valid_to == date(2021, 1, 1)
    change = Change.objects.get(table="pairing", row_id=pairing.pk)
    assert (change.before["valid_to"], change.by, change.reason) == (None, by.pk, "合成〔2021〕1号")
    with pytest.raises(JieduiError, match="ended on 2021-01-01"):
        actions.end(pairing, on=date(2022, 1, 1), by=by, reason="r")


def test_a_county_moves_to_another_donor():
    """After the end, the same pairing may begin again and another donor may follow on the same day."""
    by = _user()
    actions.end(_add(by), on=date(2021, 1, 1), by=by, reason="r")
    _add(by, donor_code="320000", valid_from=date(2021, 1, 1))
    _add(by, valid_from=date(2021, 1, 1))
    assert Pairing.objects.count() == 3


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"donor_code": "999999"}, "999999 was no division on 2017-01-01"),
        ({"scheme": "friends"}, "no scheme 'friends'"),
        ({"recipient_code": "310000"}, "cannot help itself"),
        ({"basis": " "}, "needs its basis"),
        ({"valid_to": START}, "not after it begins"),
        ({"donor_code": "310115"}, "No pair level joins"),
        ({}, "already in part of that time"),
    ],
)
def test_what_cannot_be_is_refused(changes, says):
    """Unknown codes and schemes, a pair with itself, no basis, wrong dates, no such level, the same pairing twice."""
    by = _user()
    _add(by)
    with pytest.raises(JieduiError, match=says):
        _add(by, **changes)
    assert Pairing.objects.count() == 1


@pytest.mark.parametrize(
    ("role", "region", "may"),
    [
        ("administrator", "", True),
        ("administrator", "530000", True),
        ("administrator", "520000", False),
        ("recipient_office", "530000", False),
        ("donor_office", "310000", False),
        ("auditor", "", False),
    ],
)
def test_only_an_administrator_of_the_place_may(role, region, may):
    """Neither side enters its own pairings; an administrator of another place does not either."""
    by = _user(role, region)
    if may:
        pairing = _add(by)
        actions.end(pairing, on=date(2021, 1, 1), by=by, reason="r")
        return
    with pytest.raises(JieduiError, match="may not change pairings"):
        _add(by)
    pairing = _add(_user())
    with pytest.raises(JieduiError, match="may not change pairings"):
        actions.end(pairing, on=date(2021, 1, 1), by=by, reason="r")


def test_ending_needs_a_reason():
    """Why a pairing ended is asked years later."""
    by = _user()
    with pytest.raises(JieduiError, match="needs a reason"):
        actions.end(_add(by), on=date(2021, 1, 1), by=by, reason=" ")
