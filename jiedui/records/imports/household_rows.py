"""一户多行: what the rows of one household must agree on, and the checks that look at a household or a whole roster."""

from __future__ import annotations

from datetime import date
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from jiedui.policy import parameters
from jiedui.policy.rules import poverty_roster as roster
from jiedui.records.imports import identity
from jiedui.records.imports.forms import Form
from jiedui.records.imports.refusals import IGNORE, REFUSE, Problems

_UNKNOWN: Final = roster.UNKNOWN


def numbered(keys: pa.ChunkedArray) -> np.ndarray:
    """户序: (n,) the household of each row, numbered from 0; rows without a key are households of their own."""
    values = keys.fill_null(-1).to_numpy()
    _, place = np.unique(values, return_inverse=True)
    lonely = values == -1
    place = place.astype(np.int64)
    place[lonely] = place.max(initial=0) + 1 + np.arange(np.count_nonzero(lonely))
    return np.unique(place, return_inverse=True)[1]


def agree(rows: pa.Table, form: Form, problems: Problems, on: date) -> pa.Table:
    """户信息一致: what any row of a household states holds for all its rows; where two rows differ, all are reported.

    `rows` is what `reading.read` gives; returns it with the household's columns filled in and `refused` extended.
    """
    severity = parameters.load(on).value("poverty.roster.household_disagrees")
    household = numbered(rows["household_id"])
    refused = rows["refused"].to_numpy().copy()
    said = np.zeros(len(rows), bool)
    names = [one.name for one in form.fields if one.of_household] + ["region_code"]
    for name in names:
        column = rows[name].combine_chunks()
        values, disagree = _one_value(column, household)
        told = disagree & ~said  # one mistake is said once: by the first field that shows it
        if told.any() and severity != IGNORE:
            problems.add(rows["row"].to_numpy()[told], "household_disagrees", name, column.filter(pa.array(told)))
            said |= told
        if severity == REFUSE:
            refused |= disagree
        rows = rows.set_column(rows.schema.get_field_index(name), name, values)
    return rows.set_column(rows.schema.get_field_index("refused"), "refused", pa.array(refused))


def _one_value(column: pa.Array, household: np.ndarray) -> tuple[pa.Array, np.ndarray]:
    """Each row's household's value (the first that is stated), and the rows that state another."""
    encoded = column.dictionary_encode()
    place = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    stated = np.flatnonzero(place >= 0)
    first = np.full(household.max(initial=-1) + 1, -1, np.int64)
    first[household[stated[::-1]]] = place[stated[::-1]]  # of several writes the last stands: the first row's
    of_household = first[household]
    disagree = np.zeros(len(household), bool)
    other = (place >= 0) & (place != of_household)
    if other.any():
        disagree = np.isin(household, household[other])
    values = encoded.dictionary.take(pa.array(of_household, mask=of_household < 0))
    return values, disagree


def check(rows: pa.Table, year: int, on: date, problems: Problems) -> np.ndarray:
    """核查: the checks of `policy.rules.poverty_roster` over all rows; (n,) which rows are refused by one."""
    refused = np.zeros(len(rows), bool)
    numbers = rows["row"].to_numpy()
    asked = rows["refused"].to_numpy()
    for name, severity, found in roster.check(_roster(rows), year, parameters.load(on)):
        broken = found & ~asked
        problems.add(numbers[broken], name, _ABOUT[name])
        if severity == REFUSE:
            refused |= broken
    return refused


_ABOUT: Final = {
    "under_age_working": "months_worked", "no_ability_working": "months_worked", "pupil_working": "months_worked",
    "spouse_same_sex": "relation", "heads": "relation", "members_differ": "members", "id_county": "id_number",
    "dates_order": "joined_on",
}  # fmt: skip


def _roster(rows: pa.Table) -> roster.Roster:
    def whole(name: str) -> np.ndarray:
        column = rows[name]
        if pa.types.is_date(column.type):
            column = column.cast(pa.int32())
        return column.cast(pa.int64()).fill_null(_UNKNOWN).to_numpy()

    def equal(name: str, value: str) -> np.ndarray:
        return pc.equal(rows[name], value).fill_null(False).to_numpy()

    birth_year, male, id_county = of_number(rows["id_number"].combine_chunks())
    able = np.where(pc.is_valid(rows["labour_ability"]).to_numpy(), ~equal("labour_ability", "none"), _UNKNOWN)
    county = pc.utf8_slice_codeunits(rows["region_code"], 0, 6).cast(pa.int64()).fill_null(_UNKNOWN).to_numpy()
    return roster.Roster(
        birth_year=birth_year, male=male, head=equal("relation", "head"), spouse=equal("relation", "spouse"),
        in_school=whole("in_school"), able=able, months_worked=whole("months_worked"),
        household=numbered(rows["household_id"]), members=whole("members"), county=county, id_county=id_county,
        joined_on=whole("joined_on"), entered_on=whole("entered_on"),
    )  # fmt: skip


def of_number(numbers: pa.Array) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """号码所含: birth year, male (1, 0) and county of (n,) identity numbers; -1 where there is none."""
    known = pc.is_valid(numbers).to_numpy(zero_copy_only=False)
    digits = identity.characters(numbers.drop_null())
    year, male, county = (np.full(len(numbers), _UNKNOWN, np.int64) for _ in range(3))
    year[known] = identity.births(digits)[0]
    male[known] = identity.males(digits)
    county[known] = (digits[:, :6].astype(np.int64) - 48) @ np.array([100_000, 10_000, 1_000, 100, 10, 1])
    return year, male, county
