"""演示: the whole journey once, from the published page to an assessed and reported programme.

Every step can be killed and run again: what a step writes, it writes whole, and what is already there is recognised by
its origin (seed, digest, versions) and reused.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jiedui import policy
from jiedui.errors import JieduiError
from jiedui.policy import clauses, published
from jiedui.policy.rules.pairing import count_by_reach, coverage, responsibility_table
from jiedui.runtime import progress, settings

if TYPE_CHECKING:
    from jiedui.policy.reading import Reading
    from jiedui.results.models import Run

_MAKING = 0.15  # share of the time in which people are made; the rest is loading them
PAIRS = {
    "county_pair": ("县级结对", "county pairs"),
    "post": ("人选与岗位", "candidates for posts"),
    "village": ("企业与村", "firms for villages"),
    "need": ("需求与意向", "offers for needs"),
}
"""The other matches of the snapshot."""
STEPS = ("Start", "Read", "Load", "Populate", "Import", "Freeze", "Match", "Assess", "Report")


@dataclass(frozen=True, slots=True)
class Plan:
    """演示方案: what to run. `pairs` get a yearly report each; `page` is a published page to read first."""

    page: Path | None = None
    persons: int = 100_000
    seed: int = 2016
    as_of: date = date(2019, 12, 31)
    pairs: tuple[int, ...] = (4,)

    @property
    def year(self) -> int:
        """The assessed year."""
        return self.as_of.year


@dataclass
class Outcome:
    """演示结果: what was found, where it lies, who may sign in."""

    lines: list[tuple[str, str]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    reports: list[Path] = field(default_factory=list)
    comparison: list[dict[str, Any]] = field(default_factory=list)
    """Of each way to match: `way`, `placements`, `utility` (points), `mean_distance_km`."""
    users: list[tuple[str, str, str]] = field(default_factory=list)

    def found(self, step: progress.Step, text: str) -> None:
        """What a step found: shown beside its bar and in the summary."""
        step.note(text)
        self.lines.append((step.name, text))


def run(plan: Plan) -> Outcome:
    """Run all steps of the demo; raises `JieduiError` at the first that cannot be done."""
    outcome = Outcome()
    with progress.steps(STEPS) as steps:
        with steps.step("Start") as step:
            _start(step, outcome)
        with steps.step("Read") as step:
            _read(plan, step, outcome)
        with steps.step("Load") as step:
            _load(step, outcome)
        with steps.step("Populate") as step:
            _populate(plan, step, outcome)
        with steps.step("Import") as step:
            _import(plan, step, outcome)
        with steps.step("Freeze") as step:
            snapshot, digest = _freeze(plan, step, outcome)
        with steps.step("Match") as step:
            _match(plan, snapshot, digest, step, outcome)
        with steps.step("Assess") as step:
            assessed = _assess(plan, snapshot, digest, step, outcome)
        with steps.step("Report") as step:
            _report(plan, assessed, step, outcome)
    return outcome


def _start(step: progress.Step, outcome: Outcome) -> None:
    from jiedui.runtime import django

    django.setup()
    from jiedui.jobs import databases

    databases.migrate()
    where = "from DATABASE_URL" if settings.load().database_url else "embedded"
    outcome.found(step, f"PostgreSQL {databases.version()}, {where}")


def _read(plan: Plan, step: progress.Step, outcome: Outcome) -> None:
    known = {(one.donor_code, one.recipient_code) for one in published.pairings_2016()}
    if plan.page is None:
        donors, recipients = len({donor for donor, _ in known}), len({recipient for _, recipient in known})
        clause_count = len(clauses.load().clauses)
        outcome.found(
            step,
            f"the facts in policy/: {clause_count} clauses, {len(known)} pairings, {donors} donors, "
            f"{recipients} recipients",
        )
        return
    from jiedui.policy.reading import read_page, write

    reading = read_page(plan.page.read_bytes())
    folder = settings.load().home / "reading"
    write(reading, folder)
    outcome.found(step, f"{len(reading.clauses)} clauses, {len(reading.pairings)} pairings, listed in {folder}")
    _compare(reading, known, outcome)


def _compare(reading: Reading, known: set[tuple[str, str]], outcome: Outcome) -> None:
    """Say how the page differs from the published facts that the demo runs on."""
    read = {(one.donor.code, one.recipient.code) for one in reading.pairings}
    if read == known:
        outcome.lines.append(("", f"the page's pairings equal the {len(known)} published ones"))
    else:
        outcome.warnings.append(
            f"The page differs from the published pairings ({len(read - known)} more, {len(known - read)} fewer); "
            f"the demo runs on the {len(known)} published ones."
        )


def _load(step: progress.Step, outcome: Outcome) -> None:
    from jiedui.records import loading

    loading.load_regions()
    pairings = published.pairings_2016()
    day = pairings[0].valid_from
    counties = published.poverty_counties()
    reached = count_by_reach(responsibility_table([one.place_code for one in counties], day, pairings))
    covered = count_by_reach(coverage([one.code for one in published.autonomous_prefectures()], pairings, day))
    outcome.found(
        step,
        f"{len(counties)} poor counties: {reached['named']} in a named prefecture, {reached['via_province']} through "
        f"their province, {reached['outside']} outside clause (四)",
    )
    outcome.lines.append(
        (
            "",
            f"{sum(covered.values())} autonomous prefectures: {covered['named']} named, {covered['via_province']} "
            f"through their province, {covered['counterpart_only']} only through counterpart support",
        )
    )


def _populate(plan: Plan, step: progress.Step, outcome: Outcome) -> None:
    from jiedui.records import loading
    from jiedui.records.actions.access import create_demo_users
    from jiedui.simulate import country
    from jiedui.simulate.places import village_names

    origin = loading.Origin(what=f"simulate {plan.persons} persons as of {plan.as_of}", seed=plan.seed, synthetic=True)
    batch = loading.loaded(origin)
    reused = batch is not None
    if batch is None:
        _refuse_real_records()
        tables = country(
            persons=plan.persons,
            seed=plan.seed,
            as_of=plan.as_of,
            progress=lambda done, of: step(_MAKING * done / of, 1),
        )
        batch = loading.load_tables(
            tables,
            progress=lambda done, of: step(_MAKING + (1 - _MAKING) * done / of, 1),
            replace=True,
            origin=origin,
        )
        loading.load_villages(village_names(tables["household"]["region_code"]))
        _keep_open(plan.as_of)
    outcome.users = create_demo_users()
    rows = batch.rows
    outcome.found(
        step,
        f"{rows['person']:,} persons in {rows['household']:,} households, {rows['worker']:,} workers, "
        f"{rows['vacancy']:,} vacancies{' (already there)' if reused else ''}",
    )


def _keep_open(as_of: date) -> None:
    """Vacancies that wait on the country's day stay open for a year from today, so that whoever tries it can sign."""
    from jiedui.records.models import Vacancy

    Vacancy.objects.filter(open_to__gt=as_of).update(open_to=date.today() + timedelta(days=365))


