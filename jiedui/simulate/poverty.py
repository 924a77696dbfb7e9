"""脱贫: the registered households and persons, year by year, on the real poor counties.

When a household leaves poverty follows its county's year of delisting: by the end of that year nearly all have left
(a county is delisted when few are poor), before it ever faster. Shares and curves are ours; the dates of the counties
are real. Every status of a year agrees with the changes that led to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from jiedui.policy import published
from jiedui.simulate import ethnic, naming, numbers, places
from jiedui.simulate.columns import MISSING, days, position, table
from jiedui.simulate.families import CHILD, GRANDCHILD, HEAD, IN_LAW, PARENT, SIBLING, SPOUSE, Families, families
from jiedui.simulate.places import Places
from jiedui.simulate.streams import Streams, pick, pick_by_row
from jiedui.terms.codelists import (
    EDUCATION,
    HEALTH,
    LABOUR_ABILITY,
    POVERTY_CAUSE,
    POVERTY_STATUS,
    SEX,
    STATUS_CHANGE,
)

FIRST_YEAR: Final = 2016
"""First year of household_year; who left poverty before is `exited` from the beginning."""
LEFT_BY_DELISTING: Final = 0.985
CURVE: Final = 1.3
"""Exponent of the share that has left t years after 2013; above 1 = ever faster."""
RELAPSED: Final = 0.003
CORRECTED: Final = 0.004
NEW_SINCE_2015: Final = 0.03
NONE_ABILITY, WEAK, ORDINARY, SKILLED = position(LABOUR_ABILITY, "none", "weak", "ordinary", "skilled").tolist()
POOR, EXITED, RELAPSE = position(POVERTY_STATUS, "poor", "exited", "relapsed").tolist()


@dataclass(frozen=True)
class Households:
    """户: arrays of one length, county by county: `county` position, `village` 12-digit code, dates in days.

    `exit_on` and `relapse_on` are MISSING where it did not happen by the day of the country; `again_on` is the second
    exit. `entered_on` is the first day in the register.
    """

    county: np.ndarray
    village: np.ndarray
    entered_on: np.ndarray
    exit_on: np.ndarray
    relapse_on: np.ndarray
    again_on: np.ndarray
    first: np.ndarray
    """Position of the first household of each county, and the number of all at the end."""

    def __len__(self) -> int:
        return len(self.county)


@dataclass(frozen=True)
class Persons:
    """人: arrays of one length, household after household; codes are positions in their lists."""

    family: Families
    county: np.ndarray
    village: np.ndarray
    birth: np.ndarray
    education: np.ndarray
    in_school: np.ndarray
    health: np.ndarray
    ability: np.ndarray
    joined_on: np.ndarray
    left_on: np.ndarray

    def __len__(self) -> int:
        return len(self.county)

    @property
    def present(self) -> np.ndarray:
        """Whether the person is in the register at the end."""
        return self.left_on == MISSING


@dataclass(frozen=True)
class Population:
    """人口: households and persons, their tables, and the number of villages of each county."""

    households: Households
    persons: Persons
    villages: np.ndarray
    tables: dict[str, pa.Table]


def populate(persons: int, ground: Places, as_of: date, streams: Streams) -> Population:
    """造人口: `persons` registered poor persons in households on the poor counties."""
    family = families(persons, streams)
    counts = streams.of("households").multinomial(family.households, ground.weight)
    village, villages = places.village_codes(ground, counts, streams)
    households = _households(counts, village, ground, as_of, streams)
    people = _persons(family, households, as_of, streams)
    tables = {
        "poverty_county": _poverty_counties(),
        "household": _household_table(households, people, ground, streams),
        "household_year": _household_years(households, people, as_of, streams),
        "status_change": _status_changes(households, as_of, streams),
        "person": _person_table(people, ground, streams),
    }
    return Population(households, people, villages, tables)


def _poverty_counties() -> pa.Table:
    rows = published.poverty_counties()
    return table(
        "poverty_county",
        {
            "poverty_county_id": np.arange(1, len(rows) + 1),
            "county_code": [c.place_code for c in rows],
            "county_code_2020": [c.county_code_2020 or c.place_code for c in rows],
            "name": [c.name for c in rows],
            "province_code": [c.province_code for c in rows],
            "delisted_year": np.array([c.delisted_year for c in rows]),
        },
    )


def _households(counts: np.ndarray, village: np.ndarray, ground: Places, as_of: date, streams: Streams) -> Households:
    rng = streams.of("status")
    county = np.repeat(np.arange(len(counts)), counts)
    n, last = len(county), days(as_of)
    entered_year = np.where(rng.random(n) < NEW_SINCE_2015, 2015 + rng.integers(0, 4, n), 2014)
    entered = np.where(
        entered_year == 2014, days(date(2014, 1, 1)) + rng.integers(0, 330, n), _day(entered_year, rng, n, 60, 330)
    )
    # Who would have come after the day of the country came with the others.
    entered = np.where(entered > last, days(date(2014, 6, 30)), entered)
    entered_year = np.where(entered > last, 2014, entered_year)
    exit_year = np.maximum(_exit_year(rng.random(n), ground.delisted[county]), entered_year + 1)
    exit_on = _until(_day(exit_year, rng, n, 258, 364), last)
    relapsing = (rng.random(n) < RELAPSED) & (exit_on != MISSING)
    relapse_on = _until(np.where(relapsing, exit_on + rng.integers(200, 900, n), MISSING), last)
    again = (rng.random(n) < 0.5) & (relapse_on != MISSING)
    again_on = _until(np.where(again, relapse_on + rng.integers(250, 500, n), MISSING), last)
    first = np.r_[0, np.cumsum(counts)]
    return Households(county, village, entered, exit_on, relapse_on, again_on, first)


def _exit_year(luck: np.ndarray, delisted: np.ndarray) -> np.ndarray:
    """Year in which a household leaves poverty: the first one in which its county's curve reaches its luck."""
    year = np.full(len(luck), 2021)
    for y in range(2020, 2013, -1):
        before = LEFT_BY_DELISTING * np.clip((y - 2013) / (delisted - 2013), 0, 1) ** CURVE
        after = LEFT_BY_DELISTING + (1 - LEFT_BY_DELISTING) * np.clip(
            (y - delisted) / np.maximum(2020 - delisted, 1), 0, 1
        )
        left = np.where(y < delisted, before, np.where(y == 2020, 1.0, after))
        year = np.where(luck < left, y, year)
    return year


