"""清查: which rules, indicators, tables, parameters, tests and pages serve which duty, read off the source.

It reads source text and imports none of it, so that it needs no database, no Django and no optional dependency, and
can look at rooms that stand above this one.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from jiedui.policy import clauses, parameters
from jiedui.policy.clauses import Clauses, Duty

Kind = Literal["rule", "indicator", "table", "parameter", "test", "page"]
KINDS: Final[dict[Kind, tuple[str, str]]] = {
    "rule": ("规则", "rules"),
    "indicator": ("指标", "indicators"),
    "table": ("记录", "tables"),
    "parameter": ("参数", "parameters"),
    "test": ("测试", "tests"),
    "page": ("页面", "pages"),
}
_GROUNDS: Final[dict[str, Kind]] = {
    "implements": "rule",
    "interprets": "rule",
    "assumes": "rule",
    "serves": "page",
}
_DUTY_LINE: Final = re.compile(r"^-- duty:\s*(.+?)\s*$", re.MULTILINE)
Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


@dataclass(frozen=True, slots=True, order=True)
class Mention:
    """提及: that something serves a duty; `where` is a path with the name in it, or the key of a parameter."""

    duty: str
    kind: Kind
    where: str

    @property
    def short(self) -> str:
        """短名: the name of a rule, test or table, the file of an indicator or page, a parameter without its area."""
        path, _, name = self.where.partition("::")
        if self.kind == "parameter":
            return path.partition(".")[2]
        return name if name and self.kind != "page" else Path(path).stem


@dataclass(frozen=True, slots=True)
class Hole:
    """缺口: what does not hold about a duty; a `fatal` one fails the build."""

    duty: str
    message: str
    fatal: bool


@dataclass(frozen=True, slots=True)
class Inventory:
    """清查结果: all mentions, sorted; `tests_seen` is False where the tests are not at hand (an installed package)."""

    mentions: tuple[Mention, ...]
    tests_seen: bool

    def of(self, duty: str, kind: Kind) -> tuple[Mention, ...]:
        """某职责某类: the mentions of a duty by one kind of thing."""
        return tuple(mention for mention in self.mentions if (mention.duty, mention.kind) == (duty, kind))

    def holes(self, held: Clauses | None = None) -> tuple[Hole, ...]:
        """缺口清单: duties whose status is not borne out, and citations of duties that do not exist."""
        held = held or clauses.load()
        known = {duty.id for duty in held.duties}
        strays = (
            Hole(mention.duty, f"{mention.where} cites a duty that does not exist", fatal=True)
            for mention in self.mentions
            if mention.duty not in known
        )
        return (*(hole for duty in held.duties for hole in self._holes_of(duty)), *strays)

    def _holes_of(self, duty: Duty) -> Iterator[Hole]:
        does = self.of(duty.id, "rule") or self.of(duty.id, "indicator")
        keeps = self.of(duty.id, "table")
        if duty.status == "implemented":
            if self.tests_seen and not self.of(duty.id, "test"):
                yield Hole(duty.id, "called implemented, and no test holds it", fatal=True)
            if not does and not keeps:
                yield Hole(duty.id, "called implemented, and no rule, indicator or table cites it", fatal=True)
            if not self.of(duty.id, "page"):
                yield Hole(duty.id, "no page or report shows it", fatal=False)
        elif duty.status == "recorded_only" and not keeps:
            yield Hole(duty.id, "called recorded only, and no table cites it", fatal=True)
        elif duty.status == "partly" and not (does or keeps or self.of(duty.id, "page")):
            yield Hole(duty.id, "called partly done, and nothing cites it", fatal=True)
        elif duty.status == "partly" and self.tests_seen and not self.of(duty.id, "test"):
            yield Hole(duty.id, "called partly done, and no test holds it", fatal=False)
        elif duty.status == "not_yet":
            yield Hole(duty.id, duty.missing_en, fatal=False)


def gather(package: Path, tests: Path | None = None) -> Inventory:
    """清查: of a source tree (`jiedui/`) and its tests (None, or a folder that is not there: not looked at)."""
    tests_seen = tests is not None and tests.is_dir()
    found = [
        *_scan(package, package.parent, _citations),
        *_scan(package / "snapshot" / "schema", package.parent, _tables),
        *_indicators(package),
        *(Mention(parameter.duty, "parameter", parameter.key) for parameter in parameters.every()),
    ]
    if tests is not None and tests_seen:
        found += _scan(tests, tests.parent, _marks)
    return Inventory(tuple(sorted(set(found))), tests_seen)


def here() -> Inventory:
    """本机清查: of the installed package, with the tests of its checkout where there is one."""
    package = Path(__file__).parents[1]
    return gather(package, package.parent / "tests")


def _scan(folder: Path, root: Path, read: Callable[[ast.Module, str], Iterable[Mention]]) -> Iterator[Mention]:
    for path in sorted(folder.rglob("*.py")):
        if "migrations" not in path.parts:
            text = path.read_text(encoding="utf-8")
            yield from read(ast.parse(text), path.relative_to(root).as_posix())


def _definitions(module: ast.Module) -> Iterator[tuple[str, Definition]]:
    for node in module.body:
        if isinstance(node, Definition):
            yield node.name, node
            if isinstance(node, ast.ClassDef):
                inner = (child for child in node.body if isinstance(child, Definition))
                yield from ((f"{node.name}.{child.name}", child) for child in inner)


def _citations(module: ast.Module, where: str) -> Iterator[Mention]:
    for name, node in _definitions(module):
        for call in (decorator for decorator in node.decorator_list if isinstance(decorator, ast.Call)):
            kind = _GROUNDS.get(_called(call))
            if kind:
                yield from (Mention(duty, kind, f"{where}::{name}") for duty in _texts(call.args))


def _marks(module: ast.Module, where: str) -> Iterator[Mention]:
    whole = [
        duty
        for node in module.body
        if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == "pytestmark" for t in node.targets)
        for call in ast.walk(node.value)
        if isinstance(call, ast.Call) and _called(call) == "duty"
        for duty in _texts(call.args)
    ]
    inherited: dict[str, list[str]] = {}
    for name, node in _definitions(module):
        calls = (decorator for decorator in node.decorator_list if isinstance(decorator, ast.Call))
        own = [duty for call in calls if _called(call) == "duty" for duty in _texts(call.args)]
        inherited[name] = own
        if node.name.startswith("test_"):
            duties = {*whole, *own, *inherited.get(name.rpartition(".")[0], ())}
            yield from (Mention(duty, "test", f"{where}::{name}") for duty in duties)


def _tables(module: ast.Module, where: str) -> Iterator[Mention]:
    for call in ast.walk(module):
        if isinstance(call, ast.Call) and _called(call) == "Table":
            given = {keyword.arg: keyword.value for keyword in call.keywords}
            name, duties = given.get("name"), given.get("duties")
            if name and isinstance(duties, ast.Tuple):
                (table,) = _texts([name])
                yield from (Mention(duty, "table", f"{where}::{table}") for duty in _texts(duties.elts))


def _indicators(package: Path) -> Iterator[Mention]:
    for path in sorted((package / "assessment" / "schemes").rglob("*.sql")):
        for line in _DUTY_LINE.findall(path.read_text(encoding="utf-8")):
            for duty in line.split(","):
                yield Mention(duty.strip(), "indicator", path.relative_to(package.parent).as_posix())


def _called(call: ast.Call) -> str:
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _texts(nodes: Iterable[ast.expr]) -> list[str]:
    return [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]
