"""What the pages' role may write along the labour chain, side by side, and what the worker's sheet opens."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from jiedui.errors import JieduiError
from jiedui.policy.rules import labour_steps
from jiedui.records import access
from jiedui.records.actions import labour_offers, labour_placements
from jiedui.records.actions.labour_rights import written
from jiedui.records.models import (
    DispatchTrip,
    FollowUp,
    JobOffer,
    OfferSheet,
    Organisation,
    Person,
    Placement,
    Schooling,
    Settlement,
    StayCheck,
    Subsidy,
    User,
    Vacancy,
    Worker,
)
from tests.records.labour_world import HOME, TODAY, World, offer, raw_offer, world

pytestmark = [pytest.mark.django_db, pytest.mark.duty("labour.3")]
MONTH = TODAY.replace(day=1)
SIDES = ("home", "neighbour", "donor", "bureau", "firm", "rival")


@pytest.fixture
def made(db) -> World:
    """The labour chain's world with one row of every table of the chain, of worker 2."""
    found = world()
    one = raw_offer(2, 1, "started")
    placed = Placement.objects.create(
        person_id=one.person_id, household_id=one.household_id, region_code=HOME, vacancy_id=1, pairing_id=1,
        work_region_code="310115", kind="east", started_on=MONTH, job_offer=one,
    )  # fmt: skip
    left = Placement.objects.create(
        person_id=one.person_id, household_id=one.household_id, region_code=HOME, work_region_code="530602",
        kind="near", started_on=MONTH - timedelta(days=90), ended_on=MONTH - timedelta(days=30),
    )  # fmt: skip
    StayCheck.objects.create(placement=placed, region_code=HOME, month=MONTH, evidence="phone")
    FollowUp.objects.create(placement=left, region_code=HOME, done_on=TODAY, outcome="other_job")
    raw_offer(5, 1, "accepted")
    raw_offer(1, 2)
    DispatchTrip.objects.create(
        pairing_id=1, region_code="530602", work_region_code="310115", departed_on=TODAY, persons=1, state="departed",
    )  # fmt: skip
    Subsidy.objects.create(
        person_id=one.person_id, household_id=one.household_id, region_code=HOME, placement=placed, kind="stay",
        year=2019, amount_fen=1, state="approved", approved_on=TODAY,
    )  # fmt: skip
    school = Organisation.objects.create(kind="school", name="合成职业学校", region_code="310115")
    Schooling.objects.create(
        person_id=one.person_id, region_code=HOME, pairing_id=1, school=school, enrolled_on=TODAY, status="enrolled"
    )
    Settlement.objects.create(
        person_id=one.person_id, region_code=HOME, city_code="310000", eligible=False, applied_on=TODAY, state="applied"
    )
    return found


UPDATES = {
    "vacancy": ("UPDATE records_vacancy SET title = title || '。' WHERE vacancy_id = 1", {"donor", "bureau", "firm"}),
    "job_offer": ("UPDATE records_job_offer SET state = 'lapsed' WHERE state = 'offered'", {"home"}),
    "withdrawal": ("UPDATE records_job_offer SET state = 'withdrawn' WHERE state = 'accepted'",
                   {"home", "donor", "bureau", "firm"}),
    "start": ("UPDATE records_job_offer SET state = 'started' WHERE state = 'accepted'", set()),
    "leaving": ("UPDATE records_job_offer SET state = 'left' WHERE state = 'started'", set()),
    "placement": ("UPDATE records_placement SET ended_on = current_date, left_because = 'wage' WHERE ended_on IS NULL",
                  {"home", "donor", "bureau", "firm"}),
    "placement_to_come": ("UPDATE records_placement SET ended_on = current_date + 1 WHERE ended_on IS NULL", set()),
    "placement_again": ("UPDATE records_placement SET ended_on = NULL WHERE ended_on IS NOT NULL", set()),
    "wage": ("UPDATE records_placement SET monthly_wage_fen = 1", set()),
    "stay_check": ("UPDATE records_stay_check SET evidence = 'contract'", set()),
    "follow_up": ("UPDATE records_follow_up SET outcome = 'new_offer'", set()),
    "hand_over": ("UPDATE records_dispatch_trip SET state = 'arrived', arrived_on = current_date, picked_up_by = '李'",
                  {"home", "donor", "bureau"}),
    "trip": ("UPDATE records_dispatch_trip SET vehicle = '大巴'", {"home"}),
    "subsidy": ("UPDATE records_subsidy SET state = 'cancelled'", {"home"}),
    "amount": ("UPDATE records_subsidy SET amount_fen = 9", set()),
    "schooling": ("UPDATE records_schooling SET status = 'graduated'", {"home"}),
    "settlement": ("UPDATE records_settlement SET state = 'given_up'", {"home"}),
    "link": ("UPDATE records_person_link SET until = NULL", set()),
    "sheet": ("UPDATE records_offer_sheet SET until = current_date + 9", set()),
}  # fmt: skip
"""What a raw update by the pages' role does, and the sides for which it changes a row."""


