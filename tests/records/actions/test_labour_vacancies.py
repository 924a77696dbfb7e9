"""Vacancies: who reports, changes, confirms and withdraws them, and which count at once."""

from __future__ import annotations

import inspect
import re
from datetime import timedelta
from typing import Any

import pytest

from jiedui.errors import JieduiError
from jiedui.policy.rules import labour_vacancies as rules
from jiedui.records import access
from jiedui.records.actions import labour_vacancies
from jiedui.records.models import Change, JobOffer, Organisation, Vacancy
from jiedui.terms.identity import credit_check_character
from tests.records.labour_world import TODAY, World, offer, world

pytestmark = [pytest.mark.django_db, pytest.mark.duty("labour.2")]
FIRST17 = "91310115MA1H00001"


@pytest.fixture
def made(db) -> World:
    """The labour chain's world; firm 1 has a right credit code."""
    found = world()
    Organisation.objects.filter(pk=1).update(credit_code=FIRST17 + credit_check_character(FIRST17))
    return found


def fields(**changed: Any) -> dict[str, Any]:
    """A plausible vacancy of firm 1."""
    return {
        "organisation_id": 1, "region_code": "310115", "occupation": "6-05-01", "title": "缝纫工", "seats": 10,
        "monthly_wage_fen": 450_000, "skill": "none", "dormitory": True, "season": "all_year", "open_from": TODAY,
        "open_to": TODAY + timedelta(days=30), "contract": "fixed_term",
    } | changed  # fmt: skip


def _report(reader, **changed: Any) -> Vacancy:
    with access.acting_as(reader):
        return labour_vacancies.report(fields(**changed), by=reader)


def test_a_plausible_vacancy_counts_at_once_and_any_other_when_it_was_confirmed(made):
    """The firm and the office of the place report; a doubtful one waits for the office, which the firm is not."""
    assert _report(made.firm).state == "checked"
    assert _report(made.bureau, contract=None).state == "checked"
    doubtful = _report(made.firm, monthly_wage_fen=9_000_000)
    assert doubtful.state == "reported"
    assert [one.rule for one in labour_vacancies.doubts_of(doubtful, by=made.firm)] == ["wage_too_high"]
    for reader in (made.firm, made.rival, made.home, *made.readers):
        with access.acting_as(reader), pytest.raises(JieduiError, match=r"may not|no such"):
            labour_vacancies.confirm(doubtful, by=reader)
    with access.acting_as(made.bureau):
        labour_vacancies.confirm(doubtful, by=made.bureau)
        with pytest.raises(JieduiError, match="confirmed already"):
            labour_vacancies.confirm(doubtful, by=made.bureau)
    assert Vacancy.objects.get(pk=doubtful.pk).state == "checked"


def test_a_change_is_judged_anew_and_what_was_confirmed_stays_so(made):
    """A new doubt makes a checked vacancy wait again; a change that adds none does not; mended by the firm, it waits
    for the office all the same.
    """
    row = _report(made.firm, monthly_wage_fen=9_000_000)
    labour_vacancies.confirm(row, by=made.bureau)
    with access.acting_as(made.firm):
        assert labour_vacancies.change(row, {"title": "熟练工"}, by=made.firm).state == "checked"
        assert labour_vacancies.change(row, {"seats": 900}, by=made.firm).state == "reported"
        mended = {"seats": 9, "monthly_wage_fen": 400_000}
        assert labour_vacancies.change(row, mended, by=made.firm).state == "reported"
    with access.acting_as(made.bureau):
        assert labour_vacancies.change(row, {"contract": None}, by=made.bureau).state == "checked"
    stored = Vacancy.objects.get(pk=row.pk)
    assert (stored.title, stored.seats, stored.state, stored.entered_by) == ("熟练工", 9, "checked", made.firm)


