"""人才支援: secondments (九): their term, hand-over, main duty, and no two posts at once.

Rows are of the table `secondment`. An end date is the first day on which the person is no longer in post, so that one
who leaves a post and takes another on the same day holds one at a time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta

from jiedui.policy.findings import Finding, Row, refs
from jiedui.policy.parameters import Parameters
from jiedui.policy.registry import implements, interprets
from jiedui.terms.periods import add_months, full_months

DUTY = "talent.1"


@implements("talent.1")
@interprets(
    "talent.1",
    because="「原则上」: a term outside the range is a note, never a refusal. Two years that end the day before the "
    "second anniversary are two years.",
)
def term_outside_range(secondments: Iterable[Row], parameters: Parameters) -> tuple[Finding, ...]:
    """挂职期限: a note for each term outside the range, by the actual end where there is one, else by the plan."""
    shortest, longest = parameters.value("talent.term_months_min"), parameters.value("talent.term_months_max")
    found = []
    for row in secondments:
        start, end = row["started_on"], _end(row)
        too_short = full_months(start, end + timedelta(days=1)) < shortest
        too_long = end > add_months(start, longest)
        if too_short or too_long:
            zh, en = ("短", "shorter") if too_short else ("长", "longer")
            found.append(
                Finding(
                    duty=DUTY,
                    severity="note",
                    subject=f"secondment:{row['secondment_id']}",
                    message=f"挂职{start}至{end}，比原则上的{shortest}至{longest}个月{zh}。",
                    message_en=f"From {start} to {end}, {en} than the {shortest} to {longest} months of the principle.",
                    rows=refs("secondment", [row]),
                    rule="term_outside_range",
                )
            )
    return tuple(found)


@implements("talent.1")
@interprets("talent.1", because="Without a recorded end a post lasts until its planned end; what follows is `overdue`.")
def two_posts_at_once(secondments: Iterable[Row]) -> tuple[Finding, ...]:
    """一人两岗: an error for each two posts of one person (`person_key`) that have a day in common."""
    posts: dict[str, list[Row]] = defaultdict(list)
    for row in sorted(secondments, key=lambda row: (row["started_on"], row["secondment_id"])):
        posts[row["person_key"]].append(row)
    return tuple(
        _two_posts(first, second)
        for held in posts.values()
        for index, first in enumerate(held)
        for second in held[index + 1 :]
        if second["started_on"] < min(_end(first), _end(second))
    )


@implements("talent.1")
@interprets(
    "talent.1",
    because="The text asks it of the officials whom donors send (挂职干部), so specialists and the other direction are "
    "not looked at.",
)
def main_duty_elsewhere(secondments: Iterable[Row]) -> tuple[Finding, ...]:
    """主要精力: a warning for each official sent by a donor whose main duty is not on poverty."""
    return tuple(
        Finding(
            duty=DUTY,
            severity="warning",
            subject=f"secondment:{row['secondment_id']}",
            message="帮扶方派出的挂职干部未以脱贫工作为主。",
            message_en="An official sent by the donor does not work mainly on poverty.",
            rows=refs("secondment", [row]),
            rule="main_duty_elsewhere",
        )
        for row in secondments
        if row["direction"] == "donor_to_recipient" and row["kind"] == "official" and not row["poverty_duty"]
    )


@interprets("talent.1", because="A post past its planned end without a recorded end has not been handed over.")
def overdue(secondments: Iterable[Row], on: date) -> tuple[Finding, ...]:
    """未交接: a note for each post whose planned end is past and whose end is not recorded."""
    return tuple(
        Finding(
            duty=DUTY,
            severity="note",
            subject=f"secondment:{row['secondment_id']}",
            message=f"计划于{row['planned_end_on']}结束，尚未登记结束或交接。",
            message_en=f"Planned to end on {row['planned_end_on']}; neither an end nor a hand-over is recorded.",
            rows=refs("secondment", [row]),
            rule="overdue",
        )
        for row in secondments
        if row["ended_on"] is None and row["planned_end_on"] < on
    )


def _end(row: Row) -> date:
    end: date = row["ended_on"] or row["planned_end_on"]
    return end


def _two_posts(first: Row, second: Row) -> Finding:
    since = max(first["started_on"], second["started_on"])
    return Finding(
        duty=DUTY,
        severity="error",
        subject=f"person:{first['person_key']}",
        message=f"同一人自{since}起同时占两个岗位。",
        message_en=f"One person holds two posts at once from {since} on.",
        rows=refs("secondment", [first, second]),
        rule="two_posts_at_once",
    )
