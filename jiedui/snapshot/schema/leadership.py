"""组织领导: tables of the area `leadership`."""

from __future__ import annotations

from jiedui.snapshot.schema.definition import Column, Table
from jiedui.terms import codelists

TABLES: tuple[Table, ...] = (
    Table(
        name="meeting",
        area="leadership",
        title="联席会议",
        doc="Joint meeting of the leaders of a pair.",
        date="held_on",
        duties=("leadership.1",),
        columns=(
            Column("meeting_id", "id", "编号"),
            Column("pairing_id", "ref", "结对关系", references="pairing"),
            Column("held_on", "date", "日期"),
            Column("rank", "choice", "层级", choices=codelists.LEADER_RANK),
            Column("topic", "text", "议题"),
        ),
    ),
    Table(
        name="visit",
        area="leadership",
        title="互访",
        doc="Visit of one side's leaders to the other.",
        date="visited_on",
        duties=("leadership.1",),
        columns=(
            Column("visit_id", "id", "编号"),
            Column("pairing_id", "ref", "结对关系", references="pairing"),
            Column("direction", "choice", "方向", choices=codelists.VISIT_DIRECTION),
            Column("rank", "choice", "层级", choices=codelists.LEADER_RANK),
            Column("visited_on", "date", "日期"),
            Column("persons", "int", "人数", unit="persons"),
        ),
    ),
    Table(
        name="task",
        area="leadership",
        title="议定事项",
        doc="What a meeting agreed, with owner and date.",
        date="due_on",
        duties=("leadership.2",),
        columns=(
            Column("task_id", "id", "编号"),
            Column("meeting_id", "ref", "会议", references="meeting"),
            Column("owner_code", "code", "责任方"),
            Column("title", "text", "事项"),
            Column("due_on", "date", "期限"),
            Column("done_on", "date", "完成日期", required=False),
        ),
    ),
)
