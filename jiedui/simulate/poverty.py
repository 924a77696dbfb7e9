"""脱贫: the registered households and persons as tables, year by year, on the real poor counties.

Every status of a year agrees with the changes that led to it. Shares and amounts are ours.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from jiedui.policy import published
from jiedui.simulate import ethnic, households, naming, numbers, places
from jiedui.simulate import persons as members
from jiedui.simulate.columns import MISSING, days, position, table
from jiedui.simulate.families import CHILD, GRANDCHILD, HEAD, IN_LAW, PARENT, SPOUSE, families
from jiedui.simulate.households import EXITED, Households
from jiedui.simulate.persons import ORDINARY, Persons
from jiedui.simulate.places import Places
from jiedui.simulate.streams import Streams, pick
from jiedui.terms.codelists import HEALTH, MONITORED_AS, POVERTY_CAUSE, SEX, STATUS_CHANGE

FIRST_YEAR: Final = 2016
"""First year of household_year; who left poverty before is `exited` from the beginning."""
CORRECTED: Final = 0.004
WATCHED: Final = 1 / 60


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
    homes = households.households(counts, village, ground, as_of, streams)
    people = members.persons(family, homes, as_of, streams)
    tables = {
        "poverty_county": _poverty_counties(),
        "household": _household_table(homes, people, ground, streams),
        "household_year": _household_years(homes, people, as_of, streams),
        "status_change": _status_changes(homes, as_of, streams),
        "person": _person_table(people, ground, streams),
        "person_year": _person_years(people, as_of, streams),
    }
    return Population(homes, people, villages, tables)


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


def _household_table(homes: Households, people: Persons, ground: Places, streams: Streams) -> pa.Table:
    rng = streams.of("household")
    n = len(homes)
    number = pc.cast(pa.array(homes.village), pa.string())
    names = pa.array(ground.name).take(pa.array(homes.county))
    group = pc.cast(pa.array(1 + rng.integers(0, 9, n)), pa.string())
    parts = (pc.utf8_slice_codeunits(number, 6, 9), pc.utf8_slice_codeunits(number, 9, 12), group)
    address = pc.binary_join_element_wise(names, "模拟乡", parts[0], "模拟村", parts[1], "第", parts[2], "组", "")
    return table(
        "household",
        {
            "household_id": np.arange(1, n + 1),
            "region_code": homes.village,
            "entered_on": homes.entered_on,
            "cause": _causes(people, n, rng),
            "unsafe_housing": rng.random(n) < 0.06,
            "safe_water": rng.random(n) < 0.95,
            "hamlet": pc.binary_join_element_wise("第", group, "组", ""),
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


def _household_years(homes: Households, people: Persons, as_of: date, streams: Streams) -> pa.Table:
    rng = streams.of("household_year")
    years = [y for y in range(FIRST_YEAR, as_of.year + 1) if date(y, 12, 31) <= as_of]
    n = len(homes)
    standing = rng.normal(0, 0.28, n)
    columns: dict[str, list[np.ndarray]] = {"year": [], "household": [], "status": [], "members": [], "income": []}
    for year in years:
        end = days(date(year, 12, 31))
        rows = np.flatnonzero(homes.entered_on <= end)
        there = (people.joined_on <= end) & ((people.left_on == MISSING) | (people.left_on > end))
        members = np.bincount(people.family.household[there], minlength=n)
        status = homes.status_at(end)
        income = _income(status, year, standing, rng)
        for name, values in zip(columns, (np.full(n, year), np.arange(n), status, members, income), strict=True):
            columns[name].append(values[rows])
    joined = {name: np.concatenate(parts) for name, parts in columns.items()}
    return table(
        "household_year",
        {
            "household_year_id": np.arange(1, len(joined["year"]) + 1),
            "household_id": joined["household"] + 1,
            "region_code": homes.village[joined["household"]],
            "year": joined["year"],
            "status": joined["status"],
            "members": joined["members"],
            "income_per_head_fen": joined["income"],
            **_monitoring(joined["status"], joined["year"], streams),
        },
    )


def _monitoring(status: np.ndarray, year: np.ndarray, streams: Streams) -> dict[str, Any]:
    """Households that are watched in a year because they may fall back: of those that left poverty, about one in 60."""
    rng = streams.of("monitoring")
    n = len(status)
    watched = (status == EXITED) & (rng.random(n) < WATCHED)
    start = (year - 1970).astype("datetime64[Y]").astype("datetime64[D]").astype(np.int64)
    found = start + rng.integers(0, 200, n)
    removed = watched & (rng.random(n) < 0.5)
    return {
        "monitored_as": np.where(watched, position(MONITORED_AS, "unstable_exit"), MISSING),
        "risk_removed": pa.array(removed, mask=~watched),
        "risk_found_on": np.where(watched, found, MISSING),
        "risk_removed_on": np.where(removed, found + rng.integers(20, 160, n), MISSING),
    }


def _person_years(people: Persons, as_of: date, streams: Streams) -> pa.Table:
    """The persons of the last year that has ended, as they are in the register."""
    rng = streams.of("person_year")
    year = as_of.year if (as_of.month, as_of.day) == (12, 31) else as_of.year - 1
    end = days(date(year, 12, 31))
    rows = np.flatnonzero((people.joined_on <= end) & ((people.left_on == MISSING) | (people.left_on > end)))
    n = len(rows)
    able = people.ability[rows] >= ORDINARY
    months = np.where(able, np.where(rng.random(n) < 0.6, rng.integers(1, 13, n), 0), MISSING)
    return table(
        "person_year",
        {
            "person_year_id": np.arange(1, n + 1),
            "person_id": rows + 1,
            "region_code": people.village[rows],
            "year": np.full(n, year),
            "education": people.education[rows],
            "in_school": people.in_school[rows],
            "health": people.health[rows],
            "labour_ability": people.ability[rows],
            "months_worked": months,
            "insured": rng.random(n) < 0.97,
        },
    )


def _income(status: np.ndarray, year: int, standing: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Yuan per head and year in fen: the poor below 3,000 yuan, the others well above and growing by a tenth a year."""
    n = len(status)
    poor = np.clip(2300 * np.exp(standing * 0.5 + rng.normal(0, 0.1, n)), 900, 2890)
    others = np.maximum(6200 * 1.14 ** (year - 2016) * np.exp(standing + rng.normal(0, 0.15, n)), 3400)
    yuan = np.where(status == EXITED, others, poor)
    return np.where(rng.random(n) < 0.01, MISSING, (yuan * 100).astype(np.int64))


def _status_changes(homes: Households, as_of: date, streams: Streams) -> pa.Table:
    rng = streams.of("status_change")
    n = len(homes)
    corrected = np.where(rng.random(n) < CORRECTED, homes.entered_on + rng.integers(20, 300, n), MISSING)
    # A correction of the entry, never of an exit.
    before = np.where(homes.exit_on == MISSING, days(as_of), homes.exit_on - 1)
    corrected = np.where(corrected <= before, corrected, MISSING)
    kinds = ("enter", "correction", "exit", "relapse", "exit")
    dates = (homes.entered_on, corrected, homes.exit_on, homes.relapse_on, homes.again_on)
    rows = [np.flatnonzero(on != MISSING) for on in dates]
    household = np.concatenate(rows)
    kind = np.concatenate([np.full(len(r), position(STATUS_CHANGE, k)) for r, k in zip(rows, kinds, strict=True)])
    return table(
        "status_change",
        {
            "status_change_id": np.arange(1, len(household) + 1),
            "household_id": household + 1,
            "region_code": homes.village[household],
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
