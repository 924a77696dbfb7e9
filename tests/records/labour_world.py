"""A handmade labour chain for the tests of records: four workers of two villages, two vacancies, every side a user."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange

from jiedui.records import loading
from jiedui.records.actions import labour_offers
from jiedui.records.models import JobOffer, Organisation, Person, Placement, RoleGrant, User, Vacancy, Worker
from tests.records.small_country import country

TODAY = date.today()
LONG_AGO = date(2017, 1, 1)
HOME, ELSEWHERE = "530602101001", "522601100001"
"""Villages of 昭通 (helped by 上海) and 黔东南 (helped by 杭州)."""
CREDIT_CODE = "91310115MA1H00001X"


@dataclass
class World:
    """Every side of the chain, and the two vacancies; workers 2 and 5 are of HOME, 3 of ELSEWHERE, 1 and 4 of 怒江."""

    home: User
    """The office of 云南."""
    neighbour: User
    """The office of 贵州."""
    donor: User
    bureau: User
    """The labour bureau of 上海, where the vacancies are."""
    firm: User
    rival: User
    vacancy: Vacancy
    other: Vacancy
    readers: list[User] = field(default_factory=list)
    """Those who look on: auditor, assessor, finance, discipline, administrator."""


def user(role: str, region: str, firm: int | None = None) -> User:
    """A user with one role since long ago."""
    made = User.objects.create_user(f"{role} {region} {firm or ''}".strip())
    RoleGrant.objects.create(
        user=made, role=role, region_code=region, valid=DateRange(LONG_AGO, None), organisation_id=firm
    )
    return made


def world(persons: int = 18, seats: int = 3) -> World:
    """The small country with open vacancies of today and nobody placed."""
    loading.load_tables(country(persons))
    Placement.objects.all().delete()
    Organisation.objects.create(pk=2, kind="firm", name="合成电子厂", region_code="310115")
    Vacancy.objects.update(open_to=TODAY + timedelta(days=60), seats=seats)
    one = Vacancy.objects.get(pk=1)
    other = Vacancy.objects.get(pk=1)
    other.pk, other.organisation_id, other.title = 2, 2, "装配工"
    other.save(force_insert=True)
    with connection.cursor() as cursor:
        for table in ("vacancy", "organisation"):
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('records_{table}', '{table}_id'), 100)")
    return World(
        home=user("recipient_office", "530000"), neighbour=user("recipient_office", "520000"),
        donor=user("donor_office", "310000"), bureau=user("labour_bureau", "310000"), firm=user("firm", "310115", 1),
        rival=user("firm", "310115", 2), vacancy=one, other=other,
        readers=[
            user("auditor", ""), user("assessor", ""), user("finance", "530000"), user("discipline", "530000"),
            user("administrator", ""),
        ],
    )  # fmt: skip


def offer(made: World, worker: int = 2, vacancy: Vacancy | None = None, **changed: Any) -> JobOffer:
    """An offer, by hand of the home office, with what the owner then changes of it."""
    found = labour_offers.offer(worker, (vacancy or made.vacancy).pk, by=made.home)
    if changed:
        JobOffer.objects.filter(pk=found.pk).update(**changed)
        found.refresh_from_db()
    return found


def raw_offer(worker_id: int, vacancy_id: int, state: str = "offered", **given: Any) -> JobOffer:
    """An offer in any state, as an import would bring it in."""
    worker = Worker.objects.get(pk=worker_id)
    person = Person.objects.get(pk=worker.person_id)
    vacancy = Vacancy.objects.get(pk=vacancy_id)
    values: dict[str, Any] = {
        "worker": worker, "person": person, "household_id": person.household_id, "region_code": person.region_code,
        "vacancy": vacancy, "work_region_code": vacancy.region_code, "pairing_id": 1, "state": state,
        "offered_on": TODAY - timedelta(days=200), "answer_by": TODAY + timedelta(days=3),
        "refusal": "wage" if state == "refused" else None,
    }  # fmt: skip
    return JobOffer.objects.create(**(values | given))
