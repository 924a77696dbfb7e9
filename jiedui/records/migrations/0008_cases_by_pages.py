"""What the pages of administration need: cases entered and closed by the discipline inspection of their place; for an
administrator, who gave a grant (one question to the journal) and a firm by its number or name (one to the register);
and whether a user's password is still the first one, which somebody else knows."""

from django.db import migrations, models

SAFE = "SET search_path = pg_catalog, public, pg_temp"
USER = "(SELECT nullif(current_setting('jiedui.user', true), ''))"
INSIDE = "region_code::text <@ (SELECT nullif(current_setting('jiedui.cases', true), '')::codemultirange)"
KEEPER = "coalesce(current_setting('jiedui.administrator', true), '') = '1'"
OPEN = "closed_on IS NULL AND finding IS NULL"

# Which columns may be written stands in `records.grants`. A closed case stays as it is.
CASES = (
    f"""
    CREATE POLICY entered ON records_case FOR INSERT
        WITH CHECK (entered_by_id::text = {USER} AND {OPEN} AND {INSIDE});
    CREATE POLICY closed ON records_case FOR UPDATE USING ({OPEN} AND {INSIDE}) WITH CHECK ({INSIDE});
    """,
    "DROP POLICY entered ON records_case; DROP POLICY closed ON records_case;",
)

# Of the journal the pages read nothing; an administrator asks it who wrote the grants of one user.
HISTORY = (
    f"""
    CREATE FUNCTION records_grant_history(of_user bigint)
    RETURNS TABLE (grant_id bigint, given_at timestamptz, given_by text, changed_at timestamptz, changed_by text)
    LANGUAGE sql STABLE SECURITY DEFINER {SAFE} AS $$
        SELECT g.id, given.at, giver.username, changed.at, changer.username
        FROM records_role_grant g
        LEFT JOIN LATERAL (
            SELECT c.at, c."by" FROM records_change c
            WHERE c."table" = 'role_grant' AND c.row_id IS NULL AND c.operation = 'insert'
                AND (c.detail->>'keys')::int8multirange @> g.id
            ORDER BY c.id DESC LIMIT 1
        ) given ON true
        LEFT JOIN LATERAL (
            SELECT c.at, c."by" FROM records_change c
            WHERE c."table" = 'role_grant' AND c.row_id = g.id AND c.operation = 'update' ORDER BY c.id DESC LIMIT 1
        ) changed ON true
        LEFT JOIN records_user giver ON giver.id = given."by"
        LEFT JOIN records_user changer ON changer.id = changed."by"
        WHERE g.user_id = $1 AND {KEEPER}
    $$;
    REVOKE EXECUTE ON FUNCTION records_grant_history FROM PUBLIC;
    """,
    "DROP FUNCTION records_grant_history;",
)

# An administrator sees no list of organisations: who grants a firm's role knows its number or its whole name.
FIRMS = (
    f"""
    CREATE FUNCTION records_firms(wanted text[])
    RETURNS TABLE (organisation_id bigint, name text, region_code text)
    LANGUAGE sql STABLE SECURITY DEFINER {SAFE} AS $$
        SELECT o.organisation_id, o.name::text, o.region_code::text FROM records_organisation o
        WHERE o.kind <> 'person' AND (o.organisation_id::text = ANY ($1) OR o.name = ANY ($1)) AND {KEEPER}
        ORDER BY o.organisation_id LIMIT 100
    $$;
    REVOKE EXECUTE ON FUNCTION records_firms FROM PUBLIC;
    """,
    "DROP FUNCTION records_firms;",
)


def guard_user(own):
    """The guard of migration 0005, with the columns that a user may write of oneself."""
    return f"""
    CREATE OR REPLACE FUNCTION records_guard_user() RETURNS trigger LANGUAGE plpgsql {SAFE} AS $$
    DECLARE
        free text[] := ARRAY['last_login'];
    BEGIN
        IF NOT row_security_active('records_user') OR {KEEPER} THEN
            RETURN NEW;
        END IF;
        IF NEW.id::text = current_setting('jiedui.user', true) THEN
            free := free || ARRAY{own}::text[];
        END IF;
        IF to_jsonb(OLD) - free IS DISTINCT FROM to_jsonb(NEW) - free THEN
            RAISE EXCEPTION 'only an administrator changes users' USING ERRCODE = 'insufficient_privilege';
        END IF;
        RETURN NEW;
    END $$;
    """


GUARD = (guard_user(["password", "first_password"]), guard_user(["password"]))


class Migration(migrations.Migration):
    dependencies = [("records", "0006_register_search")]

    operations = [
        migrations.AddField(
            "user", "first_password", models.BooleanField(db_default=False, default=False, verbose_name="初始密码")
        ),
        *[migrations.RunSQL(forward, backward) for forward, backward in (CASES, HISTORY, FIRMS, GUARD)],
    ]
