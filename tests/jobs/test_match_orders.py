"""An order from the button to the stored run, in a real worker: done, stopped, failed in words, killed, given up."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from procrastinate.contrib.django import app

from jiedui import snapshot as snapshots
from jiedui.errors import JieduiError
from jiedui.jobs import freezing, match_orders, matching_problems, queue
from jiedui.records import loading, models
from jiedui.records.actions import matching as actions
from jiedui.records.queries import frozen
from jiedui.records.queries import matching as queries
from jiedui.results.models import Proposal, Run
from jiedui.simulate import country
from jiedui.snapshot.schema import TABLES
from tests.records.imports.conftest import home
from tests.records.imports.test_killed import do_what_waits, empty_queue, environment

__all__ = ["environment", "home"]

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.duty("labour.3")]
AS_OF = date(2019, 12, 31)
WANTED = {"on": AS_OF.isoformat(), "parameters": {}, "quotas": {}}


@pytest.fixture(scope="module")
def tables() -> Any:
    """A synthetic country of 1,500 persons."""
    return country(persons=1500, seed=7, as_of=AS_OF)


@pytest.fixture
def loaded(tables: Any, transactional_db: None, home: Path) -> str:
    """The country in the records; the prefecture with most workers."""
    empty_queue()
    loading.load_tables(tables, origin=loading.Origin("test", 7, synthetic=True))
    with connection.cursor() as cursor:
        cursor.execute("SELECT left(region_code, 4) FROM records_worker GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1")
        return f"{cursor.fetchone()[0]}00"


@pytest.fixture
def officer(loaded: str) -> models.User:
    """Who sees the people of that prefecture by name."""
    user = models.User.objects.create(username="officer")
    models.RoleGrant.objects.create(
        user=user, role="recipient_office", region_code=loaded, valid=DateRange(date(2016, 1, 1), None)
    )
    return user


def fresh(order: models.MatchOrder) -> models.MatchOrder:
    """As the database has it now."""
    order.refresh_from_db()
    return order


def jobs() -> list[tuple[str, str]]:
    """(task, state) of all jobs."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name, status::text FROM procrastinate_jobs ORDER BY id")
        return cursor.fetchall()


def test_an_order_becomes_a_run_of_its_region(loaded: str, officer: models.User, environment: dict[str, str]) -> None:
    """By a worker in a process of its own: only people of the region, with settings, marks and progress as asked; warm
    from the first run it proposes the same.
    """
    worker = models.Worker.objects.filter(region_code__startswith=loaded[:4], willing=True).first()
    vacancy = models.Vacancy.objects.first()
    actions.mark("labour", worker.pk, vacancy.pk, "forbid", "试验", region_code=worker.region_code, by=officer)
    changed = {**WANTED, "parameters": {"labour.utility.nearby": 40}}
    order = actions.order("labour", loaded, changed, by=officer)
    assert jobs() == [("matching.order", "todo")]
    do_what_waits(environment)
    assert (fresh(order).state, jobs()) == ("finished", [])
    run = Run.objects.get(pk=order.run)
    assert (run.status, run.problem, run.region_code) == ("finished", "labour", loaded)
    assert run.settings["parameters"] == {"labour.utility.nearby": 40}
    assert run.parameters["labour.utility.nearby"] == 40
    assert run.settings["forbids"] == [[worker.pk, vacancy.pk]]
    assert run.settings["part"]["region_code"] == loaded
    rows = Proposal.objects.filter(run=run)
    assert rows.count() == run.summary["certificate"]["placements"] > 0
    assert not rows.exclude(region_code__startswith=loaded[:4]).exists()
    assert not rows.filter(worker_id=worker.pk, vacancy_id=vacancy.pk).exists()
    assert (order.progress["step"], order.progress["done"] + 1) == ("store", order.progress["total"])
    again = actions.order("labour", loaded, changed, run.pk, by=officer)
    do_what_waits(environment)
    warm = Run.objects.get(pk=fresh(again).run)
    assert (warm.based_on, warm.snapshot_digest) == (run.pk, run.snapshot_digest)
    columns = ("worker_id", "vacancy_id", "points")
    places = [list(Proposal.objects.filter(run=one).order_by("worker_id").values_list(*columns)) for one in (run, warm)]
    assert places[0] == places[1]


def test_an_order_is_stopped_between_steps(loaded: str, officer: models.User, monkeypatch: pytest.MonkeyPatch) -> None:
    """Asked while the records are frozen: nothing is stored; a stopped one can be asked for again, an ended one not
    stopped.
    """
    order = actions.order("labour", loaded, WANTED, by=officer)
    real = freezing.freeze_part_by_digest

    def stopped_meanwhile(*arguments: Any, **options: Any) -> Any:
        actions.stop(order, by=officer)
        return real(*arguments, **options)

    monkeypatch.setattr(freezing, "freeze_part_by_digest", stopped_meanwhile)
    match_orders.work(order.pk)
    assert fresh(order).state == "stopped"
    assert not Run.objects.filter(status="finished").exists()
    with pytest.raises(JieduiError, match="stopped already"):
        actions.stop(order, by=officer)
    waiting = actions.order("labour", loaded, WANTED, by=officer)
    actions.stop(waiting, by=officer)
    match_orders.work(waiting.pk)
    assert fresh(waiting).state == "stopped"


