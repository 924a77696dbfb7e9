"""两边: candidates who are free and posts that are open on a day. The name of a candidate is never read."""

from __future__ import annotations

from datetime import date
from typing import Final

from jiedui.matching.problems.reading import Row, rows
from jiedui.policy.registry import implements, interprets
from jiedui.snapshot import Snapshot

_CANDIDATES: Final = """
SELECT c.candidate_id, c.home_region_code, c.kind, c.field, c.second_field, c.level, c.longest_term_months, c.free_from,
       c.wish_place
FROM candidate c
WHERE NOT c.withdrawn AND c.person_key NOT IN (
    SELECT s.person_key FROM secondment s WHERE coalesce(s.ended_on, s.planned_end_on) > $day
)
ORDER BY c.candidate_id
"""
_POSTS: Final = """
SELECT post_id, pairing_id, region_code, kind, field, level, seats, term_months, needed_from
FROM post WHERE state = 'open' AND seats > 0 ORDER BY post_id
"""


@implements("talent.4")
@interprets(
    "talent.4",
    because="Nobody holds two posts at once: who is in a post, or is to begin one, is not proposed for another until "
    "it has ended, by its planned end where no end is recorded.",
)
def free_candidates(snapshot: Snapshot, on: date) -> list[Row]:
    """人选: those who have not withdrawn and hold no post on the day or later, by number."""
    return rows(snapshot, _CANDIDATES, day=on)


def open_posts(snapshot: Snapshot) -> list[Row]:
    """岗位: open posts; `seats` are those that are still to be filled."""
    return rows(snapshot, _POSTS)
