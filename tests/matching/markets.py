"""Hypothesis strategies of small markets: ties, agents without edges, objects without seats, spare seats."""

from __future__ import annotations

from hypothesis import strategies as st

from jiedui.matching import Group, Market, Quota


@st.composite
def markets(draw, *, agents=6, objects=4, lowest=0, tiers=True, reserve=False, side_constraints=False):
    """A market of at most `agents` × `objects`; utilities are drawn from few values, so that ties are common."""
    n, m = draw(st.integers(0, agents)), draw(st.integers(1, objects))
    highest = draw(st.sampled_from([1, 3, 9]))
    cells = st.one_of(st.none(), st.integers(lowest, highest))
    table = draw(st.lists(st.lists(cells, min_size=m, max_size=m), min_size=n, max_size=n))
    edges = [(i, j, u) for i, row in enumerate(table) for j, u in enumerate(row) if u is not None]
    keywords = {}
    if tiers and draw(st.booleans()):
        keywords["tier"] = draw(st.lists(st.integers(-1, 1), min_size=n, max_size=n))
    if reserve and draw(st.booleans()):
        keywords["reserve"] = draw(st.lists(st.integers(0, 3), min_size=m, max_size=m))
    seats = draw(st.lists(st.integers(0, 3), min_size=m, max_size=m))
    if side_constraints:
        keywords |= draw(_side_constraints(n, m))
    first, second, third = zip(*edges, strict=True) if edges else ((), (), ())
    return Market.from_edges(first, second, third, agents=n, seats=seats, **keywords)


@st.composite
def _side_constraints(draw, n, m):
    quotas = draw(
        st.lists(
            st.builds(
                Quota,
                st.lists(st.integers(0, m - 1), unique=True, min_size=1),
                st.just(0),
                st.one_of(st.none(), st.integers(0, 2)),
            ),
            max_size=2,
        )
    )
    cut = draw(st.integers(0, m))
    classes = [list(range(cut)), list(range(cut, m))]
    couples = [[2 * k, 2 * k + 1] for k in range(n // 2)]
    groups = [Group(couple, classes) for couple in couples if draw(st.booleans())]
    return {"quotas": quotas, "groups": groups}
