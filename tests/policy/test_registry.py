"""Citations of duties."""

from __future__ import annotations

from jiedui.policy.registry import Citation, assumes, citations, implements, interprets, serves


def test_a_citation_stays_with_its_function_and_changes_nothing() -> None:
    """A decorated function is the same function; what it cites is read in the order in which it is written."""

    def rule() -> int:
        return 7

    decorated = implements("talent.1", "talent.2")(
        interprets("talent.1", because="room")(assumes("goal.1", because="silent")(rule))
    )
    assert decorated is rule
    assert decorated() == 7
    assert citations(rule) == (
        Citation("talent.1", "implements"),
        Citation("talent.2", "implements"),
        Citation("talent.1", "interprets", "room"),
        Citation("goal.1", "assumes", "silent"),
    )


def test_a_page_serves_and_an_undecorated_thing_cites_nothing() -> None:
    """Views and classes can be cited too; what is not decorated cites nothing."""

    @serves("talent.1")
    class Page:
        pass

    assert citations(Page) == (Citation("talent.1", "serves"),)
    assert citations(len) == ()