def test_what_the_engine_refuses_is_said(loaded: str, officer: models.User) -> None:
    """Pins to a vacancy that is not there, a start that is no run: failed, in words, and without a run."""
    for worker in models.Worker.objects.filter(region_code__startswith=loaded[:4]):
        models.MatchMark.objects.create(
            problem="labour", left_id=worker.pk, right_id=10**9, kind="pin", reason="试验", by=officer,
            region_code=worker.region_code,
        )  # fmt: skip
    order = actions.order("labour", loaded, WANTED, by=officer)
    match_orders.work(order.pk)
    assert fresh(order).state == "failed"
    assert "which is not open" in order.problem_said["message"]
    assert order.problem_said["remedy"]
    assert set(Run.objects.values_list("status", flat=True)) <= {"failed"}
    stranger = "00000000-0000-0000-0000-000000000001"
    order = actions.order("labour", loaded, WANTED, stranger, by=officer)
    match_orders.work(order.pk)
    assert "no finished run" in fresh(order).problem_said["message"]


def test_a_mistake_of_ours_is_said_and_raised(
    loaded: str, officer: models.User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The officer reads a sentence, the worker's log has the error."""
    order = actions.order("labour", loaded, WANTED, by=officer)
    monkeypatch.setattr(match_orders, "_freeze", lambda *_arguments: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        match_orders.work(order.pk)
    assert fresh(order).state == "failed"
    assert "mistake in the program" in order.problem_said["message"]


def test_an_order_whose_worker_died_is_taken_up_again(loaded: str, officer: models.User) -> None:
    """Without a job it gets one; with its run already stored it is finished; after too many deaths it is given up."""
    lost = actions.order("labour", loaded, WANTED, by=officer)
    models.MatchOrder.objects.filter(pk=lost.pk).update(state="running")
    assert match_orders.resume() == 0
    empty_queue()
    queue.tidy()
    assert jobs() == [("matching.order", "todo")]
    match_orders.work(lost.pk)
    assert fresh(lost).state == "finished"
    models.MatchOrder.objects.filter(pk=lost.pk).update(state="running")
    before = Run.objects.count()
    match_orders.work(lost.pk)
    assert (fresh(lost).state, Run.objects.count()) == ("finished", before)
    dead = actions.order("labour", loaded, WANTED, by=officer)
    match_orders.give_up(dead.pk, queue.TRIES)
    assert fresh(dead).state == "failed"
    assert f"died {queue.TRIES} times" in dead.problem_said["message"]


REFUSED = [
    ("labour", "000000", {}, "outside your office"),
    ("labour", "33", {}, "is no division"),
    ("chess", "", {}, "no matching problem"),
    ("labour", "", {"on": "soon"}, "is no day"),
    ("labour", "", {"on": "2010-01-01"}, "before the programme"),
    ("labour", "", {"parameters": {"labour.minimum_age": 14}}, "official"),
    ("labour", "", {"parameters": {"pairing.match.served": 1}}, "does not belong"),
    ("labour", "", {"parameters": {"labour.utility.nearby": "much"}}, "cannot take"),
    ("labour", "", {"parameters": {"labour.utility.nearby": 10**6}}, "cannot take"),
    ("labour", "", {"parameters": {"labour.first_served_statuses": ["rich"]}}, "cannot take"),
    ("labour", "", {"quotas": {"310115": [1, 2]}}, "is no county of"),
    ("labour", "", {"quotas": {"here": [3, 2]}}, "not a least and a greatest"),
    ("labour", "", {"quotas": {"here": [-1, None]}}, "not a least and a greatest"),
    ("labour", "", {"colour": "red"}, "no field"),
]
"""(problem, region, what differs, what is said); "here" is a county of the region."""


def test_an_order_that_cannot_be_is_refused_in_words(loaded: str, officer: models.User) -> None:
    """Nothing is stored and nothing is put into the queue."""
    here = queries.counties(loaded, AS_OF)[0].code
    for problem, region, wanted, said in REFUSED:
        quotas = {here if county == "here" else county: limits for county, limits in wanted.get("quotas", {}).items()}
        asked = {"on": AS_OF.isoformat()} | wanted | ({"quotas": quotas} if quotas else {})
        with pytest.raises(JieduiError, match=said):
            actions.order(problem, region or loaded, asked, by=officer)
    assert not models.MatchOrder.objects.exists()
    assert jobs() == []


def test_a_second_order_for_the_same_waits(loaded: str, officer: models.User) -> None:
    """For the same problem and region; what is equal to the dated value is not kept as changed."""
    held = {one.key: one.value for one in queries.changeable("labour", AS_OF)}
    told = {"labour.utility.nearby": held["labour.utility.nearby"], "labour.first_served_statuses": ["poor"]}
    order = actions.order("labour", loaded, {**WANTED, "parameters": told}, by=officer)
    assert order.wanted["parameters"] == {"labour.first_served_statuses": ["poor"]}
    with pytest.raises(JieduiError, match="for the same place is waiting"):
        actions.order("labour", loaded, WANTED, by=officer)
    county = queries.counties(loaded, AS_OF)[0].code
    assert actions.order("labour", county, WANTED, by=officer).state == "waiting"


def test_marks_need_a_reason_and_hold_once(loaded: str, officer: models.User) -> None:
    """A pair is marked once until the mark is taken back; a person is pinned once; elsewhere nobody marks."""
    worker = models.Worker.objects.filter(region_code__startswith=loaded[:4]).first()
    first, second = models.Vacancy.objects.values_list("pk", flat=True)[:2]
    told = {"region_code": worker.region_code, "by": officer}
    with pytest.raises(JieduiError, match="needs a reason"):
        actions.mark("labour", worker.pk, first, "pin", " ", **told)
    mark = actions.mark("labour", worker.pk, first, "pin", "家人在那里", **told)
    with pytest.raises(JieduiError, match="marked already"):
        actions.mark("labour", worker.pk, first, "forbid", "不宜", **told)
    with pytest.raises(JieduiError, match="pinned elsewhere"):
        actions.mark("labour", worker.pk, second, "pin", "也好", **told)
    with pytest.raises(IntegrityError, match="match_mark_one_pin"), transaction.atomic():
        models.MatchMark.objects.create(
            problem="labour", left_id=worker.pk, right_id=second, kind="pin", reason="也好", **told
        )
    actions.take_back(mark, by=officer)
    with pytest.raises(JieduiError, match="taken back already"):
        actions.take_back(mark, by=officer)
    assert actions.mark("labour", worker.pk, first, "forbid", "不宜", **told).kind == "forbid"
    with pytest.raises(JieduiError, match="outside your office"):
        actions.mark("labour", 1, first, "pin", "外地", region_code="310115001001", by=officer)


def test_a_part_is_frozen_with_all_that_it_refers_to(loaded: str, tmp_path: Path) -> None:
    """The same rows as the whole snapshot has of them, nobody else's workers, a digest that follows them only."""
    part = frozen.Part(loaded[:4], ("worker", "household_year"), ("vacancy", "pairing"))
    whole = tmp_path / "whole"
    freezing.freeze(whole, as_of=AS_OF)
    first = freezing.freeze_part(tmp_path / "part", part, as_of=AS_OF)
    everything, some = snapshots.open(whole), snapshots.open(tmp_path / "part")
    for name in TABLES:
        rows, all_rows = some.table(name).to_pylist(), everything.table(name).to_pylist()
        assert all(row in all_rows for row in rows[:50])
    inside = [row for row in everything.table("worker").to_pylist() if row["region_code"].startswith(loaded[:4])]
    partners = {row["partner_id"] for row in inside} - {None}
    kept = {row["worker_id"] for row in some.table("worker").to_pylist()}
    assert {row["worker_id"] for row in inside} <= kept <= {row["worker_id"] for row in inside} | partners
    assert some.table("vacancy").num_rows == everything.table("vacancy").num_rows
    assert some.table("project").num_rows == 0
    models.Household.objects.exclude(region_code__startswith=loaded[:4]).update(cause="water")
    assert freezing.freeze_part(tmp_path / "again", part, as_of=AS_OF).digest == first.digest
    models.Worker.objects.filter(region_code__startswith=loaded[:4]).update(dependants=2)
    assert freezing.freeze_part(tmp_path / "other", part, as_of=AS_OF).digest != first.digest


def test_a_refusal_comes_along_with_a_worker_who_moved(loaded: str, tmp_path: Path) -> None:
    """An offer that was refused in the old village, of a worker who lives in the region now; not those of others."""
    labour = matching_problems.of("labour")
    workers = list(models.Worker.objects.filter(region_code__startswith=loaded[:4])[:1])
    workers += models.Worker.objects.exclude(region_code__startswith=loaded[:4])[:1]
    elsewhere, vacancy = workers[1].region_code, models.Vacancy.objects.first()
    made = []
    for worker in workers:
        person = models.Person.objects.get(pk=worker.person_id)
        offer = models.JobOffer.objects.create(
            worker=worker, person=person, household_id=person.household_id, region_code=elsewhere, vacancy=vacancy,
            work_region_code=vacancy.region_code, state="refused", refusal="wage", offered_on=AS_OF, answer_by=AS_OF,
        )  # fmt: skip
        made.append(offer.pk)
    part = frozen.Part(loaded[:4], labour.inside, labour.whole, labour.also)
    freezing.freeze_part(tmp_path / "part", part, as_of=AS_OF)
    kept = {row["job_offer_id"] for row in snapshots.open(tmp_path / "part").table("job_offer").to_pylist()}
    assert kept & set(made) == {made[0]}


def test_the_worker_knows_the_task() -> None:
    """By the name under which orders are put into the queue."""
    app.perform_import_paths()
    assert actions.TASK in app.tasks
