"""An old report is walked back in the run that it names, not in the latest one."""

from __future__ import annotations

import re
import uuid
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest
from django.test import Client

from jiedui.results import evidence
from jiedui.results.models import IndicatorDefinition, IndicatorValue, PairScore, Run
from tests.web.test_errors import assessor as assessor
from tests.web.test_query_counts import run_of

NAME = "poverty.exited_persons"
ROWS = {"old": 11, "new": 22}


def assessed(folder: Path, name: str) -> Run:
    """A finished assessment with one value, which is its number of rows."""
    run, size = run_of("assess"), ROWS[name]
    run.folder, run.snapshot_digest = str(folder / name), name * 10
    run.finished_at = datetime(2020, 1, size, tzinfo=UTC)
    run.save()
    IndicatorDefinition.objects.create(
        run=run, indicator=NAME, area="poverty", name_zh="脱贫人数", name_en="Persons out of poverty", duty="goal.1",
        unit="persons", side="recipient", direction="higher", basis="ours", rule_text="规则", sql="SELECT 1",
    )  # fmt: skip
    IndicatorValue.objects.create(
        run=run, indicator=NAME, area="poverty", pairing_id=1, side="recipient", value=size, unit="persons",
        evidence_rows=size,
    )  # fmt: skip
    PairScore.objects.create(run=run, pairing_id=1, side="recipient", area="", score=50, rank=1)
    row = {"indicator": NAME, "side": "recipient", "pairing_id": 1, "row_table": "status_change", "subject": "x"}
    rows = [{**row, "row_id": str(number), "region_code": "530602101001"} for number in range(size)]
    evidence.write(run, pa.Table.from_pylist(rows, schema=evidence.SCHEMA))
    return run


@pytest.fixture
def runs(assessor: Client, tmp_path: Path) -> dict[str, Run]:
    """Two assessments, the old one with other numbers than the new one."""
    from jiedui.records.loading import load_tables
    from tests.records.small_country import country

    load_tables(country())
    return {name: assessed(tmp_path, name) for name in ROWS}


PAGES = (
    "/assessment/",
    "/assessment/pairs/1/",
    f"/assessment/indicators/{NAME}/",
    f"/assessment/evidence/{NAME}/1/recipient/",
)


@pytest.mark.django_db
@pytest.mark.parametrize("page", PAGES)
def test_the_run_of_the_address_is_shown(assessor: Client, runs: dict[str, Run], page: str) -> None:
    """Each page shows the run asked for with its digest below; without one the latest."""
    for query, shown, other in ((f"?run={runs['old'].pk}", "old", "new"), ("", "new", "old")):
        text = assessor.get(page + query).content.decode()
        assert f'title="{shown * 10}"' in text
        assert other * 10 not in text
        if page != "/assessment/":
            assert re.search(rf">{ROWS[shown]}\b", text)
            assert not re.search(rf">{ROWS[other]}\b", text)


@pytest.mark.django_db
@pytest.mark.parametrize("page", PAGES)
def test_the_walk_stays_in_the_run(assessor: Client, runs: dict[str, Run], page: str) -> None:
    """Every link between these pages keeps the run that was asked for, and none carries one when none was."""
    query = f"?run={runs['old'].pk}"
    links = re.findall(r'(?:href|data-link)="(/assessment/[^"]*)"', assessor.get(page + query).content.decode())
    leaving = {"/assessment/", page}  # the navigation, and the way to the latest
    assert [link for link in links if query in link]
    assert [link for link in links if query not in link and link not in leaving] == []
    assert "?run=" not in assessor.get(page).content.decode()


@pytest.mark.django_db
def test_pages_and_sides_keep_the_run(assessor: Client, runs: dict[str, Run]) -> None:
    """Buttons that change one thing of the address change nothing else of it."""
    text = assessor.get(f"/assessment/?run={runs['old'].pk}").content.decode()
    assert f"?run={runs['old'].pk}&amp;side=donor" in text


@pytest.mark.django_db
def test_a_run_leads_to_its_numbers(assessor: Client, runs: dict[str, Run]) -> None:
    """The page of a finished assessment links to its numbers; that of another run does not."""
    link = f'href="/assessment/?run={runs["old"].pk}"'
    assert link in assessor.get(f"/runs/{runs['old'].pk}/").content.decode()
    assert "/assessment/?run=" not in assessor.get(f"/runs/{run_of('match').pk}/").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("page", PAGES)
def test_only_finished_assessments_can_be_asked_for(assessor: Client, runs: dict[str, Run], page: str) -> None:
    """An unknown number, no number at all, a match and a run that failed are not found."""
    failed = run_of("assess")
    Run.objects.filter(pk=failed.pk).update(status="failed")
    for number in (uuid.uuid4(), "latest", "%00", run_of("match").pk, failed.pk):
        reply = assessor.get(f"{page}?run={number}")
        assert reply.status_code == 404
        assert "没有编号如此的已完成考核" in reply.content.decode()
