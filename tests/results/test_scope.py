"""Results about people, as the pages' database role sees them."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import psycopg
import pytest
from django.utils import timezone

from jiedui.records.access import Sight
from jiedui.records.models import Pairing
from jiedui.records.queries import pairing as pairings
from jiedui.results.models import Proposal, RuleFinding, Run
from jiedui.results.queries import findings
from jiedui.terms.scope import Scope

PLACES = ("530602101001", "533301100001", "522601100001")


@pytest.fixture
def stored(transactional_db):
    """One run with a proposal and a finding for each place, and a finding about a pair as such."""
    run = Run.objects.create(
        kind="assess", snapshot_digest="d", snapshot_path="s", policy_digest="p", started_at=timezone.now()
    )
    common = {
        "run": run, "vacancy_id": 1, "work_region_code": "310115", "utility": 1, "tier": 0, "points": [1],
        "wage_fen": 1, "dependants": 0, "occupation_fit": "any",
    }  # fmt: skip
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
        web.execute("SELECT set_config('jiedui.proposed', %s, true)", [scope.multirange()])
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


@pytest.mark.parametrize(
    ("prefixes", "seen"),
    [([], set()), (["31"], {1}), (["53"], {1, 2}), (["5333"], {2}), (["52"], set()), ([""], {1, 2})],
)
def test_findings_about_the_work_of_a_pair_are_for_its_sides(stored, web_dsn, prefixes, seen):
    """An idle amount or a missing receipt is told to the pair's donor and recipient, in both walls; to nobody else."""
    for number, donor, recipient in ((1, "310000", "530000"), (2, "440400", "533300")):
        Pairing.objects.create(
            pairing_id=number, donor_code=donor, recipient_code=recipient, level="province_to_province",
            scheme="east_west", basis="b", valid_from=date(2016, 12, 7),
        )  # fmt: skip
        RuleFinding.objects.create(
            run=stored, duty="funding.4", rule="r", severity="note", subject="s", message="m", message_en="m",
            pairing_id=number,
        )  # fmt: skip
    scope = Scope.of(prefixes)
    with psycopg.connect(web_dsn) as web:
        web.execute("SELECT set_config('jiedui.pairs', %s, true)", [scope.multirange()])
        rows = web.execute("SELECT pairing_id FROM results_rule_finding WHERE pairing_id IS NOT NULL")
        assert {number for (number,) in rows} == seen
    user = SimpleNamespace(sight=lambda: Sight(pairs=scope))
    assert {one.pairing_id for one in findings.of_pairs(stored, user, pairings.edges())} == seen
