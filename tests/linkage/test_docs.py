"""The guide about duplicates says what the code does."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

from jiedui.linkage.blocking import RULES

GUIDE = (Path(__file__).parents[2] / "docs" / "duplicates.md").read_text(encoding="utf-8")


def test_the_example_prints_what_it_says() -> None:
    """The code of the guide runs as it stands, and prints its own comments."""
    (code,) = re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(code, "docs/duplicates.md", "exec"), {})
    assert printed.getvalue().splitlines() == re.findall(r"^# (.*)$", code, re.MULTILINE)


def test_the_guide_counts_the_keys() -> None:
    """The number of keys in the guide is that of the code."""
    assert f"share one of {RULES} keys" in GUIDE
