"""Subsidies, schooling and settlement: verbs of the home office, and what stands only once."""

from __future__ import annotations

import threading
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from jiedui.errors import JieduiError
from jiedui.policy.rules import labour_steps
from jiedui.records import access
from jiedui.records.actions import labour_schooling, labour_settlement, labour_subsidies
from jiedui.records.models import (
    DispatchTrip,
    DuplicatePair,
    HouseholdYear,
    Organisation,
    Person,
    Placement,
    Schooling,
    Settlement,
    StayCheck,
    Subsidy,
    Worker,
)
from jiedui.records.queries import labour_entitled
from jiedui.terms import codelists
from jiedui.terms.periods import add_months
from tests.records.labour_world import HOME, TODAY, World, raw_offer, world

pytestmark = [pytest.mark.django_db]
YEAR = TODAY.year
MONTH = TODAY.replace(day=1)


@pytest.fixture
def made(db) -> World:
    """The labour chain's world; every household is registered this year."""
    return prepared(world())


def prepared(found: World) -> World:
    """Every household gets its status of the year."""
    HouseholdYear.objects.update(year=YEAR, status="exited")
    return found


def placed(worker_id: int = 2, started_on: date = TODAY, **given) -> Placement:
    """A worker at work in 上海."""
    worker = Worker.objects.get(pk=worker_id)
    values = {
        "person_id": worker.person_id, "household_id": worker.household_id, "region_code": worker.region_code,
        "vacancy_id": 1, "pairing_id": 1, "work_region_code": "310115", "kind": "east", "started_on": started_on,
    }  # fmt: skip
    return Placement.objects.create(**(values | given))


def _as(reader, verb, *arguments, **given):
    with access.acting_as(reader):
        return verb(*arguments, by=reader, **given)


def _approve(made: World, *placements: Placement, kind="transport", year=YEAR, by=None):
    return _as(by or made.home, labour_subsidies.approve, [one.pk for one in placements], kind, year)


# --- subsidies


@pytest.mark.duty("labour.4")
def test_a_subsidy_is_approved_by_the_rule_paid_and_stands_once(made):
    """The amount is the rule's; a second one of the year leaves the person out, unless the first was cancelled."""
    one = placed()
    (due,) = labour_entitled.entitlements(made.home, "transport", YEAR)
    found = _approve(made, one)
    assert (found.subsidies, found.amount_fen) == (1, due.entitled.amount_fen)
    assert [row.reason for row in _approve(made, one).left_out] == ["paid_already"]
    stored = Subsidy.objects.get()
    assert (stored.person_id, stored.state, stored.entered_by) == (one.person_id, "approved", made.home)
    assert list(labour_entitled.unpaid(made.home)) == [stored]
    _as(made.home, labour_subsidies.cancel, stored, reason="typing error")
    assert _approve(made, one).subsidies == 1
    again = Subsidy.objects.get(state="approved")
    _as(made.home, labour_subsidies.pay, again, on=TODAY)
    assert (again.state, again.paid_on) == ("paid", TODAY)
    for verb in (
        lambda: labour_subsidies.pay(again, on=TODAY, by=made.home),
        lambda: labour_subsidies.cancel(again, by=made.home, reason="because"),
    ):
        with pytest.raises(JieduiError, match="does not become"):
            verb()
    assert {one.entitled.reason for one in labour_entitled.entitlements(made.home, "transport", YEAR)} == {
        "paid_already"
    }


