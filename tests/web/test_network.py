"""The network of a day."""

from __future__ import annotations

from datetime import date

import pytest

from jiedui.policy import published
from jiedui.policy.rules.pairing import responsible
from jiedui.web import network

ON = date(2019, 12, 31)


@pytest.mark.duty("pairing.2")
def test_each_county_stands_under_the_edges_that_answer_for_it() -> None:
    """The counties of every edge are those for which the rule names it, asked one by one."""
    pairings = published.pairings_2016()
    built = network.on_day(pairings, ON)
    held = {edge.pairing_id: set(edge.counties) for edge in built.edges}
    for county in published.poverty_counties()[::13]:
        answers = {edge.pairing_id for edge in responsible(county.place_code, ON, pairings)}
        assert {number for number, codes in held.items() if county.place_code in codes} == answers


def test_before_the_opinion_there_is_no_edge() -> None:
    """The day before publication the network is empty and every county lies outside."""
    built = network.on_day(published.pairings_2016(), date(2016, 12, 6))
    assert built.edges == ()
    assert built.counties["outside"] == 832


def test_every_published_pairing_has_an_arc() -> None:
    """All 32 pairings have coordinates on both ends."""
    built = network.on_day(published.pairings_2016(), ON)
    levels = {edge.pairing.level: "x" for edge in built.edges}
    assert [arc.pairing_id for arc in network.arcs(built.edges, levels)] == list(range(1, 33))
