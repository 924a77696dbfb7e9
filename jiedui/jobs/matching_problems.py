"""匹配问题: for each problem what it reads of the records, and the function that proposes.

The job freezes what `Problem.whole` and `Problem.inside` name, asks `propose`, and stores its `Answer`:

    PROBLEMS["labour"].propose(Question(snapshot=…, on=…, parameters=…, region_code="533301", …)) -> Answer

A new problem is an entry here: an engine in `matching.problems.<name>`, wrapped by a function `Question` → `Answer`.
Which parameters an order may change stands in `records.queries.matching.CHANGEABLE`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Final, Literal

from jiedui.errors import JieduiError

if TYPE_CHECKING:
    import pyarrow as pa

    from jiedui.policy.parameters import Parameters
    from jiedui.snapshot import Snapshot

Pairs = tuple[tuple[int, int], ...]
"""(left_id, right_id), as in `records.models.MatchMark`."""
Quotas = Mapping[str, tuple[int, int | None]]
"""County → (least, most); None = no limit."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """问: what a problem is asked. `step` hears the name of each step as it begins, and raises to stop.

    `region_code` "" = the whole snapshot; else only the left sides (workers, recipient counties, …) that live there are
    served. `warm` is what an earlier answer gave as `warm`: it changes the time, never the answer.
    """

    snapshot: Snapshot
    on: date
    parameters: Parameters
    region_code: str = ""
    pins: Pairs = ()
    forbids: Pairs = ()
    quotas: Quotas = field(default_factory=dict)
    warm: bytes | None = None
    step: Callable[[str], None] = lambda _name: None


@dataclass(frozen=True, kw_only=True)
class Answer:
    """答: rows (the columns of the stored model without run and id) and what belongs to all of them.

    `summary` is stored with the run, JSON-able, and the pages read of it:
    - `certificate`: aim, proven, placements, workers, objective, bound, gap (as `matching` returns it)
    - `comparison`: list of {"way", "placements", "utility", "mean_distance_km", "placements_first_tier"}; may be empty
    - `counts`: {name: whole number}
    - `parts`: names of the utility's parts in the order of `points`
    - `labels`: {part: [zh, en]} for the parts that `results.telling` does not know; and {reason: [zh, en]} of wishes
    - `by_county`: list of {"county", "seeking", "placed", "share"}; may be empty
    """

    rows: pa.Table
    summary: Mapping[str, Any]
    warm: bytes | None = None


@dataclass(frozen=True, kw_only=True)
class Problem:
    """问题: `area` of its duties and parameters; where its rows go; what of the records it reads.

    `inside`: tables of which the rows in the order's region are frozen (by the table's region column); `whole`: tables
    frozen whole; `also`: table → SQL condition on its alias t for rows outside the region that matter, too. Rows that
    these refer to come along by themselves. Every other table is left empty in the snapshot of an order.
    `uses`: beginnings of the keys of the parameters that are kept with the run. `steps`: how many steps are told.
    """

    area: str
    rows: Literal["proposal", "pair_proposal"]
    propose: Callable[[Question], Answer]
    inside: tuple[str, ...]
    whole: tuple[str, ...]
    also: Mapping[str, str] = field(default_factory=dict)
    uses: tuple[str, ...]
    steps: int = 6


def of(problem: str) -> Problem:
    """取问题: by its key in `records.models.PROBLEM`.

    Raises:
        JieduiError: there is no such problem.
    """
    if problem not in PROBLEMS:
        raise JieduiError(f"There is no matching problem {problem!r}.", remedy=f"Problems: {', '.join(PROBLEMS)}.")
    return PROBLEMS[problem]


def _labour(asked: Question) -> Answer:
    from jiedui.matching.problems import labour
    from jiedui.terms.divisions import Gazetteer

    outcome = labour.propose(
        asked.snapshot,
        on=asked.on,
        parameters=asked.parameters,
        gazetteer=Gazetteer.load(),
        asked=labour.Asked(
            region_code=asked.region_code, pins=asked.pins, forbids=asked.forbids, quotas=dict(asked.quotas)
        ),
        warm=labour.Warm.from_bytes(asked.warm) if asked.warm else None,
        step=asked.step,
    )
    summary = {
        "parts": list(outcome.parts),
        "certificate": outcome.certificate,
        "comparison": outcome.comparison,
        "counts": outcome.counts,
        "by_county": outcome.by_county,
    }
    return Answer(rows=outcome.proposals, summary=summary, warm=outcome.warm.to_bytes() if outcome.warm else None)


def _pairs(asked: Question, propose: Callable[..., Any]) -> Answer:
    """The matches of counties, posts, villages and needs, which have one form of outcome."""
    from jiedui.terms.divisions import Gazetteer

    outcome = propose(
        asked.snapshot,
        on=asked.on,
        parameters=asked.parameters,
        gazetteer=Gazetteer.load(),
        region_code=asked.region_code,
        pins=asked.pins,
        forbids=asked.forbids,
        step=asked.step,
    )
    summary = {
        "parts": list(outcome.parts),
        "labels": outcome.labels,
        "certificate": outcome.certificate,
        "comparison": outcome.comparison,
        "counts": outcome.counts,
        "notes": outcome.notes,
    }
    return Answer(rows=outcome.proposals, summary=summary)


def _county_pairs(asked: Question) -> Answer:
    from jiedui.matching.problems.pairing import propose_county_pairs

    return _pairs(asked, propose_county_pairs)


def _posts(asked: Question) -> Answer:
    from jiedui.matching.problems.talent import propose_posts

    return _pairs(asked, propose_posts)


def _villages(asked: Question) -> Answer:
    from jiedui.matching.problems.society import propose_villages

    return _pairs(asked, propose_villages)


def _needs(asked: Question) -> Answer:
    from jiedui.matching.problems.society import propose_needs

    return _pairs(asked, propose_needs)


PROBLEMS: Final[dict[str, Problem]] = {
    "labour": Problem(
        area="labour",
        rows="proposal",
        propose=_labour,
        inside=("worker", "placement", "job_offer", "household_year"),
        whole=("vacancy", "pairing"),
        # seats that people of other places hold are not free; who moved takes what was refused along
        also={
            "placement": "t.vacancy_id IS NOT NULL",
            "job_offer": "t.state IN ('offered', 'accepted', 'departed', 'started') OR (t.state = 'refused' AND EXISTS "
            "(SELECT FROM records_worker w WHERE w.worker_id = t.worker_id AND w.region_code <> t.region_code))",
        },
        uses=(
            *("labour.utility.", "labour.candidates.", "labour.first_served_statuses", "labour.minimum_age"),
            *("labour.refusal", "labour.working_statuses"),
        ),
    ),
    "county_pair": Problem(
        area="pairing",
        rows="pair_proposal",
        propose=_county_pairs,
        inside=(),
        whole=("pairing",),
        uses=("pairing.match.",),
    ),
    "post": Problem(
        area="talent",
        rows="pair_proposal",
        propose=_posts,
        inside=(),
        # either side of a pair may lie in the region, and somebody may be in a post anywhere
        whole=("pairing", "post", "candidate", "secondment"),
        uses=("talent.match.",),
    ),
    "village": Problem(
        area="society",
        rows="pair_proposal",
        propose=_villages,
        inside=("household", "household_year", "need"),
        # what a firm does anywhere uses up its offers
        whole=("pairing", "help_offer", "village_pair"),
        uses=("society.match.village_",),
    ),
    "need": Problem(
        area="society",
        rows="pair_proposal",
        propose=_needs,
        inside=("need",),
        whole=("pairing", "help_offer", "help_given"),
        uses=("society.match.need_",),
    ),
}