def _import(plan: Plan, step: progress.Step, outcome: Outcome) -> None:
    """A county's roster comes back changed, and waits on the page for an officer's decision."""
    from jiedui.jobs.demo_roster import send_one

    outcome.found(step, send_one(plan.as_of.year))


def _refuse_real_records() -> None:
    """The demo replaces what was loaded before: never anything but synthetic data."""
    from jiedui.records import loading, models

    if models.Household.objects.exists() and not loading.is_synthetic():
        raise JieduiError(
            "This database holds records that are not synthetic; the demo does not touch them.",
            remedy="Give the demo a database of its own: unset DATABASE_URL, or set JIEDUI_HOME to another folder.",
        )


def _freeze(plan: Plan, step: progress.Step, outcome: Outcome) -> tuple[Path, str]:
    from jiedui.jobs.freezing import freeze_by_digest

    directory, manifest = freeze_by_digest(as_of=plan.as_of, progress=step)
    rows = sum(table.rows for table in manifest.tables)
    outcome.found(step, f"{rows:,} rows, digest {manifest.digest[:16]}… verified")
    return directory, manifest.digest


def _match(plan: Plan, snapshot: Path, digest: str, step: progress.Step, outcome: Outcome) -> None:
    from jiedui.jobs import matching
    from jiedui.results.queries.runs import same

    def known(problem: str) -> Run | None:
        return same("match", snapshot_digest=digest, policy_digest=policy.digest(), problem=problem)

    done = known("labour")
    run = done or matching.match(snapshot, on=plan.as_of, progress=step)
    others = [known(problem) or matching.match(snapshot, problem=problem, on=plan.as_of) for problem in PAIRS]
    summary = run.summary
    certificate = summary["certificate"]
    proof = "proven optimal" if certificate["proven"] else f"within {certificate['gap']:.4%} of the optimum"
    outcome.found(step, f"{certificate['placements']:,} proposals, {proof}{' (already there)' if done else ''}")
    outcome.comparison = summary["comparison"]
    counted = ", ".join(
        f"{label[1]} {one.pair_proposals.count():,}" for label, one in zip(PAIRS.values(), others, strict=True)
    )
    outcome.lines.append(("", counted))


def _assess(plan: Plan, snapshot: Path, digest: str, step: progress.Step, outcome: Outcome) -> Run:
    from jiedui.jobs import assessing
    from jiedui.results.queries.runs import same

    done = same("assess", snapshot_digest=digest, policy_digest=policy.digest())
    run = done or assessing.assess(snapshot, year=plan.year, progress=step)
    values = run.values.count()
    missing = run.values.filter(value__isnull=True).count()
    outcome.found(
        step,
        f"{len(run.summary['pairings'])} pairs × 2 sides, {values:,} values ({missing} missing, never zero), "
        f"{run.findings.count():,} findings{' (already there)' if done else ''}",
    )
    return run


def _report(plan: Plan, assessed: Run, step: progress.Step, outcome: Outcome) -> None:
    from jiedui.jobs.reporting import write_reports

    outcome.reports = write_reports(assessed, plan.pairs, progress=step)
    outcome.found(step, f"{len(outcome.reports)} files")
