import re
import shutil
from pathlib import Path

import pytest

from jiedui.simulate.irregularities import PLANTED

TEXT = (Path(__file__).parents[2] / "docs" / "snapshot.md").read_text(encoding="utf-8")


def test_the_example_runs_as_printed(written: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The Python on the page reads a snapshot in the folder that the page names."""
    shutil.copytree(written, tmp_path / "country")
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    (example,) = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
    exec(example, names)  # the page's own example
    assert [row[0] for row in names["left"]] == [2016, 2017, 2018, 2019]  # type: ignore[attr-defined]
    assert names["people"].num_rows == 400  # type: ignore[attr-defined]


def test_the_list_of_irregularities_is_the_one_planted() -> None:
    """Every planted irregularity stands in the table of the page, word for word, and no other."""
    rows = re.findall(r"^\| `(\w+)` \| ([\w.]+) \| (\d+) \| (.+) \|$", TEXT, re.MULTILINE)
    assert rows == [(one.key, one.duty, str(one.pairing_id), one.what) for one in PLANTED]
