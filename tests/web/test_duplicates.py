"""Pairs that may be one person: found, shown, decided, taken back; what the register does with it."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pytest
from django.test import Client

from jiedui.errors import JieduiError
from jiedui.jobs import duplicates as jobs
from jiedui.records import loading
from jiedui.records.actions import duplicates as actions
from jiedui.records.models import Change, DuplicatePair, Person, User
from jiedui.terms.identity import mask_id
from tests.records.small_country import country, id_number
from tests.web.test_imports import client

pytestmark = pytest.mark.django_db
WORDS = '[{"column": "name", "code": 3, "text_zh": "同音字", "text_en": "name sounds the same"}]'


@pytest.fixture
def office() -> Client:
    """云南's office, with the small country's people: 4 and 5 live in 昭通, 1 in 怒江, 7 in 黔东南 of 贵州."""
    loading.load_tables(country())
    return client("recipient_office", "530000")


def found(*pairs: tuple[int, int], probability: float = 0.9) -> pa.Table:
    """Pairs as the search finds them."""
    home = dict(Person.objects.values_list("person_id", "region_code"))
    rows = [
        {"left_id": left, "right_id": right, "left_region": home[left], "right_region": home[right],
         "probability": probability, "evidence": WORDS}
        for left, right in pairs
    ]  # fmt: skip
    return pa.Table.from_pylist(rows, schema=actions.FOUND)


def by() -> User:
    """The office's user."""
    return User.objects.get(username="recipient_office530000")


def test_the_search_finds_a_planted_double_and_says_why_without_a_number(office: Client) -> None:
    """A person entered twice with two swapped digits is one pair, with words for it, masked on the page."""
    original = Person.objects.get(pk=4)
    copy = Person.objects.get(pk=6)
    Person.objects.filter(pk=copy.pk).update(
        name=original.name, sex=original.sex, birth_year=original.birth_year, household=original.household_id
    )
    done = jobs.find("530000")
    assert done["found"] >= 1
    pair = DuplicatePair.objects.get(left_id=4, right_id=6)
    assert "姓名相同" in [one["text_zh"] for one in pair.evidence]
    page = office.get("/duplicates/").content.decode()
    assert "same name" in page
    assert mask_id(id_number(4)) in page
    assert id_number(4) not in page


def test_a_decision_is_kept_and_never_asked_again(office: Client) -> None:
    """Another search renews open pairs, drops those it does not find, and leaves the decided ones alone."""
    assert actions.store_found(found((4, 5), (4, 6), (5, 6)), "530000") == {"new": 3, "gone": 0}
    one = DuplicatePair.objects.get(left_id=4, right_id=5)
    reply = office.post(f"/duplicates/{one.pk}/", {"decision": "different", "reason": "两人都在"})
    assert reply.status_code == 302
    assert actions.store_found(found((4, 5), (4, 6), probability=0.8), "530000") == {"new": 0, "gone": 1}
    held = {(pair.left_id, pair.right_id): (pair.decision, pair.probability) for pair in DuplicatePair.objects.all()}
    assert held == {(4, 5): ("different", 0.9), (4, 6): ("open", 0.8)}
    assert "两人都在" in office.get("/duplicates/?decision=different").content.decode()


def test_the_same_person_leaves_once_and_comes_back_when_it_is_taken_back(office: Client) -> None:
    """Who was registered later leaves on the day of the decision, signed in the journal; taken back, is there again."""
    Person.objects.filter(pk=4).update(joined_on=date(2018, 1, 1))
    actions.store_found(found((4, 5)), "530000")
    pair = DuplicatePair.objects.get()
    office.post(f"/duplicates/{pair.pk}/", {"decision": "same", "reason": "核对户口本"})
    assert actions.settle(pair.pk, on=date(2019, 6, 1))
    assert not actions.settle(pair.pk, on=date(2019, 6, 2))
    assert dict(Person.objects.filter(pk__in=(4, 5)).values_list("pk", "left_on")) == {4: date(2019, 6, 1), 5: None}
    entry = Change.objects.filter(table="person", row_id=4).order_by("-pk")[0]
    assert (entry.by, entry.reason) == (by().pk, f"疑似重复{pair.pk}：核对户口本")
    assert "Decided: the same person" in office.get("/duplicates/").content.decode()
    office.post(f"/duplicates/{pair.pk}/", {"decision": "open", "reason": "误判"})
    assert actions.settle(pair.pk)
    assert Person.objects.get(pk=4).left_on is None
    pair.refresh_from_db()
    assert pair.decision == "open"


def test_what_somebody_changed_after_the_decision_stands(office: Client) -> None:
    """A leaving that another act has dated anew is not undone by taking the decision back."""
    actions.store_found(found((4, 5)), "530000")
    pair = DuplicatePair.objects.get()
    actions.decide(pair, "same", by=by(), reason="核对")
    actions.settle(pair.pk, on=date(2019, 6, 1))
    gone = Person.objects.get(left_on__isnull=False, pk__in=(4, 5))
    Person.objects.filter(pk=gone.pk).update(left_on=date(2019, 7, 1))
    actions.take_back(pair, by=by(), reason="误判")
    assert not actions.settle(pair.pk)
    assert Person.objects.get(pk=gone.pk).left_on == date(2019, 7, 1)


@pytest.mark.parametrize(
    ("decision", "reason", "said"),
    [("same", " ", "needs a reason"), ("perhaps", "核对", "no decision"), ("open", "核对", "not decided")],
)
def test_a_decision_that_cannot_be_is_said(office: Client, decision: str, reason: str, said: str) -> None:
    """One sentence, status 400, and the pair is open as before."""
    actions.store_found(found((4, 5)), "530000")
    pair = DuplicatePair.objects.get()
    reply = office.post(f"/duplicates/{pair.pk}/", {"decision": decision, "reason": reason})
    assert (reply.status_code, said in reply.content.decode()) == (400, True)
    pair.refresh_from_db()
    assert (pair.decision, pair.decided_by_id) == ("open", None)


def test_two_officers_never_both_decide(office: Client) -> None:
    """The second gets a sentence; the first decision stands."""
    actions.store_found(found((4, 5)), "530000")
    one, other = DuplicatePair.objects.get(), DuplicatePair.objects.get()
    actions.decide(one, "different", by=by(), reason="核对")
    with pytest.raises(JieduiError, match="decided already"):
        actions.decide(other, "same", by=by(), reason="核对")
    assert DuplicatePair.objects.get().decision == "different"


def test_a_pair_across_offices_is_seen_by_none_of_them_alone(office: Client) -> None:
    """Of whom an office does not see both by name it sees no pair, and decides none."""
    other_province = Person.objects.filter(region_code__startswith="52").order_by("pk")[0].pk
    left, right = sorted((4, other_province))
    actions.store_found(found((left, right)), "530000")
    pair = DuplicatePair.objects.get()
    assert "No pair waits" in office.get("/duplicates/").content.decode()
    assert office.post(f"/duplicates/{pair.pk}/", {"decision": "same", "reason": "核对"}).status_code == 404
