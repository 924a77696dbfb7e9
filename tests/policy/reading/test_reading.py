"""The whole reader: the real page, and properties that hold for any page."""

from __future__ import annotations

import csv
from datetime import date
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from opencc import OpenCC
from pypinyin import Style, pinyin

from jiedui.errors import JieduiError
from jiedui.policy import published
from jiedui.policy.reading import read_page
from jiedui.policy.reading.reading import ON, Reading
from jiedui.terms.divisions import Division, Gazetteer
from jiedui.terms.names import Resolver, bare_form, marked_forms
from tests.policy.reading.conftest import SEED

GAZETTEER = Gazetteer.load()
RESOLVER = Resolver(GAZETTEER, ON)
EAST = [d for d in GAZETTEER.at(ON) if d.province_code[:2] in ("11", "12", "31", "32", "33", "35", "37", "44")]
WEST = [d for d in GAZETTEER.at(ON) if d.province_code[:2] in ("15", "45", "50", "51", "52", "53", "61", "62", "64")]
DONORS = [d for d in EAST if d.level != "county"]
RECIPIENTS = [d for d in WEST if d.level != "county"]


def codes(reading: Reading) -> set[tuple[str, str]]:
    """Donor and recipient codes of a reading."""
    return {(p.donor.code, p.recipient.code) for p in reading.pairings}


PUBLISHED = {(edge.donor_code, edge.recipient_code) for edge in published.pairings_2016()}


@pytest.mark.seed_page
@pytest.mark.duty("reading.1", "pairing.1")
def test_the_real_page_gives_the_published_pairings(seed_page: bytes) -> None:
    """14 clauses and exactly the 32 published edges of clause （四）: 21 donors, 31 recipients."""
    reading = read_page(seed_page)
    assert [c.label for c in reading.clauses] == [f"（{n}）" for n in "一二三四五六七八九十"] + [
        "（十一）",
        "（十二）",
        "（十三）",
        "（十四）",
    ]
    assert all(c.heading and c.text for c in reading.clauses)
    assert reading.missing_clauses == ()
    assert len(reading.pairings) == 32
    assert codes(reading) == PUBLISHED
    assert (len({d for d, _ in codes(reading)}), len({r for _, r in codes(reading)})) == (21, 31)
    assert {(p.scheme, p.clause) for p in reading.pairings} == {("east_west", "（四）")}


@pytest.mark.seed_page
@pytest.mark.duty("reading.1")
def test_the_real_page_loses_exactly_its_inserted_groups(seed_page: bytes) -> None:
    """2,312 groups after 1,256 characters, counted by length of run as in the summary of the damage; all brackets left
    are genuine.
    """
    reading = read_page(seed_page)
    assert (reading.groups, len(reading.removed)) == (2312, 1256)
    summary = SEED.parents[1] / "data" / "corruption_seed_summary.csv"
    with summary.open(encoding="utf-8") as file:
        expected = {row["kind"]: row["count"] for row in csv.DictReader(file)}
    runs: dict[str, int] = {}
    for removed in reading.removed:
        runs[f"run_length_{removed.count}"] = runs.get(f"run_length_{removed.count}", 0) + 1
    assert runs == {kind: int(count) for kind, count in expected.items() if kind.startswith("run_length_")}
    assert reading.text.count("(") == int(expected["genuine_parentheses_after_strip"])
    assert reading.kept == ()


@pytest.mark.seed_page
@pytest.mark.duty("reading.1")
def test_the_real_page_loses_navigation_and_advertising(seed_page: bytes) -> None:
    """The advertiser's title and the four lines of navigation are listed, and stand in no clause."""
    reading = read_page(seed_page)
    assert len(reading.dropped) == 5
    assert "电影" in reading.dropped[0].text
    assert not any("电影" in c.text or "导航" in c.text for c in reading.clauses)
    assert reading.dates == ("12月7日",)


