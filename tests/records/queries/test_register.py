"""The register's search, filters, pages and counts, against a brute-force reading of the same rows."""

from __future__ import annotations

from datetime import date
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jiedui.errors import JieduiError
from jiedui.records import access, loading
from jiedui.records.models import Household, HouseholdYear, Person, RoleGrant, User, Village, Worker
from jiedui.records.queries import register, timeline
from jiedui.records.queries.register import Filters, Sought
from tests.records.small_country import VILLAGES, country, id_number

pytestmark = pytest.mark.django_db
NAMES = ("王", "王一", "王一一", "王二", "张三", "张三丰", "李四")


def reader(role: str, region: str = "") -> User:
    """A user with one grant."""
    user = User.objects.create_user(f"{role}{region}", password="x")
    RoleGrant.objects.create(user=user, role=role, region_code=region, valid=DateRange(date(2016, 1, 1), None))
    return user


def fill(persons: int = 36) -> None:
    """A small country whose people differ in what is searched and filtered by."""
    loading.load_tables(country(persons))
    for person in Person.objects.all():
        k = person.pk
        person.name = NAMES[k % len(NAMES)]
        person.health = ("healthy", "chronic", "disabled")[k % 3]
        person.sex = ("female", "male")[k % 2]
        person.education = ("primary", "junior", "college")[k // 3 % 3]
        person.labour_ability = ("ordinary", "skilled")[k // 5 % 2]
        person.birth_year = date.today().year - k * 3 % 90
        person.left_on = date(2018, 1, 1) if k % 11 == 0 else None
        person.save()
    for house in Household.objects.all():
        HouseholdYear.objects.create(
            household=house, region_code=house.region_code, year=2020, members=3,
            status=("poor", "exited", "relapsed")[house.pk % 3],
            monitored_as="near_poor" if house.pk % 4 == 0 else None, risk_removed=house.pk % 8 == 0 or None,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "kind", "understood"),
    [
        ("", "", ""),
        ("  ", "", ""),
        ("11010119900101123x", "identity", "11010119900101123X"),
        ("１１０１０１ １９９００１０１ １２３Ｘ", "identity", "11010119900101123X"),
        ("110101900101123", "identity", "110101900101123"),
        ("11010119900101123x42", "identity", "11010119900101123X42"),
        ("138-0000-1234", "phone", "13800001234"),
        ("１３８００００１２３４", "phone", "13800001234"),
        ("0931-1234567", "phone", "09311234567"),
        ("530602", "place", "530602"),
        ("530602101001", "place", "530602101001"),
        ("26197", "number", "26197"),
        ("999999", "number", "999999"),
        ("户26197", "household", "26197"),
        ("人 编号：12", "person", "12"),
        ("person 12", "person", "12"),
        (" 王 一", "name", "王一"),
        ("²", "number", "2"),
        ("١٢٣", "name", "١٢٣"),
    ],
)
def test_a_text_is_understood(text: str, kind: str, understood: str) -> None:
    """Full-width characters, spaces, hyphens and a small x make no difference; other digits are no number."""
    found = register.understand(text)
    assert (found.kind, found.text) == (kind, understood)


def test_places_are_found_by_name_and_village() -> None:
    """A division by its short name, a village of the list by its name with or without 村."""
    loading.load_regions()
    Village.objects.create(region_code=VILLAGES[1], county_name="昭阳区", township_name="甲乡", name="乙村")
    assert ("530600", "云南省昭通市") in register.understand("昭通").places
    assert register.understand("乙").places == ((VILLAGES[1], "昭阳区甲乡乙村"),)
    assert register.understand("乙村").places == register.understand("乙").places


def people(user: Any, text: str = "", **chosen: str) -> list[int]:
    """Keys of one page."""
    place = chosen.pop("place", "")
    return [line.person_id for line in register.search(user, register.understand(text), Filters(place, chosen)).lines]


def test_a_number_finds_its_person_however_it_is_written() -> None:
    """By identity number and phone, whole and in any spelling; a part of one finds nobody."""
    fill()
    office = reader("recipient_office", "530000")
    number = id_number(4)
    for text in (number, number.lower(), f" {number[:6]} {number[6:14]}-{number[14:]}"):
        assert people(office, text) == [4]
    assert people(office, number[:17]) == []
    assert 4 in people(office, "138 0000 1234")
    assert people(office, "户2") == [4, 5, 6]
    assert people(office, "人4") == [4]
    seen = Person.objects.filter(region_code__startswith="53")
    either = {4, *seen.filter(household_id=4).values_list("pk", flat=True)}
    assert set(people(office, "4")) == either
    assert len(either) == 4


def test_what_is_not_seen_is_not_searched_by() -> None:
    """Who sees people masked finds nobody by number, phone or more of a name than is shown; by the shown part, yes."""
    fill()
    masked = reader("assessor")
    assert people(masked, id_number(4)) == []
    assert people(masked, "13800001234") == []
    assert people(masked, "王一") == []
    found = register.search(masked, Sought("name", "王"), Filters()).lines
    assert found
    assert {line.name[0] for line in found} == {"王"}
    assert all(set(line.name[1:]) <= {"*"} and line.id_masked == "" for line in found)


def test_nobody_without_a_scope() -> None:
    """Finance, the administrator and the public see no person, find none and count none."""
    fill(12)
    for user in (reader("finance", "530000"), reader("administrator"), reader("public")):
        assert people(user) == []
        assert register.count(user, Sought(), Filters()) == 0
        assert register.by_place(user) == []


CHOSEN = st.fixed_dictionaries(
    {},
    optional={
        "status": st.sampled_from(["poor", "exited", "relapsed"]),
        "sex": st.sampled_from(["male", "female"]),
        "age": st.sampled_from(sorted(register.AGE_BANDS)),
        "health": st.sampled_from(["healthy", "chronic"]),
        "work": st.sampled_from(["unemployed", "near"]),
        "watched": st.just("now"),
        "education": st.sampled_from(["primary", "college"]),
        "labour": st.sampled_from(["ordinary", "skilled"]),
        "there": st.sampled_from(["present", "left"]),
    },
)


def fits(person: Person, chosen: dict[str, str]) -> bool:
    """A filter, read row by row in Python."""
    years = sorted(HouseholdYear.objects.filter(household=person.household_id), key=lambda row: row.year)
    age = date.today().year - person.birth_year
    low, high = register.AGE_BANDS.get(chosen.get("age", ""), (0, 999))
    return (
        chosen.get("status", years[-1].status) == years[-1].status
        and chosen.get("sex", person.sex) == person.sex
        and low <= age <= high
        and chosen.get("health", person.health) == person.health
        and ("work" not in chosen or Worker.objects.filter(person=person, work_status=chosen["work"]).exists())
        and chosen.get("education", person.education) == person.education
        and chosen.get("labour", person.labour_ability) == person.labour_ability
        and (chosen.get("watched") != "now" or bool(years[-1].monitored_as and not years[-1].risk_removed))
        and ("there" not in chosen or (person.left_on is None) == (chosen["there"] == "present"))
    )


def test_pages_neither_lose_nor_repeat(monkeypatch: pytest.MonkeyPatch) -> None:
    """Any filters, place, reader and search: all pages forwards, and back again, are exactly the rows that fit."""
    fill(48)
    monkeypatch.setattr(register, "PAGE", 5)
    users = [reader("recipient_office", "530000"), reader("recipient_office", "533300"), reader("assessor")]
    everybody = list(Person.objects.all())

    @settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        st.sampled_from(users),
        CHOSEN,
        st.sampled_from(["", "530000", "522601", VILLAGES[0]]),
        st.sampled_from(["", "王", "王一", "张三"]),
        st.sampled_from([1, 40]),
        st.sampled_from([0, 3000]),
    )
    def held(user: User, chosen: dict[str, str], place: str, text: str, apart: int, few: int) -> None:
        monkeypatch.setattr(register, "_COUNTIES_APART", apart)
        monkeypatch.setattr(register, "_FEW", few)
        sight = user.sight()
        expected = [
            row for row in everybody
            if row.region_code in sight.people and row.region_code.startswith(access.prefix(place) if place else "")
            and row.name.startswith(text) and (len(text) < 2 or row.region_code in sight.named) and fits(row, chosen)
        ]  # fmt: skip
        key = (lambda r: (r.name, r.pk)) if text else (lambda r: (r.region_code, r.household_id, r.pk))
        expected.sort(key=key)
        asked = Sought("name" if text else "", text)
        forwards, last = _walked(user, text, Filters(place, chosen))
        assert forwards == [row.pk for row in expected]
        assert register.count(user, asked, Filters(place, chosen)) == len(expected)
        backwards = [one.person_id for one in last.lines]
        while last.before:
            last = register.search(user, asked, Filters(place, chosen), before=last.before)
            backwards = [one.person_id for one in last.lines] + backwards
        assert backwards == forwards

    held()