def _day(year: np.ndarray, rng: np.random.Generator, n: int, first: int, last: int) -> np.ndarray:
    start = (year - 1970).astype("datetime64[Y]").astype("datetime64[D]").astype(np.int64)
    return start + rng.integers(first, last + 1, n)


def _until(day: np.ndarray, last: int) -> np.ndarray:
    return np.where((day != MISSING) & (day <= last), day, MISSING)


def _persons(family: Families, households: Households, as_of: date, streams: Streams) -> Persons:
    rng = streams.of("person")
    n, last = len(family.household), days(as_of)
    start = (as_of.year - family.age - 1970).astype("datetime64[Y]").astype("datetime64[D]").astype(np.int64)
    birth = np.minimum(start + rng.integers(0, 365, n), last)
    education, in_school = _education(family.age, rng)
    health = _health(family.age, rng)
    ability = _ability(family.age, in_school, health, education, rng)
    entered = households.entered_on[family.household]
    later = (rng.random(n) < 0.02) & np.isin(family.relation, (SPOUSE, IN_LAW, PARENT, SIBLING))
    joined = np.where(later, entered + (rng.random(n) * (last - entered + 1)).astype(np.int64), entered)
    joined = np.where(birth > entered, np.minimum(birth + rng.integers(10, 200, n), last), joined)
    dead = rng.random(n) < np.select([family.age >= 75, family.age >= 60], [0.06, 0.02], 0.004)
    gone = dead & (family.relation != HEAD) & (joined < last)
    left = np.where(gone, joined + 1 + (rng.random(n) * (last - joined)).astype(np.int64), MISSING)
    county, village = households.county[family.household], households.village[family.household]
    return Persons(family, county, village, birth, education, in_school, health, ability, joined, left)


