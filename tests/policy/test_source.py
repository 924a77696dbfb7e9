"""Rules about the source of the rules: numbers come from parameters, citations exist, parameters are used."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

import jiedui
from jiedui.policy import clauses, parameters
from jiedui.terms import codelists

PACKAGE = Path(jiedui.__file__).parent
RULES = sorted((PACKAGE / "policy" / "rules").glob("*.py"))
CODES = {code for held in vars(codelists).values() if isinstance(held, dict) for code in held}
"""Identifiers of the code lists: a family of parameters may have one for each of them."""
AREAS = {"pairing", "poverty", "industry", "labour", "talent", "funding", "society", "leadership", "assessment"}


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.stem)
def test_no_number_stands_in_a_rule(path: Path) -> None:
    """A rule holds no number but 0 and 1: limits, months, shares and years are dated parameters."""
    numbers = [
        (node.lineno, node.value)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, int | float)
        and not isinstance(node.value, bool)
        and node.value not in (0, 1)
    ]
    assert numbers == []


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.stem)
def test_every_public_function_of_a_rule_cites_a_duty(path: Path) -> None:
    """What a rule file offers says by which duty and on what ground; a helper that only counts rows says so by name."""
    uncited = [
        node.name
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef)
        and not node.name.startswith(("_", "count_"))
        and not any(isinstance(decorator, ast.Call) for decorator in node.decorator_list)
    ]
    assert uncited == []


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.stem)
def test_a_rule_reads_no_clock_no_file_and_no_chance(path: Path) -> None:
    """Same facts in, same findings out: a rule imports nothing that could make it differ."""
    imported = {name for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) for name in _imported(node)}
    allowed = {"__future__", "collections", "dataclasses", "datetime", "fractions", "numpy", "typing", "jiedui"}
    assert imported <= allowed
    assert not re.search(r"\b(today|now)\(\)|\brandom\b", path.read_text(encoding="utf-8"))


def test_rule_files_and_parameter_files_are_named_by_area() -> None:
    """The files of an area begin with its name, so that `git ls-files | grep talent` is its whole story."""
    names = {path.stem for path in RULES if path.stem != "__init__"}
    names |= {path.stem for path in (PACKAGE / "policy" / "parameters").glob("*.toml")}
    assert {name.partition("_")[0] for name in names} <= AREAS


def test_every_parameter_is_used() -> None:
    """A parameter that nothing reads is a promise that nothing keeps."""
    sources = [path.read_text(encoding="utf-8") for path in _sources()]
    unused = {
        parameter.key
        for parameter in parameters.every()
        if not any(_reads(source, parameter.key) for source in sources)
    }
    assert unused == set()


def test_every_parameter_that_is_read_exists() -> None:
    """A key that is read is there on the last day of the year that the demo assesses."""
    held = parameters.load(date(2019, 12, 31))
    known = {parameter.key for parameter in held}
    read = {
        key
        for path in _sources()
        for key in re.findall(r'parameters\.(?:value|get)\(\s*"([a-z_.]+)"', path.read_text(encoding="utf-8"))
    }
    assert read - known == set()
    assert len(read) >= 20


def test_every_duty_that_is_cited_exists() -> None:
    """A duty cited by a rule, a page, a finding, a table or an indicator is one of the opinion's."""
    known = {duty.id for duty in clauses.load().duties}
    areas = "|".join(sorted({duty.area for duty in clauses.load().duties}))
    pattern = re.compile(rf'"((?:{areas})\.\d+)"|^-- duty: (\S+)$', re.MULTILINE)
    cited = {
        (first or second, path.name)
        for path in _sources()
        for first, second in pattern.findall(path.read_text(encoding="utf-8"))
    }
    assert {(duty, name) for duty, name in cited if duty not in known} == set()


def _imported(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name.partition(".")[0] for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        yield (node.module or "").partition(".")[0]


def _sources() -> Iterator[Path]:
    for pattern in ("*.py", "*.sql"):
        yield from (path for path in PACKAGE.rglob(pattern) if "migrations" not in path.parts)


def _reads(source: str, key: str) -> bool:
    """Whether a source names a key, whole or as f"family.{name}" with the name elsewhere in the same file."""
    if re.search(rf"(?<![a-z_.]){re.escape(key)}(?![a-z_.])", source):
        return True
    family, _, name = key.rpartition(".")
    if f'f"{family}.{{' not in source:
        return False
    return name in CODES or re.search(rf"\b{name}\b", source) is not None
