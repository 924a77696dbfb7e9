"""表头: which side each column of a table is, by the words of its title.

A title is taken apart, not looked up: 受, 被 or 对象 make it the recipient's, 支援, 帮扶 or 援助 with any unit (省, 区)
the donor's; 帮扶县 or 帮扶地区, which can be either, is the recipient's unless another column is. A title with 原 names
pairings of the past. A column without a title, or with one that is not understood, has the role "open".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, Literal

Role = Literal["donor", "recipient", "either", "below", "open", "former", "none"]

_RECIPIENT: Final = re.compile("受援|受助|受扶|受(?:对口|结对)?(?:帮扶|支援|援助)|被|对象|西部|贫困|深度")
_DONOR: Final = re.compile("帮扶|支援|援助|东部|援方|派出")
_EITHER: Final = re.compile("结对|协作|对口|合作")
_UNSETTLED: Final = re.compile("(?:帮扶|支援|援助|协作|结对|对口)(?:的)?(?:地区|地|市州|州市|州|县市?|县区|区县|旗县)$")
_PLAIN: Final = re.compile(
    "(?:省区市|省区|省市|省份|省|市州|州市|地市|地区|城市|市|州|盟市|盟|县市区|县区|区县|旗县|县市|县|区|旗)(?:名称?)?"
)
_NONE: Final = re.compile(
    "序号|编号|备注|说明|联系|电话|时间|日期|年|期限|起止|项目|协调|主管|所在(?!省|市|州)|资金|金额|人数|负责人|代码|内容|状态|状况|进展|情况"
)
_FORMER: Final = re.compile("原(?!州|平|阳)|以前|此前|过去|调整前|变更前|历史|旧|前任|曾")
_LONGEST: Final = 16


def plain(title: str) -> bool:
    """级别名: whether a title names a level only (省, 市, 县)."""
    return _PLAIN.fullmatch(title) is not None


def roles(titles: Sequence[str]) -> tuple[Role, ...]:
    """列的角色: the role of each column; empty where the titles are no header of pairings."""
    squeezed = [re.sub(r"\s+", "", title) for title in titles]
    certain = any(_RECIPIENT.search(t) for t in squeezed if not _NONE.search(t))
    found: list[Role] = []
    for title in squeezed:
        role = _role(title, certain=certain)
        if role == "below" and all(r in ("none", "open") for r in found):
            role = "either"
        found.append(role)
    return _settled(found, [bool(_FORMER.search(t)) for t in squeezed])


def _role(title: str, *, certain: bool) -> Role:
    if not title:
        return "open"
    if _NONE.search(title):
        return "none"
    if _PLAIN.fullmatch(title):
        return "below"
    if len(title) > _LONGEST:
        return "open"
    if _RECIPIENT.search(title) or (not certain and _UNSETTLED.search(title)):
        return "recipient"
    if _DONOR.search(title):
        return "donor"
    return "either" if _EITHER.search(title) else "open"


def _settled(found: Sequence[Role], past: Sequence[bool]) -> tuple[Role, ...]:
    """A side that is not named is the other one of a side that is; a plain 省, 市, 县 belongs to the column before.

    A former side beside the present one is set aside; a former side alone makes the whole table one of the past.
    """
    named = {role for role, former in zip(found, past, strict=True) if not former}
    both = {"donor", "recipient"} <= set(found)
    either: Role = "open" if both else "either"
    if "donor" in found and "recipient" not in found:
        either = "recipient"
    elif "recipient" in found and "donor" not in found:
        either = "donor"
    settled: list[Role] = []
    for role, former in zip(found, past, strict=True):
        if role == "below":
            settled.append(next((r for r in reversed(settled) if r not in ("none", "open")), "none"))
        elif former and role in ("donor", "recipient", "either"):
            settled.append("none" if role in named else "former")
        else:
            settled.append(either if role == "either" else role)
    if "former" in settled:
        return tuple(settled) if both or settled.count("former") > 1 else ()
    left, right = sides(settled)
    return tuple(settled) if left and right else ()


def sides(found: Sequence[Role]) -> tuple[list[int], list[int]]:
    """两方的列: the donors' and the recipients'; of two columns that can be either, the left and the right."""
    donors = [i for i, role in enumerate(found) if role == "donor"]
    recipients = [i for i, role in enumerate(found) if role == "recipient"]
    either = [i for i, role in enumerate(found) if role == "either"]
    if len(either) == 2 and not donors and not recipients:
        return either[:1], either[1:]
    return donors, recipients
