"""签署: what an officer's signature makes of the proposals of a run: offers, pairings, secondments, help that is given.

    SIGN["labour"](run, rows, by) -> Outcome

`rows` are stored proposals (`Proposal` or `PairProposal`) that the officer may see and chose. Each function hands them
to a verb of `records.actions`, which checks again what the officer may do and says who was left out and why.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from jiedui.errors import JieduiError
from jiedui.records.actions.pair_signing import REASONS, Signed
from jiedui.records.models import User
from jiedui.results.models import PairProposal, Proposal, Run
from jiedui.web.templatetags.figures import spoken


@dataclass(frozen=True, slots=True)
class LeftOut:
    """未签: the left side of a proposal that was not signed, and the key of the reason."""

    left_id: int
    reason: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """签署结果: how many were made, and who was left out."""

    made: int
    left_out: tuple[LeftOut, ...] = ()
    notes: tuple[str, ...] = ()
    """What the rules note about those that were made; nothing was refused for it."""


Said = Mapping[str, str]
"""What the officer wrote beside the proposals: for county pairs `basis` and `valid_from`."""
Signer = Callable[[Run, Iterable[Any], User, Said], Outcome]


def sign(run: Run, rows: Iterable[Proposal | PairProposal], by: User, said: Said | None = None) -> Outcome:
    """签署: by the run's problem.

    Raises:
        JieduiError: proposals of this problem are not signed here, or the officer may not.
    """
    signer = SIGN.get(run.problem or "labour")
    if signer is None:
        raise JieduiError("Proposals of this kind cannot be signed here.", remedy="Enter what was decided by hand.")
    return signer(run, rows, by, said or {})


def _labour(run: Run, rows: Iterable[Proposal], by: User, _said: Said) -> Outcome:
    from jiedui.records.actions import labour_offers

    proposed = (labour_offers.Proposed(worker_id=row.worker_id, vacancy_id=row.vacancy_id) for row in rows)
    signed = labour_offers.sign(run.run_id, proposed, by=by)
    return Outcome(signed.offers, tuple(LeftOut(one.worker_id, one.reason) for one in signed.left_out))


def _county_pairs(_run: Run, rows: Iterable[PairProposal], by: User, said: Said) -> Outcome:
    from jiedui.records.actions import county_pairs
    from jiedui.web import typed

    valid_from = typed.day(said.get("valid_from", "").strip())
    if valid_from is None:
        raise JieduiError("A county pair needs its first day.", remedy="Give the day from which it holds.")
    proposed = (county_pairs.Proposed(f"{row.left_id:06d}", f"{row.right_id:06d}") for row in rows)
    return _outcome(county_pairs.sign(proposed, said.get("basis", ""), valid_from=valid_from, by=by))


def _posts(_run: Run, rows: Iterable[PairProposal], by: User, _said: Said) -> Outcome:
    from jiedui.records.actions import posts

    return _outcome(posts.sign((posts.Proposed(row.left_id, row.right_id) for row in rows), by=by))


def _villages(_run: Run, rows: Iterable[PairProposal], by: User, _said: Said) -> Outcome:
    from jiedui.records.actions import village_pairs

    proposed = (village_pairs.Proposed(f"{row.left_id:012d}", row.right_id) for row in rows)
    return _outcome(village_pairs.sign(proposed, by=by))


def _needs(run: Run, rows: Iterable[PairProposal], by: User, _said: Said) -> Outcome:
    from jiedui.records.actions import needs

    proposed = (needs.Proposed(row.left_id, row.right_id) for row in rows)
    return _outcome(needs.sign(proposed, by=by, run=str(run.run_id)))


def _outcome(signed: Signed) -> Outcome:
    left_out = (LeftOut(one.left_id, spoken(REASONS[one.reason])) for one in signed.left_out)
    return Outcome(signed.made, tuple(left_out), tuple(finding.message for finding in signed.findings))


SIGN: Final[Mapping[str, Signer]] = {
    "labour": _labour,
    "county_pair": _county_pairs,
    "post": _posts,
    "village": _villages,
    "need": _needs,
}