def _changes(reader: User, statement: str, values=()) -> int:
    """Rows that the statement changes as the reader in the pages' role; 0 where it is refused; undone afterwards."""
    with access.acting_as(reader), connection.cursor() as cursor:
        try:
            with transaction.atomic():
                cursor.execute(statement, values)
                changed = cursor.rowcount
                transaction.set_rollback(True)
        except DatabaseError:
            return 0
    return changed


def _readers(made: World) -> dict[str, User]:
    return {side: getattr(made, side) for side in SIDES} | {one.username: one for one in made.readers}


def test_raw_updates_change_what_the_side_may_and_nothing_else(made):
    """Side by side, and those who look on: what docs/who-sees-what.md says is what raw SQL can do."""
    readers = _readers(made)
    found = {
        name: {side for side, reader in readers.items() if _changes(reader, statement)}
        for name, (statement, _) in UPDATES.items()
    }
    assert found == {name: allowed for name, (_, allowed) in UPDATES.items()}


def _insert(table: str, **values) -> tuple[str, list]:
    columns = ", ".join(values)
    marks = ", ".join(["%s"] * len(values))
    return f"INSERT INTO records_{table} ({columns}) VALUES ({marks})", list(values.values())


def _rows(made: World) -> dict[str, tuple[dict, set[str]]]:
    """Table → a row of it of HOME, 上海 or firm 1, and the sides that may insert it."""
    accepted = JobOffer.objects.get(state="accepted")
    placed, left = Placement.objects.order_by("pk")
    of_person = {"person_id": placed.person_id, "household_id": placed.household_id, "region_code": HOME}
    alone = {name: of_person[name] for name in ("person_id", "region_code")}
    vacancy = {
        "organisation_id": 1, "region_code": "310115", "occupation": "6-05-01", "title": "x", "seats": 1,
        "monthly_wage_fen": 1, "skill": "none", "dormitory": True, "season": "all_year", "open_from": TODAY,
        "open_to": TODAY, "state": "reported",
    }  # fmt: skip
    placement = {
        "person_id": accepted.person_id, "household_id": accepted.household_id, "region_code": accepted.region_code,
        "vacancy_id": 1, "pairing_id": 1, "work_region_code": "310115", "kind": "east", "started_on": TODAY,
        "job_offer_id": accepted.pk,
    }  # fmt: skip
    free = Worker.objects.exclude(pk__in=JobOffer.objects.values("worker")).filter(region_code__startswith="53")
    person = Person.objects.get(pk=free[0].person_id)
    job_offer = {
        "worker_id": free[0].pk, "person_id": person.pk, "household_id": person.household_id,
        "region_code": person.region_code,
        "vacancy_id": 1, "work_region_code": "310115", "state": "offered", "offered_on": TODAY, "answer_by": TODAY,
    }  # fmt: skip
    trip = {"pairing_id": 1, "region_code": "530602", "work_region_code": "310115", "departed_on": TODAY, "persons": 0,
            "state": "planned"}  # fmt: skip
    return {
        "vacancy": (vacancy, {"donor", "bureau", "firm"}),
        "job_offer": (job_offer, {"home"}),
        "placement": (placement, {"home", "donor", "bureau", "firm"}),
        "stay_check": (
            {"placement_id": placed.pk, "region_code": HOME, "month": MONTH, "evidence": "contract"},
            {"home", "donor", "bureau"},
        ),
        "follow_up": (
            {"placement_id": left.pk, "region_code": HOME, "done_on": TODAY, "outcome": "new_offer"}, {"home"},
        ),
        "dispatch_trip": (trip, {"home"}),
        "subsidy": (
            of_person | {"placement_id": placed.pk, "kind": "transport", "year": 2019, "amount_fen": 1,
                         "state": "approved", "approved_on": TODAY}, {"home"},
        ),
        "schooling": (
            alone | {"pairing_id": 1, "school_id": 1, "enrolled_on": TODAY, "status": "enrolled"}, {"home"},
        ),
        "settlement": (
            alone | {"person_id": accepted.person_id, "city_code": "310000", "eligible": False, "applied_on": TODAY,
                     "state": "applied"}, {"home"},
        ),
    }  # fmt: skip


