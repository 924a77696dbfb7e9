"""结对关系: who is responsible for a place on a day, what a donor may see, which prefectures are covered (四).

Places are division codes as text (6 digits, or 9 or 12 below the county) and edges are `Pairing`s. A code need not be
that of the day: places and recipients are followed through the history of divisions, so that a code of 2016 and the
code of 2020 of one place give the same answer, and a county that moved follows the prefecture of the day.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from jiedui.errors import JieduiError
from jiedui.policy import published
from jiedui.policy.findings import Finding, RowRef
from jiedui.policy.places import Places
from jiedui.policy.registry import implements, interprets
from jiedui.terms import codelists
from jiedui.terms.divisions import Gazetteer, level_of
from jiedui.terms.pairs import Pairing
from jiedui.terms.scope import Range, Scope

Reach = Literal["named", "via_province", "counterpart_only", "outside"]
REACHES: Final[dict[Reach, tuple[str, str]]] = {
    "named": ("点名结对", "named in a pairing, itself or its prefecture"),
    "via_province": ("随省结对", "reached because its province is"),
    "counterpart_only": ("仅对口支援", "reached by counterpart support alone"),
    "outside": ("未结对", "reached by no pairing"),
}
EAST_WEST: Final = "east_west"
COUNTERPART: Final = "counterpart"
_COUNTY_DIGITS: Final = len("530602")


@dataclass(frozen=True, slots=True)
class Responsibility:
    """负责关系: a place, how it is reached, and the edges that answer for it."""

    place_code: str
    reach: Reach
    pairings: tuple[Pairing, ...]


class Edges:
    """当日关系: the edges that hold on one day, by scheme and recipient prefix; one look-up per place.

    Build it once to ask about many places: a country of 3,000 divisions takes some milliseconds.
    """

    def __init__(
        self,
        pairings: Iterable[Pairing],
        on: date,
        *,
        gazetteer: Gazetteer | None = None,
        scheme: str | None = EAST_WEST,
    ) -> None:
        _check_scheme(scheme)
        self.on = on
        self._places = Places.of(gazetteer)
        self._by_scheme: dict[str, dict[str, tuple[Pairing, ...]]] = {}
        for pairing in pairings:
            if pairing.holds(on) and scheme in (None, pairing.scheme):
                edges = self._by_scheme.setdefault(pairing.scheme, {})
                for recipient in self._places.prefixes(pairing.recipient_code, on):
                    edges[recipient] = (*edges.get(recipient, ()), pairing)
        lengths = {len(recipient) for edges in self._by_scheme.values() for recipient in edges}
        self._lengths = sorted(lengths, reverse=True)

    def of(self, place_code: str) -> tuple[Pairing, ...]:
        """某地: the edges that answer for the place, by id."""
        prefixes = self._places.prefixes(place_code, self.on)
        found = {
            pairing
            for edges in self._by_scheme.values()
            for held in prefixes
            for pairing in self._answering(edges, held)
        }
        return tuple(sorted(found, key=lambda pairing: pairing.pairing_id)) if len(found) > 1 else tuple(found)

    def table(self, places: Iterable[str]) -> tuple[Responsibility, ...]:
        """成表: one row per place, in the order given."""
        return tuple(Responsibility(place, _reach(edges), edges) for place in places for edges in (self.of(place),))

    def _answering(self, edges: dict[str, tuple[Pairing, ...]], held: str) -> tuple[Pairing, ...]:
        """The most specific edges, and those above them out of which nothing more specific is carved."""
        found: tuple[Pairing, ...] = ()
        inner: tuple[Pairing, ...] = ()
        for length in self._lengths:
            if length > len(held):
                continue
            here = edges.get(held[:length], ())
            donors = tuple(map(self._donor_of, here))
            if not any(_carves(one, self._donor_of(one), donors) for one in inner):
                found += here
            inner += here
        return found

    def _donor_of(self, pairing: Pairing) -> tuple[str, ...]:
        return self._places.prefixes(pairing.donor_code, self.on)


@interprets("pairing.5", because="What lies below the prefectures is a pair of counties, townships or villages.")
def below_prefectures(pairing: Pairing) -> bool:
    """县以下结对: a pair of counties, townships or villages, which lies inside a pair of the text's clause (四)."""
    return len(pairing.recipient_code) > _COUNTY_DIGITS or level_of(pairing.recipient_code) == "county"


