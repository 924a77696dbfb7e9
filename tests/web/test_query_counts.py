"""No page asks the database once for each row that it prints."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jiedui.records.loading import load_tables
from jiedui.records.models import RoleGrant, User, Worker
from jiedui.results.models import IndicatorDefinition, IndicatorValue, PairScore, Proposal, RuleFinding, Run
from tests.records.small_country import country

PAGES = ("/", "/pairs/1/", "/regions/530000/", "/matching/", "/assessment/", "/assessment/pairs/1/", "/runs/")
LIMIT = 40


def run_of(kind: str) -> Run:
    """A finished run."""
    at = datetime(2020, 1, 1, tzinfo=UTC)
    return Run.objects.create(
        kind=kind,
        problem="labour" if kind == "match" else "",
        year=2019,
        status="finished",
        started_at=at,
        finished_at=at,
        scheme="opinion-2016",
        snapshot_digest="a" * 64,
        snapshot_path="x",
        policy_digest="b" * 64,
        code_version="0",
    )


def fill(rows: int) -> Run:
    """A country of `rows` workers, as many proposals, indicators and findings; the run of the proposals."""
    load_tables(country(rows * 3))
    match, assess = run_of("match"), run_of("assess")
    Proposal.objects.bulk_create(
        Proposal(
            run=match,
            worker_id=worker.pk,
            person_id=f"{worker.pk:032x}",
            region_code=worker.region_code,
            vacancy_id=1,
            work_region_code="310115",
            utility=worker.pk,
            price=0,
            tier=1,
            points=[worker.pk],
            wage_fen=350_000,
            dependants=0,
            occupation_fit="any",
        )
        for worker in Worker.objects.all()
    )
    PairScore.objects.create(run=assess, pairing_id=1, side="donor", area="", score=50, rank=1)
    for number in range(rows):
        name = f"poverty.number_{number}"
        IndicatorDefinition.objects.create(
            run=assess, indicator=name, area="poverty", name_zh="数", name_en="number", duty="goal.1", unit="persons",
            side="donor", direction="higher", basis="ours", rule_text="规则", sql="SELECT 1",
        )  # fmt: skip
        IndicatorValue.objects.create(
            run=assess, indicator=name, area="poverty", pairing_id=1, side="donor", value=number, unit="persons",
            evidence_rows=number,
        )  # fmt: skip
        RuleFinding.objects.create(
            run=assess, duty="goal.1", rule="r", severity="warning", subject="s", message="m", pairing_id=1
        )
    return match


def counted(client: Client, match: Run) -> dict[str, int]:
    """How many queries each page makes."""
    found = {}
    for page in (*PAGES, f"/matching/{match.pk}/", f"/matching/{match.pk}/proposals/"):
        client.get(page)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(page).status_code == 200
        found[page] = len(queries)
    return found


@pytest.mark.django_db
@pytest.mark.parametrize("rows", [4, 40])
def test_queries_are_bound(client: Client, rows: int) -> None:
    """Few rows or many, no page makes more than its fixed number of queries."""
    match = fill(rows)
    user = User.objects.create_user("reader", password="x")
    RoleGrant.objects.create(user=user, role="assessor", region_code="", valid=DateRange(date(2016, 1, 1), None))
    client.force_login(user)
    assert {page: number for page, number in counted(client, match).items() if number > LIMIT} == {}


@pytest.mark.django_db
def test_a_user_without_a_grant_sees_nothing(client: Client) -> None:
    """Default deny: signed in and without a role, every page opens and none shows a row about people or money."""
    match = fill(4)
    client.force_login(User.objects.create_user("nobody", password="x"))
    assert "没有可见的建议" in client.get(f"/matching/{match.pk}/proposals/").content.decode()
    assert "没有可见的建档立卡户" in client.get("/regions/530000/").content.decode()
    assert client.get("/records/household/1/").status_code == 404
    assert client.get("/records/worker/1/").status_code == 404
    assert "合成茶园" not in client.get("/pairs/1/").content.decode()
