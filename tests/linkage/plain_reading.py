"""The comparison of two persons read again in plain Python, pair by pair: the oracle of the engines."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace
from typing import Any

from jiedui.linkage.names import plain_form, reading
from jiedui.linkage.weights import Weights

Row = dict[str, Any]


def plain(name: str) -> str:
    """The name in usual characters."""
    return "".join(map(plain_form, name))


def sound(name: str) -> list[str]:
    """The sounds of the name."""
    return [reading(character) for character in plain(name)]


def name_code(left: Row, right: Row) -> int:
    """How two names agree."""
    a, b = left["name"] or "", right["name"] or ""
    if not a or not b:
        return -1
    if a == b:
        return 5
    if plain(a) == plain(b):
        return 4
    if sound(a) == sound(b):
        return 3
    return 2 if one_character(plain(a), plain(b)) else int(sound(a)[0] == sound(b)[0])


def one_character(a: str, b: str) -> bool:
    """One of the first six characters is replaced (in a name of three or more), missing or added."""
    if len(a) == len(b):
        different = [i for i in range(len(a)) if a[i] != b[i]]
        return len(a) >= 3 and len(different) == 1 and different[0] < 6
    short, long = sorted((a, b), key=len)
    return len(long) == len(short) + 1 and short in {long[:i] + long[i + 1 :] for i in range(min(6, len(long)))}


def digits(row: Row) -> str | None:
    """The first 17 digits, a 15-digit number with its century."""
    text = (row["id_number"] or "").strip().upper()
    if len(text) == 15 and text.isdigit():
        return text[:6] + "19" + text[6:]
    return text[:17] if len(text) == 18 and text[:17].isdigit() and text[17] in "0123456789X" else None


def number_code(left: Row, right: Row) -> int:
    """How two identity numbers agree."""
    a, b = digits(left), digits(right)
    if a is None or b is None:
        return -1
    if a == b:
        checks = {(row["id_number"].strip().upper() + "---")[17] for row in (left, right)}
        return 6 if ("-" in checks and len(checks) > 1) or checks == {"-"} else 8 if len(checks) == 1 else 7
    different = [i for i in range(17) if a[i] != b[i]]
    if len(different) == 2 and different[1] == different[0] + 1:
        i = different[0]
        if a[i : i + 2] == b[i : i + 2][::-1]:
            return 5
    if len(different) == 1:
        return 3 if different[0] == 16 else 4
    return 2 if a[:14] == b[:14] else int(a[6:14] == b[6:14])


def others(row: Row, rows: list[Row]) -> list[list[str]]:
    """The sounds of the other members of the household."""
    return [sound(r["name"]) for r in rows if r["household_id"] == row["household_id"] and r is not row and r["name"]]


def circle_code(left: Row, right: Row, rows: list[Row]) -> int:
    """What joins two persons beside name and number; exact for households of up to five."""
    if left["household_id"] == right["household_id"]:
        return 5
    common = sum(a == b for a, b in itertools.product(others(left, rows), others(right, rows)))
    if common:
        return 4 if common > 1 else 3
    if left["phone"] and left["phone"] == right["phone"]:
        return 2
    return int(left["region_code"] == right["region_code"])


def birth_code(left: Row, right: Row) -> int:
    """How the births agree, where a number is missing."""
    a, b = digits(left), digits(right)
    if a and b:
        return -1
    years = [int(number[6:10]) if number else row["birth_year"] for number, row in ((a, left), (b, right))]
    if None in years:
        return -1
    return {0: 2, 1: 1}.get(abs(years[0] - years[1]), 0)


def codes(left: Row, right: Row, rows: list[Row]) -> dict[str, int]:
    """All weighed codes of a pair."""
    name, circle = name_code(left, right), circle_code(left, right, rows)
    a, b = digits(left), digits(right)
    together = a is not None and b is not None and a[:14] == b[:14] and a != b
    joint = -1 if name == -1 else 10 * name + circle
    return {
        "person": -1 if together else joint,
        "twin": joint if together else -1,
        "number": number_code(left, right),
        "birth": birth_code(left, right),
        "sex": int(left["sex"] == right["sex"]),
    }


def probability(found: dict[str, int], weights: Weights) -> float:
    """The probability of a pair by the weights."""
    odds = weights.prior / (1 - weights.prior)
    for comparison, code in found.items():
        if code != -1:
            m, u = weights.shares[comparison][code]
            odds *= m / u
    return odds / (1 + odds) if math.isfinite(odds) else 1.0


def fitted(found: list[dict[str, int]], weights: Weights) -> Weights:
    """The weights with the prior of these candidates: the root of its own equation, by halving."""

    def gap(share: float) -> float:
        held = replace(weights, prior=share)
        total = sum(probability(pair, held) for pair in found) + 100 * weights.prior
        return total / (len(found) + 100) - share

    low, high = 1e-9, 1 - 1e-9
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if gap(middle) > 0 else (low, middle)
    return replace(weights, prior=low)


def promised(left: Row, right: Row) -> bool:
    """Whether the stated rules of blocking.py promise that the pair is looked at."""
    keys = [{k for k in rule_keys(row) if None not in k and "" not in k} for row in (left, right)]
    return bool(keys[0] & keys[1])


def rule_keys(row: Row) -> list[tuple[Any, ...]]:
    """The keys of a person, by the table in blocking.py."""
    n, name = digits(row), row["name"] or ""
    tone, first = "|".join(sound(name)), (sound(name) or [""])[0]
    year = n[6:10] if n else (str(row["birth_year"]) if row["birth_year"] else None)
    listed: list[tuple[Any, ...]] = [
        (3, tone, year, row["region_code"][:6]),
        (4, tone, row["region_code"]),
        (9, row["household_id"], year),
        (10, tone, row["phone"]),
        (11, row["phone"], year, first),
    ]
    if n:
        area, born, day, order = n[:6], n[6:14], n[10:14], n[14:]
        listed += [
            (1, n),
            (2, tone, born),
            (5, area, born, first),
            (6, born, order, first),
            (7, area, day, order, first),
            (8, area, n[6:10], order, first),
            (12, tone, day, order),
            (13, tone, area, order),
            (14, tone, area, n[6:10]),
        ]
    return listed
