"""The corpus: good and bad pages, each with what must come out of it in its own file."""

from __future__ import annotations

import pytest

from jiedui.policy.reading import read_page
from tests.policy.reading import corpus
from tests.policy.reading.corpus import Case

CASES = corpus.all_cases()


@pytest.mark.duty("reading.1")
@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_a_page_gives_exactly_what_its_file_says(case: Case) -> None:
    """Pairings, open sentences, clauses, removed groups and left-out lines are those written in the case."""
    assert case.expected == corpus.sections(read_page(case.page, on=case.on))


@pytest.mark.duty("reading.1")
@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_a_page_reads_the_same_from_bytes_of_any_encoding(case: Case) -> None:
    """UTF-8 with and without a mark, GB18030 and UTF-16 with a mark give what the text gives."""
    expected = corpus.sections(read_page(case.page, on=case.on))
    for encoding in ("utf-8", "utf-8-sig", "gb18030", "utf-16"):
        assert expected == corpus.sections(read_page(case.page.encode(encoding), on=case.on)), encoding


def test_the_corpus_is_broad() -> None:
    """At least forty cases, and every kind of outcome occurs among them."""
    expected = [case.expected for case in CASES]
    assert len(CASES) >= 40
    assert any(one["pairings"] and not one["unresolved"] for one in expected)
    assert any(one["pairings"] and one["unresolved"] for one in expected)
    assert any(not one["pairings"] and one["unresolved"] for one in expected)
    assert any(not one["pairings"] and not one["unresolved"] for one in expected)
