"""The monthly monitoring of work from file to register and back, and the workers who follow it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiedui.jobs import importing as job
from jiedui.records import models
from jiedui.records.actions import importing
from jiedui.records.imports import preview, work_month_list
from tests.records.imports.lists import VILLAGE, WORKER, counts, enter, problems, send, take, take_back, worker
from tests.records.small_country import id_number

pytestmark = [pytest.mark.django_db, pytest.mark.duty("labour.1")]
TITLES = ("证件号码", "姓名", "月份", "就业状态", "务工地", "务工天数", "工资收入")
NAMES = {1: "张三", 2: "李四", 3: "王五", 4: "赵六"}


def month(
    number: int,
    of: Any = "2019-06",
    status: str = "东部务工",
    where: Any = "上海市浦东新区",
    days: Any = 22,
    wage: Any = 4000,
) -> list[Any]:
    """A row of the monitoring."""
    return [id_number(number), NAMES[number], of, status, where, days, wage]


def months() -> list[tuple[Any, ...]]:
    """What the register says of months."""
    names = ("person_id", "region_code", "month", "work_status", "works_in", "days", "income_fen")
    return list(models.WorkMonth.objects.order_by("person_id", "month").values_list(*names))


def workers() -> list[tuple[Any, ...]]:
    """Status and place of work of the register's workers."""
    return list(models.Worker.objects.order_by("person_id").values_list("person_id", "work_status", "works_in"))


def test_months_are_added_changed_and_taken_back(by: models.User, tmp_path: Path) -> None:
    """Two months of one person in the ways of writing a month; one is corrected; each import can be taken back."""
    first = send(tmp_path, by, "work_month", TITLES, [
        month(1, "2019年6月"), month(1, date(2019, 7, 15), wage="4,200.50元"),
        month(2, 201906, "务农", None, None, None),
    ])  # fmt: skip
    assert counts(first) == (3, 0, 0, 0, 0, 0)
    assert take(first, by).counts["written"] == {"work_month": 3}
    june, july = date(2019, 6, 1), date(2019, 7, 1)
    assert months() == [
        (1, VILLAGE, june, "away_east", "310115", 22, 400_000),
        (1, VILLAGE, july, "away_east", "310115", 22, 420_050),
        (2, VILLAGE, june, "farming", None, None, None),
    ]
    before = months()
    second = send(tmp_path, by, "work_month", TITLES, [month(1, "201906", days=20), month(1, "2019-07", wage=None)])
    assert counts(second) == (0, 1, 1, 0, 0, 0)
    shown = preview.page(second.pk, "changed", 1).rows.to_pylist()
    assert [(line["name"], line["sent:month"], line["sent:days"], line["kept:days"]) for line in shown] == [
        ("张三", june, 20, 22)
    ]
    take(second, by)
    assert [line[5] for line in months()] == [20, 22, None]
    assert take_back(second, by).state == "undone"
    assert months() == before
    assert take_back(first, by).state == "undone"
    assert months() == []


def test_the_worker_follows_the_newest_month(by: models.User, tmp_path: Path) -> None:
    """The newest month sets status and place, an older one and one that comes later for the past do not; who stops
    working is nowhere; undone, the worker is as before.
    """
    take(
        send(tmp_path, by, "worker", WORKER, [worker(1, "张三"), worker(2, "李四", "就近就业"), worker(3, "王五")]), by
    )
    one = send(tmp_path, by, "work_month", TITLES, [
        month(1, "2019-06", "就近就业", "皋兰县"), month(1, "2019-07"), month(2, "2019-07", "未就业", None, 0, 0),
    ])  # fmt: skip
    shown = preview.page(one.pk, "added", 1).rows.to_pylist()
    assert [line["sent:worker_follows"] for line in shown] == [None, True, True]
    assert take(one, by).counts["written"] == {"work_month": 3, "workers_follow": 2}
    after = [(1, "away_east", "310115"), (2, "unemployed", None), (3, "unemployed", None)]
    assert workers() == after
    late = take(send(tmp_path, by, "work_month", TITLES, [month(1, "2019-05", "务农", None, None, None)]), by)
    assert (workers(), late.counts["written"]) == (after, {"work_month": 1})
    take_back(late, by)
    take_back(one, by)
    assert workers() == [(1, "unemployed", None), (2, "near", None), (3, "unemployed", None)]


def test_a_month_that_is_taken_back_leaves_the_worker_to_the_next(by: models.User, tmp_path: Path) -> None:
    """June made two workers of the East, July says the same of one: without June that one still follows July."""
    take(send(tmp_path, by, "worker", WORKER, [worker(1, "张三"), worker(2, "李四")]), by)
    june = take(send(tmp_path, by, "work_month", TITLES, [month(1, "2019-06"), month(2, "2019-06")]), by)
    july = take(send(tmp_path, by, "work_month", TITLES, [month(1, "2019-07")]), by)
    assert july.counts["written"] == {"work_month": 1}
    assert take_back(june, by).state == "undone"
    assert workers() == [(1, "away_east", "310115"), (2, "unemployed", None)]


