"""岗位入册: the vacancies of firms; a row is found again by firm, title, place of work and first day.

A firm that is not known yet is entered by its credit code, whose check character was read before.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.db import connection
from psycopg import sql

from jiedui.policy import parameters
from jiedui.policy.rules import labour_vacancies
from jiedui.records import copying
from jiedui.records.actions.labour_vacancies import judged
from jiedui.records.imports import difference, known_persons, plain_list, staging, writing
from jiedui.records.imports.plain_list import Compared, Target
from jiedui.records.imports.refusals import Problems
from jiedui.records.models import Import
from jiedui.terms.divisions import prefix
from jiedui.terms.scope import prefix_range

FIELDS: Final = (
    "occupation", "title", "seats", "monthly_wage_fen", "skill", "dormitory", "season", "open_from", "open_to",
    "starts_on", "contract", "demand", "night_shift", "mandarin", "couple_room", "school_place",
)  # fmt: skip
_KINDS: Final = (
    dict.fromkeys(("seats", "monthly_wage_fen"), pa.int64())
    | dict.fromkeys(("dormitory", "night_shift", "mandarin", "couple_room", "school_place"), pa.bool_())
    | dict.fromkeys(("open_from", "open_to", "starts_on"), pa.date32())
)
_FIXED: Final = {"skill": "none", "dormitory": False, "season": "all_year"}
"""What a new vacancy is where its row says nothing."""
_FIELD_OF: Final = {
    "wage_too_low": "monthly_wage_fen", "wage_too_high": "monthly_wage_fen", "many_seats": "seats",
    "open_long": "open_to", "closed_already": "open_to", "starts_before_open": "starts_on",
}  # fmt: skip
"""What a doubt is about; the others are refused before."""


def compare(one: Import, rows: pa.Table, problems: Problems) -> tuple[pa.Table, Compared]:
    """比对: refused are places of work outside the office's region, no seats or fewer than are held, dates in the wrong
    order, and a vacancy in two rows. What is doubtful (`policy.rules.labour_vacancies`) is warned of.
    """
    rows = _placed(one, rows, problems)
    refused = rows["refused"].to_numpy().copy()
    numbers = rows["row"].to_numpy()
    for rule, name, wrong in (
        ("out_of_range", "seats", pc.less(rows["seats"], 1)),
        ("dates_order", "open_to", pc.less(rows["open_to"], rows["open_from"])),
    ):
        broken = wrong.fill_null(False).to_numpy() & ~refused
        problems.add(numbers[broken], rule, name)
        refused |= broken
    good = _keyed(rows.filter(pa.array(~refused)).combine_chunks())
    register = _register(one.region_code)
    twice = difference.repeated(good["key"].combine_chunks())
    problems.add(numbers[~refused][twice], "key_twice", "title", good["title"].filter(pa.array(twice)).combine_chunks())
    few = _too_few(good, register) & ~twice
    problems.add(numbers[~refused][few], "seats_held", "seats", good["seats"].filter(pa.array(few)).combine_chunks())
    refused[np.flatnonzero(~refused)[twice | few]] = True
    rows = known_persons.refusing(rows, refused)
    good = good.filter(pa.array(~(twice | few))).combine_chunks()
    doubtful(good, problems)
    compared = plain_list.compare(good, register, FIELDS)
    # an offer that is signed meanwhile is looked at again when the list is written
    return rows, Compared(compared.difference, compared.before.drop_columns(["held"]))


def write(one: Import, progress: writing.Progress) -> Mapping[str, Any]:
    """入册: what is plausible is checked by that, what is doubtful waits to be confirmed; one that was withdrawn stays
    so. `progress` is not asked: such a list is written at once.
    """
    writing.lock()
    writing.set_import(one.pk)
    good = _keyed(writing.good_rows(one.pk))
    took = writing.accepted(one, staging.read(one.pk, "difference"))
    register = _register(one.region_code, lock=True)
    few = _too_few(good, register)[took.changed]
    if few.any():
        raise writing.Overtaken(int(few.sum()))
    firms = _firms(one, good.take(pa.array(took.added)))
    index = pc.index_in(good["credit_code"].combine_chunks(), value_set=pa.array(list(firms), pa.string()))
    good = good.append_column("organisation_id", pa.array(list(firms.values()), pa.int64()).take(index))
    good = good.append_column("state", _states(good, register))
    target = Target("vacancy", "vacancy_id", (*FIELDS, "state"), _FIXED)
    return plain_list.write(one, good, register, target)


def doubtful(good: pa.Table, problems: Problems) -> np.ndarray:
    """存疑: (n,) which rows are doubtful; each doubt is a problem of its row that refuses nothing."""
    found = np.zeros(len(good), bool)
    numbers = good["row"].to_numpy()
    for at, rules in enumerate(_doubts(good)):
        for rule in rules:
            found[at] = True
            problems.add(numbers[at : at + 1], rule, _FIELD_OF[rule])
    return found


def _doubts(good: pa.Table) -> Iterator[list[str]]:
    known = parameters.load(date.today())
    for row in good.to_pylist():
        stated = _FIXED | {name: value for name, value in row.items() if value is not None}
        yield [doubt.rule for doubt in labour_vacancies.doubts(stated, known)]


def _states(good: pa.Table, register: pa.Table) -> pa.Array:
    """(n,) state of each row once it is written; null = as it is: what was withdrawn, and what was confirmed where the
    list changes no field that is doubtful.
    """
    at = difference.locate(good["key"].to_numpy(), register["key"].to_numpy())
    kept = register["state"].combine_chunks().take(pa.array(at, mask=at < 0))
    stored, rows = register.select(FIELDS).take(pa.array(at[at >= 0])).to_pylist(), good.select(FIELDS).to_pylist()
    held = dict(zip(np.flatnonzero(at >= 0).tolist(), stored, strict=True))
    states: list[str | None] = []
    for one, (row, rules, before) in enumerate(zip(rows, _doubts(good), kept.to_pylist(), strict=True)):
        changed = {name for name in judged(rules) if row[name] is not None and row[name] != held.get(one, {}).get(name)}
        stays = before == "withdrawn" or (before == "checked" and rules and not changed)
        states.append(None if stays else "reported" if rules else "checked")
    return pa.array(states, pa.string())


def _too_few(good: pa.Table, register: pa.Table) -> np.ndarray:
    """(n,) which rows have fewer seats than offers and placements hold of the vacancy."""
    at = difference.locate(good["key"].to_numpy(), register["key"].to_numpy())
    held = register["held"].combine_chunks().take(pa.array(at, mask=at < 0)).fill_null(0)
    return pc.less(good["seats"].combine_chunks(), held).fill_null(False).to_numpy(zero_copy_only=False)


def _placed(one: Import, rows: pa.Table, problems: Problems) -> pa.Table:
    """The county of the place of work, which must lie in the office's region."""
    codes = rows["work_county"].combine_chunks()
    refused = rows["refused"].to_numpy().copy()
    outside = ~pc.starts_with(codes, prefix(one.region_code)).fill_null(True).to_numpy(zero_copy_only=False) & ~refused
    problems.add(rows["row"].to_numpy()[outside], "outside", "work_county", codes.filter(pa.array(outside)))
    return known_persons.refusing(rows.append_column("region_code", codes), refused | outside)


