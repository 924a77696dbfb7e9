"""花名册核查: what a roster of registered persons contradicts in itself, on whole columns (二, 八).

The checks are those of registers in use, not of the text; how grave each is stands in the parameters
`poverty.roster.<check>`: "refuse" (the row is left out), "warn" (it is taken, and said), "ignore".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from jiedui.policy.parameters import Parameters
from jiedui.policy.registry import interprets

Numbers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

UNKNOWN: Final = -1


@dataclass(frozen=True)
class Roster:
    """花名册: columns of (n,) persons; -1 = not known. `household` numbers the households from 0 without gaps."""

    birth_year: Numbers
    male: Numbers
    """1 male, 0 female."""
    head: Flags
    spouse: Flags
    in_school: Numbers
    able: Numbers
    """0 = recorded as unable to work."""
    months_worked: Numbers
    household: Numbers
    members: Numbers
    county: Numbers
    """First six digits of the village's code."""
    id_county: Numbers
    """First six digits of the identity number."""
    joined_on: Numbers
    """Days since 1970; -1 = not known (no one joined on the eve of 1970)."""
    entered_on: Numbers


@interprets("labour.1", because="Only the year of birth is compared: who turns it within the year may work.")
def under_age_working(roster: Roster, year: int, parameters: Parameters) -> Flags:
    """未满最低年龄却务工: months of work are recorded of a person under the minimum age at the end of the year."""
    least = parameters.value("labour.minimum_age")
    return np.asarray(
        (roster.months_worked > 0) & (roster.birth_year != UNKNOWN) & (year - roster.birth_year < least), np.bool_
    )


@interprets("labour.1", because="Who has no ability to work cannot be working; one of the two entries is wrong.")
def no_ability_working(roster: Roster) -> Flags:
    """无劳动能力却务工: months of work are recorded of a person recorded as unable to work."""
    return np.asarray((roster.months_worked > 0) & (roster.able == 0), np.bool_)


@interprets("labour.1", because="A pupil in school is not in a job for months; one of the two entries is wrong.")
def pupil_working(roster: Roster) -> Flags:
    """在校生务工: months of work are recorded of a person recorded as in school."""
    return np.asarray((roster.months_worked > 0) & (roster.in_school == 1), np.bool_)


@interprets("goal.1", because="The law knows marriage of a man and a woman; a number or a relation is wrong.")
def spouse_same_sex(roster: Roster) -> Flags:
    """配偶同性别: the spouse has the sex of the household's only head."""
    heads = np.bincount(roster.household, roster.head)
    sex = np.full(len(heads), UNKNOWN)
    sex[roster.household[roster.head]] = roster.male[roster.head]
    of_head = np.where(heads == 1, sex, UNKNOWN)[roster.household]
    return np.asarray(roster.spouse & (of_head != UNKNOWN) & (roster.male == of_head), np.bool_)


@interprets("goal.1", because="A household is registered under one head.")
def heads(roster: Roster) -> Flags:
    """户主: every row of a household that has no head, or more than one."""
    return np.asarray((np.bincount(roster.household, roster.head) != 1)[roster.household], np.bool_)


@interprets("goal.1", because="The roster has one row for each member, so the stated number must be that of the rows.")
def members_differ(roster: Roster) -> Flags:
    """人数不符: the stated number of members is not that of the household's rows."""
    return np.asarray(
        (roster.members != UNKNOWN) & (roster.members != np.bincount(roster.household)[roster.household]), np.bool_
    )


@interprets("goal.1", because="The county in a number is that of the first registration, so another one may be right.")
def id_county(roster: Roster) -> Flags:
    """证件号码地区: the county inside the identity number is not the village's."""
    return np.asarray(
        (roster.id_county != UNKNOWN) & (roster.county != UNKNOWN) & (roster.id_county != roster.county), np.bool_
    )


@interprets("goal.1", because="Nobody is recorded in a household before the household is.")
def dates_order(roster: Roster) -> Flags:
    """日期先后: a person was recorded before the household."""
    known = (roster.joined_on != UNKNOWN) & (roster.entered_on != UNKNOWN)
    return np.asarray(known & (roster.joined_on < roster.entered_on), np.bool_)


@interprets("goal.1", because="How grave a contradiction is the text does not say: each check has a severity of ours.")
def check(roster: Roster, year: int, parameters: Parameters) -> Iterator[tuple[str, str, Flags]]:
    """核查: (check, severity, which rows) of every check that is not ignored."""
    found: dict[str, Callable[[], Flags]] = {
        "under_age_working": lambda: under_age_working(roster, year, parameters),
        "no_ability_working": lambda: no_ability_working(roster),
        "pupil_working": lambda: pupil_working(roster),
        "spouse_same_sex": lambda: spouse_same_sex(roster),
        "heads": lambda: heads(roster),
        "members_differ": lambda: members_differ(roster),
        "id_county": lambda: id_county(roster),
        "dates_order": lambda: dates_order(roster),
    }
    for name, rows in found.items():
        severity = parameters.value(f"poverty.roster.{name}")
        if severity != "ignore":
            yield name, severity, rows()