@pytest.mark.duty("labour.4")
def test_who_was_carried_or_is_another_entry_of_one_who_has_it_is_left_out(made):
    """By a trip; by a decision that two are one; across persons one placement is never paid twice."""
    trip = DispatchTrip.objects.create(
        pairing_id=1, region_code="530602", work_region_code="310115", departed_on=TODAY, persons=1, state="arrived",
    )  # fmt: skip
    carried = placed(5, job_offer=raw_offer(5, 1, "departed", dispatch_trip=trip))
    assert [row.reason for row in _approve(made, carried).left_out] == ["organised"]
    one, other = placed(2), placed(4)
    _approve(made, one)
    DuplicatePair.objects.create(
        left_id=one.person_id, right_id=other.person_id, left_region=HOME, right_region=other.region_code,
        probability=1, evidence=[], decision="same",
    )  # fmt: skip
    assert [row.reason for row in _approve(made, other).left_out] == ["paid_already"]
    assert not labour_entitled.twice_subsidised(made.home).exists()
    Subsidy.objects.create(
        person_id=other.person_id, household_id=other.household_id, region_code=other.region_code, placement=other,
        kind="transport", year=YEAR, amount_fen=1, state="approved", approved_on=TODAY,
    )  # fmt: skip
    assert labour_entitled.twice_subsidised(made.home).count() == 1
    stranger = Worker.objects.get(pk=1).person_id
    with (
        access.acting_as(made.home),
        pytest.raises(DatabaseError, match="person of the placement"),
        transaction.atomic(),
    ):
        Subsidy.objects.create(
            person_id=stranger, household_id=one.household_id, region_code=one.region_code, placement=one,
            kind="stay", year=YEAR, amount_fen=1, state="approved", approved_on=TODAY, entered_by=made.home,
        )  # fmt: skip


@pytest.mark.duty("labour.5")
def test_staying_is_paid_for_proven_months(made):
    """Too few months give nothing and say so; with the months of the step, the step's amount."""
    one = placed(started_on=date(YEAR - 1, 1, 1))
    for month in range(1, 4):
        found = _approve(made, one, kind="stay", year=YEAR - 1)
        assert [row.reason for row in found.left_out] == ["too_few_months"]
        StayCheck.objects.create(placement=one, region_code=HOME, month=date(YEAR - 1, month, 1), evidence="pay_flow")
    assert _approve(made, one, kind="stay", year=YEAR - 1).subsidies == 1


def test_only_the_home_approves_pays_and_cancels(made):
    """Everybody else is told, and writes nothing by raw SQL either."""
    one = placed()
    _approve(made, one)
    stored = Subsidy.objects.get()
    for reader in (made.neighbour, made.donor, made.bureau, made.firm, *made.readers):
        with pytest.raises(JieduiError, match="not of your places"):
            _approve(made, one, kind="stay", by=reader)
        for verb in (
            lambda by: labour_subsidies.pay(stored, on=TODAY, by=by),
            lambda by: labour_subsidies.cancel(stored, by=by, reason="because"),
        ):
            with pytest.raises(JieduiError, match=r"no such|no office"):
                _as(reader, verb)
        with access.acting_as(reader):
            assert Subsidy.objects.update(state="cancelled") == 0
    for given, said in (({"kind": "gift"}, "no kind"), ({"year": YEAR + 1}, "still to come")):
        with pytest.raises(JieduiError, match=said):
            _approve(made, one, **given)


