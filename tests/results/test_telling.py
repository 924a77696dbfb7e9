"""What a stored proposal says in words, and that nothing that counted is left out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiedui.matching.problems.labour.explaining import REASONS
from jiedui.matching.problems.labour.weights import PARTS
from jiedui.results import telling
from jiedui.results.models import PairProposal, Proposal
from tests.results import worlds

pytestmark = pytest.mark.duty("labour.3")
SUMMARY = {"parts": list(PARTS)}


def labour(**changed):
    """A stored labour proposal."""
    return Proposal(**worlds.proposal(1, **changed))


@given(st.lists(st.integers(-300, 300), min_size=0, max_size=len(PARTS) + 3), st.integers(0, len(PARTS)))
def test_the_reasons_add_up_to_the_utility(points, known):
    """Whatever the run calls its parts, and however many it names, no point is lost."""
    told = telling.tell(labour(points=points, utility=sum(points)), {"parts": list(PARTS[:known])})
    assert sum(line.points for line in told.reasons) == sum(points)


def test_every_part_and_reason_of_the_engine_has_words():
    """What the engine may say is told in Chinese and in English, and not by its key."""
    assert set(PARTS) <= set(telling.PARTS)
    assert set(REASONS) - {"got"} <= set(telling.WISH)
    for words in (*telling.PARTS.values(), *telling.WISH.values()):
        assert all(words)
        assert words[0] != words[1]


def test_parts_tell_the_facts_that_they_come_from():
    """Wage beside the expectation, distance, dependants, which wish the occupation is."""
    points = [1] * len(PARTS)
    row = labour(points=points, expected_fen=300_000, distance_km=87.4, dependants=2, occupation_fit="second")
    words = {line.key: line.words for line in telling.tell(row, SUMMARY).reasons}
    assert words["wage"] == ("月工资 3500 元，期望 3000 元", "3500 yuan a month, 3000 expected")
    assert words["distance"] == ("距家约 87 公里", "about 87 km from home")
    assert words["care"][0] == "就近可照料家人 2 人"
    assert words["occupation"][1] == "the second wish"


def test_what_is_not_known_is_said_and_not_counted():
    """No expectation, no distance: a sentence, no points."""
    row = labour(points=[0, 6], distance_km=None, partner="apart")
    lines = telling.tell(row, SUMMARY).reasons
    assert [(line.key, line.points) for line in lines] == [("wage", 6), ("distance", 0), ("partner", 0)]
    assert "未登记期望工资" in lines[0].words[0]
    assert lines[2].words[1] == "the partner is in another county"


def test_the_next_best_and_the_first_wish():
    """Each with its price; none where there was no other, none where the first wish is what was proposed."""
    alone = telling.tell(labour(), SUMMARY)
    assert (alone.next_best, alone.first_wish) == (None, None)
    row = labour(
        utility=90, price=4, next_vacancy_id=7, next_region_code="330102", next_utility=88, next_price=3,
        wish_vacancy_id=8, wish_region_code="440304", wish_utility=99, wish_price=20, wish_reason="price",
    )  # fmt: skip
    told = telling.tell(row, SUMMARY)
    assert told.next_best.words[1] == "Worth 88 points, its seat costs 3: at that price it is no better than this one."
    assert (told.first_wish.right_id, told.first_wish.region_code) == (8, "440304")
    assert told.first_wish.words[1].startswith("The first wish adds 9 points, its seat costs 16 more")


def test_a_price_that_is_not_known_is_not_told():
    """Without prices no sum is made of nothing."""
    row = labour(price=None, next_vacancy_id=7, next_utility=5, wish_vacancy_id=8, wish_utility=9, wish_reason="price")
    told = telling.tell(row, SUMMARY)
    assert "None" not in " ".join((*told.next_best.words, *told.first_wish.words))


def test_pairs_are_told_in_the_words_of_their_run():
    """Parts, reasons and facts by the run's labels; what has none by its name."""
    row = PairProposal(**worlds.pair(
        1, 2, problem="need", points=[5, 3], utility=8, facts={"households": 40, "strange": 1}, wish_right_id=3,
        wish_reason="special",
    ))  # fmt: skip
    labels = {
        "met": ["需求相符", "what is needed"],
        "special": ["特例", "special"],
        "households": ["户数", "households"],
    }
    summary = {"parts": ["met", "odd"], "labels": labels}
    told = telling.tell(row, summary)
    assert [(line.words[1], line.points) for line in told.reasons] == [("what is needed", 5), ("odd", 3)]
    assert told.facts == ((("户数", "households"), 40), (("strange", "strange"), 1))
    assert told.first_wish.words == ("特例", "special")


def test_the_main_reasons_are_the_two_that_counted_most():
    """Having work at all is the same for everybody, so it is not among them."""
    told = telling.tell(labour(points=[100, 6, -9, 20, 12]), SUMMARY)
    assert [line.points for line in told.main] == [20, 12]