@pytest.mark.seed_page
@pytest.mark.duty("reading.1")
def test_the_real_page_cut_anywhere_invents_nothing(seed_page: bytes) -> None:
    """Broken off at any place of clause （四）, the page gives published pairings only."""
    text = seed_page.decode("utf-8")
    start, end = text.index("(四)調整"), text.index("(五)開")
    for at in range(start, end, 61):
        assert codes(read_page(text[:at])) <= PUBLISHED, text[at - 20 : at]


def renderings(division: Division) -> st.SearchStrategy[str]:
    """Ways to write a division so that it stays clear: in full, shortened, with its province before it."""
    province = GAZETTEER.get(division.province_code, ON)
    assert province is not None
    bare, outer = bare_form(division.name, division.level), bare_form(province.name, "province")
    names = [*marked_forms(division.name, division.level), division.full_name, *([bare] if bare else [])]
    if division.level != "province":
        names += [f"{outer}{name}" for name in names[:2]]
    clear = [name for name in names if RESOLVER.resolve(name).found == division]
    return st.sampled_from(clear)


@st.composite
def sentences(draw: st.DrawFn) -> tuple[str, set[tuple[str, str]]]:
    """One sentence in one of the forms, and the pairs that it states."""
    donors = draw(st.lists(st.sampled_from(DONORS), min_size=1, max_size=3, unique=True))
    recipients = draw(st.lists(st.sampled_from(RECIPIENTS), min_size=1, max_size=3, unique=True))
    a, x = ([draw(renderings(d)) for d in side] for side in (donors, recipients))
    pairs = {(d.code, r.code) for d in donors for r in recipients}
    one = f"{a[0]}{draw(st.sampled_from(['帮扶', '对口帮扶', '结对帮扶', '继续帮扶', '负责帮扶']))}"
    forms = [
        (f"{joined(draw, a)}帮扶{joined(draw, x)}", pairs),
        (f"{joined(draw, x)}由{joined(draw, a)}对口帮扶", pairs),
        (f"对口帮扶{joined(draw, x)}的是{joined(draw, a)}", pairs),
        (f"{joined(draw, x)}的帮扶方为{joined(draw, a)}", pairs),
        (f"{joined(draw, a)}承担{joined(draw, x)}的帮扶任务", pairs),
        (f"{joined(draw, a)}与{'、'.join(x)}结对", pairs),
        (f"{joined(draw, a)}：{joined(draw, x)}", pairs),
        (f"{one}{joined(draw, x)}", {(donors[0].code, r.code) for r in recipients}),
    ]
    if len(donors) == len(recipients) > 1:
        pairwise = {(d.code, r.code) for d, r in zip(donors, recipients, strict=True)}
        forms.append((f"{joined(draw, a)}分别帮扶{joined(draw, x)}", pairwise))
    return draw(st.sampled_from(forms))


def joined(draw: st.DrawFn, names: list[str]) -> str:
    """A list as it is written: 、 and before the last 和 or 及."""
    last = draw(st.sampled_from(["、", "和", "及"]))
    return names[0] if len(names) == 1 else "、".join(names[:-1]) + last + names[-1]


TRADITIONAL = OpenCC("s2t")


@st.composite
def damaged(draw: st.DrawFn, text: str) -> str:
    """The text with readings inserted, in traditional script, with doubled punctuation and broken lines."""
    if draw(st.booleans()):
        text = TRADITIONAL.convert(text)
    styles = [Style.NORMAL, Style.TONE, Style.TONE3]
    style = draw(st.sampled_from(styles))
    hit = draw(st.lists(st.integers(0, max(len(text) - 1, 0)), max_size=12, unique=True))
    parts = []
    for at, char in enumerate(text):
        parts.append(char)
        if at in hit and "一" <= char <= "鿿":
            reading = pinyin(char, style=style, heteronym=True)[0][0]
            parts.append(f"({reading})" * draw(st.integers(1, 3)))
        elif at in hit and char in "、；":
            parts.append(char)
        elif at in hit and char == "。":
            parts.append("。")
    return "".join(parts)