def _walked(user: User, text: str, filters: Filters) -> tuple[list[int], register.Page]:
    found, page = [], register.search(user, Sought("name" if text else "", text), filters)
    while True:
        found += [one.person_id for one in page.lines]
        if not page.after:
            return found, page
        page = register.search(user, Sought("name" if text else "", text), filters, after=page.after)


@pytest.mark.parametrize("key", ["x", "1~2", "530602101001~1~x", "530602101001~1~²"])
def test_a_key_that_no_page_gave_is_said(key: str) -> None:
    """A made-up key is a sentence, not a crash and not another page."""
    with pytest.raises(JieduiError, match="no page"):
        register.search(reader("assessor"), Sought(), Filters(), after=key)


@pytest.mark.parametrize("values", [{"sex": "x"}, {"place": "53"}, {"place": "５３００００"}, {"age": "7"}])
def test_a_filter_that_there_is_not_is_said(values: dict[str, str]) -> None:
    """An unknown value is no empty list of people, which would be taken for an answer."""
    with pytest.raises(JieduiError):
        register.filters_of(values)


def test_counts_follow_every_statement() -> None:
    """After inserts, moves, departures, deletions and a truncation the kept counts are what counting gives."""
    fill(36)
    _same_counts()
    Person.objects.filter(pk__in=[1, 2]).update(region_code=VILLAGES[2])
    Person.objects.filter(pk=3).update(left_on=date(2019, 1, 1), relation="other")
    Person.objects.filter(pk=4).update(name="别名")
    _same_counts()
    Person.objects.filter(pk=36).delete()
    _same_counts()
    with transaction.atomic():
        Person.objects.filter(pk__lt=20, pk__gt=10).update(region_code=VILLAGES[0])
        transaction.set_rollback(True)
    _same_counts()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what waits for the end of the test would refuse a truncation
    loading.load_tables(country(9), replace=True)
    _same_counts()


