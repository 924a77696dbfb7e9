"""The one resolver, against a brute-force oracle and by example."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from jiedui.terms.divisions import Division, Gazetteer, data_rows, prefix
from jiedui.terms.names import Resolver, bare_form, marked_forms

GAZETTEER = Gazetteer.load()
DAY = date(2016, 12, 7)
RESOLVER = Resolver(GAZETTEER, DAY)
TODAY = GAZETTEER.at(DAY)
CURATED = dict(data_rows("short_names.csv"))


@pytest.mark.parametrize(
    ("text", "full_name"),
    [
        ("恩施州", "湖北省恩施土家族苗族自治州"),
        ("恩施自治州", "湖北省恩施土家族苗族自治州"),
        ("黔南", "贵州省黔南布依族苗族自治州"),
        ("黔西南州", "贵州省黔西南布依族苗族自治州"),
        ("内蒙古", "内蒙古自治区"),
        ("广西自治区", "广西壮族自治区"),
        ("吉林", "吉林省"),
        ("吉林市", "吉林省吉林市"),
        ("吉林吉林", "吉林省吉林市"),
        ("青海海南", "青海省海南藏族自治州"),
        ("海南", "海南省"),
        ("临夏", "甘肃省临夏回族自治州"),
        ("临夏市", "甘肃省临夏回族自治州临夏市"),
        ("贵州遵义", "贵州省遵义市"),
        ("内蒙古科右前旗", "内蒙古自治区兴安盟科尔沁右翼前旗"),
        ("鄂温克旗", "内蒙古自治区呼伦贝尔市鄂温克族自治旗"),
        ("积石山县", "甘肃省临夏回族自治州积石山保安族东乡族撒拉族自治县"),
        ("北京市 海淀 区", "北京市海淀区"),
        ("海淀", "北京市海淀区"),
        ("巴州", "新疆维吾尔自治区巴音郭楞蒙古自治州"),
    ],
)
def test_names_as_people_write_them(text: str, full_name: str) -> None:
    """Official, shortened, bare and curated names, alone and as a path."""
    found = RESOLVER.resolve(text).found
    assert found is not None
    assert found.full_name == full_name


@pytest.mark.parametrize(
    ("text", "reason", "candidates"),
    [
        ("朝阳区", "ambiguous", {"北京市朝阳区", "吉林省长春市朝阳区"}),
        ("城关区", "ambiguous", {"西藏自治区拉萨市城关区", "甘肃省兰州市城关区"}),
        ("东乡县", "ambiguous", {"甘肃省临夏回族自治州东乡族自治县", "江西省抚州市东乡区"}),
        ("安徽省巢湖地区", "divided", {"安徽省合肥市", "安徽省芜湖市", "安徽省马鞍山市"}),
        ("黔西市", "later", {"贵州省毕节市黔西市"}),
        ("某某县", "unknown", set()),
        ("", "unknown", set()),
        ("新疆生产建设兵团", "not_a_division", set()),
    ],
)
def test_what_stays_open_says_why(text: str, reason: str, candidates: set[str]) -> None:
    """Nothing is chosen; the reason and the candidates are given."""
    resolution = RESOLVER.resolve(text)
    assert resolution.found is None
    assert (resolution.reason, {c.full_name for c in resolution.candidates}) == (reason, candidates)


def test_thirty_county_names_are_not_unique() -> None:
    """The official names that several counties bear in 2016 are reported, each with all its bearers."""
    bearers: dict[str, set[str]] = {}
    for division in TODAY:
        if division.level == "county":
            bearers.setdefault(division.name, set()).add(division.code)
    shared = {name: codes for name, codes in bearers.items() if len(codes) > 1}
    assert len(shared) == 30
    for name, codes in shared.items():
        resolution = RESOLVER.resolve(name)
        assert resolution.found is None
        assert codes <= {c.code for c in resolution.candidates}


def test_a_former_name_leads_to_what_took_over() -> None:
    """襄樊市 and 铜仁地区 in 2016; before the change they are themselves."""
    assert [(r.found.name, r.former) for r in map(RESOLVER.resolve, ("襄樊市", "铜仁地区")) if r.found] == [
        ("襄阳市", "襄樊市"),
        ("铜仁市", "铜仁地区"),
    ]
    before = Resolver(GAZETTEER, date(2009, 1, 1))
    assert [(r.found.code, r.former) for r in map(before.resolve, ("襄樊市", "铜仁地区")) if r.found] == [
        ("420600", ""),
        ("522200", ""),
    ]


def test_within_and_level_narrow_the_choice() -> None:
    """A place is looked for inside another, or at one level only."""
    assert RESOLVER.resolve("朝阳区", within="110000").found == GAZETTEER.get("110105", DAY)
    assert RESOLVER.resolve("朝阳", level="county").reason == "ambiguous"
    assert RESOLVER.resolve("海淀区", within="310000").found is None


@example(GAZETTEER.get("650500", DAY))  # in that year a county had given up the same name
@given(st.sampled_from(TODAY))
def test_every_full_name_resolves_to_its_division(division: Division) -> None:
    """The official name with its province and prefecture always finds exactly its division."""
    assert RESOLVER.resolve(division.full_name).found == division


def forms(division: Division) -> list[tuple[str, int]]:
    """Every form of a division's name with its kind (0 marked, 1 bare), curated ones included."""
    found = [(form, 0) for form in marked_forms(division.name, division.level)]
    bare = bare_form(division.name, division.level)
    found += [(bare, 1)] if bare else []
    found += [(s, 0 if s[-1] in "省市州县区旗盟" else 1) for s, code in CURATED.items() if code == division.code]
    return found


