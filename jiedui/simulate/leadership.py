"""组织领导: joint meetings, what they agreed, and visits."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from jiedui.simulate.columns import MISSING, position, table
from jiedui.simulate.ground import Ground
from jiedui.simulate.irregularities import planted
from jiedui.simulate.streams import pick
from jiedui.terms.codelists import LEADER_RANK, VISIT_DIRECTION

_TOPICS = ("东西部扶贫协作高层联席会议", "劳务协作工作推进会", "产业合作对接会", "年度协作协议签订会")
_TASKS = ("落实年度帮扶资金", "组织劳务专场招聘", "选派专业技术人才", "推进产业园区建设", "开展消费扶贫对接")
_RANK = ("principal", "deputy", "department")


def leadership(ground: Ground) -> dict[str, pa.Table]:
    """造组织领导: meetings, tasks, visits of every pair and year."""
    pair, held = _meetings(ground)
    return {
        "meeting": _meeting_table(ground, pair, held),
        "task": _tasks(ground, pair, held),
        "visit": _visits(ground),
    }


def _meetings(ground: Ground) -> tuple[np.ndarray, np.ndarray]:
    rng = ground.streams.of("meeting")
    pairs, held = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for year in ground.years:
        for pair in ground.pairs:
            n = int(rng.integers(1, 4))
            on = ground.days_of(year, 60, 350, n, rng)
            if not (planted("no_meeting", pair) and year == ground.years[-1]):
                pairs.append(np.full(n, pair))
                held.append(on)
    return np.concatenate(pairs), np.concatenate(held)


def _meeting_table(ground: Ground, pair: np.ndarray, held: np.ndarray) -> pa.Table:
    rng = ground.streams.of("meeting.topic")
    return table(
        "meeting",
        {
            "meeting_id": np.arange(1, len(pair) + 1),
            "pairing_id": pair,
            "held_on": held,
            "rank": position(LEADER_RANK, *_RANK)[pick(rng, [45, 35, 20], len(pair))],
            "topic": pa.array(_TOPICS).take(pa.array(pick(rng, [4, 2, 2, 1], len(pair)))),
        },
    )


def _tasks(ground: Ground, pair: np.ndarray, held: np.ndarray) -> pa.Table:
    rng = ground.streams.of("task")
    counts = rng.integers(1, 5, len(pair))
    meeting = np.repeat(np.arange(len(pair)), counts)
    n = len(meeting)
    due = held[meeting] + rng.integers(60, 300, n)
    done = held[meeting] + (rng.random(n) * (due - held[meeting]) * rng.choice([0.9, 1.0, 1.25], n)).astype(np.int64)
    overdue = np.array([planted("overdue_tasks", p) for p in pair[meeting].tolist()], bool)
    open_ = (rng.random(n) < 0.05) | overdue | (done > ground.last)
    owner = np.array([[ground.donor(p), ground.recipient(p)] for p in pair.tolist()]).reshape(-1, 2)
    return table(
        "task",
        {
            "task_id": np.arange(1, n + 1),
            "meeting_id": meeting + 1,
            "owner_code": owner[meeting, rng.integers(0, 2, n)],
            "title": pa.array(_TASKS).take(pa.array(pick(rng, np.ones(len(_TASKS)), n))),
            "due_on": due,
            "done_on": np.where(open_, MISSING, done),
        },
    )


def _visits(ground: Ground) -> pa.Table:
    rng = ground.streams.of("visit")
    pairs, on, direction = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    both = position(VISIT_DIRECTION, "donor_to_recipient", "recipient_to_donor")
    for year in ground.years:
        for pair in ground.pairs:
            n = int(rng.integers(2, 7))
            day, way = ground.days_of(year, 40, 355, n, rng), both[np.r_[0, 1, rng.integers(0, 2, n - 2)]]
            if not (planted("no_visit", pair) and year == ground.years[-1]):
                pairs.append(np.full(n, pair))
                on.append(day)
                direction.append(way)
    # The first visit of each direction is nearly always one of the principal leaders.
    leads = np.concatenate([np.zeros(0, bool), *(np.arange(len(on_)) < 2 for on_ in on[1:])])
    n = len(leads)
    rank = np.where(leads & (rng.random(n) < 0.97), 0, pick(rng, [40, 35, 25], n))
    return table(
        "visit",
        {
            "visit_id": np.arange(1, n + 1),
            "pairing_id": np.concatenate(pairs),
            "direction": np.concatenate(direction),
            "rank": position(LEADER_RANK, *_RANK)[rank],
            "visited_on": np.concatenate(on),
            "persons": rng.integers(4, 25, n),
        },
    )
