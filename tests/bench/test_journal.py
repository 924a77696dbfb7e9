"""The runner of the journal's benchmark."""

from __future__ import annotations

import json

from bench.journal import run


def test_the_page_has_every_figure(tmp_path):
    """Every measured rate stands on the page and in the file; an aim that is missed is called missed."""
    names = [
        "entries", "verify database", "verify processor", "verify file", "bytes of an entry", "update with history",
        "update without", "insert with history", "insert without", "digest of inserted rows", "load before",
    ]  # fmt: skip
    figures = {name: 300_000.0 + i for i, name in enumerate(names)}
    figures |= run.ciphers(500)
    run.write(tmp_path, figures)
    page = (tmp_path / "journal.md").read_text(encoding="utf-8")
    assert all(
        f"{figures[name]:,.0f}" in page or f"{figures[name]:.2f}" in page for name in figures if name != "load before"
    )
    assert "/s: met)" in page
    assert json.loads((tmp_path / "journal.json").read_text(encoding="utf-8"))["figures"] == figures
    assert "/s: not met)" in run.page({**figures, "verify file": 199_999.0})
