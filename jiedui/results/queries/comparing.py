"""比较运行: two runs of one problem side by side: who kept the place, who changed it, who has one in one of them only.

Both are read inside the reader's scope; what lies outside is neither counted nor listed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.core.exceptions import EmptyResultSet
from django.db import connection

from jiedui.results.models import PairProposal, Proposal, Run
from jiedui.results.queries import proposals

_LABOUR: Final = ("worker_id", "vacancy_id", "region_code", "work_region_code")
_PAIRS: Final = ("left_id", "right_id", "left_region", "right_region")


@dataclass(frozen=True, slots=True)
class Moves:
    """变动数量: of left sides of labour proposals; of pairs that only one run has, where a side may have several."""

    same: int
    moved: int
    only_first: int
    only_second: int


@dataclass(frozen=True, slots=True)
class Move:
    """一个变动: a left side (`pseudonym` of a person, or "") with its right side in each run (None = it has none)."""

    left_id: int
    pseudonym: str
    region_code: str
    first_right: int | None
    first_region: str
    first_utility: int | None
    second_right: int | None
    second_region: str
    second_utility: int | None


def moves(first: Run, second: Run, user: Any) -> Moves:
    """变动数量: between two runs of the same problem."""
    try:
        text, values = _joined(first, second, user)
    except EmptyResultSet:  # an empty scope
        return Moves(0, 0, 0, 0)
    left, right = _columns(first)[:2]
    query = (
        f"SELECT count(*) FILTER (WHERE a.{right} = b.{right}), "
        f"count(*) FILTER (WHERE a.{right} <> b.{right}), "
        f"count(*) FILTER (WHERE b.{left} IS NULL), count(*) FILTER (WHERE a.{left} IS NULL) FROM {text}"
    )
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return Moves(*cursor.fetchone())


def moved(first: Run, second: Run, user: Any, *, after: tuple[int, int] = (-1, -1), size: int = 50) -> list[Move]:
    """变动清单: those that differ, by the keys of both sides, behind `after`; at most `size`."""
    try:
        text, values = _joined(first, second, user)
    except EmptyResultSet:
        return []
    left, right, home, work = _columns(first)
    key = f"coalesce(a.{left}, b.{left})"
    second_key = f"coalesce(a.{right}, b.{right})"
    pseudonym = "coalesce(a.person_id, b.person_id)" if proposals.is_labour(first) else "''"
    query = (
        f"SELECT {key}, {pseudonym}, coalesce(a.{home}, b.{home}), a.{right}, coalesce(a.{work}, ''), a.utility, "
        f"b.{right}, coalesce(b.{work}, ''), b.utility FROM {text} "
        f"WHERE a.{right} IS DISTINCT FROM b.{right} AND ({key}, {second_key}) > (%s, %s) "
        f"ORDER BY {key}, {second_key} LIMIT %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(query, [*values, *after, size])
        return [Move(*row) for row in cursor.fetchall()]


def key_of(one: Move) -> tuple[int, int]:
    """键: behind which the next page begins."""
    right = one.first_right if one.first_right is not None else one.second_right
    return one.left_id, right if right is not None else 0


def settings_changed(first: Run, second: Run) -> list[tuple[str, Any, Any]]:
    """设置差异: (name, in the first, in the second) of parameters, quotas, pins and what else they were told."""
    told = [("on", first.summary.get("as_of"), second.summary.get("as_of"))]
    told += [("snapshot", first.snapshot_digest[:12], second.snapshot_digest[:12])]
    told += [("policy", first.policy_digest[:12], second.policy_digest[:12])]
    told += [("code", first.code_version, second.code_version), ("region", first.region_code, second.region_code)]
    told += _each(first.parameters, second.parameters)
    for name in ("quotas", "pins", "forbids"):
        told.append((name, _plain(first.settings.get(name)), _plain(second.settings.get(name))))
    return [(name, one, other) for name, one, other in told if one != other]


def _each(first: dict[str, Any], second: dict[str, Any]) -> list[tuple[str, Any, Any]]:
    return [(key, first.get(key), second.get(key)) for key in sorted({*first, *second})]


def _plain(value: Any) -> Any:
    return sorted(value) if isinstance(value, list) else dict(sorted((value or {}).items())) if value else None


def _columns(run: Run) -> tuple[str, str, str, str]:
    return _LABOUR if proposals.is_labour(run) else _PAIRS


def _joined(first: Run, second: Run, user: Any) -> tuple[str, list[Any]]:
    """Both runs, as far as the reader sees them, joined; a worker has one place, a pair is its own key."""
    model = Proposal if proposals.is_labour(first) else PairProposal
    columns = [*_columns(first), "utility", *(["person_id"] if model is Proposal else [])]
    parts, values = [], []
    for run in (first, second):
        rows = model.objects.visible_to(user).filter(run=run).order_by().values(*columns)
        text, given = rows.query.sql_with_params()
        parts.append(text)
        values.extend(given)
    using = "worker_id" if model is Proposal else "left_id, right_id"
    on = " AND ".join(f"a.{name} = b.{name}" for name in using.split(", "))
    return f"({parts[0]}) a FULL JOIN ({parts[1]}) b ON {on}", values
