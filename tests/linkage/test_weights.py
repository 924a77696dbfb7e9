"""The published weights."""

from __future__ import annotations

import pytest

from jiedui.errors import JieduiError
from jiedui.linkage import weights
from jiedui.linkage.comparisons import WEIGHED


def test_what_is_written_is_read_back() -> None:
    """Weights survive the file unchanged, with date and source."""
    held = weights.published()
    assert weights.parse(weights.write(held)) == held
    assert "synthetic" in held.source


def test_the_published_shares_add_up() -> None:
    """Over the levels of a comparison, m and u are shares of one whole."""
    for comparison in WEIGHED:
        m, u = zip(*weights.published().shares[comparison.name].values(), strict=True)
        assert sum(m) == pytest.approx(1, abs=5e-3)
        assert sum(u) == pytest.approx(1, abs=5e-3)


def test_a_closer_number_never_says_less() -> None:
    """Same, check digit only, swapped and one digit speak for one person; the rest against or little."""
    weight = {code: m / u for code, (m, u) in weights.published().shares["number"].items()}
    assert min(weight[code] for code in (4, 5, 6, 7, 8)) > 100
    assert max(weight[code] for code in (0, 1, 2)) < 0.1


@pytest.mark.parametrize(("old", "new"), [("prior = 0", "prior = 1"), ("\n8 = [0", "\n8 = [7"), ("[sex]", "[sax]")])
def test_broken_weights_are_refused(old: str, new: str) -> None:
    """A share that is none, a missing comparison and an impossible prior are refused."""
    text = weights.write(weights.published())
    assert old in text
    with pytest.raises(JieduiError, match="Weights of duplicates"):
        weights.parse(text.replace(old, new, 1))
