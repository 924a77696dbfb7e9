"""The documents about policy say what the code has."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from jiedui.policy import clauses
from jiedui.policy.clauses import STATUSES
from jiedui.terms import codelists

DOCS = Path(__file__).parents[2] / "docs"
POLICY = (DOCS / "policy.md").read_text(encoding="utf-8")
GLOSSARY = (DOCS / "glossary.md").read_text(encoding="utf-8")
LISTS = {name: value for name, value in vars(codelists).items() if name.isupper() and isinstance(value, dict)}


def test_every_duty_stands_in_the_guide_with_its_clause_and_title() -> None:
    """The table of duties in docs/policy.md is that of clauses.toml, in order."""
    held = clauses.load()
    lines = re.findall(r"^\| `([a-z]+\.\d+)` \| (.+?) \| (.+?) \|$", POLICY, re.MULTILINE)
    assert lines == [
        (
            duty.id,
            f"({held.clause(duty.clause).numeral})" if duty.clause else "all",
            f"{duty.title_zh} · {duty.title_en}",
        )
        for duty in held.duties
    ]


def test_every_status_is_explained() -> None:
    """The guide explains each status that a duty can have."""
    assert [status for status in STATUSES if f"| `{status}` |" not in POLICY] == []


@pytest.mark.parametrize("name", LISTS)
def test_the_glossary_has_every_code_list(name: str) -> None:
    """A code list stands in the glossary with each of its values and both labels, in order."""
    section = GLOSSARY.partition(f"(`{name}`)")[2].partition("\n### ")[0]
    lines = re.findall(r"^\| (.+?) \| (.+?) \| `(\w+)` \|$", section, re.MULTILINE)
    assert lines == [(zh, en, identifier) for identifier, (zh, en) in LISTS[name].items()]


def test_a_term_stands_once() -> None:
    """The glossary explains each Chinese term once (code lists apart)."""
    terms = re.findall(
        r"^\| ([^|]+?) \| [^|]+ \| [^|]+ \| [^|]*\|$", GLOSSARY.partition("## Code lists")[0], re.MULTILINE
    )
    headed = [term for term in terms if term != "中文"]
    assert sorted(headed) == sorted(set(headed))
    assert len(headed) > 40


def test_the_files_named_in_the_guide_exist() -> None:
    """A path that the guide names in full is there."""
    root = DOCS.parent
    named = re.findall(r"`((?:jiedui|policy|tests)/[a-z_/]+\.?[a-z]*)`", POLICY)
    missing = [path for path in named if not (root / path).exists() and not (root / "jiedui" / path).exists()]
    assert missing == []
