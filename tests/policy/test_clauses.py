"""The clauses and duties that come with the package."""

from __future__ import annotations

import pytest

from jiedui.errors import JieduiError
from jiedui.policy import clauses

HELD = clauses.load()
NUMERALS = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二", "十三", "十四"]

MINIMAL = """
[document]
id = "d"
title_zh = "文"
title_en = "document"
published_on = 2016-12-07
[[clause]]
number = 1
numeral = "一"
chapter_zh = "章"
title_zh = "条"
title_en = "clause"
text_zh = "正文"
text_en = "text"
[duty."a.1"]
clause = 1
kind = "record"
title_zh = "职责"
title_en = "duty"
text_zh = "正文"
text_en = "text"
status = "implemented"
"""


def test_the_fourteen_clauses_in_order() -> None:
    """There are fourteen clauses, numbered as in the opinion."""
    assert [(clause.number, clause.numeral) for clause in HELD.clauses] == list(enumerate(NUMERALS, start=1))


def test_every_area_of_the_mission_has_its_duties() -> None:
    """The 39 duties of the mission are there, by area."""
    counts: dict[str, int] = {}
    for duty in HELD.duties:
        counts[duty.area] = counts.get(duty.area, 0) + 1
    assert counts == {
        "reading": 1,
        "goal": 2,
        "principle": 2,
        "pairing": 6,
        "industry": 2,
        "labour": 7,
        "talent": 4,
        "funding": 4,
        "society": 3,
        "leadership": 4,
        "assessment": 4,
    }


def test_everything_is_said_in_both_languages() -> None:
    """Every text of a clause and a duty is there in Chinese and in English, and English has no Chinese sentence."""
    for thing in (*HELD.clauses, *HELD.duties):
        for name in ("title", "text"):
            assert getattr(thing, f"{name}_zh"), thing
            assert getattr(thing, f"{name}_en").isascii() or "–" in getattr(thing, f"{name}_en"), thing


def test_no_sentence_of_the_opinion_is_copied() -> None:
    """A clause is told in our words: what stands in 「」 is a phrase of a few characters."""
    for thing in (*HELD.clauses, *HELD.duties):
        for quoted in thing.text_zh.split("「")[1:]:
            assert len(quoted.partition("」")[0]) <= 8, thing


@pytest.mark.parametrize("wanted", [9, "9", "九", "（九）", "(九)"])
def test_a_clause_is_found_by_number_or_numeral(wanted: int | str) -> None:
    """Clause 9 is found however it is written, with its four duties."""
    assert HELD.clause(wanted).title_en == "Talent"
    assert [duty.id for duty in HELD.duties_of(wanted)] == ["talent.1", "talent.2", "talent.3", "talent.4"]


@pytest.mark.parametrize("wanted", [0, 15, "廿", ""])
def test_a_clause_that_is_not_there_is_refused(wanted: int | str) -> None:
    """A number or numeral outside the opinion is an error that says which there are."""
    with pytest.raises(JieduiError, match="no clause"):
        HELD.clause(wanted)


def test_a_duty_that_is_not_there_is_refused() -> None:
    """An unknown duty is an error, never an empty duty."""
    assert HELD.duty("talent.1").clause == 9
    with pytest.raises(JieduiError, match=r"no duty 'talent\.9'"):
        HELD.duty("talent.9")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('kind = "record"', 'kind = "wish"', "kind 'wish'"),
        ('status = "implemented"', 'status = "done"', "status 'done'"),
        ('[duty."a.1"]\nclause = 1', '[duty."a.1"]\nclause = 7', "no clause 7"),
        ('status = "implemented"', 'status = "partly"', "says what is missing"),
        ('status = "implemented"', 'status = "not_yet"\nmissing_zh = "缺"', "says what is missing"),
        ('status = "implemented"', "", "status"),
        ('numeral = "一"', "", "clause 1"),
    ],
)
def test_a_wrong_entry_is_named(old: str, new: str, message: str) -> None:
    """A mistake in the file is an error that names the clause or the duty and what is wrong with it."""
    assert old in MINIMAL
    assert clauses.parse(MINIMAL).duty("a.1").clause == 1
    with pytest.raises(JieduiError, match=message):
        clauses.parse(MINIMAL.replace(old, new, 1))