def _same_counts() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT region_code, persons, present, heads FROM records_register_count WHERE persons > 0 ORDER BY 1"
        )
        kept = cursor.fetchall()
        cursor.execute(
            "SELECT region_code, count(*), count(*) FILTER (WHERE left_on IS NULL), "
            "count(*) FILTER (WHERE left_on IS NULL AND relation = 'head') FROM records_person GROUP BY 1 ORDER BY 1"
        )
        assert kept == cursor.fetchall()


def test_counts_by_place_are_the_readers_own() -> None:
    """Each level adds up to the one above and holds what the reader sees, no more."""
    fill(36)
    office = reader("recipient_office", "530000")
    seen = Person.objects.filter(region_code__startswith="53")
    assert [(one.code, one.persons) for one in register.by_place(reader("assessor"))][1] == ("530000", seen.count())
    assert register.by_place(office) == register.by_place(office, "530000")
    inside = register.by_place(office, "530000")
    assert [one.code for one in inside] == ["530600", "533300"]
    assert sum(one.persons for one in inside) == register.totals(office).persons == seen.count()
    assert register.totals(office).present == seen.filter(left_on=None).count()
    assert register.by_place(office, "520000") == []


@pytest.mark.django_db(transaction=True)
def test_the_database_holds_the_counts_to_the_scope(web_dsn: str) -> None:
    """The pages' role reads the counts of its scope only, and cannot change them or call what keeps them."""
    fill(12)
    with psycopg.connect(web_dsn) as web:
        assert web.execute("SELECT count(*) FROM records_register_count").fetchone() == (0,)
        web.execute("SELECT set_config('jiedui.scope', '{[\"5306\",\"5307\")}', false)")
        assert web.execute("SELECT region_code FROM records_register_count").fetchall() == [(VILLAGES[1],)]
        web.commit()
        for statement in (
            "UPDATE records_register_count SET persons = 0",
            "SELECT records_add_to_register_count(ARRAY['1'], ARRAY[1], ARRAY[1], ARRAY[1])",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                web.execute(statement)
            web.rollback()


def test_a_year_is_shown_as_it_was() -> None:
    """Of each year the household as recorded; a year that is not recorded is not there."""
    fill(6)
    years = timeline.years(reader("assessor"), 1, 1)
    assert [one.year for one in years] == [2020, 2019]
    assert years[1].household is not None
    assert years[1].household["status"] == "poor"
    assert all(one.person is None for one in years)


def test_the_kept_number_is_read_as_it_is_written() -> None:
    """The database's number of a person's sex, education, health, ability and presence is the one looked up."""
    fill(36)
    with connection.cursor() as cursor:
        cursor.execute("SELECT person_id, facet FROM records_person")
        stored = dict(cursor.fetchall())
    for row in Person.objects.all():
        chosen = {
            "sex": row.sex, "education": row.education, "health": row.health, "labour": row.labour_ability,
            "there": "left" if row.left_on else "present",
        }  # fmt: skip
        assert register.facets(chosen) == [stored[row.pk]]


def test_a_search_that_takes_too_long_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """A statement beyond its time ends in words, a count in "not known"; the transaction lives on."""
    fill(12)
    office = reader("assessor")
    real = register.matching

    def slow(*given: Any) -> Any:
        return real(*given).extra(where=["pg_sleep(0.05) IS NOT NULL"])

    monkeypatch.setattr(register, "matching", slow)
    monkeypatch.setattr(register, "_FINDING", 10)
    monkeypatch.setattr(register, "_COUNTING", 10)
    with pytest.raises(register.TooFewError):
        register.search(office, Sought("", ""), Filters("", {"sex": "female"}))
    assert register.count(office, Sought("", ""), Filters("", {"sex": "female"})) is None
    assert Person.objects.count() == 12
