"""数据库授权: what the pages' database role may do, table by table; given anew after each migration.

The role reads facts (row-level security decides which rows). It writes what people decide or do on pages: the steps of
the labour chain and of the other matches, each by the side whose step it is (docs/decisions/0006); imports on their way
(received, confirmed, stopped; a job in the owner's process does the work), pairs that may be one person, what was
disclosed to the reader, jobs in the queue; an administrator's users and grants; and for signing in its sessions, the
log-in guard and the second factors; the discipline inspection's cases. Which rows of these, row-level security decides
too. It never reads the journal, which holds rows of everybody: it may append one kind of entry, that a user exported,
and an administrator may ask who gave a user's grants. Some questions about rows that a reader does not see are answered
by functions, with numbers and keys only: how many seats are held, whom somebody else engaged, what a sheet's key opens.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django.conf import settings
from django.db import connections, transaction
from psycopg import sql

from jiedui.policy import parameters
from jiedui.policy.rules import leadership_roles

READ: Final = "SELECT"
READ_WRITE: Final = "SELECT, INSERT, UPDATE, DELETE"

_BY_TABLE: Final = {
    "records_change": "",
    "records_seal": "",
    "records_sealing": "",
    "records_case": "SELECT, INSERT, UPDATE (closed_on, finding)",
    "records_disclosure": "SELECT, INSERT",
    "records_role_grant": "SELECT, INSERT, UPDATE (valid), DELETE",
    "records_user": "SELECT, INSERT, UPDATE (last_login, password, first_password, is_active, username, first_name, "
    "last_name, email)",
    "records_import": "SELECT, INSERT, UPDATE (state, stop_asked, columns, labels, excluded, decided_by_id, "
    "undone_by_id, reason, changed_at)",
    "records_source_form": "SELECT, INSERT",
    # the labour chain and the other matches: what an office, a donor or a firm does on pages, row by row
    "records_vacancy": "SELECT, INSERT, UPDATE (occupation, title, seats, monthly_wage_fen, skill, dormitory, season, "
    "open_from, open_to, state, starts_on, contract, demand, night_shift, mandarin, couple_room, school_place)",
    "records_organisation": "SELECT, INSERT",
    "records_job_offer": "SELECT, INSERT, UPDATE (state, answered_on, refusal, dispatch_trip_id)",
    "records_placement": "SELECT, INSERT, UPDATE (ended_on, left_because)",
    "records_stay_check": "SELECT, INSERT",
    "records_follow_up": "SELECT, INSERT",
    "records_dispatch_trip": "SELECT, INSERT, UPDATE (departed_on, persons, transport_fen, state, vehicle, "
    "meeting_point, handed_over_by, picked_up_by, arrived_on)",
    "records_subsidy": "SELECT, INSERT, UPDATE (state, paid_on)",
    "records_schooling": "SELECT, INSERT, UPDATE (status, first_job_on, major, aid_fen, internship_from, "
    "internship_firm_id, first_job_placement_id)",
    "records_settlement": "SELECT, INSERT, UPDATE (state, settled_on, eligible)",
    "records_post": "SELECT, INSERT, UPDATE (title, seats, term_months, needed_from, state)",
    "records_candidate": "SELECT, INSERT, UPDATE (longest_term_months, free_from, wish_place, withdrawn)",
    "records_need": "SELECT, INSERT, UPDATE (title, amount_fen, households, until, state)",
    "records_help_offer": "SELECT, INSERT, UPDATE (title, capacity, amount_fen, wish_place, until, state)",
    "records_help_given": "SELECT, INSERT, UPDATE (ended_on)",
    "records_village_pair": "SELECT, INSERT",
    "records_secondment": "SELECT, INSERT",
    "records_pairing": "SELECT, INSERT, UPDATE (valid_to)",
    "records_match_order": "SELECT, INSERT, UPDATE (stop_asked, changed_at)",
    "records_match_mark": "SELECT, INSERT, UPDATE (ended_at)",
    "records_offer_sheet": "SELECT, INSERT",
    "records_duplicate_pair": "SELECT, UPDATE (decision, reason, decided_by_id, decided_at)",
    # jobs are put into the queue and looked at; taking, ending and removing them is the worker's
    "procrastinate_jobs": "SELECT, INSERT",
    "procrastinate_events": "SELECT, INSERT",
    "mfa_authenticator": READ_WRITE,
    "account_emailaddress": READ,
    "django_session": READ_WRITE,
    "django_migrations": READ,
    "django_content_type": READ,
    "auth_permission": READ,
    "auth_group": READ,
    "auth_group_permissions": READ,
}
_FUNCTIONS: Final = (
    "records_note_export(text, bigint, text)", "records_grant_history(bigint)", "records_firms(text[])",
    "records_sheet(text)", "records_answer_sheet(text, boolean, text)", "records_hold_seats(bigint[])",
    "records_engaged(bigint[], date)", "records_subsidised(bigint[], text, bigint)",
)  # fmt: skip
_BY_PREFIX: Final = {"records_": READ, "results_": READ, "axes_": READ_WRITE}


def privileges(table: str) -> str:
    """What the role may do with a table; "" = nothing."""
    if table in _BY_TABLE:
        return _BY_TABLE[table]
    return next((rights for prefix, rights in _BY_PREFIX.items() if table.startswith(prefix)), "")


_SEQUENCES: Final = ("procrastinate_jobs_id_seq", "procrastinate_events_id_seq")
"""Our keys are identity columns, which need no right on their sequences; those of the queue are not."""


def apply(using: str = "default") -> None:
    """授权: take everything away and grant what is listed; may be repeated."""
    connection = connections[using]
    role = sql.Identifier(settings.JIEDUI_WEB_ROLE)
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        statements = [sql.SQL("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {}").format(role)]
        statements += [sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(role)]
        for table in tables:
            if rights := privileges(table):
                statements.append(sql.SQL("GRANT {} ON {} TO {}").format(sql.SQL(rights), sql.Identifier(table), role))
        for function in _FUNCTIONS:
            cursor.execute("SELECT to_regprocedure(%s) IS NOT NULL", [function])
            if cursor.fetchone() == (True,):
                statements.append(sql.SQL("GRANT EXECUTE ON FUNCTION {} TO {}").format(sql.SQL(function), role))
        for sequence in _SEQUENCES:
            cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [sequence])
            if cursor.fetchone() == (True,):
                statements.append(sql.SQL("GRANT USAGE ON SEQUENCE {} TO {}").format(sql.Identifier(sequence), role))
        for statement in statements:
            cursor.execute(statement)
        _close_temporary(cursor)


def _close_temporary(cursor: Any) -> None:
    """No temporary tables: a table of one's own is where a trigger or a name of somebody else's could be misused.

    Only the database's owner may take this right from PUBLIC; where it is somebody else's, docs/operating.md says what
    to ask for.
    """
    cursor.execute(
        "SELECT pg_has_role(datdba, 'USAGE'), has_database_privilege(%s, oid, 'TEMPORARY'), datname "
        "FROM pg_database WHERE datname = current_database()",
        [settings.JIEDUI_WEB_ROLE],
    )
    ours, open_, database = cursor.fetchone()
    if ours and open_:
        statement = sql.SQL("REVOKE TEMPORARY ON DATABASE {} FROM PUBLIC, {}")
        cursor.execute(statement.format(sql.Identifier(database), sql.Identifier(settings.JIEDUI_WEB_ROLE)))


def after_migration(sender: Any, using: str, **_: Any) -> None:
    """迁移之后: tables of every app are there when the last app's signal comes, and repeating costs little."""
    if sender.label == "results":
        apply(using)
        write_conflicts(using)


def write_conflicts(using: str = "default") -> None:
    """不相容角色: the pairs of the parameter of today, where the trigger of the grants reads them."""
    from jiedui.records.models import RoleConflict

    wanted = {(c.one, c.other, c.reason) for c in leadership_roles.conflicts(parameters.load(date.today()))}
    rows = RoleConflict.objects.using(using)
    if not connections[using].introspection.table_names().count(RoleConflict._meta.db_table):
        return  # an older state of the tables, on the way back
    if set(rows.values_list("one", "other", "reason")) == wanted:
        return
    with transaction.atomic(using=using):
        rows.all().delete()
        rows.bulk_create(RoleConflict(one=one, other=other, reason=reason) for one, other, reason in sorted(wanted))
