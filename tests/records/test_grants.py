"""What the pages' database role may do."""

from __future__ import annotations

from datetime import date

import psycopg
import pytest
from asgiref.sync import async_to_sync
from django.conf import settings
from django.contrib.auth import hashers
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from psycopg import sql
from psycopg.conninfo import make_conninfo

from jiedui.records import grants
from jiedui.records.models import RoleGrant, User

pytestmark = pytest.mark.django_db


def _held() -> dict[str, set[str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, privilege_type FROM information_schema.role_table_grants WHERE grantee = %s",
            [settings.JIEDUI_WEB_ROLE],
        )
        held: dict[str, set[str]] = {}
        for table, privilege in cursor.fetchall():
            held.setdefault(table, set()).add(privilege)
    return held


OWN = {"django_session", "mfa_authenticator"}
"""Tables for signing in; the log-in guard's begin with axes_."""
ADDS_TO = {
    "records_case", "records_disclosure", "records_role_grant", "records_user", "records_import", "records_source_form",
    "procrastinate_jobs", "procrastinate_events",
    # the labour chain and the other matches
    "records_vacancy", "records_organisation", "records_job_offer", "records_placement", "records_stay_check",
    "records_follow_up", "records_dispatch_trip", "records_subsidy", "records_schooling", "records_settlement",
    "records_post", "records_candidate", "records_need", "records_help_offer", "records_help_given",
    "records_village_pair", "records_secondment", "records_pairing", "records_match_order", "records_match_mark",
    "records_offer_sheet",
}  # fmt: skip
CHANGES = {
    "records_case": {"closed_on", "finding"},
    "records_role_grant": {"valid"},
    "records_user": {
        "last_login", "password", "first_password", "is_active", "username", "first_name", "last_name", "email",
    },
    "records_import": {
        "state", "stop_asked", "columns", "labels", "excluded", "decided_by_id", "undone_by_id", "reason", "changed_at",
    },
    "records_duplicate_pair": {"decision", "reason", "decided_by_id", "decided_at"},
    "records_vacancy": {
        "occupation", "title", "seats", "monthly_wage_fen", "skill", "dormitory", "season", "open_from", "open_to",
        "state", "starts_on", "contract", "demand", "night_shift", "mandarin", "couple_room", "school_place",
    },
    "records_job_offer": {"state", "answered_on", "refusal", "dispatch_trip_id"},
    "records_placement": {"ended_on", "left_because"},
    "records_dispatch_trip": {
        "departed_on", "persons", "transport_fen", "state", "vehicle", "meeting_point", "handed_over_by",
        "picked_up_by", "arrived_on",
    },
    "records_subsidy": {"state", "paid_on"},
    "records_schooling": {
        "status", "first_job_on", "major", "aid_fen", "internship_from", "internship_firm_id",
        "first_job_placement_id",
    },
    "records_settlement": {"state", "settled_on", "eligible"},
    "records_post": {"title", "seats", "term_months", "needed_from", "state"},
    "records_candidate": {"longest_term_months", "free_from", "wish_place", "withdrawn"},
    "records_need": {"title", "amount_fen", "households", "until", "state"},
    "records_help_offer": {"title", "capacity", "amount_fen", "wish_place", "until", "state"},
    "records_help_given": {"ended_on"},
    "records_pairing": {"valid_to"},
    "records_match_order": {"stop_asked", "changed_at"},
    "records_match_mark": {"ended_at"},
}  # fmt: skip


def test_the_role_holds_what_is_listed():
    """It adds to few tables, takes away grants only, and reads neither the journal nor its seals."""
    held = {table: rights for table, rights in _held().items() if not table.startswith("axes_")}
    full = {"SELECT", "INSERT", "UPDATE", "DELETE"}
    assert {table for table, rights in held.items() if rights == full} <= OWN
    assert held["django_session"] == full
    assert {table for table, rights in held.items() if "INSERT" in rights} - OWN <= ADDS_TO
    assert {table for table, rights in held.items() if "DELETE" in rights} - OWN == {"records_role_grant"}
    assert not held.keys() & {"records_change", "records_seal", "records_sealing"}


def test_it_writes_the_listed_columns_only():
    """Of rows that are there it changes what people decide, never a fact."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.column_privileges "
            "WHERE grantee = %s AND privilege_type = 'UPDATE' AND table_name !~ '^axes_'",
            [settings.JIEDUI_WEB_ROLE],
        )
        found: dict[str, set[str]] = {}
        for table, column in cursor.fetchall():
            found.setdefault(table, set()).add(column)
    assert {table: columns for table, columns in found.items() if table not in OWN} == CHANGES


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE records_user SET is_superuser = true, is_staff = true",
        "DELETE FROM records_user",
        "INSERT INTO records_role_grant (user_id, role, region_code, valid) VALUES (1, 'auditor', '', '[2019-01-01,)')",
        "UPDATE records_role_grant SET region_code = ''",
        "UPDATE records_role_grant SET user_id = 1",
        "INSERT INTO records_pairing (donor_code, recipient_code) VALUES ('310000', '530000')",
        "UPDATE records_pairing SET recipient_code = '610000'",
        "INSERT INTO records_worker (person_id) VALUES (1)",
        "UPDATE records_worker SET willing = false",
        "INSERT INTO records_work_month (person_id) VALUES (1)",
        "UPDATE records_vacancy SET organisation_id = 1",
        "DELETE FROM records_vacancy",
        "INSERT INTO records_job_offer (state) VALUES ('offered')",
        "UPDATE records_job_offer SET worker_id = 1",
        "DELETE FROM records_job_offer",
        "UPDATE records_placement SET started_on = '2019-01-01'",
        "UPDATE records_subsidy SET amount_fen = 1",
        "UPDATE records_match_order SET state = 'finished'",
        "UPDATE records_offer_sheet SET until = '2030-01-01'",
        "SELECT records_seats_held(ARRAY[1::bigint])",
        "DELETE FROM records_pairing",
        "INSERT INTO records_disclosure (by_id, person_id, columns, reason) VALUES (1, 1, '[]', 'x')",
        "UPDATE records_disclosure SET reason = 'x'",
        "DELETE FROM records_disclosure",
        "UPDATE records_import SET by_id = 1",
        "DELETE FROM records_import",
        "UPDATE records_duplicate_pair SET left_region = '530602101001'",
        "UPDATE records_role_conflict SET reason = 'x'",
        "DELETE FROM records_role_conflict",
        "INSERT INTO records_person_link (kind) VALUES ('proposal')",
        "INSERT INTO records_case (title) VALUES ('x')",
        "UPDATE records_case SET title = 'x'",
        "DELETE FROM records_case",
        "INSERT INTO records_change (\"table\", row_id, operation, before) VALUES ('project', 1, 'delete', '{}')",
        "SELECT * FROM records_change",
        "SELECT * FROM records_seal",
        "INSERT INTO records_sealing (xid) VALUES (1)",
        "SELECT records_append('person', 1, 'update', 1, 1, 'x', NULL)",
        "SELECT records_note_export('no user is set', 1, '')",
        "UPDATE records_person SET name = 'x'",
        "DELETE FROM results_run",
        "ALTER TABLE records_person DISABLE ROW LEVEL SECURITY",
        "CREATE TABLE public.own (id bigint)",
        "CREATE TEMPORARY TABLE own (id bigint)",
    ],
)
def test_the_role_is_refused(web_dsn, statement):
    """Whoever gets SQL of one's own into the pages' connection changes no user, grant, pairing, fact or history."""
    with psycopg.connect(web_dsn) as web, pytest.raises(psycopg.errors.InsufficientPrivilege):
        web.execute(statement)


def test_the_role_notes_the_last_sign_in(web_dsn):
    """The one column that signing in writes."""
    with psycopg.connect(web_dsn) as web:
        web.execute("UPDATE records_user SET last_login = now()")


@pytest.fixture
def temporary_tables(running_database, web_dsn):
    """A server whose administrator gave everybody temporary tables back."""
    database = sql.Identifier(connection.settings_dict["NAME"])
    address = make_conninfo(running_database.owner_dsn, dbname=connection.settings_dict["NAME"])
    with psycopg.connect(address, autocommit=True) as owner:
        owner.execute(sql.SQL("GRANT TEMPORARY ON DATABASE {} TO PUBLIC").format(database))
        yield
        owner.execute(sql.SQL("REVOKE TEMPORARY ON DATABASE {} FROM PUBLIC").format(database))


@pytest.mark.parametrize("function", ["records_journal('project', 'id')", "records_balanced()"])
def test_history_is_not_forged_through_a_table_of_ones_own(web_dsn, temporary_tables, function):
    """The trigger that writes history with its owner's rights cannot be attached elsewhere by the pages' role."""
    with psycopg.connect(web_dsn) as web:
        web.execute("CREATE TEMPORARY TABLE forged AS SELECT 1::bigint AS id, 'never there' AS title")
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="function records_"):
            web.execute(f"CREATE TRIGGER t AFTER DELETE ON forged FOR EACH ROW EXECUTE FUNCTION {function}")


def test_no_function_of_ours_is_everybodys():
    """A function that a later migration adds must be closed too; one appends to the journal, for the pages' exports,
    two answer an administrator, two a worker's sheet, and three tell numbers and keys to whoever signs or approves.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace "
            "AND proname ~ '^(records|results)_' AND has_function_privilege(%s, oid, 'EXECUTE')",
            [settings.JIEDUI_WEB_ROLE],
        )
        open_ones = {name for (name,) in cursor.fetchall()}
        assert open_ones == {
            "records_note_export", "records_grant_history", "records_firms", "records_sheet", "records_answer_sheet",
            "records_hold_seats", "records_engaged", "records_subsidised",
        }  # fmt: skip


