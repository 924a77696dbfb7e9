"""The tilt of counterpart support, and places where schemes meet."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from jiedui.policy.rules import pairing_schemes
from tests.policy.rules.rows import PARAMETERS, edge, leg, project

pytestmark = pytest.mark.duty("pairing.6")

DAY = date(2019, 1, 1)


def test_the_tilt_is_measured_in_three_directions() -> None:
    """County money, livelihood projects and payments to households are three shares of what was paid."""
    legs = [
        leg(1, 1, "payee", 50, region_code="540000", project_id=1),
        leg(2, 1, "payee", 30, region_code="540102", project_id=2),
        leg(3, 1, "payee", 20, region_code="540102101001", project_id=1, household_id=1),
        leg(4, 1, "project", 1000, region_code="540102"),
        leg(5, 1, "payee", -7, region_code="540102"),
    ]
    found = pairing_schemes.tilt(legs, [project(1), project(2, kind="public_works")], PARAMETERS)
    assert (found.paid_fen, found.grass_roots_fen, found.livelihood_fen, found.farmers_fen) == (100, 50, 30, 20)
    assert found.share(found.grass_roots_fen) == Fraction(1, 2)


def test_a_share_of_nothing_is_not_known() -> None:
    """Before anything is paid the shares are missing, not zero."""
    found = pairing_schemes.tilt([], [], PARAMETERS)
    assert found.share(found.farmers_fen) is None


def test_places_where_schemes_meet_are_noted() -> None:
    """承德 under 天津 (East-West) and under 北京 (京津冀) is noted; a province's own pairing is no second scheme."""
    edges = [
        edge(1, "120000", "130800"),
        edge(2, "110000", "130800", "jing_jin_ji"),
        edge(3, "110000", "130700"),
        edge(4, "130100", "130722", "own_province"),
    ]
    found = pairing_schemes.schemes_meet(["130821", "130722", "130602"], DAY, edges)
    assert [(finding.subject, finding.severity) for finding in found] == [("130821", "note")]
    assert [ref.key for ref in found[0].rows] == [1, 2]
    assert "京津冀" in found[0].message
