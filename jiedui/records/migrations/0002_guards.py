"""What only the database itself can hold: scopes by row-level security, the balance and the permanence of the ledger,
and the history of every change."""

from django.db import migrations

PEOPLE = (
    "household household_year status_change person worker placement stay_check schooling settlement benefit_link"
).split()
PROGRAMME = "donation village_pair project dispatch_trip secondment support_team training".split()
OFFER = "organisation vacancy".split()
PAIR = "plan_target budget_line ledger_entry meeting visit".split()
OTHER = "pairing task ledger_leg poverty_county fiscal_revenue".split()
KEPT = {name: f"{name}_id" for name in (*PEOPLE, *PROGRAMME, *OFFER, *PAIR, *OTHER)}


def named(table):
    return f"records_{table}"


def inside(column, setting):
    # '' is what a setting becomes after the transaction that set it: no scope, no rows.
    return f"{column}::text <@ (SELECT nullif(current_setting('jiedui.{setting}', true), '')::codemultirange)"


def policy(table, condition):
    name = named(table)
    return (
        f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY; CREATE POLICY scope ON {name} FOR SELECT USING ({condition});",
        f"DROP POLICY scope ON {name}; ALTER TABLE {name} DISABLE ROW LEVEL SECURITY;",
    )


def closed(function):
    """Only the owner may attach a trigger function to a table; EXECUTE is PUBLIC's otherwise. Firing needs no right."""
    return f"REVOKE EXECUTE ON FUNCTION {function}() FROM PUBLIC;"


RANGE = (
    'CREATE TYPE coderange AS RANGE (subtype = text, collation = "C", multirange_type_name = codemultirange);',
    "DROP TYPE coderange;",
)

OF_PAIRING = (
    "pairing_id IN (SELECT p.pairing_id FROM records_pairing p WHERE "
    f"{inside('p.donor_code', 'pairs')} OR {inside('p.recipient_code', 'pairs')})"
)

POLICIES = [
    *[policy(table, inside("region_code", "scope")) for table in PEOPLE],
    *[policy(table, inside("region_code", "programme")) for table in PROGRAMME],
    policy("vacancy", inside("region_code", "offers")),
    policy(
        "organisation",
        f"{inside('region_code', 'programme')} OR (kind <> 'person' AND {inside('region_code', 'offers')})",
    ),
    *[policy(table, OF_PAIRING) for table in PAIR],
    # the policies of meeting and ledger_entry hold inside the sub-selects too
    policy("task", "meeting_id IN (SELECT m.meeting_id FROM records_meeting m)"),
    policy(
        "ledger_leg",
        "ledger_entry_id IN (SELECT e.ledger_entry_id FROM records_ledger_entry e) OR "
        + inside("region_code", "pairs"),
    ),
]

HISTORY = (
    """
    CREATE FUNCTION records_keep_change() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
    BEGIN
        IF TG_OP = 'UPDATE' AND OLD IS NOT DISTINCT FROM NEW THEN
            RETURN NULL;
        END IF;
        INSERT INTO records_change ("table", row_id, operation, before, by, reason)
        VALUES (
            TG_ARGV[0], (to_jsonb(OLD) ->> TG_ARGV[1])::bigint, lower(TG_OP), to_jsonb(OLD),
            nullif(current_setting('jiedui.user', true), '')::bigint,
            nullif(current_setting('jiedui.reason', true), '')
        );
        RETURN NULL;
    END $$;
    """
    # SECURITY DEFINER: whoever could attach it to a table of one's own would write history
    + closed("records_keep_change"),
    "DROP FUNCTION records_keep_change();",
)


def kept(table, key):
    return (
        f"CREATE TRIGGER keep_change AFTER UPDATE OR DELETE ON {named(table)} "
        f"FOR EACH ROW EXECUTE FUNCTION records_keep_change('{table}', '{key}');",
        f"DROP TRIGGER keep_change ON {named(table)};",
    )


BALANCE = (
    """
    CREATE FUNCTION records_balanced() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
    DECLARE
        entry bigint;
        total numeric;
    BEGIN
        -- OLD is null on insert, NEW on delete; a leg that moved concerns two entries
        FOREACH entry IN ARRAY ARRAY[OLD.ledger_entry_id, NEW.ledger_entry_id] LOOP
            SELECT sum(amount_fen) INTO total FROM records_ledger_leg WHERE ledger_entry_id = entry;
            IF total <> 0 THEN
                RAISE EXCEPTION 'ledger entry % does not balance: its legs sum to % fen', entry, total
                USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_leg_balanced';
            END IF;
        END LOOP;
        RETURN NULL;
    END $$;
    CREATE CONSTRAINT TRIGGER balanced AFTER INSERT OR UPDATE OR DELETE ON records_ledger_leg
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION records_balanced();
    """
    + closed("records_balanced"),
    "DROP TRIGGER balanced ON records_ledger_leg; DROP FUNCTION records_balanced();",
)

APPEND_ONLY = (
    """
    CREATE FUNCTION records_append_only() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
    BEGIN
        IF coalesce(current_setting('jiedui.correction', true), '') = '' THEN
            RAISE EXCEPTION '% is append-only: reverse the entry, or correct it with a reason', TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
        END IF;
        RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    END $$;
    CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON records_ledger_entry
    FOR EACH ROW EXECUTE FUNCTION records_append_only();
    CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON records_ledger_leg
    FOR EACH ROW EXECUTE FUNCTION records_append_only();
    """
    + closed("records_append_only"),
    """
    DROP TRIGGER append_only ON records_ledger_leg; DROP TRIGGER append_only ON records_ledger_entry;
    DROP FUNCTION records_append_only();
    """,
)


class Migration(migrations.Migration):
    dependencies = [("records", "0001_initial")]

    operations = [
        migrations.RunSQL(sql, reverse)
        for sql, reverse in [
            RANGE,
            *POLICIES,
            HISTORY,
            *[kept(table, key) for table, key in KEPT.items()],
            kept("role_grant", "id"),
            BALANCE,
            APPEND_ONLY,
        ]
    ]