def test_what_answers_an_administrator_answers_nobody_else(web_dsn):
    """Without the reader being one, neither function tells a row."""
    user = User.objects.create(username="u")
    RoleGrant.objects.create(user=user, role="public", valid=DateRange(date(2016, 1, 1), None))
    with connection.cursor() as cursor:
        for administrator, rows in (("", 0), ("1", 1)):
            cursor.execute("SELECT set_config('jiedui.administrator', %s, true)", [administrator])
            cursor.execute("SELECT count(*) FROM records_grant_history(%s)", [user.pk])
            assert cursor.fetchone() == (rows,)
    with psycopg.connect(web_dsn) as web:
        assert web.execute("SELECT count(*) FROM records_firms(ARRAY['1'])").fetchone() == (0,)


def test_signing_in_writes_no_password():
    """A hash made with fewer rounds still signs in, and stays as it is: the pages could not write another."""
    old = hashers.PBKDF2PasswordHasher().encode("secret-2016", "salt", iterations=1000)
    user = User.objects.create(username="reader", password=old)
    assert user.check_password("secret-2016")
    assert not user.check_password("secret-2017")
    assert async_to_sync(user.acheck_password)("secret-2016")
    assert User.objects.get().password == old


def test_granting_again_takes_back_what_was_added():
    """A right that somebody gave by hand is gone after the next migration."""
    with connection.cursor() as cursor:
        cursor.execute(f'GRANT DELETE ON records_person TO "{settings.JIEDUI_WEB_ROLE}"')
    before = _held()
    grants.apply()
    after = _held()
    assert before["records_person"] - after["records_person"] == {"DELETE"}
    assert {**before, "records_person": {"SELECT"}} == after


def test_a_table_that_nobody_listed_is_closed():
    """Tables of other apps are not readable by oversight."""
    assert grants.privileges("somebody_elses") == ""