def test_raw_inserts_enter_what_the_side_may_in_its_own_name(made):
    """Side by side: a row of one's own side in one's own name; in somebody else's name nobody enters anything."""
    readers, found, forged = _readers(made), {}, set()
    for table, (row, _) in _rows(made).items():
        found[table] = {
            side
            for side, reader in readers.items()
            if _changes(reader, *_insert(table, **row, entered_by_id=reader.pk))
        }
        somebody = made.neighbour.pk + 10_000
        forged |= {table for one in readers.values() if _changes(one, *_insert(table, **row, entered_by_id=somebody))}
    assert found == {table: allowed for table, (_, allowed) in _rows(made).items()}
    assert forged == set()


OTHERWISE = [
    ("job_offer", {"state": "accepted"}),
    ("job_offer", {"region_code": HOME}),
    ("job_offer", {"work_region_code": "310101"}),
    ("placement", {"work_region_code": "310101"}),
    ("placement", {"pairing_id": None}),
    ("placement", {"job_offer_id": None}),
    ("placement", {"started_on": TODAY + timedelta(days=1)}),
    ("placement", {"ended_on": TODAY}),
    ("stay_check", {"month": (MONTH - timedelta(days=1)).replace(day=1)}),
    ("stay_check", {"region_code": "530602101002"}),
    ("follow_up", {"region_code": "530602101002"}),
    ("follow_up", {"done_on": TODAY - timedelta(days=200)}),
    ("dispatch_trip", {"state": "arrived"}),
    ("subsidy", {"state": "paid", "paid_on": TODAY}),
    ("subsidy", {"kind": "stay"}),
    ("schooling", {"status": "employed"}),
    ("settlement", {"state": "settled"}),
]
"""Table → what a row must not say when it is entered."""


def test_a_row_that_skips_its_beginning_or_says_something_else_is_refused(made):
    """As the home office by raw SQL: states begin at the beginning, and what hangs on a row is of that row."""
    rows, own = _rows(made), {"entered_by_id": made.home.pk}
    entered = {table: _changes(made.home, *_insert(table, **row, **own)) for table, (row, _) in rows.items()}
    assert entered == {table: int(table != "vacancy") for table in rows}
    slipped = [
        (table, changed)
        for table, changed in OTHERWISE
        if _changes(made.home, *_insert(table, **(rows[table][0] | changed), **own))
    ]
    assert slipped == []


def test_nothing_of_the_chain_is_deleted_by_pages(made):
    """No side deletes a row of any table of the chain."""
    for reader in _readers(made).values():
        for table in ("vacancy", "job_offer", "placement", "stay_check", "follow_up", "dispatch_trip", "subsidy",
                      "schooling", "settlement", "offer_sheet", "person_link"):  # fmt: skip
            assert not _changes(reader, f"DELETE FROM records_{table}")


