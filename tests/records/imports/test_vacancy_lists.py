"""What becomes of a vacancy that a list brings: checked, doubtful, withdrawn, or with fewer seats than are held."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from jiedui.jobs import importing as job
from jiedui.records import models
from jiedui.records.actions import importing
from tests.records.imports.lists import (
    VACANCY,
    VILLAGE,
    WORKER,
    counts,
    problems,
    send,
    take,
    take_back,
    vacancy,
    worker,
)

pytestmark = [pytest.mark.django_db, pytest.mark.duty("labour.2")]
MORE = ("上岗日期", "合同类型", "劳动强度", "夜班", "要求普通话", "夫妻房", "解决子女学位")


def states() -> dict[str, str]:
    """Title → state of the register's vacancies."""
    return dict(models.Vacancy.objects.order_by("title").values_list("title", "state"))


def test_all_that_a_list_may_say_is_kept(by: models.User, tmp_path: Path) -> None:
    """The conditions of work in the words of offices; the occupation by name or code; what is not said is not known."""
    starts = date.today() + timedelta(100)
    rows = [
        [*vacancy(1, "甲", 职业="缝纫工"), starts, "固定期限", "轻体力", "是", "否", "有", "无"],
        [*vacancy(2, "乙", 职业="6-29-01-01"), *[None] * 7],
    ]
    one = send(tmp_path, by, "vacancy", (*VACANCY, *MORE), rows)
    assert counts(one) == (2, 0, 0, 0, 0, 0)
    take(one, by)
    names = ("occupation", "starts_on", "contract", "demand", "night_shift", "mandarin", "couple_room", "school_place")
    assert list(models.Vacancy.objects.order_by("organisation__credit_code").values_list(*names)) == [
        ("6-05-01", starts, "fixed_term", "light", True, False, True, False),
        ("6-29-01", None, None, None, None, None, None, None),
    ]


def test_a_plausible_vacancy_counts_and_a_doubtful_one_waits(by: models.User, tmp_path: Path) -> None:
    """Wages like a daily or a yearly wage, very many seats, a list of last year: warned of, taken, not checked yet."""
    rows = [
        vacancy(1, "甲"), vacancy(1, "乙", 月工资=180), vacancy(1, "丙", 月工资=60000), vacancy(1, "丁", 人数=5000),
        vacancy(1, "戊", 招聘开始="2019-01-01", 招聘截止="2019-12-31"),
    ]  # fmt: skip
    one = send(tmp_path, by, "vacancy", VACANCY, rows)
    assert problems(one) == {(3, "wage_too_low", "monthly_wage_fen"), (4, "wage_too_high", "monthly_wage_fen"),
                             (5, "many_seats", "seats"), (6, "closed_already", "open_to")}  # fmt: skip
    assert (counts(one), one.counts["warned"]) == ((5, 0, 0, 0, 0, 0), 4)
    take(one, by)
    assert states() == {"甲": "checked", "乙": "reported", "丙": "reported", "丁": "reported", "戊": "reported"}


def test_a_change_is_looked_at_again_and_what_was_withdrawn_stays_so(by: models.User, tmp_path: Path) -> None:
    """A wage that becomes doubtful waits again, one that was put right counts; withdrawn is withdrawn."""
    rows = [vacancy(1, "甲"), vacancy(1, "乙", 月工资=180), vacancy(1, "丙")]
    take(send(tmp_path, by, "vacancy", VACANCY, rows), by)
    models.Vacancy.objects.filter(title="丙").update(state="withdrawn")
    rows = [vacancy(1, "甲", 月工资=190), vacancy(1, "乙", 月工资=3600), vacancy(1, "丙", 月工资=3600)]
    one = take(send(tmp_path, by, "vacancy", VACANCY, rows), by)
    assert states() == {"甲": "reported", "乙": "checked", "丙": "withdrawn"}
    take_back(one, by)
    assert states() == {"甲": "checked", "乙": "reported", "丙": "withdrawn"}


def test_what_was_confirmed_stays_so_until_the_doubted_field_changes(by: models.User, tmp_path: Path) -> None:
    """Other seats leave a confirmed wage confirmed; another doubtful wage waits again."""
    take(send(tmp_path, by, "vacancy", VACANCY, [vacancy(1, "甲", 月工资=180), vacancy(1, "乙", 月工资=180)]), by)
    models.Vacancy.objects.update(state="checked")
    rows = [vacancy(1, "甲", 月工资=180, 人数=7), vacancy(1, "乙", 月工资=190)]
    take(send(tmp_path, by, "vacancy", VACANCY, rows), by)
    assert states() == {"甲": "checked", "乙": "reported"}
    assert models.Vacancy.objects.get(title="甲").seats == 7


@pytest.mark.parametrize("late", [False, True])
def test_seats_below_what_is_held_are_refused_in_words(late: bool, by: models.User, tmp_path: Path) -> None:
    """Two offers hold two seats: one seat is refused with row and column. An offer that is made between the look and
    the decision sends the list back to be compared, and then it is refused.
    """
    take(send(tmp_path, by, "vacancy", VACANCY, [vacancy(1, 人数=3)]), by)
    take(send(tmp_path, by, "worker", WORKER, [worker(1, "张三"), worker(2, "李四")]), by)
    if not late:
        offer(1), offer(2)
    one = send(tmp_path, by, "vacancy", VACANCY, [vacancy(1, 人数=1)])
    if late:
        assert counts(one) == (0, 1, 0, 0, 0, 0)
        offer(1), offer(2)
        importing.accept(one, by=by)
        job.write(one.pk)
        job.compare(one.pk)
        one.refresh_from_db()
        assert one.problem == {"overtaken": 1}
    assert problems(one) == {(2, "seats_held", "seats")}
    assert counts(one) == (0, 0, 0, 0, 0, 1)
    take(send(tmp_path, by, "vacancy", VACANCY, [vacancy(1, 人数=2)]), by)
    assert models.Vacancy.objects.get().seats == 2


def offer(person: int) -> Any:
    """The vacancy offered to a worker."""
    one, found = models.Vacancy.objects.get(), models.Worker.objects.get(person_id=person)
    return models.JobOffer.objects.create(
        worker=found, person_id=person, household_id=1, region_code=VILLAGE, vacancy=one,
        work_region_code=one.region_code, state="offered", offered_on=date.today(), answer_by=date.today(),
    )  # fmt: skip
