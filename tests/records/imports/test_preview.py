"""What an officer looks at, page by page, against a plain reading of the same entries."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jiedui.errors import JieduiError
from jiedui.records.imports import preview, staging
from jiedui.records.imports.difference import KINDS, Difference
from jiedui.records.imports.preview import Compared, Filter

FIELDS = ("name", "education", "phone_mark")
PLACES = ("620122101201", "620122101202", "620123101201")
entry = st.tuples(st.integers(0, 4), st.sampled_from(PLACES), st.integers(0, 7))
"""Kind, village, mask."""


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A state folder of the test's own; chunks so small that pages cross them."""
    monkeypatch.setenv("JIEDUI_HOME", str(tmp_path))
    monkeypatch.setattr(preview, "CHUNK", 7)
    monkeypatch.setattr(preview, "PAGE", 5)


def compared(entries: list[tuple[int, str, int]], problems: list[tuple[int, str, str]] = ()) -> Compared:  # type: ignore[assignment]
    """Entries of the file first, then who is gone; the register's side says "kept", the file's "sent"."""
    ordered = sorted(entries, key=lambda one: one[0] == 4)
    sent = [one for one in ordered if one[0] != 4]
    count = len(ordered)
    rows = pa.table(
        {
            "row": pa.array(range(2, 2 + len(sent)), pa.int32()), "refused": pa.array([False] * len(sent), pa.bool_()),
            "name": [f"sent{k}" for k in range(len(sent))], "region_code": pa.array([o[1] for o in sent], pa.string()),
            "education": pa.array(["primary"] * len(sent), pa.string()),
            "phone": pa.array(["13812345678"] * len(sent), pa.string()),
        }
    )  # fmt: skip
    table = pa.table(
        {
            "row": pa.array([*range(2, 2 + len(sent)), *[None] * (count - len(sent))], pa.int32()),
            "key": pa.array(range(100, 100 + count), pa.int64()),
            "kind": pa.array([one[0] for one in ordered], pa.uint8()), "reason": pa.array([0] * count, pa.uint8()),
            "mask": pa.array([one[2] for one in ordered], pa.uint64()), "at": pa.array(range(count), pa.int64()),
        }
    )  # fmt: skip
    held = [k for k, one in enumerate(ordered) if one[0] in (2, 3, 4)]
    before = pa.table(
        {
            "entry": pa.array(held, pa.int64()), "name": pa.array([f"kept{k}" for k in held], pa.string()),
            "region_code": pa.array([ordered[k][1] for k in held], pa.string()),
            "education": pa.array(["junior"] * len(held), pa.string()),
            "phone_mark": pa.array([None if k % 2 else 7 for k in held], pa.int64()),
        }
    )  # fmt: skip
    lines = sorted(problems)
    told = pa.table(
        {
            "row": pa.array([one[0] for one in lines], pa.int32()),
            "rule": pa.array([one[1] for one in lines], pa.string()),
            "field": pa.array([one[2] for one in lines], pa.string()),
            "value": pa.array(["x"] * len(lines), pa.string()),
        }
    )  # fmt: skip
    return Compared(rows, Difference(FIELDS, table), before, told)


def shown(kind: str, wanted: Filter) -> list[dict[str, Any]]:
    """All pages of a kind, one after the other."""
    first = preview.page(1, kind, 1, wanted)
    parts = [preview.page(1, kind, number, wanted) for number in range(1, first.pages + 1)]
    assert [part.first for part in parts] == [1 + 5 * k for k in range(first.pages)]
    return [line for part in parts for line in part.rows.to_pylist()]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(entry, max_size=40), st.sampled_from(["", *PLACES]), st.sampled_from(["", *FIELDS]))
def test_all_pages_together_are_the_entries_that_fit(
    entries: list[tuple[int, str, int]], place: str, field: str
) -> None:
    """Of each kind and filter: each entry that fits once, in order, with the values of its own two sides; so say the
    keys of the decision and the numbers beside the filters.
    """
    preview.stage(1, compared(entries))
    ordered = sorted(entries, key=lambda one: one[0] == 4)
    for number, kind in enumerate(KINDS[1:], 1):
        bit = FIELDS.index(field) if field else 0
        of_kind = [(k, one) for k, one in enumerate(ordered) if one[0] == number]
        fitting = [k for k, one in of_kind if (not place or one[1] == place) and (not field or one[2] >> bit & 1)]
        lines = shown(kind, Filter(place, field))
        assert [line["key"] for line in lines] == [100 + k for k in fitting]
        for k, line in zip(fitting, lines, strict=True):
            if kind != "gone":
                assert line["name"] == f"sent{k}"
            if kind in ("changed", "conflict"):
                assert (line["kept:name"], line["sent:name"]) == (f"kept{k}", f"sent{k}")
                assert (line["kept:phone_mark"], line["sent:phone_mark"]) == (k % 2 == 0, "138****5678")
        keys = [100 + k if kind == "gone" else 2 + k for k in fitting]
        assert preview.fitting(1, kind, Filter(place, field)) == keys
        places, fields = preview.offered(1, kind)
        assert dict(places) == {p: n for p in PLACES if (n := sum(one[1] == p for _, one in of_kind))}
        assert dict(fields) == {
            name: n for b, name in enumerate(FIELDS) if (n := sum(one[2] >> b & 1 for _, one in of_kind))
        }


def test_a_number_is_masked_before_it_is_staged() -> None:
    """No table that a page reads holds a whole identity number or phone; what identifies nobody stands as it is."""
    number = "620122198001010010"
    found = compared(
        [(1, PLACES[0], 0), (1, PLACES[0], 0)], [(2, "id_check_digit", "id_number"), (3, "missing", "name")]
    )
    rows = found.rows.set_column(1, "refused", pa.array([True, False]))
    problems = found.problems.set_column(3, "value", pa.array([number, "12"]))
    table = found.difference.table.slice(0, 1).set_column(0, "row", pa.array([3], pa.int32()))
    preview.stage(1, Compared(rows, Difference(FIELDS, table), found.before, problems))
    (line,) = preview.page(1, "refused", 1).rows.to_pylist()
    assert (line["row"], line["value"], line["name"]) == (2, "62*************010", "sent0")
    (warned,) = preview.page(1, "warned", 1).rows.to_pylist()
    assert (warned["row"], warned["value"]) == (3, "12")


@pytest.mark.parametrize(
    ("field", "text", "hidden"),
    [("id_number", "620122198001010010", "62*************010"), ("phone", "13812345678", "138****5678"),
     ("id_number", "1234", "****"), ("name", "张三", "张三")],
)  # fmt: skip
def test_masks(field: str, text: str, hidden: str) -> None:
    """As everywhere on the site; what is too short to be masked is hidden wholly."""
    assert preview.masked(field, pa.array([text, None])).to_pylist() == [hidden, None]


def test_what_is_gone_is_said() -> None:
    """After the decision the pages' tables are gone, and the sentence says so."""
    preview.stage(1, compared([(1, PLACES[0], 0)]))
    assert preview.there(1)
    staging.forget(1)
    assert not preview.there(1)
    with pytest.raises(JieduiError, match="no longer there"):
        preview.page(1, "added", 1)
