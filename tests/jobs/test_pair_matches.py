"""The matches of pairs from the order to the signature: counties, posts, villages, needs, on a synthetic country."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from jiedui.jobs import match_orders
from jiedui.records import access, loading, models
from jiedui.records.actions import matching as actions
from jiedui.results.models import PairProposal, Run
from jiedui.simulate import country
from jiedui.web import signing
from tests.records.imports.conftest import home
from tests.records.imports.test_killed import empty_queue

__all__ = ["home"]

pytestmark = pytest.mark.django_db(transaction=True)
AS_OF = date(2019, 12, 31)
YUNNAN, SHANGHAI = "530000", "310000"


@pytest.fixture
def asked(transactional_db: None, home: Path) -> Callable[..., tuple[Run, list[PairProposal], models.User]]:
    """Orders a run of a problem in the synthetic country and works it off: the run, its proposals, and who asked."""
    empty_queue()
    loading.load_tables(country(persons=2000, seed=7, as_of=AS_OF), origin=loading.Origin("t", 7, synthetic=True))

    def ask(problem: str, role: str, region: str) -> tuple[Run, list[PairProposal], models.User]:
        user, _ = models.User.objects.get_or_create(username=role + region)
        models.RoleGrant.objects.get_or_create(
            user=user, role=role, region_code=region, valid=DateRange(date(2016, 1, 1), None)
        )
        wanted = {"on": AS_OF.isoformat(), "parameters": {}, "quotas": {}}
        order = actions.order(problem, region, wanted, by=user)
        match_orders.work(order.pk)
        order.refresh_from_db()
        assert (order.state, order.problem_said) == ("finished", {})
        run = Run.objects.get(pk=order.run)
        return run, list(PairProposal.objects.visible_to(user).filter(run=run)), user

    return ask


def signed(run: Run, rows: list[PairProposal], by: models.User, **said: str) -> signing.Outcome:
    """The signature, in the pages' role."""
    with access.acting_as(by):
        return signing.sign(run, rows, by, said)


def _post_and_candidate() -> None:
    """A seat in 禄劝 for somebody of 徐汇, so that a small country has at least one."""
    shared = {"kind": "specialist", "field": "health", "level": "middle"}
    models.Post.objects.create(
        pairing=models.Pairing.objects.get(donor_code=SHANGHAI, recipient_code=YUNNAN),
        region_code="530128",
        title="内科医生",
        seats=2,
        term_months=24,
        needed_from=date(2020, 3, 1),
        state="open",
        **shared,
    )
    models.Candidate.objects.create(
        home_region_code="310104",
        longest_term_months=36,
        free_from=date(2020, 1, 1),
        person_key="f" * 32,
        name="合成人",
        withdrawn=False,
        **shared,
    )


@pytest.mark.duty("pairing.5", "talent.4", "society.1", "society.2")
def test_from_the_order_to_the_signature(asked: Any) -> None:
    """Each run is proven and stored with what its points mean; what is signed is there, and nothing is left out."""
    run, rows, office = asked("county_pair", "recipient_office", YUNNAN)
    assert run.summary["certificate"]["proven"]
    assert set(run.summary["parts"]) <= set(run.summary["labels"])
    assert {row.left_region[:2] for row in rows} == {"53"}
    assert all(row.facts["burden_permille"] is not None for row in rows)
    outcome = signed(run, rows, office, basis="合成协议1号", valid_from="2020-01-01")
    assert (outcome.made, outcome.left_out) == (len(rows), ())
    assert models.Pairing.objects.filter(level="county_to_county").count() == len(rows) > 50

    _post_and_candidate()
    run, rows, department = asked("post", "organisation_department", SHANGHAI)
    assert run.summary["certificate"]["proven"]
    seats = sum(models.Post.objects.values_list("seats", flat=True))
    outcome = signed(run, rows, department)
    assert outcome.made == len(rows) > 0
    assert sum(models.Post.objects.values_list("seats", flat=True)) == seats - outcome.made

    firm = models.Organisation.objects.filter(kind="firm", region_code__startswith="31").first()
    models.HelpOffer.objects.create(
        organisation=firm,
        region_code=firm.region_code,
        kind="village",
        title="结对帮村",
        capacity=3,
        wish_place=YUNNAN,
        since=AS_OF,
        state="open",
    )
    run, rows, _ = asked("village", "recipient_office", YUNNAN)
    before = models.VillagePair.objects.count()
    outcome = signed(run, rows, office)
    assert outcome.made == len(rows) > 0
    assert models.VillagePair.objects.count() == before + outcome.made

    run, rows, _ = asked("need", "recipient_office", YUNNAN)
    outcome = signed(run, rows, office)
    assert outcome.made == len(rows) > 0
    assert models.HelpGiven.objects.filter(run=str(run.pk)).count() == outcome.made
