"""岗位与人选动作: report posts and candidates, change and close them, and sign who fills which post.

`post.seats` are the seats that are still to be filled: a signature takes one, the last one makes the post filled. Who
may staff a place writes its posts, who may staff the home writes its candidates, and who signs sees both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.forms.models import model_to_dict

from jiedui.errors import JieduiError
from jiedui.policy import parameters as dated
from jiedui.policy.findings import Finding
from jiedui.policy.places import Places
from jiedui.policy.registry import implements
from jiedui.policy.rules.talent import term_outside_range
from jiedui.policy.rules.talent_match import UNFIT, unfit
from jiedui.records import access
from jiedui.records.actions.pair_signing import LeftOut, NotSigned, Signed, known_fields, require_reason, written
from jiedui.records.models import Candidate, Pairing, Post, Secondment, User
from jiedui.records.privacy import cipher
from jiedui.terms.identity import id_problem
from jiedui.terms.periods import add_months

POST_FIELDS: Final = (
    *("pairing_id", "region_code", "title", "kind", "field", "level", "seats", "term_months", "needed_from"),
)
POST_CHANGES: Final = ("title", "seats", "term_months", "needed_from")
CANDIDATE_FIELDS: Final = (
    *("home_region_code", "kind", "field", "second_field", "level", "longest_term_months", "free_from", "wish_place"),
    *("name", "id_number"),
)
CANDIDATE_CHANGES: Final = ("longest_term_months", "free_from", "wish_place")


@dataclass(frozen=True, slots=True)
class Proposed:
    """所提人选: keys of a candidate and a post."""

    candidate_id: int
    post_id: int


@implements("talent.4")
def sign(proposed: Iterable[Proposed], *, by: User, day: date | None = None) -> Signed:
    """签署挂职: each becomes a secondment, or is left out with the reason; the others are not held up by it.

    `findings`: terms outside the two to three years of the principle, which refuse nothing.
    """
    made: list[Secondment] = []
    left_out = []
    for one in proposed:
        try:
            with transaction.atomic():
                made.append(second(one.candidate_id, one.post_id, by=by, day=day))
        except NotSigned as refused:
            left_out.append(LeftOut(one.candidate_id, refused.reason))
    return Signed(len(made), tuple(left_out), findings_on(made))


def findings_on(made: Iterable[Secondment]) -> tuple[Finding, ...]:
    """任期提示: what the rule of two to three years notes about secondments."""
    rows = [model_to_dict(row) | {"secondment_id": row.pk} for row in made]
    return tuple(
        finding for row in rows for finding in term_outside_range([row], dated.load(max(row["started_on"], _FIRST)))
    )


_FIRST: Final = date(2016, 12, 7)


@implements("talent.4", "talent.1")
def second(candidate_id: int, post_id: int, *, by: User, day: date | None = None) -> Secondment:
    """派出: the candidate fills a seat of the post, from when both are ready, for the post's term, mainly on poverty.

    Raises `NotSigned` (a `JieduiError`): one of them is not there or not seen, `by` may not staff the post, the
    candidate has withdrawn, does not fit, is of another side than the post's pairing, or is in another post by then;
    the post is closed or filled.
    """
    today = day or date.today()
    with written(by, "签署挂职"):
        post, candidate = _rows(post_id, candidate_id, by, today)
        start = max(post.needed_from, candidate.free_from, today)
        direction = _direction(post, candidate, start)
        why = unfit(model_to_dict(candidate), model_to_dict(post), dated.load(today))
        if why is not None:
            raise NotSigned("unfit", f"The candidate is {UNFIT[why][1]}.", remedy="Choose another candidate.")
        if not Post.objects.filter(pk=post.pk, state="open", seats__gt=0).update(seats=post.seats - 1):
            raise NotSigned("full", "The post is filled.", remedy="Choose another post.")
        if post.seats == 1:
            Post.objects.filter(pk=post.pk).update(state="filled")
        return Secondment.objects.create(
            pairing_id=post.pairing_id,
            direction=direction,
            kind=post.kind,
            field=post.field,
            region_code=post.region_code,
            home_region_code=candidate.home_region_code,
            poverty_duty=True,
            started_on=start,
            planned_end_on=add_months(start, post.term_months),
            person_key=candidate.person_key,
            name=candidate.name,
            entered_by=by,
        )


def _rows(post_id: int, candidate_id: int, by: User, day: date) -> tuple[Post, Candidate]:
    """The post, locked, and the candidate; both open and seen by `by`."""
    post = Post.objects.visible_to(by, day).filter(pk=post_id).first()
    candidate = Candidate.objects.visible_to(by, day).filter(pk=candidate_id).first()
    if post is None or candidate is None:
        raise NotSigned("gone", "The post or the candidate is not there.", remedy="Look at the lists again.")
    _require_staffing(by, post.region_code, day)
    # read anew under the lock: whoever comes second sees what the first one left
    post = Post.objects.select_for_update().get(pk=post_id)
    if post.state != "open" or post.seats < 1:
        raise NotSigned("closed", "The post is closed or filled.", remedy="Choose another post.")
    if candidate.withdrawn:
        raise NotSigned("withdrawn", "The candidate has withdrawn.", remedy="Choose another candidate.")
    return post, candidate


def _direction(post: Post, candidate: Candidate, on: date) -> str:
    """Which way somebody goes; refused where the two do not lie on both sides of the post's pairing on the day."""
    pairing: Pairing = post.pairing
    east, west = (
        (
            _inside(candidate.home_region_code, pairing.donor_code, on),
            _inside(post.region_code, pairing.recipient_code, on),
        ),
        (
            _inside(candidate.home_region_code, pairing.recipient_code, on),
            _inside(post.region_code, pairing.donor_code, on),
        ),
    )
    holds = pairing.valid_from <= on and (pairing.valid_to is None or on < pairing.valid_to)
    if holds and all(east):
        return "donor_to_recipient"
    if holds and all(west):
        return "recipient_to_donor"
    raise NotSigned(
        "outside", "The candidate is not of the other side of the post's pairing.", remedy="Choose another candidate."
    )


