"""Runs of places in a text."""

from __future__ import annotations

import pytest

from jiedui.policy.reading.mentions import Scanner, only_places
from jiedui.policy.reading.reading import ON
from jiedui.terms.divisions import Gazetteer
from jiedui.terms.names import Resolver

RESOLVER = Resolver(Gazetteer.load(), ON)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("贵州省遵义市、铜仁市和毕节市", ["贵州省遵义市", "贵州省铜仁市", "贵州省毕节市"]),
        ("承德市和平泉县", ["河北省承德市", "河北省承德市平泉县"]),
        ("天津市和平区", ["天津市和平区"]),
        ("河源市和平县", ["广东省河源市和平县"]),
        ("和田地区和和布克赛尔县", ["新疆维吾尔自治区和田地区", "新疆维吾尔自治区塔城地区和布克赛尔蒙古自治县"]),
        ("青海、海南、宁夏", ["青海省", "海南省", "宁夏回族自治区"]),
        ("青海省海北州、海南", ["青海省海北藏族自治州", "青海省海南藏族自治州"]),
        ("北京市海淀区、朝阳", ["北京市海淀区", "北京市朝阳区"]),
        ("青岛市市南区、市北区", ["山东省青岛市市南区", "山东省青岛市市北区"]),
    ],
)
def test_a_run_is_read_as_people_read_it(text: str, names: list[str]) -> None:
    """The place said first holds for those after it; 和 is a connector unless it belongs to a name."""
    (run,) = Scanner(RESOLVER).scan(text)
    assert run.end == len(text)
    assert [division.full_name for division in run.divisions] == names


@pytest.mark.parametrize(
    "text", ["对口支援合作机制", "推动区域协调发展", "东西部扶贫协作", "共同富裕", "资源开发与合作"]
)
def test_words_are_no_places(text: str) -> None:
    """合作, 资源 and the like are counties only with their ending or their prefecture."""
    assert Scanner(RESOLVER).scan(text) == []


def test_a_name_that_goes_on_is_not_its_beginning() -> None:
    """贵州省某某县 in a list is one unknown place, joined ones are kept apart from it."""
    (run,) = Scanner(RESOLVER).scan("贵州省遵义市、某某县和毕节市")
    assert [(p.text, p.resolution.reason) for p in run.pieces] == [
        ("贵州省遵义市", ""),
        ("某某县", "unknown"),
        ("毕节市", ""),
    ]


def test_only_places() -> None:
    """A line that is a list of places, marks at its end aside."""
    assert only_places("北京市、海淀区；", RESOLVER)
    assert not only_places("北京市帮扶", RESOLVER)
    assert not only_places("", RESOLVER)
