"""身份标识: checks of identity numbers and credit codes, and the masks under which they may be shown.

Sources: GB 11643-1999 (公民身份号码), GB 32100-2015 (统一社会信用代码), domain facts 14 and 19. A check never repairs.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Final

ID_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
ID_CHECK: Final = "10X98765432"
CREDIT_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""The 31 characters of a credit code: no I, O, S, V, Z."""
CREDIT_WEIGHTS: Final = tuple(pow(3, i, 31) for i in range(17))


def id_check_digit(first17: str) -> str:
    """校验码: the 18th character (0–9 or X) of an identity number, by ISO 7064 MOD 11-2."""
    if not re.fullmatch("[0-9]{17}", first17):
        raise ValueError("an identity number's check digit is computed from 17 digits")
    return ID_CHECK[sum(int(d) * w for d, w in zip(first17, ID_WEIGHTS, strict=True)) % 11]


def id_problem(number: str) -> str | None:
    """证件号码问题: why this is not a valid 18-digit identity number, in Chinese, or None if it is one.

    The county inside the number is not checked: it is that of the first registration (domain fact 14).
    """
    text = number.strip()
    if re.fullmatch(r"[0-9.]+[eE]\+?[0-9]+", text) or re.fullmatch(r"[0-9]+\.[0-9]*", text):
        return "号码被电子表格转成了数值，末几位已丢失，须重新录入"
    if re.fullmatch("[0-9]{15}", text):
        return "15位旧号码，须换成18位"
    if re.fullmatch("[0-9]{17}[0-9Xx][0-9]{2}", text):
        return "20位残疾人证号，不是身份证号"
    if not re.fullmatch("[0-9]{17}[0-9Xx]", text):
        return "不是18位公民身份号码"
    if birth_date(text) is None:
        return "出生日期不存在"
    if text[17].upper() != id_check_digit(text[:17]):
        return "校验码不符"
    return None


def is_valid_id(number: str) -> bool:
    """是否有效: whether the 18-digit number has a real date and the right check digit."""
    return id_problem(number) is None


def birth_date(number: str) -> date | None:
    """出生日期: the date inside an 18-digit number, or None where there is no such day."""
    match = re.match("[0-9]{6}([0-9]{4})([0-9]{2})([0-9]{2})", number)
    if match is None:
        return None
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None


def sex_of(number: str) -> str | None:
    """性别: `male` or `female` by the 17th digit of an 18-digit number, None for anything else."""
    if not re.fullmatch("[0-9]{17}[0-9Xx]", number):
        return None
    return "male" if int(number[16]) % 2 else "female"


def credit_check_character(first17: str) -> str:
    """信用代码校验码: the 18th character of a credit code: (31 − Σ) mod 31."""
    text = first17.upper()
    if len(text) != 17 or any(c not in CREDIT_ALPHABET for c in text):
        raise ValueError("a credit code's check character is computed from 17 characters without I, O, S, V, Z")
    total = sum(CREDIT_ALPHABET.index(c) * w for c, w in zip(text, CREDIT_WEIGHTS, strict=True))
    return CREDIT_ALPHABET[(31 - total % 31) % 31]


def is_valid_credit_code(code: str) -> bool:
    """统一社会信用代码是否有效: 18 characters of the alphabet, the right check character."""
    text = code.strip().upper()
    if len(text) != 18 or any(c not in CREDIT_ALPHABET for c in text):
        return False
    return credit_check_character(text[:17]) == text[17]


def mask_id(number: str) -> str:
    """遮盖证件号: the first two and last three characters stay: 35*************123."""
    return number[:2] + "*" * (len(number) - 5) + number[-3:] if len(number) > 5 else "*" * len(number)


def mask_phone(number: str) -> str:
    """遮盖电话: the first three and last four digits stay: 138****1234."""
    return number[:3] + "****" + number[-4:] if len(number) >= 11 else "*" * len(number)


def mask_name(name: str) -> str:
    """遮盖姓名: only the family name's first character stays: 张**."""
    return name[:1] + "*" * (len(name) - 1)