FORMS = [(division, form, kind) for division in TODAY for form, kind in forms(division)]


def brute_force(text: str) -> set[tuple[str, int]]:
    """Every (code, kind) that a text can mean as a path, by trying every form of every division as its end."""
    found: set[tuple[str, int]] = set()
    for division, form, kind in FORMS:
        if not text.endswith(form):
            continue
        rest = text[: -len(form)]
        outers = brute_force(rest) if rest else set()
        if not rest or any(division.code.startswith(prefix(outer)) and division.code != outer for outer, _ in outers):
            found.add((division.code, kind))
    return found


@st.composite
def texts(draw: st.DrawFn) -> str:
    """A form, or two or three one behind the other, mostly of places inside each other."""
    division, form, _ = draw(st.sampled_from(FORMS))
    above = [
        d for d in TODAY if d.code in (division.province_code, division.prefecture_code) and d.code != division.code
    ]
    chosen = [d for d in above if draw(st.booleans())]
    parts = [draw(st.sampled_from(forms(outer)))[0] for outer in sorted(chosen, key=lambda d: d.code)]
    if draw(st.integers(0, 9)) == 0:
        parts.append(draw(st.sampled_from(FORMS))[1])
    return "".join([*parts, form])


@settings(max_examples=150, deadline=None)
@given(texts())
def test_the_resolver_agrees_with_brute_force(text: str) -> None:
    """Marked before bare, of bare names the highest level, one bearer found, several reported."""
    meant = brute_force(text)
    resolution = RESOLVER.resolve(text)
    if not meant:
        return
    best = min(kind for _, kind in meant)
    chosen = {code for code, kind in meant if kind == best}
    if best == 1:
        for ending in ("0000", "00", ""):
            level = {c for c in chosen if c.endswith(ending)}
            if level:
                chosen = level
                break
    if resolution.found:
        assert chosen == {resolution.found.code}
    else:
        assert resolution.reason == "ambiguous"
        assert chosen <= {c.code for c in resolution.candidates}


@given(st.sampled_from(TODAY))
def test_shortening_never_leaves_a_stump(division: Division) -> None:
    """A shortened form has at least two characters and is part of the official name's beginning."""
    for form in (
        *marked_forms(division.name, division.level),
        bare_form(division.name, division.level) or division.name,
    ):
        assert len(form) >= 2
        assert division.name.startswith(form[:2])
