"""Options drawn to SVG on this machine."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from pathlib import Path

import pytest

from jiedui.errors import EnvironmentProblem
from jiedui.reports.charts import AreaScore, area_bars, renderer, svg
from jiedui.runtime import settings

OPTION = area_bars([AreaScore("减贫成效", 88.0, 91.5), AreaScore("产业合作", None, 64.0)])


def test_draws_one_document_with_its_words() -> None:
    """The SVG is well-formed XML of the size asked for, and its text is text."""
    root = ElementTree.fromstring(svg(OPTION, 460, 280))
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert (root.get("width"), root.get("height")) == ("460", "280")
    written = "".join(root.itertext())
    for expected in ("减贫成效", "产业合作", "91.5", "帮扶方"):
        assert expected in written


def test_same_option_same_picture() -> None:
    """The same option gives the same picture, whatever was drawn before: charts do not stay in the engine."""
    first = svg(OPTION, 300, 200)
    for _ in range(5):
        svg(OPTION, 200, 100)
    assert shapes(svg(OPTION, 300, 200)) == shapes(first)


def test_does_not_load_anything() -> None:
    """The picture names no address but the SVG namespaces."""
    addresses = {part.split('"')[0] for part in svg(OPTION, 300, 200).split("http")[1:]}
    assert all("www.w3.org" in address for address in addresses)


@pytest.mark.parametrize("size", [(0, 100), (100, -1)])
def test_a_size_that_is_none_is_refused(size: tuple[int, int]) -> None:
    """A chart without ground is an error before anything is drawn."""
    with pytest.raises(ValueError, match="positive size"):
        svg(OPTION, *size)


def test_a_missing_library_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without the npm package there is one sentence that says how to get it."""
    without = replace(settings.load(), assets=tmp_path)
    monkeypatch.setattr(settings, "load", lambda: without)
    with pytest.raises(EnvironmentProblem, match="chart library is missing") as caught:
        renderer._engine.__wrapped__()
    assert "bin/setup" in caught.value.remedy


def shapes(drawn: str) -> list[tuple[str, str | None]]:
    """Tags and paths of a picture, without the running numbers that ECharts gives its elements."""
    return [(element.tag, element.get("d")) for element in ElementTree.fromstring(drawn).iter()]
