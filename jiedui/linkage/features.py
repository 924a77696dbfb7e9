"""比较用表: one row per person with everything that the comparison of two persons reads, as whole numbers.

Made once, read by both engines, so that they compare the same. The identity number stays in this process.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from jiedui.errors import JieduiError
from jiedui.linkage import identity, names
from jiedui.linkage.blocking import block_keys
from jiedui.linkage.names import GAPS

REQUIRED: Final = ("person_id", "household_id", "region_code", "name", "sex", "birth_year")
OPTIONAL: Final = ("birth_date", "id_number", "phone")
OTHERS: Final = 4
"""Other members of the household that are compared by the sound of their names."""


def features(persons: pa.Table, *, largest_block: int) -> pa.Table:
    """求比较表: from a table of persons (see `probable`); row i of the result is row i of the persons.

    Columns: `row`; `exact`, `plain`, `sound`, `surname`, `gap1`…: hashes of the name (null if there is none);
    `length` of it; of the identity number `number` (17 digits as text), `first16`, `check_digit`, `area`; `born`
    (yyyymmdd) and `year`; `sex`, `phone`, `village`, `township`, `county`, `province`: a number for each text;
    `household`; `other1`…: sounds of other members; `block1`…: keys (null for a key that nobody else has).
    Raises `JieduiError` for a column that is missing, a person without number or one that stands twice.
    """
    _check(persons)
    count = len(persons)
    name = names.keys(persons["name"])
    number = identity.keys(_column(persons, "id_number"))
    year, born = _birth(persons, number)
    region = persons["region_code"].combine_chunks()
    places = {
        level: _hash_text(pc.utf8_slice_codeunits(region, 0, width))
        for level, width in (("village", 12), ("township", 9), ("county", 6), ("province", 2))
    }
    phone = _phone(_column(persons, "phone"))
    household = persons["household_id"].to_numpy()
    columns: dict[str, Any] = {"row": np.arange(count)}
    columns |= {key: _known(getattr(name, key), name.known) for key in ("exact", "plain", "sound", "surname")}
    columns |= {f"gap{i + 1}": _known(name.gaps[:, i], name.gaps[:, i] != 0) for i in range(GAPS)}
    columns |= {"length": name.length, "number": number.texts()}
    columns |= {"first16": _known(_first16(number), number.known)}
    columns |= {"check_digit": _known(number.check, number.known & (number.check != ord("-")))}
    columns |= {"area": _known(number.area, number.known), "born": _known(born, born > 0)}
    columns |= {"year": _known(year, year > 0), "sex": _hash_text(persons["sex"].combine_chunks())}
    columns |= {"household": persons["household_id"].combine_chunks(), **places, "phone": phone}
    columns |= _others(household, name)
    near = (_filled(places["village"]), _filled(places["county"]), _filled(phone))
    blocks = block_keys(name, number, year, born, household, *near, largest_block)
    columns |= {f"block{i + 1}": _known(key, kept) for i, (key, kept) in enumerate(blocks)}
    return pa.table(columns)


def _check(persons: pa.Table) -> None:
    missing = [name for name in REQUIRED if name not in persons.column_names]
    if missing:
        raise JieduiError(
            f"The table of persons has no column {', '.join(missing)}.",
            remedy=f"Give {', '.join(REQUIRED)}, and {', '.join(OPTIONAL)} where they are known.",
        )
    for column in ("person_id", "household_id", "region_code"):
        if persons[column].null_count:
            at = pc.index(pc.is_null(persons[column]), True).as_py()
            raise JieduiError(f"Row {at} of the persons has no {column}.", remedy="Give each person one.")
    if pc.count_distinct(persons["person_id"]).as_py() != len(persons):
        raise JieduiError("A person_id stands twice in the table.", remedy="Give each row a number of its own.")


def _column(persons: pa.Table, name: str) -> pa.ChunkedArray:
    if name in persons.column_names:
        return persons[name].cast(pa.string())
    return pa.chunked_array([pa.nulls(len(persons), pa.string())])


def _birth(persons: pa.Table, number: identity.IdentityKeys) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Year of birth and day of birth (yyyymmdd), 0 where not known: of the number, else as reported."""
    year = pc.fill_null(persons["birth_year"].cast(pa.int64()), 0).to_numpy()
    born = np.zeros(len(persons), np.int64)
    if "birth_date" in persons.column_names:
        text = pc.fill_null(pc.strftime(persons["birth_date"].cast(pa.date32()), format="%Y%m%d"), "0")
        born = text.cast(pa.int64()).to_numpy()
        year = np.where(born > 0, born // 10_000, year)
    born = np.where(number.known, number.year * 10_000 + number.day, born)
    return np.where(number.known, number.year, year), born


def _first16(number: identity.IdentityKeys) -> NDArray[np.int64]:
    """The number without the last digit of its order number and without check digit."""
    return (number.area * 10**8 + number.year * 10**4 + number.day) * 100 + number.order // 10


def _others(household: NDArray[np.int64], name: names.NameKeys) -> dict[str, NDArray[np.int64]]:
    """The sounds of up to OTHERS other members, smallest hashes first, so that equal families show equal members.

    A place that is empty holds a number that no other row has, so that it equals nothing.
    """
    count = len(household)
    empty = -1 - (np.arange(count)[:, None] * OTHERS + np.arange(OTHERS))
    order = np.lexsort((name.sound, household))
    of = household[order]
    start = np.flatnonzero(np.r_[True, of[1:] != of[:-1]]) if count else np.zeros(0, np.int64)
    size = np.diff(np.r_[start, count])
    first, rank = np.repeat(start, size), np.arange(count) - np.repeat(start, size)
    members, found = np.repeat(size, size), empty.copy()
    for i in range(OTHERS):
        at = np.where(rank <= i, i + 1, i)
        here = at < members
        who = order[(first + at)[here]]
        rows = order[here]
        found[rows, i] = np.where(name.known[who], name.sound[who], empty[rows, i])
    return {f"other{i + 1}": found[:, i] for i in range(OTHERS)}


def _phone(column: pa.ChunkedArray) -> pa.Array:
    text = pc.replace_substring_regex(column, r"[^0-9]", "").combine_chunks()
    return _hash_text(pc.if_else(pc.greater_equal(pc.binary_length(text), 7), text, None))


def _hash_text(column: pa.Array) -> pa.Array:
    """A number for each text, equal for equal ones, from 1; null stays null."""
    return pc.add(pc.dictionary_encode(column).indices.cast(pa.int64()), 1)


def _known(values: NDArray[Any], known: NDArray[np.bool_]) -> pa.Array:
    return pa.array(values, mask=~known)


def _filled(column: pa.Array) -> NDArray[np.int64]:
    filled: NDArray[np.int64] = pc.fill_null(column, 0).to_numpy(zero_copy_only=False)
    return filled
