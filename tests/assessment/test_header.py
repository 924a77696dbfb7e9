"""The head of an indicator's SQL file."""

from __future__ import annotations

from pathlib import Path

import pytest

from jiedui.assessment import header
from jiedui.errors import JieduiError

GOOD = """-- id: labour.trips
-- name_zh: 批次
-- name_en: Trips
-- duty: labour.4
-- clause: 八
-- unit: person-times
-- side: recipient
-- direction: higher
-- aggregate: sum(amount)
-- subject: dispatch_trip
-- period: year
-- reported: dispatch_trip
-- uses: one, two
-- parameters: stay_months = labour.stay_months
-- rule_zh: 相加。
-- rule_en: Added up.
SELECT 1 -- and not $this
WHERE $stay_months > $year
"""


def _write(folder: Path, text: str, name: str = "trips.sql") -> Path:
    path = folder / "labour" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_reads_every_line(tmp_path: Path) -> None:
    """All lines of the head become fields; the whole file stays the SQL."""
    indicator = header.read(_write(tmp_path, GOOD), area="labour")
    assert (
        indicator.id,
        indicator.name_zh,
        indicator.duty,
        indicator.side,
    ) == ("labour.trips", "批次", "labour.4", "recipient")
    assert indicator.uses == ("one", "two")
    assert indicator.parameters == (("stay_months", "labour.stay_months"),)
    assert indicator.sql == GOOD
    assert indicator.parts == ("",)


def test_placeholders_leave_comments_out() -> None:
    """Only what the engine would fill is a placeholder."""
    assert {"stay_months", "year"} == header.placeholders(GOOD)


@pytest.mark.parametrize("key", header.REQUIRED)
def test_every_required_line_is_required(tmp_path: Path, key: str) -> None:
    """Without any one of the required lines the file is refused, and the line named."""
    lines = [line for line in GOOD.splitlines() if not line.startswith(f"-- {key}:")]
    with pytest.raises(JieduiError, match=f"{key}: …"):
        header.read(_write(tmp_path, "\n".join(lines)), area="labour")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("unit: person-times", "unit: apples", "unit: apples"),
        ("side: recipient", "side: both", "side: both"),
        ("direction: higher", "direction: up", "direction: up"),
        ("aggregate: sum(amount)", "aggregate: avg(amount)", r"avg\(amount\)"),
        ("id: labour.trips", "id: labour.other", "calls itself 'labour.other'"),
        ("-- uses: one, two", "-- colour: red", "unknown key 'colour'"),
        ("-- uses: one, two", "-- just a note", "not of the form"),
        ("-- uses: one, two", "-- unit: fen", "second time"),
        ("stay_months = labour.stay_months", "stay_months", "has the parameter 'stay_months'"),
        ("-- reported: dispatch_trip\n", "", "when an empty count is a zero"),
    ],
)
def test_refuses_what_it_does_not_know(tmp_path: Path, old: str, new: str, message: str) -> None:
    """A value that does not exist is refused with the file's name and how to mend it."""
    with pytest.raises(JieduiError, match=message) as caught:
        header.read(_write(tmp_path, GOOD.replace(old, new)), area="labour")
    assert "labour/trips.sql" in caught.value.message
    assert caught.value.remedy


def test_a_ratio_needs_no_register(tmp_path: Path) -> None:
    """A ratio is missing when its denominator is empty, so it need not say when an empty count is a zero."""
    text = GOOD.replace("-- reported: dispatch_trip\n", "").replace("sum(amount)", "ratio(sum(amount))")
    assert header.read(_write(tmp_path, text), area="labour").parts == ("numerator", "denominator")