def test_a_doubted_field_that_the_firm_changes_waits_again(made):
    """A wage that was confirmed is confirmed anew where the firm changes it, not where an office of the place does."""
    row = _report(made.firm, monthly_wage_fen=9_000_000)
    labour_vacancies.confirm(row, by=made.bureau)
    for reader, wage, state in (
        (made.bureau, 9_100_000, "checked"), (made.firm, 9_100_000, "checked"), (made.firm, 99_000_000, "reported"),
        (made.bureau, 9_100_000, "reported"),
    ):  # fmt: skip
        with access.acting_as(reader):
            assert labour_vacancies.change(row, {"monthly_wage_fen": wage}, by=reader).state == state
    labour_vacancies.confirm(row, by=made.bureau)
    with access.acting_as(made.firm):
        assert labour_vacancies.change(row, {"monthly_wage_fen": 400_000}, by=made.firm).state == "checked"


def test_every_doubt_says_which_fields_it_judges():
    """The doubts of the rule, each with fields that may be changed; a new one cannot be forgotten."""
    source = inspect.getsource(rules)
    assert set(re.findall(r'yield "([a-z_]+)"', source)) == set(labour_vacancies.JUDGED)
    assert labour_vacancies.judged(labour_vacancies.JUDGED) <= set(labour_vacancies.CHANGED)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"seats": -1}, "below nothing"),
        ({"seats": None}, "seats"),
        ({"open_to": TODAY - timedelta(days=1)}, "close before it opens"),
        ({"skill": "wizard"}, "skill"),
        ({"region_code": "31011"}, "region_code"),
        ({"region_code": "310199"}, "310199 is no division"),
        ({"title": ""}, "title"),
        ({"state": "checked"}, "no field 'state'"),
        ({"organisation_id": 99}, "no such firm"),
    ],
)
def test_a_value_that_is_none_is_refused_in_words(made, changed, said):
    """Each in a sentence that names it; nothing is written."""
    before = Vacancy.objects.count()
    with pytest.raises(JieduiError, match=said):
        _report(made.firm, **changed)
    assert Vacancy.objects.count() == before


def test_nobody_reports_or_changes_for_others(made):
    """Neither another firm, nor an office of another place, nor those who look on."""
    for reader in (made.rival, made.home, made.neighbour, *made.readers):
        with pytest.raises(JieduiError, match=r"may not|no such"):
            _report(reader)
        for verb in (
            lambda by: labour_vacancies.change(made.vacancy, {"title": "x"}, by=by),
            lambda by: labour_vacancies.withdraw(made.vacancy, by=by, reason="because"),
        ):
            with access.acting_as(reader), pytest.raises(JieduiError, match=r"may not|no such"):
                verb(by=reader)
    assert Vacancy.objects.get(pk=1).title == "缝纫工"


def test_a_withdrawn_vacancy_stays_so_and_tells_how_many_offers_went(made):
    """Its open offers go with it, also those that the firm does not see; afterwards nothing is changed any more."""
    offers = [offer(made, worker) for worker in (2, 5)]
    with access.acting_as(made.firm):
        assert not JobOffer.objects.exists()
        assert labour_vacancies.withdraw(made.vacancy, by=made.firm, reason="no orders") == 2
        for verb in (
            lambda: labour_vacancies.change(made.vacancy, {"title": "x"}, by=made.firm),
            lambda: labour_vacancies.withdraw(made.vacancy, by=made.firm, reason="again"),
        ):
            with pytest.raises(JieduiError, match="withdrawn"):
                verb()
    with pytest.raises(JieduiError, match="withdrawn"):
        labour_vacancies.confirm(made.vacancy, by=made.bureau)
    assert set(JobOffer.objects.values_list("state", flat=True)) == {"withdrawn"}
    kept = Change.objects.filter(table="job_offer", row_id__in=[one.pk for one in offers])
    assert set(kept.values_list("by", "reason")) == {(made.firm.pk, "no orders")}


def test_an_occupation_is_kept_as_its_code(made):
    """A name of the list becomes the code of its minor group; a name that is not in it is doubtful, and stays."""
    from jiedui.terms.occupations import Occupations

    name = Occupations.load().name("6-05-01")
    assert _report(made.firm, occupation=name).occupation == "6-05-01"
    odd = _report(made.firm, occupation="摸鱼")
    assert (odd.occupation, odd.state) == ("摸鱼", "reported")