def _keyed(good: pa.Table) -> pa.Table:
    parts = zip(*(good[name].to_pylist() for name in ("credit_code", "title", "region_code", "open_from")), strict=True)
    return good.append_column("key", pa.array([_key(*part) for part in parts], pa.int64()))


def _key(credit_code: str, title: str, region_code: str, open_from: date) -> int:
    text = "\x1f".join((credit_code or "", title, region_code, open_from.isoformat()))
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big", signed=True)


def _register(region_code: str, *, lock: bool = False) -> pa.Table:
    """The vacancies below a division's code of firms with a credit code, with how many seats are held; `lock`: until
    the transaction ends, nobody takes another.
    """
    low, high = prefix_range(prefix(region_code))
    if lock:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT 1 FROM records_vacancy WHERE region_code >= %s AND region_code < %s "
                "ORDER BY vacancy_id FOR NO KEY UPDATE",
                [low, high],
            )
    query = sql.SQL(
        "SELECT v.vacancy_id, o.credit_code, v.region_code, v.state, coalesce(h.held, 0), {fields} "
        "FROM records_vacancy v JOIN records_organisation o ON o.organisation_id = v.organisation_id "
        "LEFT JOIN records_seats_held((SELECT array_agg(vacancy_id) FROM records_vacancy "
        "WHERE region_code >= {low} AND region_code < {high})) h ON h.vacancy_id = v.vacancy_id "
        "WHERE o.credit_code IS NOT NULL AND v.region_code >= {low} AND v.region_code < {high}"
    ).format(
        fields=sql.SQL(", ").join(sql.SQL("v.{}").format(sql.Identifier(name)) for name in FIELDS),
        low=sql.Literal(low), high=sql.Literal(high),
    )  # fmt: skip
    kinds = [(name, _KINDS.get(name, pa.string())) for name in FIELDS]
    own = [("vacancy_id", pa.int64()), ("credit_code", pa.string()), ("region_code", pa.string()),
           ("state", pa.string()), ("held", pa.int64())]  # fmt: skip
    rows = _keyed(copying.read(query, pa.schema([*own, *kinds])))
    _, first = np.unique(rows["key"].to_numpy(), return_index=True)
    return rows.take(pa.array(first))


def _firms(one: Import, good: pa.Table) -> dict[str, int]:
    """Credit code → organisation of accepted rows, those that are new entered first."""
    from jiedui.records.models import Organisation

    firms = zip(*(good[name].to_pylist() for name in ("credit_code", "firm", "region_code")), strict=True)
    wanted = {code: (name, region) for code, name, region in firms}
    known = dict(Organisation.objects.filter(credit_code__in=wanted).values_list("credit_code", "organisation_id"))
    new = [
        Organisation(
            kind="firm", name=name, region_code=region, credit_code=code, import_id=one.pk,
            entered_by_id=one.decided_by_id,
        )
        for code, (name, region) in wanted.items()
        if code not in known
    ]  # fmt: skip
    created = Organisation.objects.bulk_create(new)
    return known | {firm.credit_code: firm.pk for firm in created}