@implements("pairing.2")
@interprets(
    "pairing.2",
    because="The text names a province and, elsewhere, a prefecture inside it, and does not say which donor answers "
    "there: the more specific edge does, in each scheme apart; donors named for the same recipient all do. A pair of "
    "counties is by a division of a donor (五); all donors of that recipient go on answering beside it.",
)
def responsible(
    place_code: str,
    on: date,
    pairings: Iterable[Pairing],
    *,
    gazetteer: Gazetteer | None = None,
    scheme: str | None = EAST_WEST,
) -> tuple[Pairing, ...]:
    """由谁负责: the edges that answer for a place on a day, by id; () where none does.

    `scheme=None` asks in all schemes and joins the answers (places where two schemes meet).

    Raises:
        JieduiError: a malformed or unknown code, or an unknown scheme.
    """
    return Edges(pairings, on, gazetteer=gazetteer, scheme=scheme).of(place_code)


@implements("pairing.2")
def responsibility_table(
    places: Iterable[str],
    on: date,
    pairings: Iterable[Pairing],
    *,
    gazetteer: Gazetteer | None = None,
    scheme: str | None = EAST_WEST,
) -> tuple[Responsibility, ...]:
    """负责关系表: `responsible` for many places; one row per place, in the order given."""
    return Edges(pairings, on, gazetteer=gazetteer, scheme=scheme).table(places)


@interprets(
    "pairing.2",
    because="A donor office sees what its pairings grant. Where another donor has a more specific edge of the same "
    "scheme, that one sees; a county pair by a division of its own, or of another donor of its recipient, takes "
    "nothing from it.",
)
def carve_outs(
    donor_code: str,
    on: date,
    pairings: Iterable[Pairing],
    *,
    gazetteer: Gazetteer | None = None,
    scheme: str | None = None,
) -> tuple[Range, ...]:
    """可见范围: the code ranges [low, high) that a donor may see on a day, sorted and disjoint; () for no grant.

    Shanghai in 云南: everything below 53 but 5306 and 5333. A recipient whose code has changed since the edge was
    made is granted under both codes, for rows entered under the old one.

    Raises:
        JieduiError: a malformed or unknown code, or an unknown scheme.
    """
    _check_scheme(scheme)
    places = Places.of(gazetteer)
    own = places.prefixes(donor_code, on)
    held = [pairing for pairing in pairings if pairing.holds(on) and scheme in (None, pairing.scheme)]
    seen = Scope()
    for edge in held:
        if places.prefixes(edge.donor_code, on) == own:
            seen |= _granted(edge, held, own, on, places)
    return seen.ranges


@implements("pairing.3")
@interprets(
    "pairing.3",
    because="The text promises coverage of the autonomous prefectures and leaves 西藏, 新疆 and the 四省藏区 to "
    "counterpart support in clause (六); a prefecture there without an edge is shown as reached by that alone.",
)
def coverage(
    prefectures: Iterable[str], pairings: Iterable[Pairing], on: date, *, gazetteer: Gazetteer | None = None
) -> tuple[Responsibility, ...]:
    """覆盖情况: for each prefecture code, by which edges it is reached on the day, in the order given."""
    pairings = tuple(pairings)
    east_west = Edges(pairings, on, gazetteer=gazetteer)
    counterpart = Edges(pairings, on, gazetteer=gazetteer, scheme=COUNTERPART)
    places = Places.of(gazetteer)
    areas = Scope.of(prefix for area in published.counterpart_areas() for prefix in places.prefixes(area.code, on))
    found = []
    for row in east_west.table(prefectures):
        edges = row.pairings or counterpart.of(row.place_code)
        left_to_six = all(held in areas for held in places.prefixes(row.place_code, on))
        only = not row.pairings and (edges or left_to_six)
        found.append(Responsibility(row.place_code, "counterpart_only" if only else row.reach, edges))
    return tuple(found)


