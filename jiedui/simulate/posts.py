"""岗位与人选: posts that are to be filled around the country's day, and candidates from both sides of the pairs."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from jiedui.simulate import naming, numbers
from jiedui.simulate.columns import MISSING, position, table
from jiedui.simulate.ground import Ground
from jiedui.simulate.streams import pick
from jiedui.terms.codelists import FIELD, POST_STATE, TALENT_KIND, TALENT_LEVEL

_FIELDS = ("education", "health", "technology", "culture", "social_work", "agriculture")
_FIELD_WEIGHTS = (36, 34, 6, 3, 3, 18)
_TITLES = {
    "education": "学科教师",
    "health": "临床医师",
    "technology": "农业科技推广",
    "culture": "文化站辅导",
    "social_work": "社会工作督导",
    "agriculture": "种养技术指导",
    "government": "挂职副局长",
}
_NEW_A_YEAR = 5
"""Posts of a pair of usual size that are open at a time."""


def posts(ground: Ground) -> pa.Table:
    """造岗位: most open, in the West for people of the East and some the other way (talent.4)."""
    rng = ground.streams.of("post")
    pair, county = _sides(ground, _NEW_A_YEAR, rng)
    n = len(pair)
    to_west = rng.random(n) < 0.75
    kind, field = _kinds(n, rng)
    names = list(FIELD)
    return table(
        "post",
        {
            "post_id": np.arange(1, n + 1),
            "pairing_id": pair,
            "region_code": np.where(to_west, ground.places.county[county], ground.donor_county(pair, rng)),
            "title": [_TITLES[names[number]] for number in field.tolist()],
            "kind": kind,
            "field": field,
            "level": position(TALENT_LEVEL, "junior", "middle", "senior")[pick(rng, [45, 40, 15], n)],
            "seats": rng.integers(1, 4, n),
            "term_months": rng.choice([12, 24, 24, 24, 30, 36], n),
            "needed_from": ground.last + rng.integers(-30, 150, n),
            "state": position(POST_STATE, "open", "closed")[pick(rng, [92, 8], n)],
        },
    )


def candidates(ground: Ground) -> pa.Table:
    """造人选: somewhat more than there are seats; some have withdrawn, some wish for a place."""
    rng = ground.streams.of("candidate")
    pair, county = _sides(ground, 2.5 * _NEW_A_YEAR, rng)
    n = len(pair)
    from_east = rng.random(n) < 0.75
    kind, field = _kinds(n, rng)
    second = position(FIELD, *_FIELDS)[pick(rng, _FIELD_WEIGHTS, n)]
    home = np.where(from_east, ground.donor_county(pair, rng), ground.places.county[county])
    recipients = np.array([ground.recipient(number) for number in pair.tolist()], np.int64)
    return table(
        "candidate",
        {
            "candidate_id": np.arange(1, n + 1),
            "home_region_code": home,
            "kind": kind,
            "field": field,
            "second_field": np.where((rng.random(n) < 0.3) & (second != field), second, MISSING),
            "level": position(TALENT_LEVEL, "junior", "middle", "senior")[pick(rng, [35, 45, 20], n)],
            "longest_term_months": rng.choice([12, 24, 30, 36, 36], n),
            "free_from": ground.last + rng.integers(-60, 200, n),
            "wish_place": np.where(from_east & (rng.random(n) < 0.3), recipients, MISSING),
            "person_key": numbers.hex_keys(rng.integers(0, 2**63, (n, 2), dtype=np.uint64)),
            "name": _names(n, ground),
            "withdrawn": rng.random(n) < 0.05,
        },
    )


def _sides(ground: Ground, usual: float, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """The pair of each row and the position of a poor county of it, in the country's last year."""
    pairs, counties = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for pair in ground.pairs if ground.years else ():
        n = ground.volume(pair, ground.as_of.year, usual, rng)
        pairs.append(np.full(n, pair))
        counties.append(ground.draw_counties(pair, ground.as_of.year, n, rng))
    return np.concatenate(pairs), np.concatenate(counties)


def _kinds(n: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Officials govern; specialists teach, heal and farm."""
    official = rng.random(n) < 0.4
    field = position(FIELD, *_FIELDS)[pick(rng, _FIELD_WEIGHTS, n)]
    kind = np.where(official, *position(TALENT_KIND, "official", "specialist"))
    return kind, np.where(official, position(FIELD, "government"), field)


def _names(n: int, ground: Ground) -> pa.Array | list[str]:
    if n == 0:
        return []
    rng = ground.streams.of("candidate.name")
    born = rng.integers(1966, 1995, n)
    return naming.names(np.zeros(n, np.int64), np.arange(n), born, rng.random(n) < 0.6, ground.streams)
