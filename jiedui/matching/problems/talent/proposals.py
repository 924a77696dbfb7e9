"""建议: candidates and posts become a market inside the pairings, and proposals come out of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

import numpy as np

from jiedui.matching.problems.pairs import Int64, Label, Marks, PairOutcome, Possible, Sides, Step, matched, unheard
from jiedui.matching.problems.places import distance_km, inside, lies_in, numbered, prefixes
from jiedui.matching.problems.reading import Row, pairings
from jiedui.matching.problems.talent.sides import free_candidates, open_posts
from jiedui.policy.parameters import Parameters
from jiedui.policy.places import Places
from jiedui.policy.registry import assumes, implements
from jiedui.policy.rules.talent_match import LEVELS, unfit
from jiedui.snapshot import Snapshot
from jiedui.terms.divisions import Gazetteer
from jiedui.terms.pairs import Pairing

PROBLEM: Final = "post"
LABELS: Final[dict[str, Label]] = {
    "filled": ("岗位有人", "the post is filled at all"),
    "field": ("第一领域相符", "the first field"),
    "level": ("层级恰好相符", "the level as asked"),
    "ready": ("按期到岗", "free when needed"),
    "wish": ("意向地", "the place wished for"),
    "distance": ("距离", "distance"),
    "candidate_field": ("人选领域", "field of the candidate"),
    "candidate_level": ("人选层级", "level of the candidate"),
    "post_level": ("岗位层级", "level of the post"),
    "post_field": ("岗位领域", "field of the post"),
    "term_months": ("任期（月）", "term in months"),
    "longest_term_months": ("本人最长任期（月）", "longest term of the candidate in months"),
    "free_from": ("可到岗日期", "free from"),
    "needed_from": ("需到岗日期", "needed from"),
    "pairing_id": ("结对关系", "pairing"),
}


@implements("talent.4")
@assumes(
    "talent.4", because="The text does not say who fits best: the weights of field, level, time and wish are ours."
)
def propose_posts(
    snapshot: Snapshot,
    *,
    on: date | None = None,
    parameters: Parameters,
    gazetteer: Gazetteer,
    region_code: str = "",
    pins: Iterable[Sequence[int]] = (),
    forbids: Iterable[Sequence[int]] = (),
    warm: object = None,
    step: Step = unheard,
) -> PairOutcome:
    """提出人选: candidates for open posts on a day; with a region, pairs of which either side lies in it.

    `warm` changes nothing: the market is solved in moments. Raises `JieduiError` for marks that contradict each other
    or overfill a post, `NotVerified` for a wrong solution.
    """
    del warm
    day = snapshot.as_of if on is None else on
    marks = Marks.of(pins, forbids)
    step("read candidates and posts")
    candidates, posts = free_candidates(snapshot, day), open_posts(snapshot)
    held = {pairing.pairing_id: pairing for pairing in pairings(snapshot) if pairing.holds(day)}
    step("compare pairs")
    market = _Market(candidates, posts, held, day, parameters, gazetteer)
    return matched(
        PROBLEM,
        market.sides(),
        market.possible(region_code),
        facts=market.facts,
        labels=LABELS,
        marks=marks,
        counts={"posts_without_pairing": sum(post["pairing_id"] not in held for post in posts)},
        step=step,
    )


class _Market:
    """Candidates and posts as numbers, and the points of every pair that is possible."""

    def __init__(
        self,
        candidates: list[Row],
        posts: list[Row],
        held: Mapping[int, Pairing],
        on: date,
        parameters: Parameters,
        gazetteer: Gazetteer,
    ) -> None:
        self.candidates, self.posts, self.held = candidates, posts, held
        self.parameters, self.on, self.places = parameters, on, Places.of(gazetteer)
        homes, self.home = numbered([row["home_region_code"] for row in candidates])
        works, self.work = numbered([row["region_code"] for row in posts])
        self.km = distance_km(homes, works, gazetteer)
        self.home_prefixes = [prefixes(code, on, self.places) for code in homes]

    def sides(self) -> Sides:
        """Seats are those still to be filled."""
        return Sides(
            np.array([row["candidate_id"] for row in self.candidates], np.int64),
            [row["home_region_code"] for row in self.candidates],
            np.array([row["post_id"] for row in self.posts], np.int64),
            [row["region_code"] for row in self.posts],
            np.array([row["seats"] for row in self.posts], np.int64),
        )

    def possible(self, region_code: str) -> Possible:
        """Candidates from the other side of the post's pairing who fit it."""
        by_kind: dict[tuple[str, str], list[int]] = defaultdict(list)
        for i, row in enumerate(self.candidates):
            for field in {row["field"], row["second_field"]} - {None}:
                by_kind[row["kind"], field].append(i)
        here = inside([row["home_region_code"] for row in self.candidates], region_code)
        there = inside([row["region_code"] for row in self.posts], region_code)
        found: list[tuple[int, int]] = []
        for k, post in enumerate(self.posts):
            homes = self._homes_for(post)
            found += [
                (i, k)
                for i in by_kind[post["kind"], post["field"]]
                if self.home[i] in homes
                and (here[i] or there[k])
                and unfit(self.candidates[i], post, self.parameters) is None
            ]
        left, right = np.array(found, np.int64).reshape(-1, 2).T
        km = self.km[self.home[left], self.work[right]]
        return Possible(left, right, self._points(left, right, km), km)

    def _homes_for(self, post: Row) -> set[int]:
        """Numbers of the homes on the other side of the post's pairing; none where it holds no longer."""
        pairing = self.held.get(post["pairing_id"])
        if pairing is None:
            return set()
        donor, recipient = (self.places.prefixes(c, self.on) for c in (pairing.donor_code, pairing.recipient_code))
        at = prefixes(post["region_code"], self.on, self.places)
        side = donor if lies_in(at, recipient) else recipient if lies_in(at, donor) else ()
        return {number for number, home in enumerate(self.home_prefixes) if side and lies_in(home, side)}

    def _points(self, left: Int64, right: Int64, km: np.ndarray) -> dict[str, Int64]:
        pairs = [(self.candidates[i], self.posts[k]) for i, k in zip(left.tolist(), right.tolist(), strict=True)]

        def where(name: str, true: Iterable[bool]) -> Int64:
            return np.where(np.array(list(true), bool), self._of(name), 0)

        away = np.nan_to_num(np.round(km / 100 * self._of("distance_per_100_km")), nan=0.0).astype(np.int64)
        return {
            "filled": np.full(len(pairs), self._of("filled"), np.int64),
            "field": where("field", (c["field"] == p["field"] for c, p in pairs)),
            "level": where("level", (LEVELS.index(c["level"]) == LEVELS.index(p["level"]) for c, p in pairs)),
            "ready": where("ready", (c["free_from"] <= p["needed_from"] for c, p in pairs)),
            "wish": where("wish", (self._wished(c, p) for c, p in pairs)),
            "distance": -np.minimum(away, self._of("distance_most")),
        }

    def _wished(self, candidate: Row, post: Row) -> bool:
        wish = candidate["wish_place"]
        if not wish:
            return False
        return lies_in(prefixes(post["region_code"], self.on, self.places), prefixes(wish, self.on, self.places))

    def facts(self, left: int, right: int) -> dict[str, Any]:
        """What was registered of both."""
        candidate, post = self.candidates[left], self.posts[right]
        return {
            "candidate_field": candidate["field"],
            "candidate_level": candidate["level"],
            "post_field": post["field"],
            "post_level": post["level"],
            "term_months": post["term_months"],
            "longest_term_months": candidate["longest_term_months"],
            "free_from": candidate["free_from"].isoformat(),
            "needed_from": post["needed_from"].isoformat(),
            "pairing_id": post["pairing_id"],
        }

    def _of(self, name: str) -> int:
        return int(self.parameters.value(f"talent.match.{name}"))