@implements("pairing.3")
def coverage_findings(
    prefectures: Iterable[str], pairings: Iterable[Pairing], on: date, *, gazetteer: Gazetteer | None = None
) -> tuple[Finding, ...]:
    """覆盖缺口: a finding for each prefecture that only counterpart support reaches, or that nothing does."""
    names = gazetteer or Gazetteer.load()
    return tuple(
        _gap(row, names.name(row.place_code, on))
        for row in coverage(prefectures, pairings, on, gazetteer=gazetteer)
        if row.reach in ("counterpart_only", "outside")
    )


def count_by_reach(rows: Iterable[Responsibility]) -> dict[Reach, int]:
    """按覆盖方式计数: how many places are reached in each way; every way is there, also with 0."""
    counts: dict[Reach, int] = dict.fromkeys(REACHES, 0)
    for row in rows:
        counts[row.reach] += 1
    return counts


def _reach(edges: Sequence[Pairing]) -> Reach:
    if not edges:
        return "outside"
    named = [edge for edge in edges if not below_prefectures(edge)] or edges
    by_province = all(
        len(edge.recipient_code) == _COUNTY_DIGITS and level_of(edge.recipient_code) == "province" for edge in named
    )
    return "via_province" if by_province else "named"


def _carves(inner: Pairing, donor: Sequence[str], outer_donors: Iterable[Sequence[str]]) -> bool:
    """Whether a more specific edge takes its place from the donors of one recipient that stand above it.

    A pair of counties by a division of one of them takes it from none: it only says who answers first.
    """
    return not (below_prefectures(inner) and any(_inside(donor, outer) for outer in outer_donors))


def _granted(edge: Pairing, held: Sequence[Pairing], own: Sequence[str], on: date, places: Places) -> Scope:
    granted, recipient = _prefixes_of(edge, on, places), set(places.prefixes(edge.recipient_code, on))
    rivals = [
        (other, places.prefixes(other.donor_code, on), set(places.prefixes(other.recipient_code, on)))
        for other in held
        if other.scheme == edge.scheme
    ]
    named = [donor for _, donor, theirs in rivals if theirs & recipient]
    taken = [
        inner
        for other, donor, _ in rivals
        if (donor == own or not _inside(donor, own)) and _carves(other, donor, named)
        for inner in _prefixes_of(other, on, places)
        if any(inner != outer and inner.startswith(outer) for outer in granted)
    ]
    return Scope.of(granted) - Scope.of(taken)


def _prefixes_of(edge: Pairing, on: date, places: Places) -> set[str]:
    then, now = places.prefixes(edge.recipient_code, edge.valid_from), places.prefixes(edge.recipient_code, on)
    return {*then, *now}


def _inside(inner: Sequence[str], outer: Sequence[str]) -> bool:
    return all(any(one.startswith(other) for other in outer) for one in inner)


def _check_scheme(scheme: str | None) -> None:
    if scheme is not None and scheme not in codelists.SCHEME:
        raise JieduiError(
            f"There is no scheme {scheme!r}.", remedy=f"Schemes: {', '.join(codelists.SCHEME)}; None asks in all."
        )


def _gap(row: Responsibility, name: str) -> Finding:
    rows = tuple(RowRef("pairing", pairing.pairing_id) for pairing in row.pairings)
    if row.reach == "counterpart_only":
        return Finding(
            "pairing.3",
            "note",
            row.place_code,
            f"{name}没有东西部扶贫协作的帮扶方，仅由对口支援覆盖。",
            rows,
            f"{name} has no East-West donor; counterpart support alone reaches it.",
            "coverage_findings",
        )
    return Finding(
        "pairing.3",
        "warning",
        row.place_code,
        f"{name}没有任何帮扶方。",
        rows,
        f"{name} has no donor at all.",
        "coverage_findings",
    )
