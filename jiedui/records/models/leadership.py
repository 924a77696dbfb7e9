"""组织领导: tables of the area `leadership`, as `snapshot.schema.leadership` declares them."""

from __future__ import annotations

from jiedui.records.models import fields, rules
from jiedui.records.models.entry import Entered
from jiedui.terms import codelists


class Meeting(Entered):
    """联席会议: Joint meeting of the leaders of a pair."""

    visibility = "pair"

    meeting_id = fields.key("编号")
    pairing = fields.link("结对关系", "Pairing")
    held_on = fields.day("日期")
    rank = fields.choice("层级", codelists.LEADER_RANK)
    topic = fields.text("议题")

    class Meta:
        verbose_name = verbose_name_plural = "联席会议"
        constraints = [
            rules.listed("meeting", "rank", codelists.LEADER_RANK),
        ]


class Visit(Entered):
    """互访: Visit of one side's leaders to the other."""

    visibility = "pair"

    visit_id = fields.key("编号")
    pairing = fields.link("结对关系", "Pairing")
    direction = fields.choice("方向", codelists.VISIT_DIRECTION)
    rank = fields.choice("层级", codelists.LEADER_RANK)
    visited_on = fields.day("日期")
    persons = fields.whole("人数")

    class Meta:
        verbose_name = verbose_name_plural = "互访"
        constraints = [
            *rules.not_negative("visit", "persons"),
            rules.listed("visit", "direction", codelists.VISIT_DIRECTION),
            rules.listed("visit", "rank", codelists.LEADER_RANK),
        ]


class Task(Entered):
    """议定事项: What a meeting agreed, with owner and date."""

    visibility = "meeting"

    task_id = fields.key("编号")
    meeting = fields.link("会议", "Meeting")
    owner_code = fields.code("责任方")
    title = fields.text("事项")
    due_on = fields.day("期限")
    done_on = fields.day("完成日期", required=False)

    class Meta:
        verbose_name = verbose_name_plural = "议定事项"
        constraints = [
            rules.digits("task", "owner_code"),
        ]