@pytest.mark.django_db(transaction=True)
@pytest.mark.duty("funding.4")
def test_two_officers_who_approve_at_once_pay_each_person_once():
    """The same placements in both orders at a time: one subsidy each, the other officer is told who has it."""
    made = prepared(world(persons=36))
    mine = [placed(worker.pk) for worker in Worker.objects.filter(region_code__startswith="53")]
    found: list[labour_subsidies.Approved] = []

    def run(order: int) -> None:
        try:
            keys = [one.pk for one in mine][::order]
            found.append(labour_subsidies.approve(keys, "transport", YEAR, by=made.home))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(order,)) for order in (1, -1, 1, -1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(one.subsidies for one in found) == Subsidy.objects.count() == len(mine)
    assert sum(len(one.left_out) for one in found) == 3 * len(mine)
    assert {row.reason for one in found for row in one.left_out} == {"paid_already"}


# --- schooling


@pytest.fixture
def school(made) -> Organisation:
    """A vocational school in 上海."""
    return Organisation.objects.create(kind="school", name="合成职业学校", region_code="310115")


@pytest.mark.duty("labour.6")
def test_a_schooling_from_enrolment_to_the_first_job(made, school):
    """School, major, aid, internship, and the placement of the person that was the first job."""
    one, stranger = placed(2), placed(4)
    begun = add_months(TODAY, -30)
    with access.acting_as(made.home):
        row = labour_schooling.enrol(one.person, school, enrolled_on=begun, by=made.home, major="护理", aid_fen=300_000)
        labour_schooling.change(
            row, by=made.home, internship_from=add_months(begun, 20), internship_firm_id=1, aid_fen=600_000
        )
        with pytest.raises(JieduiError, match="enrolled already"):
            labour_schooling.enrol(one.person, school, enrolled_on=TODAY, by=made.home)
        labour_schooling.graduate(row, by=made.home)
        with pytest.raises(JieduiError, match="another person"):
            labour_schooling.first_job(row, by=made.home, placement=stranger)
        labour_schooling.first_job(row, by=made.home, placement=one)
    stored = Schooling.objects.get()
    assert (stored.status, stored.first_job_on, stored.first_job_placement, stored.pairing_id, stored.aid_fen) == (
        "employed", one.started_on, one, 1, 600_000,
    )  # fmt: skip
    with pytest.raises(JieduiError, match="over"):
        labour_schooling.change(row, by=made.home, major="机电")


@pytest.mark.duty("labour.6")
def test_what_no_schooling_is(made, school):
    """A firm, a school to which no pairing leads, a day to come, aid below nothing, an unknown field: told in words."""
    person = Person.objects.get(pk=Worker.objects.get(pk=2).person_id)
    far = Organisation.objects.create(kind="school", name="合成学校", region_code="440304")
    firm = Organisation.objects.get(pk=1)
    for given, said in (
        ({"school": firm}, "no school"), ({"school": far}, "No pairing"),
        ({"enrolled_on": TODAY + timedelta(days=1)}, "still to come"), ({"aid_fen": -1}, "below nothing"),
    ):  # fmt: skip
        with pytest.raises(JieduiError, match=said):
            labour_schooling.enrol(person, **({"school": school, "enrolled_on": TODAY} | given), by=made.home)
    row = labour_schooling.enrol(person, school, enrolled_on=TODAY, by=made.home)
    for given, said in (
        ({"status": "employed"}, "no field"), ({"aid_fen": -1}, "below nothing"),
        ({"internship_from": TODAY - timedelta(days=1)}, "after enrolment"), ({"internship_firm_id": 99}, "no such"),
    ):  # fmt: skip
        with pytest.raises(JieduiError, match=said):
            labour_schooling.change(row, by=made.home, **given)
    labour_schooling.graduate(row, by=made.home)
    with pytest.raises(JieduiError, match="has a day"):
        labour_schooling.first_job(row, by=made.home)


SCHOOLING_VERBS = {
    "graduated": labour_schooling.graduate,
    "left": labour_schooling.drop_out,
    "enrolled": labour_schooling.come_back,
    "employed": lambda row, by: labour_schooling.first_job(row, by=by, on=TODAY),
}
SETTLEMENT_VERBS = {
    state: (lambda row, by, state=state: labour_settlement.decide(row, state, by=by))
    for state in ("settled", "refused", "given_up")
}


def _of_table(table: str, before: str, school_id: int):
    person = Worker.objects.get(pk=2).person_id
    if table == "schooling":
        return Schooling.objects.create(
            person_id=person, region_code=HOME, pairing_id=1, school_id=school_id, enrolled_on=TODAY, status=before
        )
    if table == "settlement":
        return Settlement.objects.create(
            person_id=person, region_code=HOME, city_code="310000", eligible=False, applied_on=TODAY, state=before
        )
    one = placed()
    return Subsidy.objects.create(
        person_id=person, household_id=one.household_id, region_code=HOME, placement=one, kind="stay", year=YEAR,
        amount_fen=1, state=before, approved_on=TODAY, paid_on=TODAY if before == "paid" else None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("table", "column", "steps", "states", "verbs"),
    [
        ("schooling", "status", labour_steps.NEXT_OF_SCHOOLING, codelists.SCHOOLING_STATUS, SCHOOLING_VERBS),
        ("settlement", "state", labour_steps.NEXT_OF_SETTLEMENT, codelists.SETTLEMENT_STATE, SETTLEMENT_VERBS),
        (
            "subsidy", "state", labour_steps.NEXT_OF_SUBSIDY, codelists.SUBSIDY_STATE,
            {"paid": lambda row, by: labour_subsidies.pay(row, on=TODAY, by=by),
             "cancelled": lambda row, by: labour_subsidies.cancel(row, by=by, reason="because")},
        ),
    ],
    ids=["schooling", "settlement", "subsidy"],
)  # fmt: skip
@pytest.mark.duty("labour.7")
def test_every_step_that_a_table_has_not_is_refused(made, school, table, column, steps, states, verbs):
    """From each state, each verb and each raw update of owner and page does what `labour_steps` says."""
    for before in states:
        for after in states:
            legal = after in steps[before]
            ways = [verbs.get(after), *([_raw, _raw_page] if after != before else [])]
            for act in filter(None, ways):
                row = _of_table(table, before, school.pk)
                try:
                    if act in (_raw, _raw_page):
                        act(made, table, column, row.pk, after)
                    else:
                        _as(made.home, act, row)
                    done = True
                except (JieduiError, DatabaseError) as error:
                    done, said = False, str(error)
                assert done == legal, (before, after, act)
                assert done or "does not become" in said
                row.delete()
                Placement.objects.all().delete()


def _raw(made: World, table: str, column: str, key: int, after: str) -> None:
    paid = ", paid_on = current_date" if after == "paid" else ""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE records_{table} SET {column} = %s{paid} WHERE {table}_id = %s", [after, key])
        assert cursor.rowcount == 1


def _raw_page(made: World, table: str, column: str, key: int, after: str) -> None:
    with access.acting_as(made.home):
        _raw(made, table, column, key, after)


# --- settlement


@pytest.mark.duty("labour.7")
def test_an_application_says_what_the_rule_said_and_gets_its_result(made):
    """Six proven months and a contract make one eligible; who is settled is on the list no more."""
    one = placed(started_on=add_months(MONTH, -8))
    assert labour_entitled.may_settle(made.home) == []
    early = _as(made.home, labour_settlement.apply, one.person, "310000")
    assert not early.eligible
    with pytest.raises(JieduiError, match="has applied"):
        _as(made.home, labour_settlement.apply, one.person, "310000")
    _as(made.home, labour_settlement.decide, early, "refused")
    for months in range(1, 8):
        StayCheck.objects.create(placement=one, region_code=HOME, month=add_months(MONTH, -months), evidence="contract")
    (candidate,) = labour_entitled.may_settle(made.home)
    assert (candidate.person_id, candidate.city_code, candidate.applied) == (one.person_id, "310000", False)
    row = _as(made.home, labour_settlement.apply, one.person, "310000")
    assert row.eligible
    assert [found.applied for found in labour_entitled.may_settle(made.home)] == [True]
    assert labour_entitled.may_settle(made.home, region_code="533300") == []
    _as(made.home, labour_settlement.decide, row, "settled", on=TODAY)
    assert (row.state, row.settled_on) == ("settled", TODAY)
    assert labour_entitled.may_settle(made.home) == []


@pytest.mark.duty("labour.7")
def test_only_the_home_applies_and_decides_for_a_city(made):
    """Another side, a county, no place at all, a result before the application: told in words."""
    one = placed()
    row = _as(made.home, labour_settlement.apply, one.person, "310000")
    for reader in (made.neighbour, made.donor, made.bureau, made.firm, *made.readers):
        with pytest.raises(JieduiError, match=r"no such|no office"):
            _as(reader, labour_settlement.apply, one.person, "310000")
        with pytest.raises(JieduiError, match=r"no such|no office"):
            _as(reader, labour_settlement.decide, row, "settled")
    for city in ("310115", "999999", "31", "x"):
        with pytest.raises(JieduiError, match="no city"):
            labour_settlement.apply(placed(5).person, city, by=made.home)
    for day, said in ((TODAY - timedelta(days=1), "after the application"), (TODAY + timedelta(days=1), "to come")):
        with pytest.raises(JieduiError, match=said):
            labour_settlement.decide(row, "settled", by=made.home, on=day)
