"""考核运行: what paper needs to know of an assessment run, read once from results."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from jiedui.errors import JieduiError
from jiedui.policy import clauses, published
from jiedui.policy.rules.pairing import Responsibility, responsibility_table
from jiedui.reports.yearly.content import MISSING, Lineage
from jiedui.results.models import IndicatorDefinition, PairScore, Run
from jiedui.terms import codelists
from jiedui.terms.divisions import Gazetteer
from jiedui.terms.pairs import Pairing

LOCAL = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class AssessedRun:
    """考核运行: the run with its pairs and definitions."""

    run: Run
    pairings: dict[int, Pairing]
    definitions: dict[tuple[str, str], IndicatorDefinition]

    @property
    def year(self) -> int:
        """The assessed year."""
        return int(self.run.year or 0)

    @property
    def as_of(self) -> date:
        """The day of the snapshot."""
        return date.fromisoformat(self.run.summary["as_of"])

    @property
    def synthetic(self) -> bool:
        """Whether the snapshot says that its people are made up."""
        return bool(self.run.summary.get("synthetic"))

    @property
    def areas(self) -> tuple[tuple[str, str], ...]:
        """(identifier, Chinese title) of the run's areas in the order of clause (十四)."""
        present = {definition.area for definition in self.definitions.values()}
        known = [(area, title) for area, (title, _) in codelists.AREA.items() if area in present]
        return tuple(known + [(area, area) for area in sorted(present - codelists.AREA.keys())])

    def pairing(self, pairing_id: int) -> Pairing:
        """The pair with this number; `JieduiError` when the run did not assess it."""
        if pairing_id not in self.pairings:
            raise JieduiError(
                f"Pair {pairing_id} was not assessed in run {str(self.run.run_id)[:8]}.",
                remedy="`jiedui report --list` names the pairs that were.",
            )
        return self.pairings[pairing_id]

    def lineage(self) -> Lineage:
        """What is needed to make the same numbers again."""
        finished = self.run.finished_at
        return Lineage(
            run_id=str(self.run.run_id),
            finished_at=finished.astimezone(LOCAL).strftime("%Y-%m-%d %H:%M") if finished else "",
            snapshot_digest=self.run.snapshot_digest,
            policy_digest=self.run.policy_digest,
            code_version=self.run.code_version,
            scheme=self.run.scheme,
            as_of=self.as_of.isoformat(),
        )

    def rank_range(self, pairing_id: int, side: str) -> str:
        """名次区间: where the rank lies when the weights vary, e.g. 2–5; "" where it was not computed."""
        for row in self.run.summary.get("sensitivity", ()):
            if (row["pairing_id"], row["side"]) == (pairing_id, side) and row["rank_low"] is not None:
                return f"{row['rank_low']}–{row['rank_high']}"
        return ""

    def reach(self, pairing_id: int) -> tuple[str, ...]:
        """帮扶到的人: distinct persons and the sum of areas, side by side (one person may be reached in several)."""
        rows = {row["area"]: row["persons"] for row in self.run.summary["reach"] if row["pairing_id"] == pairing_id}
        if "distinct" not in rows:
            return ()
        return (
            f"本结对关系全年帮扶到 {rows['distinct']:,} 人（每人只计一次）；各方面分别计数后相加为 "
            f"{rows['sum_of_areas']:,} 人次，两者不可混用。",
        )

    def poor_counties(self) -> list[tuple[published.PovertyCounty, Responsibility]]:
        """Each of the 832 counties with the pairs responsible for it on the snapshot's day (pairing.2)."""
        counties = published.poverty_counties()
        rows = responsibility_table([one.place_code for one in counties], self.as_of, self.pairings.values())
        return list(zip(counties, rows, strict=True))


def read(run: Run) -> AssessedRun:
    """The assessed run; `JieduiError` for a run of another kind or one that is not finished."""
    if run.kind != "assess" or run.status != "finished":
        raise JieduiError(f"Run {str(run.run_id)[:8]} is no finished assessment.", remedy="Run `jiedui assess` first.")
    definitions = {(one.indicator, one.side): one for one in run.definitions.all()}
    return AssessedRun(run, {one.pairing_id: one for one in _pairings(run.summary["pairings"])}, definitions)


def rank_of_peers(score: PairScore) -> str:
    """同类位次: e.g. 3 / 15; a dash where the side is not ranked."""
    return MISSING if score.rank is None else f"{score.rank} / {score.peers}"


def mechanism(pairing: Pairing) -> str:
    """机制: the Chinese name of a pair's scheme."""
    return codelists.SCHEME[pairing.scheme][0]


def place(code: str, on: date) -> str:
    """地名: the full name of a division on a day."""
    return Gazetteer.load().name(code, on)


def clause_label(duty_id: str) -> str:
    """条款号: the clause that a duty belongs to, e.g. （十四）."""
    book = clauses.load()
    number = book.duty(duty_id).clause
    return "" if number is None else f"（{book.clause(number).numeral}）"


def _pairings(rows: Iterable[Mapping[str, Any]]) -> list[Pairing]:
    return [
        Pairing(
            pairing_id=row["pairing_id"],
            donor_code=row["donor_code"],
            recipient_code=row["recipient_code"],
            level=row["level"],
            scheme=row["scheme"],
            basis=row["basis"],
            valid_from=date.fromisoformat(row["valid_from"]),
            valid_to=date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
        )
        for row in rows
    ]