def test_a_status_without_a_place_keeps_the_place_only_of_the_same_status(by: models.User, tmp_path: Path) -> None:
    """The same status without a place leaves the place; another status forgets it."""
    take(send(tmp_path, by, "work_month", TITLES, [month(1, "2019-05")]), by)
    take(send(tmp_path, by, "worker", (*WORKER, "现务工地"), [[*worker(1, "张三", "东部务工"), "上海市浦东新区"]]), by)
    take(send(tmp_path, by, "work_month", TITLES, [month(1, "2019-06", where=None)]), by)
    assert workers() == [(1, "away_east", "310115")]
    take(send(tmp_path, by, "work_month", TITLES, [month(1, "2019-07", "就近就业", where=None)]), by)
    assert workers() == [(1, "near", None)]


def test_the_place_of_work_answers_for_who_is_placed_there(by: models.User, tmp_path: Path) -> None:
    """With an open placement elsewhere the month is kept, the worker stays, and the page says so."""
    take(send(tmp_path, by, "worker", WORKER, [worker(1, "张三", "东部务工")]), by)
    models.Placement.objects.create(
        person_id=1, household_id=1, region_code=VILLAGE, work_region_code="310115", kind="east",
        started_on=date(2019, 3, 1),
    )  # fmt: skip
    one = send(tmp_path, by, "work_month", TITLES, [month(1, "2019-06", "务农", None, None, None)])
    assert (counts(one)[0], one.counts["warned"]) == (1, 1)
    assert problems(one) == {(2, "place_answers", "work_status")}
    take(one, by)
    assert (len(months()), workers()) == (1, [(1, "away_east", None)])


def test_months_that_cannot_be_are_refused(by: models.User, tmp_path: Path) -> None:
    """A stranger, a month twice, one to come, more days than it has, work of who has none, no month, no place."""
    enter(models.Household.objects.get(), 4, NAMES[4])
    ahead = date.today().replace(day=28).replace(year=date.today().year + 1)
    rows = [
        month(1), month(1, "201906"), month(2, ahead), month(2, "2019-02", days=29), month(2, "2020-02", days=29),
        month(2, "2019-05", "未就业", None, 0, 3000), month(2, "2019-06", "务农", None, 12, None),
        month(3, "2019.1"), month(3, "2019-13"), month(3, "2019-06", where="没有县"), month(3, "2013-12"),
        month(3, "2019-07", wage=-1), [id_number(9), "路人", "2019-06", "务农", None, None, None],
        [id_number(4), "赵七", "2019-06", "务农", None, None, None],
    ]  # fmt: skip
    one = send(tmp_path, by, "work_month", TITLES, rows)
    assert problems(one) == {
        (2, "month_twice", "month"), (3, "month_twice", "month"), (4, "month_ahead", "month"),
        (5, "too_many_days", "days"), (7, "work_without_status", "work_status"),
        (8, "work_without_status", "work_status"), (9, "not_a_month", "month"), (10, "not_a_month", "month"),
        (11, "unknown_division", "works_in"), (12, "month_before_entry", "month"), (13, "negative", "income_fen"),
        (14, "no_such_person", "id_number"), (15, "name_differs", "name"),
    }  # fmt: skip
    assert counts(one) == (1, 0, 0, 0, 0, 13)
    take(one, by)
    assert [line[2] for line in months()] == [date(2020, 2, 1)]


def test_who_is_too_young_at_school_or_unable_is_warned_of(by: models.User, tmp_path: Path) -> None:
    """As grave as the roster's checks: the row is taken, and said; who does not work is not asked."""
    models.Person.objects.filter(pk=1).update(birth_year=2004)
    models.Person.objects.filter(pk=2).update(in_school=True)
    models.Person.objects.filter(pk=3).update(labour_ability="none")
    rows = [month(1), month(2), month(3), month(1, "2020-06"), month(1, "2019-07", "未就业", None, 0, None)]
    one = send(tmp_path, by, "work_month", TITLES, rows)
    assert problems(one) == {(2, "under_age_working", "work_status"), (3, "pupil_working", "work_status"),
                             (4, "no_ability_working", "work_status")}  # fmt: skip
    assert counts(one) == (5, 0, 0, 0, 0, 0)


def test_a_month_that_somebody_corrected_meanwhile_is_compared_again(by: models.User, tmp_path: Path) -> None:
    """Two lists of one month: the second was compared before the first was written."""
    one = send(tmp_path, by, "work_month", TITLES, [month(1)])
    other = send(tmp_path, by, "work_month", TITLES, [month(1, days=11)])
    take(one, by)
    importing.accept(other, by=by)
    job.write(other.pk)
    job.compare(other.pk)
    other.refresh_from_db()
    assert other.problem == {"overtaken": 1}
    assert counts(other) == (0, 1, 0, 0, 0, 0)


def test_a_person_of_another_county_is_not_found(by: models.User, tmp_path: Path) -> None:
    """The register of another county is not asked."""
    models.Person.objects.filter(pk=1).update(region_code="620123101201")
    assert problems(send(tmp_path, by, "work_month", TITLES, [month(1)])) == {(2, "no_such_person", "id_number")}


@given(st.lists(st.tuples(st.integers(1, 10**18 - 1), st.dates(date(2014, 1, 1), date(2030, 1, 1))), max_size=40))
def test_the_key_tells_persons_and_months_apart(rows: list[tuple[int, date]]) -> None:
    """Two rows have one key exactly if person and month are the same, also with keys of 18 digits."""
    table = pa.table({
        "person_id": pa.array([person for person, _ in rows], pa.int64()),
        "month": pa.array([on.replace(day=1) for _, on in rows], pa.date32()),
    })  # fmt: skip
    keys = work_month_list._key(table)
    assert len(np.unique(keys)) == len({(person, on.replace(day=1)) for person, on in rows})
