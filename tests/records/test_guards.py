"""What the database itself refuses, whoever writes: overlaps, an unbalanced or changed ledger, impossible rows."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jiedui.records import access, loading, models
from tests.records.small_country import country

pytestmark = pytest.mark.django_db
days = st.integers(1, 12).map(lambda month: date(2019, month, 1))
spans = st.tuples(days, st.none() | days).filter(lambda span: span[1] is None or span[0] < span[1])


def _overlap(one, other):
    """Whether two spans of days, each until before its end, share a day."""
    return (other[1] is None or one[0] < other[1]) and (one[1] is None or other[0] < one[1])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(one=spans, other=spans, same_scheme=st.booleans())
def test_a_pairing_never_holds_twice(one, other, same_scheme):
    """Same donor, recipient and scheme in overlapping time is refused; another scheme or other days are not."""
    models.Pairing.objects.all().delete()
    _pairing(one, "east_west")
    refused = _refused(lambda: _pairing(other, "east_west" if same_scheme else "counterpart"))
    assert refused == (same_scheme and _overlap(one, other))


def _pairing(span, scheme):
    models.Pairing.objects.create(
        donor_code="310000", recipient_code="530000", level="province_to_province", scheme=scheme, basis="b",
        valid_from=span[0], valid_to=span[1],
    )  # fmt: skip


def _refused(write) -> bool:
    try:
        with transaction.atomic():
            write()
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    except DatabaseError:
        return True
    return False


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(one=spans, other=spans)
def test_a_role_is_never_granted_twice(one, other):
    """The same role in the same place in overlapping time is refused."""
    models.RoleGrant.objects.all().delete()
    user, _ = models.User.objects.get_or_create(username="reader")

    def grant(span):
        models.RoleGrant.objects.create(user=user, role="finance", region_code="530000", valid=DateRange(*span))

    grant(one)
    assert _refused(lambda: grant(other)) == _overlap(one, other)


def test_a_local_role_needs_its_region():
    """A grant without a region would be the whole country: only national roles may have none."""
    for role in models.ROLE:
        user = models.User.objects.create(username=f"reader {role}")  # no two of them on one: some exclude each other
        refused = _refused(
            lambda role=role, user=user: models.RoleGrant.objects.create(user=user, role=role, valid="[2019-01-01,)")
        )
        assert refused == (role not in access.NATIONAL_ROLES)


amounts = st.lists(st.integers(-5, 5), min_size=1, max_size=4)


@pytest.mark.duty("funding.2")
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(legs=amounts)
def test_an_entry_enters_only_balanced(legs):
    """Legs that do not sum to zero are refused at the end of the transaction, those that do are not."""
    if not models.BudgetLine.objects.exists():
        loading.load_tables(country())
    refused = _refused(lambda: _entry(legs))
    assert refused == (sum(legs) != 0)


def _entry(legs):
    entry = models.LedgerEntry.objects.create(
        pairing_id=1, step="payment", happened_on=date(2019, 5, 1), document="2号"
    )
    for amount in legs:
        models.LedgerLeg.objects.create(
            ledger_entry=entry, region_code="530000", account="project", amount_fen=amount, budget_line_id=1
        )
    return entry


@pytest.mark.parametrize("model", [models.LedgerEntry, models.LedgerLeg])
def test_the_ledger_is_append_only(model):
    """A row of the ledger is neither changed nor deleted, not by the tables' owner either."""
    loading.load_tables(country())
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        model.objects.update(entered_at="2019-01-01T00:00Z")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {model._meta.db_table}")


def test_the_correction_path_is_recorded():
    """A correction that names its reason may change the ledger, must balance, and the rows as they were are kept."""
    loading.load_tables(country())
    by = models.User.objects.create(username="treasurer")
    with access.signed(by, "合成〔2019〕9号更正", correction=True):
        models.LedgerLeg.objects.filter(amount_fen__lt=0).update(amount_fen=-800)
        models.LedgerLeg.objects.filter(amount_fen__gt=0).update(amount_fen=800)
    kept = models.Change.objects.filter(table="ledger_leg", operation="update").order_by("row_id")
    assert [change.before["amount_fen"] for change in kept] == [-900, 900]
    assert {(change.by, change.reason) for change in kept} == {(by.pk, "合成〔2019〕9号更正")}
    assert _refused(lambda: _correct(by, -700))
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        models.LedgerLeg.objects.update(amount_fen=0)


def _correct(by, amount):
    with access.signed(by, "r", correction=True):
        models.LedgerLeg.objects.filter(amount_fen__lt=0).update(amount_fen=amount)


def test_history_keeps_the_row_as_it_was():
    """Update and delete are kept with the row before; an update that changes nothing is not a change."""
    loading.load_tables(country())
    models.Project.objects.filter(pk=1).update(title="合成桑园")
    models.Project.objects.filter(pk=1).update(title="合成桑园")
    models.Project.objects.filter(pk=1).delete()
    kept = models.Change.objects.filter(table="project", row_id=1).order_by("pk")
    assert [(c.operation, c.before["title"]) for c in kept] == [("update", "合成茶园"), ("delete", "合成桑园")]


@pytest.mark.parametrize(
    ("model", "changes", "constraint"),
    [
        (models.Household, {"region_code": "53060210100"}, "household_region_code_digits"),
        (models.Household, {"cause": "bad luck"}, "household_cause_listed"),
        (models.Person, {"birth_year": 19800}, "person_birth_year_year"),
        (models.Person, {"left_on": date(2013, 1, 1)}, "person_left_on_order"),
        (models.Placement, {"ended_on": date(2019, 2, 28)}, "placement_ended_on_order"),
        (models.Placement, {"monthly_wage_fen": -1}, "placement_monthly_wage_fen_sign"),
        (models.Vacancy, {"open_to": date(2018, 1, 1)}, "vacancy_open_to_order"),
        (models.Pairing, {"valid_to": date(2016, 12, 7)}, "pairing_valid_to_order"),
        (models.Pairing, {"donor_code": "31000"}, "pairing_donor_code_digits"),
        (models.BudgetLine, {"amount_fen": -1}, "budget_line_amount_fen_sign"),
    ],
)
def test_an_impossible_row_is_refused(model, changes, constraint):
    """Codes, code lists, years, dates in order, amounts that cannot be negative: refused by the named constraint."""
    loading.load_tables(country())
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        model.objects.filter(pk=1).update(**changes)
