"""Lists of workers, vacancies and villages from file to register and back."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from jiedui.jobs import importing as job
from jiedui.records import models
from jiedui.records.actions import importing
from jiedui.records.imports import preview, writing
from tests.records.imports.lists import (
    COUNTY,
    PLACES,
    VACANCY,
    VILLAGE,
    WORKER,
    code,
    counts,
    problems,
    send,
    take,
    take_back,
    vacancy,
    worker,
)

pytestmark = [pytest.mark.django_db, pytest.mark.duty("labour.1")]


def workers() -> list[tuple[Any, ...]]:
    """What the register says of workers."""
    names = ("person_id", "household_id", "region_code", "work_status", "willing", "able", "occupation", "skill",
             "min_wage_fen", "dependants", "season", "needs_dormitory")  # fmt: skip
    return list(models.Worker.objects.order_by("person_id").values_list(*names))


def test_workers_are_added_changed_and_taken_back(by: models.User, tmp_path: Path) -> None:
    """Two new workers, then one of them changed: each import writes what it says, and each can be taken back."""
    first = send(tmp_path, by, "worker", WORKER, [worker(1, "张三"), worker(2, "李 四", "务农", "否", "3,200.50元")])
    assert counts(first) == (2, 0, 0, 0, 0, 0)
    take(first, by)
    fixed = ("none", 300_000, 0, "all_year", False)
    assert workers() == [
        (1, 1, VILLAGE, "unemployed", True, True, "6-05-01", *fixed),
        (2, 1, VILLAGE, "farming", False, True, "6-05-01", "none", 320_050, *fixed[2:]),
    ]
    assert set(models.Worker.objects.values_list("import_id", "entered_by_id")) == {(first.pk, by.pk)}
    before = workers()
    second = send(
        tmp_path, by, "worker", WORKER, [worker(1, "张三", "就近就业"), worker(2, "李四", "务农", "否", None)]
    )
    assert counts(second) == (0, 1, 1, 0, 0, 0)
    shown = preview.page(second.pk, "changed", 1).rows.to_pylist()
    assert [(row["name"], row["sent:work_status"], row["kept:work_status"]) for row in shown] == [
        ("张三", "near", "unemployed")
    ]
    take(second, by)
    assert [row[3] for row in workers()] == ["near", "farming"]
    assert take_back(second, by).state == "undone"
    assert workers() == before
    assert take_back(first, by).state == "undone"
    assert workers() == []


def test_who_is_not_in_the_register_or_has_another_name_is_refused(by: models.User, tmp_path: Path) -> None:
    """A stranger, a wrong name, a number that stands twice, a status that is no status: each with rule and row."""
    models.Person.objects.filter(pk=3).update(left_on=date(2019, 1, 1))
    rows = [worker(9, "路人"), worker(1, "张山"), worker(2, "李四"), worker(3, "王五")]
    one = send(tmp_path, by, "worker", WORKER, rows)
    assert counts(one) == (1, 0, 0, 0, 0, 3)
    assert problems(one) == {(2, "no_such_person", "id_number"), (3, "name_differs", "name"),
                             (5, "no_such_person", "id_number")}  # fmt: skip
    twice = send(tmp_path, by, "worker", WORKER, [worker(1, "张三"), worker(1, "张三", "务农")])
    assert counts(twice) == (0, 0, 0, 0, 0, 2)
    assert {rule for _, rule, _ in problems(twice)} == {"id_twice"}
    take(twice, by)
    assert workers() == []


def test_a_person_of_another_county_is_not_found(by: models.User, tmp_path: Path) -> None:
    """The register of another county is not asked: not even whether the person is there is told."""
    models.Person.objects.filter(pk=1).update(region_code="620123101201")
    one = send(tmp_path, by, "worker", WORKER, [worker(1, "张三")])
    assert problems(one) == {(2, "no_such_person", "id_number")}


@pytest.mark.duty("labour.2")
def test_the_place_of_work_answers_for_who_works_there(by: models.User, tmp_path: Path) -> None:
    """With an open placement elsewhere, another status is a conflict that waits for a word; a placement that ended, or
    one at home, is none.
    """
    take(send(tmp_path, by, "worker", WORKER, [worker(number, name, "东部务工") for number, name in
                                               ((1, "张三"), (2, "李四"), (3, "王五"))]), by)  # fmt: skip
    for number, where, until in ((1, "310115", None), (2, "310115", date(2019, 9, 1)), (3, COUNTY, None)):
        models.Placement.objects.create(
            person_id=number, household_id=1, region_code=VILLAGE, work_region_code=where, kind="east",
            started_on=date(2019, 3, 1), ended_on=until,
        )  # fmt: skip
    rows = [worker(1, "张三", "务农"), worker(2, "李四", "务农"), worker(3, "王五", "务农")]
    one = send(tmp_path, by, "worker", WORKER, rows)
    assert counts(one) == (0, 2, 0, 1, 0, 0)
    take(one, by)
    assert [row[3] for row in workers()] == ["away_east", "farming", "farming"]
    again = send(tmp_path, by, "worker", WORKER, rows)
    assert counts(again) == (0, 0, 2, 1, 0, 0)
    importing.leave_out(again, settled=[2])
    take(again, by)
    assert [row[3] for row in workers()] == ["farming", "farming", "farming"]
    same = send(tmp_path, by, "worker", WORKER, [worker(1, "张三", "务农", wage=4000)])
    assert counts(same) == (0, 1, 0, 0, 0, 0)


def test_a_list_that_was_overtaken_is_compared_again(by: models.User, tmp_path: Path) -> None:
    """Two lists say different things of one worker, one adds whom the other added: the second is compared anew."""
    take(send(tmp_path, by, "worker", WORKER, [worker(1, "张三")]), by)
    one = send(tmp_path, by, "worker", WORKER, [worker(1, "张三", "务农"), worker(2, "李四")])
    other = send(tmp_path, by, "worker", WORKER, [worker(1, "张三", "就近就业"), worker(3, "王五")])
    third = send(tmp_path, by, "worker", WORKER, [worker(2, "李四", "务农")])
    take(one, by)
    for late in (other, third):
        importing.accept(late, by=by)
        job.write(late.pk)
        late.refresh_from_db()
        assert (late.state, late.problem) == ("received", {"overtaken": 1})
    assert [row[3] for row in workers()] == ["farming", "unemployed"]
    job.compare(other.pk)
    other.refresh_from_db()
    assert counts(other) == (1, 1, 0, 0, 0, 0)
    assert other.problem == {"overtaken": 1}


def test_vacancies_and_their_firms_are_added_changed_and_taken_back(by: models.User, tmp_path: Path) -> None:
    """A new firm is entered once by its credit code, a known one is found; a vacancy is found again by its firm."""
    known = models.Organisation.objects.create(kind="firm", name="老厂", region_code=COUNTY, credit_code=code(1))
    rows = [vacancy(1), vacancy(2), vacancy(2, "搬运工", 工作地="皋兰县", 统一社会信用代码=code(2).lower())]
    first = send(tmp_path, by, "vacancy", VACANCY, rows)
    assert counts(first) == (3, 0, 0, 0, 0, 0)
    take(first, by)
    firms = {one.credit_code: one for one in models.Organisation.objects.all()}
    assert {text: one.import_id for text, one in firms.items()} == {code(1): None, code(2): first.pk}
    kept = set(models.Vacancy.objects.values_list("organisation_id", "title", "seats", "monthly_wage_fen", "skill"))
    assert kept == {(known.pk, "缝纫工", 10, 350_000, "none"), (firms[code(2)].pk, "缝纫工", 10, 350_000, "none"),
                    (firms[code(2)].pk, "搬运工", 10, 350_000, "none")}  # fmt: skip
    second = send(tmp_path, by, "vacancy", VACANCY, [vacancy(1, 人数=12), vacancy(2), vacancy(3)])
    assert counts(second) == (1, 1, 1, 0, 0, 0)
    importing.leave_out(second, kinds=["added"])
    take(second, by)
    assert sorted(models.Vacancy.objects.values_list("seats", flat=True)) == [10, 10, 12]
    assert models.Organisation.objects.count() == 2, "a firm of a vacancy that was left out is not entered"
    assert take_back(second, by).state == "undone"
    assert take_back(first, by).state == "undone"
    assert (models.Vacancy.objects.count(), list(models.Organisation.objects.all())) == (0, [known])


def test_vacancies_that_cannot_be_are_refused(by: models.User, tmp_path: Path) -> None:
    """A credit code with a wrong check character, a place outside or unknown, days in the wrong order, no seats, and
    one vacancy in two rows.
    """
    wrong = code(1)[:-1] + ("0" if code(1)[-1] != "0" else "1")
    rows = [vacancy(1, 统一社会信用代码=wrong), vacancy(1, 工作地="310115"), vacancy(1, 工作地="没有县"),
            vacancy(1, 招聘截止="2019-12-31"), vacancy(1, 人数=0), vacancy(2), vacancy(2, 人数=11), vacancy(3),
            vacancy(4, 工作地="999999")]  # fmt: skip
    one = send(tmp_path, by, "vacancy", VACANCY, rows)
    assert problems(one) == {
        (2, "credit_code", "credit_code"), (3, "outside", "work_county"), (4, "unknown_division", "work_county"),
        (5, "dates_order", "open_to"), (6, "out_of_range", "seats"), (7, "key_twice", "title"),
        (8, "key_twice", "title"), (10, "unknown_division", "work_county"),
    }  # fmt: skip
    assert counts(one) == (1, 0, 0, 0, 0, 8)
    take(one, by)
    assert list(models.Vacancy.objects.values_list("organisation__credit_code", flat=True)) == [code(3)]


def test_a_list_of_vacancies_without_a_good_row_writes_nothing(by: models.User, tmp_path: Path) -> None:
    """All refused, and accepted all the same."""
    one = take(send(tmp_path, by, "vacancy", VACANCY, [vacancy(1, 人数=0)]), by)
    assert one.counts["written"] == {}
    assert not models.Organisation.objects.exists()


@pytest.mark.duty("goal.1")
def test_villages_are_added_renamed_and_taken_back(by: models.User, tmp_path: Path) -> None:
    """A new village, a renamed one, one outside the county, one code in two rows, a code that lost digits."""
    first = send(tmp_path, by, "village", PLACES, [[VILLAGE, "皋兰县", "石洞镇", "丰水村"]])
    assert counts(first) == (1, 0, 0, 0, 0, 0)
    take(first, by)
    rows = [[VILLAGE, "皋兰县", "石洞镇", "丰水社区"], [int(VILLAGE) + 1, "皋兰县", "石洞镇", "中窑村"],
            ["620123101201", "榆中县", "城关镇", "某村"], ["62012210120", "皋兰县", "石洞镇", "短村"],
            ["620122101299", "皋兰县", "石洞镇", "甲村"], ["620122101299", "皋兰县", "石洞镇", "乙村"]]  # fmt: skip
    second = send(tmp_path, by, "village", PLACES, rows)
    assert counts(second) == (1, 1, 0, 0, 0, 4)
    assert problems(second) == {(4, "outside", "region_code"), (5, "not_a_number", "region_code"),
                                (6, "key_twice", "region_code"), (7, "key_twice", "region_code")}  # fmt: skip
    take(second, by)
    kept = models.Village.objects.order_by("region_code").values_list("region_code", "name")
    assert list(kept) == [(VILLAGE, "丰水社区"), ("620122101202", "中窑村")]
    assert take_back(second, by).state == "undone"
    assert list(kept.all()) == [(VILLAGE, "丰水村")]
    assert take_back(first, by).state == "undone"
    assert not models.Village.objects.exists()


LISTS = [
    ("worker", WORKER, [worker(1, "张三")]),
    ("vacancy", VACANCY, [vacancy(1)]),
    ("village", PLACES, [[VILLAGE, "皋兰县", "石洞镇", "丰水村"]]),
]


@pytest.mark.parametrize(("kind", "titles", "rows"), LISTS)
def test_the_same_list_twice_changes_nothing(
    kind: str, titles: Any, rows: list[list[Any]], by: models.User, tmp_path: Path
) -> None:
    """The second time every row is the same, and no row of the history is written for it."""
    take(send(tmp_path, by, kind, titles, rows), by)
    entries = models.Change.objects.exclude(table="import").count()
    again = send(tmp_path, by, kind, titles, rows)
    assert counts(again) == (0, 0, 1, 0, 0, 0)
    assert take(again, by).counts["written"] == {}
    assert models.Change.objects.exclude(table="import").count() == entries


@pytest.mark.parametrize(("kind", "titles", "rows"), LISTS)
def test_a_list_that_is_cancelled_while_it_is_written_writes_nothing(
    kind: str, titles: Any, rows: list[list[Any]], by: models.User, tmp_path: Path
) -> None:
    """A list is written at once, without asking on the way: the wish to stop holds all the same."""
    one = send(tmp_path, by, kind, titles, rows)
    importing.accept(one, by=by)
    importing.cancel(one, by=by)
    job.write(one.pk)
    one.refresh_from_db()
    assert (one.state, one.stop_asked) == ("compared", False)
    assert not any(table.objects.exists() for table in (models.Worker, models.Vacancy, models.Village))
    assert take(one, by).counts["written"][kind] == 1


def test_what_hinders_an_undo_is_a_row_that_is_not_as_the_import_left_it(by: models.User, tmp_path: Path) -> None:
    """Changed since: refused; put back as it was, by hand or by taking the later import back: it can be taken back."""
    one = take(send(tmp_path, by, "worker", WORKER, [worker(1, "张三"), worker(2, "李四")]), by)
    writing.set_import(None)  # which lasts to the end of a transaction, and here that is the test's
    models.Worker.objects.filter(person_id=1).update(season="off_season")
    assert take_back(one, by).state == "written"
    assert "1 of worker" in one.problem["message"]
    models.Worker.objects.filter(person_id=1).update(season="all_year")
    later = take(send(tmp_path, by, "worker", WORKER, [worker(2, "李四", "务农")]), by)
    assert take_back(one, by).state == "written"
    take_back(later, by)
    assert take_back(one, by).state == "undone"
    assert workers() == []
