"""岗位入册: the vacancies of firms; a row is found again by firm, title, place of work and first day.

A firm that is not known yet is entered by its credit code, whose check character was read before.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from psycopg import sql

from jiedui.records import copying
from jiedui.records.imports import difference, plain_list, staging, writing
from jiedui.records.imports.plain_list import Compared, Target
from jiedui.records.imports.refusals import Problems
from jiedui.records.models import Import
from jiedui.terms.divisions import Gazetteer, prefix
from jiedui.terms.names import Resolver

FIELDS: Final = (
    "occupation",
    "title",
    "seats",
    "monthly_wage_fen",
    "skill",
    "dormitory",
    "season",
    "open_from",
    "open_to",
)
_KINDS: Final = {"seats": pa.int64(), "monthly_wage_fen": pa.int64(), "dormitory": pa.bool_(), "open_from": pa.date32(),
                 "open_to": pa.date32()}  # fmt: skip


def compare(one: Import, rows: pa.Table, problems: Problems) -> tuple[pa.Table, Compared]:
    """比对: refused are places of work outside the office's region, no seats, dates in the wrong order, and a vacancy
    in two rows.
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
    twice = difference.repeated(good["key"].combine_chunks())
    problems.add(numbers[~refused][twice], "key_twice", "title", good["title"].filter(pa.array(twice)).combine_chunks())
    refused[np.flatnonzero(~refused)[twice]] = True
    rows = rows.set_column(rows.column_names.index("refused"), "refused", pa.array(refused))
    return rows, plain_list.compare(good.filter(pa.array(~twice)).combine_chunks(), _register(), FIELDS)


def write(one: Import, progress: writing.Progress) -> Mapping[str, Any]:
    """入册; `progress` is not asked: such a list is written at once."""
    writing.lock()
    writing.set_import(one.pk)
    good = _keyed(writing.good_rows(one.pk))
    added = writing.accepted(one, staging.read(one.pk, "difference")).added
    firms = _firms(one, good.take(pa.array(added)))
    index = pc.index_in(good["credit_code"].combine_chunks(), value_set=pa.array(list(firms), pa.string()))
    good = good.append_column("organisation_id", pa.array(list(firms.values()), pa.int64()).take(index))
    fixed = {"skill": "none", "dormitory": False, "season": "all_year"}
    return plain_list.write(one, good, _register(), Target("vacancy", "vacancy_id", FIELDS, fixed))


def _placed(one: Import, rows: pa.Table, problems: Problems) -> pa.Table:
    """The county of the place of work, given by code or name."""
    texts = rows["work_county"].combine_chunks().dictionary_encode()
    resolver = Resolver(Gazetteer.load(), date.today())
    inside = prefix(one.region_code)
    found: list[str | None] = []
    for text in texts.dictionary.to_pylist():
        if text.isdigit() and len(text) == 6:
            found.append(text if Gazetteer.load().get(text) else None)
        else:
            resolution = resolver.resolve(text)
            found.append(resolution.found.code if resolution.found else None)
    codes = pa.array(found, pa.string()).take(texts.indices)
    refused = rows["refused"].to_numpy().copy()
    unknown = codes.is_null().to_numpy(zero_copy_only=False)
    outside = ~pc.starts_with(codes, inside).fill_null(True).to_numpy(zero_copy_only=False)
    for rule, mask in (("unknown_place", unknown), ("outside", outside)):
        fresh = mask & ~refused
        problems.add(
            rows["row"].to_numpy()[fresh],
            rule,
            "work_county",
            rows["work_county"].filter(pa.array(fresh)).combine_chunks(),
        )
        refused |= fresh
    rows = rows.append_column("region_code", codes)
    return rows.set_column(rows.column_names.index("refused"), "refused", pa.array(refused))


def _keyed(good: pa.Table) -> pa.Table:
    parts = zip(*(good[name].to_pylist() for name in ("credit_code", "title", "region_code", "open_from")), strict=True)
    return good.append_column("key", pa.array([_key(*part) for part in parts], pa.int64()))


def _key(credit_code: str, title: str, region_code: str, open_from: date) -> int:
    text = "\x1f".join((credit_code or "", title, region_code, open_from.isoformat()))
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big", signed=True)


def _register() -> pa.Table:
    query = sql.SQL(
        "SELECT vacancy_id, o.credit_code, v.region_code, {} FROM records_vacancy v "
        "JOIN records_organisation o ON o.organisation_id = v.organisation_id WHERE o.credit_code IS NOT NULL"
    ).format(sql.SQL(", ").join(sql.SQL("v.{}").format(sql.Identifier(name)) for name in FIELDS))
    kinds = [(name, _KINDS.get(name, pa.string())) for name in FIELDS]
    schema = pa.schema([("vacancy_id", pa.int64()), ("credit_code", pa.string()), ("region_code", pa.string()), *kinds])
    rows = _keyed(copying.read(query, schema))
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