def _education(age: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    # none, primary, junior, senior, vocational, college
    shares = np.array(
        [
            [1, 0, 0, 0, 0, 0],
            [0, 1, 0, 0, 0, 0],
            [0, 0.02, 0.98, 0, 0, 0],
            [0, 0.02, 0.36, 0.38, 0.24, 0],
            [0.01, 0.08, 0.5, 0.12, 0.12, 0.17],
            [0.03, 0.27, 0.55, 0.06, 0.05, 0.04],
            [0.12, 0.48, 0.34, 0.05, 0.01, 0],
            [0.44, 0.45, 0.1, 0.01, 0, 0],
        ]
    )
    stage = np.searchsorted([6, 12, 15, 18, 24, 45, 65], age, side="right")
    education = pick_by_row(rng, shares[stage])
    upper = education >= position(EDUCATION, "senior")
    draw = rng.random(len(age))
    in_school = np.select(
        [(age >= 6) & (age < 15), (age >= 15) & (age < 18), (age >= 18) & (age < 23)],
        [
            draw < 0.995,
            np.where(upper, draw < 0.96, draw < 0.2),
            (education == position(EDUCATION, "college")) & (draw < 0.8),
        ],
        False,
    )
    return education, in_school


def _health(age: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    # healthy, chronic, serious, disabled
    shares = np.array(
        [[0.965, 0.01, 0.007, 0.018], [0.83, 0.08, 0.03, 0.06], [0.66, 0.2, 0.05, 0.09], [0.5, 0.35, 0.07, 0.08]]
    )
    return pick_by_row(rng, shares[np.searchsorted([30, 50, 65], age, side="right")])


def _ability(
    age: np.ndarray, in_school: np.ndarray, health: np.ndarray, education: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    # none, weak, ordinary, skilled by health: healthy, chronic, serious, disabled
    shares = np.array([[0, 0.05, 0.87, 0.08], [0.1, 0.62, 0.28, 0], [0.7, 0.3, 0, 0], [0.42, 0.46, 0.12, 0]])
    drawn = pick_by_row(rng, shares[health])
    taught = (drawn == ORDINARY) & (education >= position(EDUCATION, "vocational")) & (rng.random(len(age)) < 0.5)
    drawn = np.where(taught, SKILLED, drawn)
    ageing = (age >= 60) & (rng.random(len(age)) < 0.75)
    drawn = np.where(ageing, np.minimum(drawn, WEAK), drawn)
    none = (age < 16) | in_school | ((age >= 70) & (rng.random(len(age)) < 0.92))
    return np.where(none, NONE_ABILITY, drawn)


def _household_table(households: Households, people: Persons, ground: Places, streams: Streams) -> pa.Table:
    rng = streams.of("household")
    n = len(households)
    number = pc.cast(pa.array(households.village), pa.string())
    names = pa.array(ground.name).take(pa.array(households.county))
    group = pc.cast(pa.array(1 + rng.integers(0, 9, n)), pa.string())
    parts = (pc.utf8_slice_codeunits(number, 6, 9), pc.utf8_slice_codeunits(number, 9, 12), group)
    address = pc.binary_join_element_wise(names, "模拟乡", parts[0], "模拟村", parts[1], "第", parts[2], "组", "")
    return table(
        "household",
        {
            "household_id": np.arange(1, n + 1),
            "region_code": households.village,
            "entered_on": households.entered_on,
            "cause": _causes(people, n, rng),
            "unsafe_housing": rng.random(n) < 0.06,
            "safe_water": rng.random(n) < 0.95,
            "address": address,
        },
    )


def _causes(people: Persons, households: int, rng: np.random.Generator) -> np.ndarray:
    """Main cause: illness, disability or schooling where the household has it, lack of labour where nobody can work."""

    def count(of: np.ndarray) -> np.ndarray:
        return np.bincount(people.family.household[of], minlength=households)

    luck = rng.random(households)
    usual = ("disaster", "land", "water", "skill", "funds", "transport", "motivation", "labour", "illness")
    other = position(POVERTY_CAUSE, *usual)[pick(rng, [6, 8, 4, 22, 24, 10, 8, 10, 8], households)]
    ill, disabled = (
        count(people.health == position(HEALTH, "serious")),
        count(people.health == position(HEALTH, "disabled")),
    )
    learning = count(people.in_school & (people.family.age >= 15))
    weak = count(people.ability >= ORDINARY) == 0
    return np.select(
        [(ill > 0) & (luck < 0.9), (disabled > 0) & (luck < 0.75), (learning > 0) & (luck < 0.6), weak & (luck < 0.5)],
        position(POVERTY_CAUSE, "illness", "disability", "schooling", "labour"),
        other,
    )


def _household_years(households: Households, people: Persons, as_of: date, streams: Streams) -> pa.Table:
    rng = streams.of("household_year")
    years = [y for y in range(FIRST_YEAR, as_of.year + 1) if date(y, 12, 31) <= as_of]
    n = len(households)
    standing = rng.normal(0, 0.28, n)
    columns: dict[str, list[np.ndarray]] = {"year": [], "household": [], "status": [], "members": [], "income": []}
    for year in years:
        end = days(date(year, 12, 31))
        rows = np.flatnonzero(households.entered_on <= end)
        there = (people.joined_on <= end) & ((people.left_on == MISSING) | (people.left_on > end))
        members = np.bincount(people.family.household[there], minlength=n)
        status = _status_at(households, end)
        income = _income(status, year, standing, rng)
        for name, values in zip(columns, (np.full(n, year), np.arange(n), status, members, income), strict=True):
            columns[name].append(values[rows])
    joined = {name: np.concatenate(parts) for name, parts in columns.items()}
    return table(
        "household_year",
        {
            "household_year_id": np.arange(1, len(joined["year"]) + 1),
            "household_id": joined["household"] + 1,
            "region_code": households.village[joined["household"]],
            "year": joined["year"],
            "status": joined["status"],
            "members": joined["members"],
            "income_per_head_fen": joined["income"],
        },
    )


def _status_at(households: Households, day: int) -> np.ndarray:
    def by(change: np.ndarray) -> np.ndarray:
        return (change != MISSING) & (change <= day)

    return np.select(
        [by(households.again_on), by(households.relapse_on), by(households.exit_on)], [EXITED, RELAPSE, EXITED], POOR
    )


def _income(status: np.ndarray, year: int, standing: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Yuan per head and year in fen: the poor below 3,000 yuan, the others well above and growing by a tenth a year."""
    n = len(status)
    poor = np.clip(2300 * np.exp(standing * 0.5 + rng.normal(0, 0.1, n)), 900, 2890)
    others = np.maximum(6200 * 1.14 ** (year - 2016) * np.exp(standing + rng.normal(0, 0.15, n)), 3400)
    yuan = np.where(status == EXITED, others, poor)
    return np.where(rng.random(n) < 0.01, MISSING, (yuan * 100).astype(np.int64))


def _status_changes(households: Households, as_of: date, streams: Streams) -> pa.Table:
    rng = streams.of("status_change")
    n = len(households)
    corrected = np.where(rng.random(n) < CORRECTED, households.entered_on + rng.integers(20, 300, n), MISSING)
    # A correction of the entry, never of an exit.
    before = np.where(households.exit_on == MISSING, days(as_of), households.exit_on - 1)
    corrected = np.where(corrected <= before, corrected, MISSING)
    kinds = ("enter", "correction", "exit", "relapse", "exit")
    dates = (households.entered_on, corrected, households.exit_on, households.relapse_on, households.again_on)
    rows = [np.flatnonzero(on != MISSING) for on in dates]
    household = np.concatenate(rows)
    kind = np.concatenate([np.full(len(r), position(STATUS_CHANGE, k)) for r, k in zip(rows, kinds, strict=True)])
    return table(
        "status_change",
        {
            "status_change_id": np.arange(1, len(household) + 1),
            "household_id": household + 1,
            "region_code": households.village[household],
            "kind": kind,
            "changed_on": np.concatenate([on[r] for on, r in zip(dates, rows, strict=True)]),
            "reason": _reasons(kind, rng),
        },
    )


def _reasons(kind: np.ndarray, rng: np.random.Generator) -> pa.Array:
    texts = {
        "enter": ("符合识别标准，经民主评议", "动态调整新识别"),
        "exit": ("人均纯收入稳定达标，两不愁三保障实现", "务工收入稳定达标", "产业增收达标"),
        "relapse": ("家庭成员患大病，支出骤增", "自然灾害受损", "务工人员失业"),
        "correction": ("户主信息录入有误，予以更正", "住址信息更正"),
    }
    flat = [(name, text) for name in STATUS_CHANGE for text in texts[name]]
    start = np.array([next(i for i, (n, _) in enumerate(flat) if n == name) for name in STATUS_CHANGE])
    count = np.array([len(texts[name]) for name in STATUS_CHANGE])
    index = start[kind] + (rng.random(len(kind)) * count[kind]).astype(np.int64)
    return pa.array([text for _, text in flat]).take(pa.array(index))


def _person_table(people: Persons, ground: Places, streams: Streams) -> pa.Table:
    rng = streams.of("identity")
    family, n = people.family, len(people)
    group = _groups(people, ground, streams)
    birth = people.birth.astype("datetime64[D]")
    birth_year = birth.astype("datetime64[Y]").astype(np.int64) + 1970
    adult = (family.age >= 16) & (rng.random(n) < 0.9)
    phone = numbers.phones(rng.permutation(n)).take(pa.array(np.arange(n), mask=~adult))
    columns: dict[str, Any] = {
        "person_id": np.arange(1, n + 1),
        "household_id": family.household + 1,
        "region_code": people.village,
        "sex": np.where(family.male, *position(SEX, "male", "female")),
        "birth_year": birth_year,
        "relation": family.relation,
        "ethnic_group": pa.array(ethnic.GROUPS).take(pa.array(group)),
        "education": people.education,
        "in_school": people.in_school,
        "health": people.health,
        "labour_ability": people.ability,
        "joined_on": people.joined_on,
        "left_on": people.left_on,
        "name": naming.names(group, _surname_family(people, group), birth_year, family.male, streams),
        "id_number": numbers.id_numbers(ground.county[people.county] // 10_000, birth, family.male),
        "phone": phone,
    }
    return table("person", columns)


def _groups(people: Persons, ground: Places, streams: Streams) -> np.ndarray:
    """Ethnic group: the head's for the family, often but not always the same for those who married in."""
    rng = streams.of("ethnic_group")
    weights = ethnic.county_groups(ground.county, ground.minority)
    own = ethnic.ethnic_groups(weights, people.county, rng)
    head = np.flatnonzero(people.family.relation == HEAD)[people.family.household]
    married_in = np.isin(people.family.relation, (SPOUSE, IN_LAW)) & (rng.random(len(own)) < 0.2)
    return np.where(married_in, own, own[head])


def _surname_family(people: Persons, group: np.ndarray) -> np.ndarray:
    """Number of the surname: one for the head's line, one of their own for those who come from elsewhere."""
    family = people.family
    elsewhere = np.isin(family.relation, (SPOUSE, IN_LAW)) | ((family.relation == PARENT) & ~family.male)
    # A head's spouse's children bear the father's name: where the head is a married woman, that is her husband's.
    head = np.flatnonzero(family.relation == HEAD)
    husband = np.where(family.male[head] | (family.partner[head] < 0), head, family.partner[head])
    fatherly = np.isin(family.relation, (CHILD, GRANDCHILD)) & (group == group[husband[family.household]])
    own = np.arange(len(group)) + family.households
    own[head] = family.household[head]
    line = np.where(fatherly, own[husband[family.household]], family.household)
    return np.where(elsewhere | (family.relation == HEAD), own, line)
