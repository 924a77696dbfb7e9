"""同行: whom a worker goes away with, named by the identity number; both sides are linked, or neither.

Two rows name each other, or one names a worker who has no partner. A third person is refused, not guessed away.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.db import connection

from jiedui.records import copying
from jiedui.records.imports import difference, known_persons, writing
from jiedui.records.imports.known_persons import refusing
from jiedui.records.imports.refusals import Problems

NOBODY: Final = -1
GONE: Final = -2
"""Named, and not in the register."""


def resolve(
    rows: pa.Table, good: pa.Table, persons: pa.Table, register: pa.Table, problems: Problems
) -> tuple[pa.Table, pa.Table]:
    """同行人: the rows (more refused; `partner_name` added), and the good ones with `partner`, the person (int64) with
    whom the worker will go, null where nothing is said.

    `rows` and `good` as `known_persons.find` gives them, `register` the workers with `key` and `partner`.
    """
    named = _named(good, persons)
    broken = _broken(good, named, register)
    refused = np.zeros(len(good), bool)
    for rule, mask in broken.items():
        problems.add(good["row"].to_numpy()[mask], rule, "partner", good["partner"].filter(pa.array(mask)))
        refused |= mask
    said = _both_ways(good["person_id"].to_numpy(), np.where(refused, NOBODY, named))
    whole = rows["refused"].to_numpy().copy()
    of_good = np.flatnonzero(~whole)
    whole[of_good[refused]] = True
    at = np.full(len(rows), NOBODY)
    at[of_good] = difference.locate(said, persons["person_id"].to_numpy())
    names = persons["name"].combine_chunks().take(pa.array(at, mask=at < 0))
    rows = refusing(rows, whole).append_column("partner_name", names)
    good = good.set_column(good.column_names.index("partner"), "partner", pa.array(said, mask=said < 0))
    return rows, good.filter(pa.array(~refused)).combine_chunks()


def link(accepted: pa.Table, persons: pa.Table) -> int:
    """结成同行: the pairs that accepted rows name (`person_id`, `partner` as a number), on both sides; gives how many
    workers were changed. Whoever was the partner of one of them before has none any more; where one of the two is no
    worker (the row was left out), nobody is linked.

    Raises:
        Overtaken: a partner left the register since the comparison.
    """
    named = _named(accepted, persons)
    if (named == GONE).any():
        raise writing.Overtaken(int((named == GONE).sum()))
    told = named != NOBODY
    one, other = accepted["person_id"].to_numpy()[told], named[told]
    pairs = np.unique(np.stack([np.r_[one, other], np.r_[other, one]]), axis=1)
    if not pairs.size:
        return 0
    table = pa.table({"person_id": pairs[0], "partner": pairs[1]})
    copying.temporary("import_pair", {"person_id": "bigint", "partner": "bigint"}, table)
    with connection.cursor() as cursor:
        cursor.execute(_UNLINK)
        unlinked = cursor.rowcount
        cursor.execute(_LINK)
        return unlinked + cursor.rowcount


_WANTED: Final = (
    "SELECT w.worker_id, w.partner_id AS before, p.worker_id AS partner_id FROM import_pair i "
    "JOIN records_worker w ON w.person_id = i.person_id JOIN records_worker p ON p.person_id = i.partner"
)
_UNLINK: Final = (
    f"WITH wanted AS ({_WANTED}) UPDATE records_worker w SET partner_id = NULL FROM wanted x "
    "WHERE w.worker_id = x.before AND x.before <> x.partner_id AND w.partner_id = x.worker_id "
    "AND NOT EXISTS (SELECT FROM wanted y WHERE y.worker_id = w.worker_id)"
)
_LINK: Final = (
    f"WITH wanted AS ({_WANTED}) UPDATE records_worker w SET partner_id = x.partner_id FROM wanted x "
    "WHERE w.worker_id = x.worker_id AND w.partner_id IS DISTINCT FROM x.partner_id"
)


def _named(rows: pa.Table, persons: pa.Table) -> np.ndarray:
    """(n,) person whom each row names, `NOBODY` where it names none, `GONE` where that is none of the register."""
    marks = known_persons.marks(rows["partner"].combine_chunks())
    at = difference.locate(marks.fill_null(0).to_numpy(), persons["id_mark"].to_numpy())
    found = np.where(at >= 0, persons["person_id"].to_numpy()[np.maximum(at, 0)] if len(persons) else NOBODY, GONE)
    return np.where(pc.is_null(marks).to_numpy(zero_copy_only=False), NOBODY, found)


def _broken(good: pa.Table, named: np.ndarray, register: pa.Table) -> dict[str, np.ndarray]:
    """Rule → (n,) which rows break it; a row breaks one at most."""
    me = good["person_id"].to_numpy()
    told = named != NOBODY
    self_named = told & (named == me)
    in_file = difference.locate(named, me)
    in_register = difference.locate(named, register["key"].to_numpy())
    unknown = told & ~self_named & (in_file < 0) & (in_register < 0)
    kept = register["partner"].fill_null(NOBODY).to_numpy()
    of_register = np.where(in_register >= 0, kept[in_register] if len(kept) else NOBODY, NOBODY)
    in_row = np.where(in_file >= 0, named[in_file], NOBODY)
    says = np.where(in_row != NOBODY, in_row, of_register)
    open_ = told & ~self_named & ~unknown
    disagrees = open_ & (says != NOBODY) & (says != me)
    # of several who name one that names nobody, none is preferred
    courted, times = np.unique(named[open_ & ~disagrees], return_counts=True)
    rivals = np.isin(named, courted[times > 1])
    disagrees |= open_ & rivals & (says != me)
    return {"partner_self": self_named, "partner_unknown": unknown, "partner_disagrees": disagrees}


def _both_ways(me: np.ndarray, named: np.ndarray) -> np.ndarray:
    """(n,) partner of each row: whom it names, or who names it."""
    said = named.copy()
    at = difference.locate(named, me)
    by = np.flatnonzero((named != NOBODY) & (at >= 0))
    silent = said[at[by]] == NOBODY
    said[at[by][silent]] = me[by][silent]
    return said
