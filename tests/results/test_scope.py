"""Results about people, as the pages' database role sees them."""

from __future__ import annotations

import psycopg
import pytest
from django.utils import timezone

from jiedui.results.models import Proposal, RuleFinding, Run
from jiedui.terms.scope import Scope

PLACES = ("530602101001", "533301100001", "522601100001")


@pytest.fixture
def stored(transactional_db):
    """One run with a proposal and a finding for each place, and a finding about a pair as such."""
    run = Run.objects.create(
        kind="assess", snapshot_digest="d", snapshot_path="s", policy_digest="p", started_at=timezone.now()
    )
    common = {"run": run, "vacancy_id": 1, "work_region_code": "310115", "utility": 1, "tier": 0}
    for number, place in enumerate(PLACES, start=1):
        Proposal.objects.create(worker_id=number, person_id="a" * 32, region_code=place, **common)
    for place in (*PLACES, ""):
        RuleFinding.objects.create(
            run=run, duty="labour.5", rule="r", severity="note", subject="s", message="m", message_en="m",
            region_code=place,
        )  # fmt: skip
    return run


@pytest.mark.parametrize("prefixes", [[], ["53"], ["5306", "52"], ["533301100001"], [""]])
def test_the_database_shows_what_the_query_shows(stored, web_dsn, prefixes):
    """Raw SQL under a scope gives the proposals and findings of the places inside it, and no other."""
    scope = Scope.of(prefixes)
    with psycopg.connect(web_dsn) as web:
        web.execute("SELECT set_config('jiedui.scope', %s, true)", [scope.multirange()])
        proposals = {place for (place,) in web.execute("SELECT region_code FROM results_proposal")}
        findings = {place for (place,) in web.execute("SELECT region_code FROM results_rule_finding")}
    inside = {place for place in PLACES if place in scope}
    assert proposals == inside == set(Proposal.objects.within(scope).values_list("region_code", flat=True))
    assert findings == inside | {""}


def test_without_a_scope_no_proposal_is_shown(stored, web_dsn):
    """Default deny holds for results too."""
    with psycopg.connect(web_dsn) as web:
        assert web.execute("SELECT count(*) FROM results_proposal").fetchone() == (0,)
        assert web.execute("SELECT count(*) FROM results_rule_finding").fetchone() == (1,)
