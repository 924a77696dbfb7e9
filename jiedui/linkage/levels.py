"""比较等级: how a field of two rows agrees, as a small whole number with words in Chinese and English.

Higher is closer; −1 means that one of the two does not have the field.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from jiedui.errors import JieduiError

UNKNOWN: Final = -1
_MISSING: Final = ("缺一方", "one of the two is missing")
Labels = Mapping[int, tuple[str, str]]

EVIDENCE: Final[Mapping[str, Labels]] = {
    "name": {
        5: ("姓名相同", "same name"),
        4: ("异体或繁简字", "same name in variant or traditional characters"),
        3: ("同音字", "name sounds the same"),
        2: ("差一个字", "one character of the name differs, is missing or added"),
        1: ("仅姓相同", "surname only"),
        0: ("姓名不同", "different name"),
        UNKNOWN: _MISSING,
    },
    "number": {
        8: ("证件号码相同", "same identity number"),
        7: ("仅校验码不同", "identity number differs in the check digit only"),
        6: ("15位与18位为同一号码", "15- and 18-digit forms of one number"),
        5: ("相邻两位颠倒", "two neighbouring digits swapped"),
        4: ("错一位", "one digit differs"),
        3: ("仅顺序码末位不同", "last digit of the order number differs (as twins have)"),
        2: ("地区和出生日期相同", "same area and birth date, other order number (as twins have)"),
        1: ("仅出生日期相同", "same birth date only"),
        0: ("证件号码不同", "different identity number"),
        UNKNOWN: _MISSING,
    },
    "birth": {
        3: ("出生日期相同", "same birth date"),
        2: ("出生年相同", "same year of birth"),
        1: ("出生年差一年", "years of birth one apart"),
        0: ("出生年不同", "different year of birth"),
        UNKNOWN: ("未比较(以证件号码为准)", "not compared: the identity numbers are, or one year is missing"),
    },
    "sex": {1: ("性别相同", "same sex"), 0: ("性别不同", "different sex"), UNKNOWN: _MISSING},
    "circle": {
        5: ("同一户", "same household"),
        4: ("两户另有两人以上同名", "two or more other members of both households in common"),
        3: ("两户另有一人同名", "one other member of both households in common"),
        2: ("电话相同", "same phone"),
        1: ("同村", "same village"),
        0: ("无", "nothing of these"),
    },
    "place": {
        4: ("同村", "same village"),
        3: ("同乡镇", "same township"),
        2: ("同县", "same county"),
        1: ("同省", "same province"),
        0: ("不同省", "different provinces"),
    },
    "phone": {1: ("电话相同", "same phone"), 0: ("电话不同", "different phones"), UNKNOWN: _MISSING},
}
"""Evidence of a pair: the columns of the answer, in order. Only name, number, birth, sex and circle are weighed."""


def evidence_label(column: str, code: int) -> tuple[str, str]:
    """比较说明: the words (Chinese, English) of a code of an evidence column. Raises `JieduiError` for no such code."""
    found = EVIDENCE.get(column, {}).get(code)
    if found is None:
        raise JieduiError(
            f"There is no code {code} of the evidence {column!r}.", remedy=f"Columns are {', '.join(EVIDENCE)}."
        )
    return found
