"""进度: named steps, each with a bar or a spinner, what it found, and how long it took.

On a terminal all steps stand below each other and the running ones move. Elsewhere (a file, a dumb terminal) each step
is one line without control codes.

    with progress.steps(["Read", "Load"]) as steps:
        with steps.step("Read") as step:
            step.note("14 clauses, 32 pairings")
        with steps.step("Load") as step:
            load(rows, progress=step)          # calls step(done, total)
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, SpinnerColumn, Task, TextColumn
from rich.text import Text


@dataclass
class Step:
    """步骤: one named step. Calling it reports what is done so far, of how much."""

    name: str
    _display: _Terminal | _Lines
    done: float = 0
    total: float | None = None
    found: str = ""
    started: float = field(default_factory=time.monotonic)

    def __call__(self, done: float, total: float | None = None) -> None:
        """`done` of `total` is reached (absolute numbers; without a total the spinner turns)."""
        self.done, self.total = done, self.total if total is None else total
        self._display.changed(self)

    def advance(self, by: float = 1, total: float | None = None) -> None:
        """`by` more is done."""
        self(self.done + by, total)

    def note(self, text: str) -> None:
        """What the step found, in a few words, shown beside it."""
        self.found = text
        self._display.changed(self)

    @property
    def seconds(self) -> float:
        """Elapsed so far."""
        return time.monotonic() - self.started


class Steps:
    """步骤表: the steps of one job, in order. `console` prints above the bars."""

    def __init__(self, names: Sequence[str], console: Console) -> None:
        self.names = list(names)
        self.console = console
        moving = console.is_terminal and not console.is_dumb_terminal
        self._display = _Terminal(self.names, console) if moving else _Lines(self.names, console)

    @contextlib.contextmanager
    def step(self, name: str) -> Iterator[Step]:
        """Run one of the named steps; an error marks it as failed and passes on."""
        if name not in self.names:
            raise KeyError(name)
        step = Step(name, self._display)
        self._display.begun(step)
        try:
            yield step
        except BaseException:
            self._display.ended(step, failed=True)
            raise
        self._display.ended(step, failed=False)

    def print(self, text: str = "") -> None:
        """A line of its own, above the bars; the text is printed as it is."""
        self._display.line_break()
        self.console.print(escape(text), highlight=False)


@contextlib.contextmanager
def steps(names: Sequence[str], *, console: Console | None = None) -> Iterator[Steps]:
    """进度显示: show the named steps while the body runs."""
    shown = Steps(names, console or Console())
    with shown._display:
        yield shown


class _Terminal:
    """All steps below each other, redrawn in place by Rich."""

    def __init__(self, names: list[str], console: Console) -> None:
        self.progress = Progress(
            SpinnerColumn(finished_text="[green]✓"),
            TextColumn("{task.fields[mark]}{task.description}"),
            BarColumn(bar_width=24),
            _Seconds(),
            TextColumn("[dim]{task.fields[found]}"),
            console=console,
        )
        width = max(map(len, names), default=0)
        self.tasks = {
            name: self.progress.add_task(escape(name.ljust(width)), start=False, visible=False, found="", mark="")
            for name in names
        }

    def __enter__(self) -> None:
        self.progress.start()

    def __exit__(self, *error: object) -> None:
        self.progress.stop()

    def begun(self, step: Step) -> None:
        task = self.tasks[step.name]
        self.progress.reset(task, total=None, visible=True, found="", mark="")

    def changed(self, step: Step) -> None:
        self.progress.update(self.tasks[step.name], completed=step.done, total=step.total, found=escape(step.found))

    def ended(self, step: Step, *, failed: bool) -> None:
        task = self.tasks[step.name]
        if failed:
            self.progress.update(task, mark="[red]✗ ")
            self.progress.stop_task(task)
        else:
            total = step.total or 1
            self.progress.update(task, completed=total, total=total, found=escape(step.found))

    def line_break(self) -> None:
        """Rich keeps the bars below what is printed."""


class _Seconds(TextColumn):
    """Elapsed time with a tenth of a second; stands still when the step is finished."""

    def __init__(self) -> None:
        super().__init__("")

    def render(self, task: Task) -> Text:
        seconds = task.finished_time if task.finished else task.elapsed
        return Text("" if seconds is None else f"{seconds:6.1f} s", style="cyan")


class _Lines:
    """One line for each step: its number and name when it begins, result and seconds when it ends."""

    def __init__(self, names: list[str], console: Console) -> None:
        self.names, self.console, self.open = names, console, False

    def __enter__(self) -> None:
        """Nothing to set up."""

    def __exit__(self, *error: object) -> None:
        self.line_break()

    def begun(self, step: Step) -> None:
        self.line_break()
        self._write(f"[{self.names.index(step.name) + 1}/{len(self.names)}] {step.name} … ", end="")
        self.open = True

    def changed(self, step: Step) -> None:
        """Only the end of a step is written."""

    def ended(self, step: Step, *, failed: bool) -> None:
        found = f"{step.found}, " if step.found else ""
        prefix = "" if self.open else f"    {step.name}: "
        self._write(f"{prefix}{'failed' if failed else 'done'}: {found}{step.seconds:.1f} s", end="\n")
        self.open = False

    def line_break(self) -> None:
        if self.open:
            self._write("", end="\n")
            self.open = False

    def _write(self, text: str, *, end: str) -> None:
        self.console.file.write(text + end)
        self.console.file.flush()
