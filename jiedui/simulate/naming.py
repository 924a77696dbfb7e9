"""姓名: names that sound right for sex, generation and ethnic group, and belong to nobody in particular.

A family name comes with the ethnic group; children bear the head's. Peoples without Chinese surnames get names of one
or two parts.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from jiedui.simulate.ethnic import GROUPS
from jiedui.simulate.streams import Streams

GENERATIONS: Final = (("old", 1955), ("middle", 1980), ("young", 2000), ("new", 3000))
"""Name of a generation and the first year of birth that is no longer in it."""
SINGLE: Final = {"old": 0.15, "middle": 0.12, "young": 0.28, "new": 0.08}
"""Share of given names of one character; ours."""


def names(
    group: np.ndarray, family: np.ndarray, birth_year: np.ndarray, male: np.ndarray, streams: Streams
) -> pa.Array:
    """造姓名: one name per person.

    `group` (n,) position in `GROUPS`; `family` (n,) number ≥ 0, the same for those who share a surname; `birth_year`
    (n,); `male` (n,) bool.
    """
    rng = streams.of("names")
    # One number for each family: who shares it and the group shares the surname.
    luck = rng.random(int(family.max()) + 1)[family]
    parts = [np.empty(len(group), object) for _ in range(3)]
    drawn = rng.random((len(group), 3))
    for at in np.unique(group):
        rows = np.flatnonzero(group == at)
        whole = _lists()["whole"].get(GROUPS[at])
        if whole:
            _whole_names(parts, rows, whole, male, drawn)
        else:
            _given_names(parts, rows, birth_year, male, drawn)
            surnames, weights = _surnames(GROUPS[at])
            bounds = np.cumsum(weights) / np.sum(weights)
            parts[0][rows] = surnames[np.searchsorted(bounds, luck[rows], side="right").clip(max=len(surnames) - 1)]
    return pc.binary_join_element_wise(*(pa.array(part, pa.string()) for part in parts), "")


def _given_names(
    parts: list[np.ndarray], rows: np.ndarray, birth_year: np.ndarray, male: np.ndarray, drawn: np.ndarray
) -> None:
    generation = np.searchsorted([until for _, until in GENERATIONS], birth_year[rows], side="right")
    for at, (name, _) in enumerate(GENERATIONS):
        for sex in ("male", "female"):
            mine = rows[(generation == at) & (male[rows] == (sex == "male"))]
            characters = np.array(_lists()["given"][sex][name].split(), object)
            draw = drawn[mine]
            first = (draw[:, 0] * len(characters)).astype(np.int64)
            second = (draw[:, 1] * len(characters)).astype(np.int64)
            single = (draw[:, 2] < SINGLE[name]) | (first == second)
            parts[1][mine] = characters[first]
            parts[2][mine] = np.where(single, "", characters[second])


def _whole_names(
    parts: list[np.ndarray], rows: np.ndarray, whole: dict[str, str], male: np.ndarray, drawn: np.ndarray
) -> None:
    for sex in ("male", "female"):
        mine = rows[male[rows] == (sex == "male")]
        first, second = (np.array(whole[key].split(), object) for key in ("first", sex))
        parts[0][mine] = first[(drawn[mine, 0] * len(first)).astype(np.int64)]
        parts[1][mine] = whole["join"]
        parts[2][mine] = second[(drawn[mine, 1] * len(second)).astype(np.int64)]


@cache
def _surnames(group: str) -> tuple[np.ndarray, np.ndarray]:
    listed = _lists()["surnames"].get(group) or _lists()["surnames"]["汉族"]
    split = [(text.rstrip("0123456789"), text) for text in listed.split()]
    return np.array([name for name, _ in split], object), np.array([int(text[len(name) :]) for name, text in split])


@cache
def _lists() -> dict[str, Any]:
    return tomllib.loads(files("jiedui.simulate").joinpath("data", "names.toml").read_text(encoding="utf-8"))