def test_the_database_and_the_program_know_the_same_steps():
    """The triggers of migration 0010 list exactly what `labour_steps` says, table by table."""
    tables = {
        "job_offer": labour_steps.NEXT,
        "dispatch_trip": labour_steps.NEXT_OF_TRIP,
        "subsidy": labour_steps.NEXT_OF_SUBSIDY,
        "settlement": labour_steps.NEXT_OF_SETTLEMENT,
        "schooling": labour_steps.NEXT_OF_SCHOOLING,
    }
    for table, steps in tables.items():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT array(SELECT m[1] FROM regexp_matches(pg_get_functiondef(%s::regproc), "
                "'''([a-z_]+>[a-z_]+)''', 'g') m)",
                [f"records_{table}_steps"],
            )
            (listed,) = cursor.fetchone()
        assert set(listed) == {f"{before}>{after}" for before, nexts in steps.items() for after in nexts}, table


# --- the worker's sheet


@pytest.fixture
def open_sheet(db) -> tuple[World, JobOffer, str]:
    """An open offer with a key."""
    made = world()
    one = offer(made)
    with access.acting_as(made.home):
        key = labour_offers.sheet(one, by=made.home)
    return made, one, key


class _Nobody:
    pk = None
    is_authenticated = False


def _anonymous(verb, *arguments):
    with access.acting_as(_Nobody()):
        return verb(*arguments)


def test_a_sheet_is_of_an_open_offer_of_the_same_place(open_sheet):
    """By raw SQL: not of another place's offer, not under another place, not once answered, not after its day."""
    made, one, _ = open_sheet
    far = raw_offer(3, 1)
    good = {"job_offer_id": one.pk, "region_code": HOME, "key_digest": "d", "until": one.answer_by + timedelta(days=1)}
    assert _changes(made.home, *_insert("offer_sheet", **good)) == 1
    for changed in (
        {"job_offer_id": far.pk}, {"region_code": "530602101002"}, {"until": one.answer_by + timedelta(days=2)},
        {"answered_at": TODAY},
    ):  # fmt: skip
        assert _changes(made.home, *_insert("offer_sheet", **(good | changed))) == 0, changed
    for other in (made.neighbour, made.donor, made.bureau, made.firm):
        assert _changes(other, *_insert("offer_sheet", **good)) == 0
    JobOffer.objects.filter(pk=one.pk).update(state="withdrawn")
    assert _changes(made.home, *_insert("offer_sheet", **good)) == 0


def test_pages_write_no_pair_of_clause_four(made):
    """By raw SQL an office pairs counties and what lies below them; a pair of provinces it neither makes nor ends."""
    row = {
        "donor_code": "310104", "recipient_code": "530128", "scheme": "east_west", "basis": "b", "valid_from": TODAY,
        "entered_by_id": made.home.pk,
    }  # fmt: skip
    levels = ("county_to_county", "township_to_township", "village_to_village", "province_to_province", "city_to_city")
    entered = [level for level in levels if _changes(made.home, *_insert("pairing", **row, level=level))]
    assert entered == list(levels[:3])
    assert _changes(made.home, "UPDATE records_pairing SET valid_to = current_date WHERE pairing_id = 1") == 0


def test_a_reported_vacancy_is_checked_by_an_office_of_the_place_only(made):
    """By raw SQL; the firm still enters a plausible one as checked."""
    Vacancy.objects.filter(pk=1).update(state="reported")
    statement = "UPDATE records_vacancy SET state = 'checked' WHERE vacancy_id = 1"
    assert {side for side in SIDES if _changes(getattr(made, side), statement)} == {"donor", "bureau"}
    row, _ = _rows(made)["vacancy"]
    assert _changes(made.firm, *_insert("vacancy", **(row | {"state": "checked"}), entered_by_id=made.firm.pk)) == 1


def test_a_deadlock_is_told_in_words(made):
    """What the database gave up comes out as a sentence, and nothing of it is changed."""
    given_up = "DO $$ BEGIN UPDATE records_vacancy SET title = 'x'; RAISE EXCEPTION 'x' USING ERRCODE = '40P01'; END $$"
    with pytest.raises(JieduiError, match="just now"), written(made.home, "x"), connection.cursor() as cursor:
        cursor.execute(given_up)
    assert Vacancy.objects.get(pk=1).title != "x"


def test_a_sheet_opens_one_offer_to_whoever_holds_the_key_and_nothing_else(open_sheet):
    """Surname, vacancy, firm and proposal, no name, number, phone or address; without the key the role sees nothing."""
    _, one, key = open_sheet
    told = _anonymous(labour_offers.read_sheet, key)
    assert (told["job_offer_id"], told["state"], told["surname"], told["firm"]) == (
        one.pk,
        "offered",
        "合",
        "合成服装厂",
    )
    assert told["vacancy"]["title"] == "缝纫工"
    assert set(told) == {
        "job_offer_id", "state", "offered_on", "answer_by", "answered_on", "refusal", "run", "worker_id", "surname",
        "region_code", "vacancy", "firm", "until", "proposal",
    }  # fmt: skip
    assert not {"entered_by_id", "entered_at", "import_id"} & set(told["vacancy"])
    assert "合成人" not in str(told)
    assert len(key) >= 32
    assert OfferSheet.objects.get().key_digest == hashlib.sha256(key.encode()).hexdigest()
    with access.acting_as(_Nobody()):
        assert not OfferSheet.objects.exists()
        assert not JobOffer.objects.exists()
    for wrong in ("", key[:-1], key.swapcase(), OfferSheet.objects.get().key_digest):
        assert _anonymous(labour_offers.read_sheet, wrong) is None
        assert _anonymous(labour_offers.answer_sheet, wrong, True) is None


@pytest.mark.parametrize(("yes", "why", "state"), [(True, "", "accepted"), (False, "distance", "refused")])
def test_a_sheet_is_answered_once(open_sheet, yes, why, state):
    """Yes or no with a reason of the list; a second answer changes nothing and says what stands."""
    _, one, key = open_sheet
    with pytest.raises(JieduiError, match="reason of the list"):
        _anonymous(labour_offers.answer_sheet, key, False, "mood")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT records_answer_sheet(%s, false, 'mood')", [key])
    assert JobOffer.objects.get(pk=one.pk).state == "offered"
    assert _anonymous(labour_offers.answer_sheet, key, yes, why) == "offered"
    stored = JobOffer.objects.get(pk=one.pk)
    assert (stored.state, stored.refusal, stored.answered_on) == (state, why or None, TODAY)
    assert OfferSheet.objects.get().answered_at is not None
    assert _anonymous(labour_offers.answer_sheet, key, not yes, "wage") == state
    assert JobOffer.objects.get(pk=one.pk).state == state
    assert _anonymous(labour_offers.read_sheet, key)["state"] == state


def test_a_sheet_ends_with_the_term_and_with_the_vacancy(open_sheet):
    """After the day of answer it opens nothing; of a withdrawn vacancy it tells so and keeps no answer."""
    made, one, key = open_sheet
    Vacancy.objects.filter(pk=1).update(state="withdrawn")
    assert _anonymous(labour_offers.answer_sheet, key, True) == "withdrawn"
    assert _anonymous(labour_offers.read_sheet, key)["state"] == "withdrawn"
    OfferSheet.objects.update(until=TODAY)
    assert _anonymous(labour_offers.read_sheet, key) is None
    assert _anonymous(labour_offers.answer_sheet, key, True) is None
    with access.acting_as(made.home), pytest.raises(JieduiError, match="not open"):
        labour_offers.sheet(one, by=made.home)


def test_a_start_twice_makes_one_placement(db):
    """Firm and home start the same offer one after the other: one placement, and the second is told."""
    made = world()
    one = raw_offer(2, 1, "accepted")
    again = JobOffer.objects.get(pk=one.pk)
    labour_placements.start(one, started_on=TODAY, monthly_wage_fen=None, by=made.firm)
    with pytest.raises(JieduiError, match=r"does not become|no such"):
        labour_placements.start(again, started_on=TODAY, monthly_wage_fen=None, by=made.home)
    assert Placement.objects.filter(job_offer=one).count() == 1
