"""Links of persons to donors and firms by placements (those by offers: test_labour_offers), and who brings whom."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from jiedui.records import access, loading
from jiedui.records.actions import people
from jiedui.records.models import (
    Household,
    Pairing,
    Person,
    PersonLink,
    Placement,
    RoleGrant,
    StayCheck,
    User,
)
from tests.records.small_country import country

pytestmark = pytest.mark.django_db
START = date(2016, 12, 7)
TODAY = date(2019, 6, 1)


def _user(role: str, region: str, firm: int | None = None) -> User:
    made = User.objects.create_user(f"{role}{region}")
    RoleGrant.objects.create(
        user=made, role=role, region_code=region, valid=DateRange(START, None), organisation_id=firm
    )
    return made


def _seen(user: User, model: type = Person, on: date = TODAY) -> set[int]:
    return set(model.objects.visible_to(user, on).values_list("pk", flat=True))


def test_a_placement_links_as_long_as_it_lasts():
    """Inserted, ended, moved and deleted, in bulk and by row: the links are those of the rows."""
    loading.load_tables(country())
    donor, firm = _user("donor_office", "310000"), _user("firm", "310115", 1)
    assert _seen(donor, Placement) == {2}
    assert _seen(donor) == {4}
    assert _seen(firm) == {1, 4, 7, 10}
    assert _seen(firm, Household) == set()
    StayCheck.objects.create(placement_id=2, region_code="530602101001", month=date(2019, 4, 1), evidence="contract")
    assert len(_seen(donor, StayCheck)) == len(_seen(firm, StayCheck)) == 1
    Placement.objects.filter(pk=2).update(ended_on=TODAY)
    assert _seen(donor) == set()
    assert _seen(donor, StayCheck) == set()
    assert _seen(firm) == {1, 7, 10}
    assert _seen(donor, on=TODAY - timedelta(days=1)) == {4}
    Placement.objects.filter(pk=1).update(vacancy=None)
    assert _seen(firm) == {7, 10}
    StayCheck.objects.all().delete()
    Placement.objects.all().delete()
    assert not PersonLink.objects.exists()


def test_a_link_follows_the_person_and_ends_with_the_territory():
    """Who moves to another donor's place is no longer seen; a pairing that ended shows nothing from that day."""
    loading.load_tables(country())
    donor = _user("donor_office", "310000")
    Person.objects.filter(pk=4).update(region_code="522601100001")
    assert _seen(donor) == set()
    Person.objects.filter(pk=4).update(region_code="530602101001")
    assert _seen(donor) == {4}
    Pairing.objects.filter(pk=1).update(valid_to=TODAY)
    assert _seen(donor) == set()
    assert _seen(donor, on=TODAY - timedelta(days=1)) == {4}


def test_a_linked_reader_reads_what_its_duty_needs():
    """A donor reads age and schooling, not name, health, cause or address; the home office reads the name."""
    loading.load_tables(country())
    donor, home, auditor = _user("donor_office", "310000"), _user("recipient_office", "530000"), _user("auditor", "")
    person, household = Person.objects.get(pk=4), Household.objects.get(pk=2)
    columns = access.readable_columns(donor, Person, person, TODAY)
    assert {"birth_year", "education", "labour_ability"} <= columns
    assert not columns & {"name", "health", "id_number", "phone", "ethnic_group"}
    assert access.readable_columns(donor, Household, household, TODAY) == {"household_id", "region_code"}
    assert "name" in access.readable_columns(home, Person, person, TODAY)
    assert "health" in (read := access.readable_columns(auditor, Person, person, TODAY))
    assert not read & {"name", "id_number", "phone"}
    for reader in (donor, home, auditor):
        assert not access.readable_columns(reader, Household, household, TODAY) & {"address"}


def test_who_brings_whom_is_the_pairing_of_the_day():
    """昭通 goes to 上海 by the province's pairing, 怒江 by none; nobody goes anywhere before the pairings began."""
    loading.load_tables(country())
    today, before = people.Helpers(TODAY), people.Helpers(START - timedelta(days=1))
    assert today.of("530602101001", "310115").pairing_id == 1
    assert today.of("533301100001", "310115") is None
    assert today.of("530602101001", "330106") is None
    assert today.donors() == {"310000", "440400", "330100"}
    assert (before.of("530602101001", "310115"), before.donors()) == (None, frozenset())