def _inside(code: str, outer: str, on: date) -> bool:
    held = Places.of().prefixes(outer, on)
    return all(any(one.startswith(above) for above in held) for one in Places.of().prefixes(code, on))


@implements("talent.4")
def report_post(fields: Mapping[str, Any], *, by: User) -> Post:
    """登记岗位: an open post under the names of `POST_FIELDS`; who may staff its place.

    Raises `JieduiError` for somebody else, another field, a value that is none, or a place outside its pairing.
    """
    row = Post(entered_by=by, state="open", **known_fields(fields, POST_FIELDS))
    _check(row, ("seats", "term_months"))
    _require_staffing(by, row.region_code, date.today())
    sides = (row.pairing.recipient_code, row.pairing.donor_code)
    if not any(_inside(row.region_code, side, row.needed_from) for side in sides):
        raise JieduiError(
            f"{row.region_code} lies on neither side of the pairing.", remedy="Choose the pairing of the place."
        )
    with written(by, "登记岗位"):
        row.save(force_insert=True)
    return row


def change_post(post: Post, fields: Mapping[str, Any], *, by: User) -> Post:
    """更改岗位: `POST_CHANGES`; an open one stays open, a filled one with new seats opens again."""
    _require_staffing(by, post.region_code, date.today())
    with written(by, "更改岗位"):
        row = Post.objects.select_for_update().get(pk=post.pk)
        if row.state == "closed":
            raise JieduiError("The post is closed, and stays so.", remedy="Report it anew.")
        for name, value in known_fields(fields, POST_CHANGES).items():
            setattr(row, name, value)
        _check(row, ("term_months",))
        row.state = "open" if row.seats else "filled"
        row.save(update_fields=[*POST_CHANGES, "state"])
    return row


def close_post(post: Post, *, by: User, reason: str) -> None:
    """取消岗位: nobody is proposed for it any more; who is in it stays."""
    _require_staffing(by, post.region_code, date.today())
    with written(by, require_reason(reason)):
        if not Post.objects.filter(pk=post.pk).exclude(state="closed").update(state="closed"):
            raise JieduiError("The post is closed already.", remedy="Nothing is to be done.")


@implements("talent.4")
def report_candidate(fields: Mapping[str, Any], *, by: User) -> Candidate:
    """登记人选: under the names of `CANDIDATE_FIELDS`; who may staff from the home.

    Of the identity number only the keyed pseudonym is kept, so that nobody is in two posts at once. Raises
    `JieduiError` for somebody else, another field, a value that is none, or somebody who is a candidate already.
    """
    said = known_fields(fields, CANDIDATE_FIELDS)
    number = str(said.pop("id_number", "") or "").strip().upper()
    if problem := id_problem(number):
        raise JieduiError(f"The identity number is wrong: {problem}.", remedy="Correct the number.")
    key = cipher().pseudonym(number)
    row = Candidate(entered_by=by, withdrawn=False, person_key=key, **said)
    _check(row, ("longest_term_months",))
    _require_staffing(by, row.home_region_code, date.today())
    with written(by, "登记人选"):
        if Candidate.objects.filter(person_key=key, withdrawn=False).exists():
            raise JieduiError("This person is a candidate already.", remedy="Change that entry, or withdraw it.")
        row.save(force_insert=True)
    return row


def change_candidate(candidate: Candidate, fields: Mapping[str, Any], *, by: User) -> Candidate:
    """更改人选: `CANDIDATE_CHANGES`."""
    _require_staffing(by, candidate.home_region_code, date.today())
    for name, value in known_fields(fields, CANDIDATE_CHANGES).items():
        setattr(candidate, name, value)
    _check(candidate, ("longest_term_months",))
    with written(by, "更改人选"):
        candidate.save(update_fields=list(CANDIDATE_CHANGES))
    return candidate


def withdraw_candidate(candidate: Candidate, *, by: User, reason: str) -> None:
    """撤回人选: is proposed no more."""
    _require_staffing(by, candidate.home_region_code, date.today())
    with written(by, require_reason(reason)):
        if not Candidate.objects.filter(pk=candidate.pk, withdrawn=False).update(withdrawn=True):
            raise JieduiError("The candidate has withdrawn already.", remedy="Nothing is to be done.")


def _check(row: Any, above_zero: tuple[str, ...]) -> None:
    """Choices and required fields of the record in words; these numbers are at least 1."""
    try:
        row.clean_fields(exclude=["entered_by"])
    except ValidationError as error:
        name, said = next(iter(error.message_dict.items()))
        raise JieduiError(f"{name}: {said[0]}", remedy="Correct this field.") from None
    small = next((name for name in above_zero if getattr(row, name) < 1), None)
    if small:
        raise JieduiError(f"{small} must be at least 1.", remedy="Correct the number.")


def _require_staffing(by: User, code: str, day: date) -> None:
    sight = access.sight_of(by, day)
    if code not in sight.staffing and code not in sight.office:
        raise NotSigned(
            "not_allowed",
            f"{by.username} may not staff {code}.",
            remedy="Ask the organisation department of that place.",
        )
