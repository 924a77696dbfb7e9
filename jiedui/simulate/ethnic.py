"""民族: which ethnic group is plausible where.

The groups of a county are those that its own name, its prefecture's or its province's speaks of (凉山彝族自治州 →
彝族); the share of minorities in the county is that of the census. Nothing below the county is known or claimed.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from jiedui.simulate.streams import pick_by_row
from jiedui.terms.divisions import Gazetteer

GROUPS: Final = (
    *("汉族", "蒙古族", "回族", "藏族", "维吾尔族", "苗族", "彝族", "壮族", "布依族", "朝鲜族", "满族", "侗族", "瑶族"),
    *("白族", "土家族", "哈尼族", "哈萨克族", "傣族", "黎族", "傈僳族", "佤族", "畲族", "拉祜族", "水族", "东乡族"),
    *("纳西族", "景颇族", "柯尔克孜族", "土族", "达斡尔族", "仫佬族", "羌族", "布朗族", "撒拉族", "毛南族", "仡佬族"),
    *("锡伯族", "阿昌族", "普米族", "塔吉克族", "怒族", "鄂温克族", "德昂族", "保安族", "裕固族", "独龙族", "鄂伦春族"),
)
_USUAL: Final = {
    "13": "满族",
    "14": "回族",
    "15": "蒙古族",
    "21": "满族",
    "22": "朝鲜族 满族",
    "23": "满族",
    "34": "回族",
    "36": "畲族",
    "41": "回族",
    "42": "土家族",
    "43": "苗族 土家族 侗族 瑶族",
    "45": "壮族",
    "46": "黎族",
    "50": "土家族 苗族",
    "51": "彝族 藏族",
    "52": "苗族 布依族 侗族 土家族 彝族",
    "53": "彝族 白族 哈尼族 傣族 壮族 苗族",
    "54": "藏族",
    "61": "回族",
    "62": "回族 藏族",
    "63": "藏族 回族 土族",
    "64": "回族",
    "65": "维吾尔族",
}
"""Groups of a province where no name speaks of any."""


def county_groups(counties: np.ndarray, minority: np.ndarray) -> np.ndarray:
    """各县民族: weights (counties, groups) that sum to 1 in each row; `minority` is the share of minorities, 0–1."""
    gazetteer = Gazetteer.load()
    weights = np.zeros((len(counties), len(GROUPS)))
    for row, code in enumerate(counties.tolist()):
        found = _groups_of(gazetteer, str(code))
        weights[row, [GROUPS.index(group) for group in found]] = minority[row] / len(found)
    weights[:, 0] += 1 - minority
    return weights


def ethnic_groups(weights: np.ndarray, county: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """抽民族: a position in `GROUPS` for each position of a county."""
    return pick_by_row(rng, weights[county])


def _groups_of(gazetteer: Gazetteer, code: str) -> list[str]:
    for place in (code, code[:4] + "00"):
        division = gazetteer.get(place)
        name = division.name if division else ""
        found = [group for group in GROUPS[1:] if _spoken_of(group, name)]
        if found:
            return found
    return _USUAL[code[:2]].split()


def _spoken_of(group: str, name: str) -> bool:
    # 巴音郭楞蒙古自治州 says 蒙古 without 族.
    stem = group.removesuffix("族")
    return group in name or (len(stem) > 1 and stem + "自治" in name)
