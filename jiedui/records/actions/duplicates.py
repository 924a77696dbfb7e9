"""重复判定: what an officer decides of two persons who may be one, and what the register does with it.

"The same" keeps whoever was registered first; the other leaves the register on the day of the decision. Nothing else
moves: years, placements and payments stay where they were entered, so that taking the decision back is one field. The
pages decide; the register is written by the owner's process (`settle`, task `duplicates.settle`).
"""

from __future__ import annotations

from datetime import date
from typing import Final

import pyarrow as pa
from django.db import connection, transaction
from django.db.models.functions import Now

from jiedui.errors import JieduiError
from jiedui.records import access, copying
from jiedui.records.models import DUPLICATE_DECISION, Change, DuplicatePair, Person, User

QUEUE: Final = "duplicates"
_SIGNED: Final = "疑似重复{}："
_STAGED: Final = {
    "left_id": "bigint", "right_id": "bigint", "left_region": "text", "right_region": "text",
    "probability": "double precision", "evidence": "text",
}  # fmt: skip
FOUND: Final = pa.schema([
    ("left_id", pa.int64()), ("right_id", pa.int64()), ("left_region", pa.string()), ("right_region", pa.string()),
    ("probability", pa.float64()), ("evidence", pa.string()),
])  # fmt: skip
"""Pairs as `store_found` takes them: left_id < right_id; evidence: JSON [{"column", "code", "text_zh", "text_en"}]."""


def decide(pair: DuplicatePair, decision: str, *, by: User, reason: str) -> None:
    """判定: the two are the same person, or two; kept with who, when and why.

    Raises:
        JieduiError: no such decision, no reason, or somebody decided meanwhile.
    """
    if decision not in DUPLICATE_DECISION or decision == "open":
        raise JieduiError(f"There is no decision {decision!r}.", remedy="Decide “same” or “different”.")
    _move(pair, "open", decision, by, reason, "The pair was decided already.")


def take_back(pair: DuplicatePair, *, by: User, reason: str) -> None:
    """撤回判定: the pair is open again, and whoever left the register by the decision is back.

    Raises:
        JieduiError: no reason, or the pair is not decided.
    """
    if pair.decision == "open":
        raise JieduiError("The pair is not decided.", remedy="Look at the list again.")
    _move(pair, pair.decision, "open", by, reason, "The pair is not decided.")


def _move(pair: DuplicatePair, came_from: str, to: str, by: User, reason: str, otherwise: str) -> None:
    if len(reason.strip()) < 2:
        raise JieduiError("A decision needs a reason.", remedy="Say why; it is kept.")
    with access.signed(by, reason.strip()):
        moved = DuplicatePair.objects.filter(pk=pair.pk, decision=came_from).update(
            decision=to, reason=reason.strip()[:500], decided_by=by, decided_at=Now()
        )
        if not moved:
            raise JieduiError(otherwise, remedy="Look at the list again.")
        if "same" in (came_from, to):
            _defer(pair)
    pair.refresh_from_db()


def _defer(pair: DuplicatePair) -> None:
    from procrastinate.contrib.django import app

    app.configure_task("duplicates.settle", queue=QUEUE, lock=f"duplicate-{pair.pk}").defer(pair_id=pair.pk)


def settle(pair_id: int, on: date | None = None) -> bool:
    """落实判定: bring the register to what the pair's decision says now, tell whether it changed. May be repeated.

    Whoever changed the person's leaving after the decision stands: it is then not taken back.
    """
    with transaction.atomic():
        pair = DuplicatePair.objects.select_for_update(of=("self",)).select_related("decided_by").get(pk=pair_id)
        with access.signed(pair.decided_by, _SIGNED.format(pair.pk) + (pair.reason or "")):
            both = list(Person.objects.filter(pk__in=(pair.left_id, pair.right_id)).order_by("joined_on", "pk"))
            if pair.decision == "same":
                return _leave(both, on or date.today())
            returned = [_return(person, pair.pk) for person in both]
    return any(returned)


def _leave(both: list[Person], on: date) -> bool:
    present = [person for person in both if person.left_on is None]
    if len(present) < 2:
        return False  # one of them is not there any more: nobody stands twice
    later = present[-1]
    return bool(Person.objects.filter(pk=later.pk, left_on=None).update(left_on=max(on, later.joined_on)))


def _return(person: Person, pair_id: int) -> bool:
    """Back in the register, if the last change of the person is the leaving by this pair."""
    last = Change.objects.filter(table="person", row_id=person.pk).order_by("-pk").first()
    ours = last is not None and (last.reason or "").startswith(_SIGNED.format(pair_id))
    if not ours or person.left_on is None:
        return False
    return bool(Person.objects.filter(pk=person.pk).update(left_on=None))


def store_found(found: pa.Table, region_code: str) -> dict[str, int]:
    """存入疑似重复: what was found among the people below a division; decided pairs are never touched.

    Open pairs that were found again get the new probability; open ones inside the division that were not found go.
    `found` as `FOUND`. Gives how many are new and how many went.
    """
    from jiedui.terms.divisions import prefix
    from jiedui.terms.scope import prefix_range

    low, high = prefix_range(prefix(region_code))
    with transaction.atomic(), connection.cursor() as cursor:
        copying.temporary("pairs_found", _STAGED, found)
        cursor.execute(
            "DELETE FROM records_duplicate_pair d WHERE decision = 'open' "
            "AND left_region >= %(low)s AND left_region < %(high)s AND right_region >= %(low)s "
            "AND right_region < %(high)s AND NOT EXISTS (SELECT FROM pairs_found f "
            "WHERE f.left_id = d.left_id AND f.right_id = d.right_id)",
            {"low": low, "high": high},
        )
        gone = cursor.rowcount
        cursor.execute(
            "WITH stored AS (INSERT INTO records_duplicate_pair AS d (left_id, right_id, left_region, right_region, "
            "probability, evidence, decision, found_at) SELECT left_id, right_id, left_region, right_region, "
            "probability, evidence::jsonb, 'open', now() FROM pairs_found "
            "ON CONFLICT (left_id, right_id) DO UPDATE SET probability = excluded.probability, "
            "evidence = excluded.evidence, left_region = excluded.left_region, "
            "right_region = excluded.right_region WHERE d.decision = 'open' RETURNING (xmax = 0) AS fresh) "
            "SELECT count(*) FILTER (WHERE fresh) FROM stored"
        )
        (new,) = cursor.fetchone()
    return {"new": new, "gone": gone}