@pytest.mark.duty("reading.1")
@settings(max_examples=120, deadline=None)
@given(sentences())
def test_a_sentence_in_any_form_reads_back(sentence: tuple[str, set[tuple[str, str]]]) -> None:
    """Whatever the form and however the places are written: all stated pairs, or fewer with a report; never others."""
    text, pairs = sentence
    reading = read_page(f"结对帮扶关系如下。\n{text}。\n")
    expected = {(d, r) for d, r in pairs if not inside(d, r)}
    assert codes(reading) <= expected
    assert codes(reading) == expected or reading.unresolved


@pytest.mark.duty("reading.1")
@settings(max_examples=80, deadline=None)
@given(st.data())
def test_damage_changes_nothing(data: st.DataObject) -> None:
    """Readings inserted, traditional script, doubled punctuation: the page reads as before."""
    parts = data.draw(st.lists(sentences(), min_size=1, max_size=3))
    text = "；".join(text for text, _ in parts) + "。"
    page = f"结对帮扶关系。{text}"
    clean = codes(read_page(page))
    assert codes(read_page(data.draw(damaged(page)))) == clean


@pytest.mark.duty("reading.1")
@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_line_break_anywhere_changes_nothing(data: st.DataObject) -> None:
    """A page broken into lines of any one length in its sentences reads as before."""
    parts = data.draw(st.lists(sentences(), min_size=1, max_size=3))
    assume(not any("：" in text for text, _ in parts))
    text = "；".join(text for text, _ in parts) + "。"
    at = data.draw(st.integers(1, len(text) - 1))
    broken = text[:at] + "\n" + text[at:]
    assert codes(read_page(broken)) == codes(read_page(text))


@pytest.mark.duty("reading.1")
@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_page_cut_anywhere_invents_nothing(data: st.DataObject) -> None:
    """Every beginning of a page of several sentences gives only pairs that the whole page states.

    Where the cut leaves the beginning of a place's name (内蒙古自治区 of 内蒙古自治区包头市), that place stands for it.
    """
    parts = data.draw(st.lists(sentences(), min_size=2, max_size=3))
    text = "。".join(text for text, _ in parts) + "。"
    first = len(parts[0][0]) + 1
    at = data.draw(st.integers(first, len(text)))
    stated = set().union(*(pairs for _, pairs in parts))
    found = codes(read_page(f"结对帮扶关系。{text[:at]}")) - stated
    assert all(any(d == donor and inside(recipient, r) for d, r in stated) for donor, recipient in found)


def inside(donor: str, recipient: str) -> bool:
    """Whether one code lies in the other."""
    shorter, longer = sorted((donor.rstrip("0"), recipient.rstrip("0")), key=len)
    return longer.startswith(shorter)


@pytest.mark.duty("reading.1")
@settings(max_examples=100, deadline=None)
@given(st.one_of(st.text(max_size=200), st.binary(max_size=200)))
def test_any_input_is_read_or_refused_in_a_sentence(page: Any) -> None:
    """No text and no bytes make the reader fail other than with a message for the user."""
    try:
        reading = read_page(page)
    except JieduiError:
        return
    assert all(p.donor != p.recipient for p in reading.pairings)


def test_a_scheme_that_is_given_holds_for_every_pairing() -> None:
    """`scheme` overrides what the words say; an unknown one is refused."""
    reading = read_page("北京市帮扶内蒙古自治区。上海市对口支援拉萨市。", scheme="counterpart")
    assert {p.scheme for p in reading.pairings} == {"counterpart"}
    with pytest.raises(JieduiError, match="no scheme"):
        read_page("", scheme="friendship")


def test_a_day_before_the_divisions_begin_is_refused() -> None:
    """The divisions are known from 1981 on."""
    with pytest.raises(JieduiError, match="No divisions"):
        read_page("", on=date(1979, 1, 1))


@pytest.mark.duty("reading.1")
def test_removed_positions_point_into_the_page() -> None:
    """Each removed group names the offset of the character it stood behind."""
    page = "北(bei)京市(shi)(shi)帮扶内蒙古。"
    assert [(page[r.position], r.character, r.group, r.count) for r in read_page(page).removed] == [
        ("北", "北", "(bei)", 1),
        ("市", "市", "(shi)", 2),
    ]
