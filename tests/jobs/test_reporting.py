"""From a stored assessment to paper: what is printed is what was stored."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import docx
import pytest
from python_calamine import CalamineWorkbook

from jiedui import snapshot
from jiedui.errors import JieduiError
from jiedui.jobs.assessing import assess
from jiedui.jobs.reporting import write_reports
from jiedui.reports import files
from jiedui.reports.national import gather as national
from jiedui.reports.yearly import gather as yearly
from jiedui.results.models import IndicatorValue, Run
from jiedui.simulate import country
from jiedui.simulate.tables import pseudonym_key


@pytest.fixture(scope="module")
def frozen(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A synthetic country of 3,000 persons."""
    folder: Path = tmp_path_factory.mktemp("report") / "snapshot"
    tables = snapshot.freeze_tables(country(persons=3000, seed=3), pseudonym_key(3))
    snapshot.write(tables, folder, as_of=date(2019, 12, 31), policy_digest="test", synthetic=True)
    return folder


@pytest.fixture
def run(frozen: Path, transactional_db: None) -> Run:
    """Its stored assessment."""
    return assess(frozen)


def test_a_run_has_its_reports(run: Run) -> None:
    """Word, PDF and Excel lie in the run's folder under names that can be found again; progress counts them."""
    heard: list[tuple[int, int]] = []
    written = write_reports(run, [4, 1], progress=lambda done, total: heard.append((done, total)))
    assert [path.suffix for path in written] == [".docx", ".pdf", ".docx", ".pdf", ".xlsx"]
    assert heard == [(number, 5) for number in range(1, 6)]
    listed = files.listing(run)
    assert {one.path for one in listed} == set(written)
    assert {(one.kind, one.pairing_id) for one in listed} == {("yearly", 1), ("yearly", 4), ("national", None)}
    assert files.find(run, "yearly-2019-pair-4.pdf") is not None
    assert files.find(run, "../../keys.toml") is None


@pytest.mark.duty("assessment.4")
def test_word_prints_the_stored_values(run: Run) -> None:
    """Every indicator of the pair stands in the Word tables with its value, unit and number of evidence rows."""
    report = yearly.gather(run, 4)
    path = write_reports(run, [4])[0]
    cells = [[cell.text for cell in row.cells] for table in docx.Document(str(path)).tables for row in table.rows]
    for section in report.areas:
        for line in section.lines:
            expected = [line.name, line.unit, line.value, line.previous, line.target, line.score, line.evidence_rows]
            assert expected in cells
    stored = {(one.indicator, one.side): one for one in IndicatorValue.objects.filter(run=run, pairing_id=4)}
    printed = {(line.indicator, line.side): line for section in report.areas for line in section.lines}
    assert printed.keys() == stored.keys()
    for key, value in stored.items():
        assert (printed[key].value == "—") == (value.value is None)
        assert printed[key].evidence_rows == f"{value.evidence_rows:,}"


@pytest.mark.duty("assessment.1")
def test_excel_holds_the_stored_values(run: Run) -> None:
    """Each cell of the sheet of values is the stored value in its printed unit, or empty where there is none."""
    table = national.gather(run)
    workbook = CalamineWorkbook.from_path(str(write_reports(run, [])[0]))
    rows = {int(row[0]): row for row in workbook.get_sheet_by_name("指标值").to_python()[4:]}
    factors = {"万元": Decimal("0.000001"), "%": Decimal(100)}
    stored = {(one.pairing_id, one.indicator, one.side): one for one in IndicatorValue.objects.filter(run=run)}
    assert len(rows) == 32
    for (pairing_id, indicator, side), value in stored.items():
        index, column = next(
            (index, column)
            for index, column in enumerate(table.columns, start=3)
            if (column.indicator, column.side) == (indicator, side)
        )
        cell = rows[pairing_id][index]
        if value.value is None:
            assert cell == ""
        else:
            assert float(cell) == pytest.approx(float(value.value * factors.get(column.unit, 1)), abs=0.0051)


@pytest.mark.duty("pairing.2")
def test_excel_names_who_is_responsible_for_each_poor_county(run: Run) -> None:
    """All 832 counties stand in the workbook; 186 in a named prefecture, 287 through their province, 359 outside."""
    workbook = CalamineWorkbook.from_path(str(write_reports(run, [])[0]))
    reach = [row[4] for row in workbook.get_sheet_by_name("贫困县").to_python()[4:]]
    assert {how: reach.count(how) for how in set(reach)} == {"点名结对": 186, "随省结对": 287, "未结对": 359}


def test_a_pair_that_was_not_assessed_is_named(run: Run) -> None:
    """A wrong number is one sentence."""
    with pytest.raises(JieduiError, match="Pair 99 was not assessed"):
        yearly.gather(run, 99)


def test_an_unfinished_run_has_no_report(run: Run) -> None:
    """Numbers of a run that did not finish are never printed."""
    run.status = "failed"
    with pytest.raises(JieduiError, match="no finished assessment"):
        national.gather(run)
