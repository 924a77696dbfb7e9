"""Whom a worker goes with: both sides are linked, or neither."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiedui.records import models
from jiedui.records.actions import importing
from jiedui.records.imports import partners, preview
from tests.records.imports.lists import WORKER, counts, enter, problems, send, take, take_back, worker
from tests.records.small_country import id_number

pytestmark = [pytest.mark.django_db, pytest.mark.duty("labour.1")]
TITLES = (*WORKER, "同行人证件号码")
NAMES = {1: "张三", 2: "李四", 3: "王五", 4: "赵六"}


@pytest.fixture(autouse=True)
def fourth(by: models.User) -> None:
    """A fourth person of the household."""
    enter(models.Household.objects.get(), 4, NAMES[4])


def row(number: int, partner: int | str | None = None, **more: Any) -> list[Any]:
    """A worker's row, and whom it names."""
    named = id_number(partner) if isinstance(partner, int) else partner
    return [*worker(number, NAMES[number], **more), named]


def linked() -> set[tuple[int, int]]:
    """(person, partner's person) of the register."""
    rows = models.Worker.objects.exclude(partner=None).values_list("person_id", "partner__person_id")
    return set(rows)


def test_one_row_or_both_link_both_sides(by: models.User, tmp_path: Path) -> None:
    """New workers: one names the other and is named back, or is not; either way both sides are linked, and unlinked."""
    one = send(tmp_path, by, "worker", TITLES, [row(1, 2), row(2, 1), row(3, 4), row(4)])
    assert counts(one) == (4, 0, 0, 0, 0, 0)
    take(one, by)
    assert linked() == {(1, 2), (2, 1), (3, 4), (4, 3)}
    assert counts(send(tmp_path, by, "worker", TITLES, [row(1, 2), row(2), row(3, 4), row(4, 3)])) == (0, 0, 4, 0, 0, 0)
    assert take_back(one, by).state == "undone"
    assert not models.Worker.objects.exists()


def test_a_worker_of_the_register_is_linked_though_the_file_has_no_row(by: models.User, tmp_path: Path) -> None:
    """The other side is in the register already: it changes with the row, and back with the undo."""
    take(send(tmp_path, by, "worker", TITLES, [row(1), row(2)]), by)
    one = send(tmp_path, by, "worker", TITLES, [row(1, 2)])
    assert counts(one) == (0, 1, 0, 0, 0, 0)
    shown = preview.page(one.pk, "changed", 1).rows.to_pylist()
    assert [(line["sent:partner"], line["kept:partner"]) for line in shown] == [("李四", None)]
    assert take(one, by).counts["written"] == {"worker_changed": 1, "partners": 2}
    assert linked() == {(1, 2), (2, 1)}
    assert take_back(one, by).state == "undone"
    assert linked() == set()


def test_whoever_goes_with_another_now_leaves_the_old_partner_free(by: models.User, tmp_path: Path) -> None:
    """1 went with 2 and goes with 3: 2 has nobody any more; taken back, all is as before."""
    take(send(tmp_path, by, "worker", TITLES, [row(1, 2), row(2), row(3)]), by)
    one = take(send(tmp_path, by, "worker", TITLES, [row(1, 3), row(2), row(3)]), by)
    assert linked() == {(1, 3), (3, 1)}
    take_back(one, by)
    assert linked() == {(1, 2), (2, 1)}


def test_partners_that_cannot_be_are_refused(by: models.User, tmp_path: Path) -> None:
    """Oneself, a stranger, somebody of the register who is no worker, a third person, two who want the same one."""
    rows = [row(1, 1), row(2, 9), row(3, 4)]
    one = send(tmp_path, by, "worker", TITLES, rows)
    assert problems(one) == {(2, "partner_self", "partner"), (3, "partner_unknown", "partner"),
                             (4, "partner_unknown", "partner")}  # fmt: skip
    assert counts(one) == (0, 0, 0, 0, 0, 3)
    third = send(tmp_path, by, "worker", TITLES, [row(1, 2), row(2, 3), row(3, 2)])
    assert problems(third) == {(2, "partner_disagrees", "partner")}
    rivals = send(tmp_path, by, "worker", TITLES, [row(1, 3), row(2, 3), row(3)])
    assert problems(rivals) == {(2, "partner_disagrees", "partner"), (3, "partner_disagrees", "partner")}
    take(send(tmp_path, by, "worker", TITLES, [row(1, 2), row(2), row(3)]), by)
    taken = send(tmp_path, by, "worker", TITLES, [row(3, 2)])
    assert problems(taken) == {(2, "partner_disagrees", "partner")}


def test_a_partner_whose_row_was_left_out_is_not_linked(by: models.User, tmp_path: Path) -> None:
    """The officer leaves out the one row: the other worker is entered, alone."""
    one = send(tmp_path, by, "worker", TITLES, [row(1, 2), row(2, 1)])
    importing.leave_out(one, rows=[3])
    take(one, by)
    assert list(models.Worker.objects.values_list("person_id", "partner_id")) == [(1, None)]


def test_a_wrong_number_of_a_partner_is_refused_and_hidden(by: models.User, tmp_path: Path) -> None:
    """The number is checked like any identity number; the page shows it masked."""
    number = id_number(2)
    wrong = number[:-1] + ("0" if number[-1] != "0" else "1")
    one = send(tmp_path, by, "worker", TITLES, [row(1, wrong), row(2, 2)])
    assert problems(one) == {(2, "id_check_digit", "partner"), (3, "partner_self", "partner")}
    shown = preview.page(one.pk, "refused", 1).rows["value"].to_pylist()
    assert all("*" * 13 in value for value in shown)


@given(st.lists(st.one_of(st.none(), st.integers(0, 5)), min_size=6, max_size=6), st.integers(0, 3))
def test_what_is_accepted_is_always_mutual(named: list[int | None], pairs: int) -> None:
    """Oracle: every combination of six workers in a file and links of the register; of the rows that are left, whoever
    has a partner is that one's partner, or that one has none and was not in the file.
    """
    held = {a: b for a, b in pairwise(range(6)) if a % 2 == 0 and a // 2 < pairs}
    register = pa.table({
        "key": pa.array(range(6), pa.int64()),
        "partner": pa.array([(held | {b: a for a, b in held.items()}).get(n) for n in range(6)], pa.int64()),
    })  # fmt: skip
    me = np.arange(6)
    told = np.array([partners.NOBODY if one is None else one for one in named])
    good = pa.table({"person_id": me})
    broken = partners._broken(good, told, register)
    refused = np.logical_or.reduce(list(broken.values()))
    said = partners._both_ways(me, np.where(refused, partners.NOBODY, told))
    kept = register["partner"].to_pylist()
    for one in me[~refused]:
        if (other := said[one]) != partners.NOBODY:
            assert other != one
            assert refused[other] or said[other] in (one, partners.NOBODY)
            assert told[other] in (one, partners.NOBODY)
            assert kept[other] in (one, None) or told[other] == one
    assert all(int(one) in broken_rows for one, broken_rows in [(n, set(np.flatnonzero(refused))) for n in me]
               if told[one] == one)  # fmt: skip
