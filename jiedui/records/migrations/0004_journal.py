"""The journal: history by statement, one digest for each entry, and seals that chain the transactions.

`records_keep(table, key)` puts a table under the journal: later migrations call it for theirs.
"""

from django.db import migrations, models

import jiedui.records.models.journal

KEPT = {
    name: f"{name}_id"
    for name in (
        "household household_year status_change person worker placement stay_check schooling settlement benefit_link "
        "donation village_pair project dispatch_trip secondment support_team training organisation vacancy plan_target "
        "budget_line ledger_entry meeting visit pairing task ledger_leg poverty_county fiscal_revenue "
        "person_year village"
    ).split()
} | {"role_grant": "id", "duplicate_pair": "id"}

# What is digested is written the same way whatever the session has set; COPY gives the same text again.
SET = """SET search_path = pg_catalog, public, pg_temp SET "TimeZone" = 'UTC' SET "DateStyle" = 'ISO, YMD'
    SET bytea_output = 'hex' SET extra_float_digits = 1 SET "IntervalStyle" = 'postgres'"""

TEXT = (
    r"""
    CREATE FUNCTION records_entry_sha256(
        id bigint, xid bigint, "table" text, operation text, row_id bigint, "rows" bigint, "by" bigint,
        import_id bigint, at timestamptz, reason text, detail json, before json
    ) RETURNS bytea LANGUAGE sql STABLE AS $$
        SELECT sha256(convert_to(concat(
            id, E'\t', xid, E'\t', "table", E'\t', operation, E'\t', row_id, E'\t', "rows", E'\t', "by", E'\t',
            import_id, E'\t', at, E'\t', reason, E'\t', detail, E'\t', before
        ), 'UTF8'))
    $$;
    REVOKE EXECUTE ON FUNCTION records_entry_sha256 FROM PUBLIC;
    """,
    "DROP FUNCTION records_entry_sha256;",
)

# One row for a transaction that has written entries; its deferred trigger seals them at the end. `last`: the other
# deferred triggers have run, so that nothing is waited for while the lock of the chain is held.
SEALING = (
    f"""
    CREATE TABLE records_sealing (xid bigint PRIMARY KEY, last boolean NOT NULL DEFAULT false);

    CREATE FUNCTION records_seal_entries() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER {SET} AS $$
    DECLARE
        ended records_seal;
        new_one records_seal;
    BEGIN
        IF NOT NEW.last THEN
            UPDATE records_sealing SET last = true WHERE xid = NEW.xid;
            RETURN NULL;
        END IF;
        PERFORM pg_advisory_xact_lock(2016, 12);
        SELECT * INTO ended FROM records_seal ORDER BY n DESC LIMIT 1;
        SELECT min(id), max(id), count(*), sha256(string_agg(sha256, ''::bytea ORDER BY id))
        INTO new_one.first_id, new_one.last_id, new_one.entries, new_one.entries_sha256
        FROM records_change
        WHERE xid = NEW.xid AND id > coalesce((SELECT max(last_id) FROM records_seal WHERE xid = NEW.xid), 0);
        DELETE FROM records_sealing WHERE xid = NEW.xid;
        IF new_one.entries > 0 THEN
            new_one.n := coalesce(ended.n, 0) + 1;
            new_one.at := clock_timestamp();
            INSERT INTO records_seal (n, xid, first_id, last_id, entries, at, role, entries_sha256, sha256) VALUES (
                new_one.n, NEW.xid, new_one.first_id, new_one.last_id, new_one.entries, new_one.at, session_user,
                new_one.entries_sha256,
                sha256(convert_to(concat(
                    encode(ended.sha256, 'hex'), E'\\t', new_one.n, E'\\t', NEW.xid, E'\\t', new_one.first_id, E'\\t',
                    new_one.last_id, E'\\t', new_one.entries, E'\\t', new_one.at, E'\\t', session_user, E'\\t',
                    encode(new_one.entries_sha256, 'hex')
                ), 'UTF8'))
            );
        END IF;
        RETURN NULL;
    END $$;
    REVOKE EXECUTE ON FUNCTION records_seal_entries FROM PUBLIC;
    CREATE CONSTRAINT TRIGGER seal AFTER INSERT OR UPDATE ON records_sealing
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION records_seal_entries();
    """,
    "DROP TABLE records_sealing; DROP FUNCTION records_seal_entries;",
)

APPEND = (
    rf"""
    CREATE FUNCTION records_seal_at_end() RETURNS void LANGUAGE sql AS $$
        INSERT INTO public.records_sealing (xid) VALUES (pg_current_xact_id()::text::bigint) ON CONFLICT DO NOTHING
    $$;

    -- an empty text is no value; without control characters COPY writes the digested text as it is
    CREATE FUNCTION records_plain(value text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
        SELECT nullif(regexp_replace(value, '[\x01-\x1f]', ' ', 'g'), '')
    $$;

    CREATE FUNCTION records_append(
        "table" text, row_id bigint, operation text, "rows" bigint, "by" bigint, reason text, detail json
    ) RETURNS bigint LANGUAGE plpgsql {SET} AS $$
    DECLARE
        new_id bigint := nextval('records_change_id_seq');
        xid bigint := pg_current_xact_id()::text::bigint;
        import_id bigint := nullif(current_setting('jiedui.import', true), '')::bigint;
        at timestamptz := clock_timestamp();
    BEGIN
        INSERT INTO records_change
            (id, xid, "table", operation, row_id, "rows", "by", import_id, at, reason, detail, sha256)
        VALUES (
            new_id, xid, $1, $3, $2, $4, $5, import_id, at, records_plain($6), $7,
            records_entry_sha256(new_id, xid, $1, $3, $2, $4, $5, import_id, at, records_plain($6), $7, NULL)
        );
        PERFORM records_seal_at_end();
        RETURN new_id;
    END $$;
    REVOKE EXECUTE ON FUNCTION records_seal_at_end, records_plain, records_append FROM PUBLIC;
    """,
    "DROP FUNCTION records_append; DROP FUNCTION records_plain; DROP FUNCTION records_seal_at_end;",
)

JOURNAL = (
    f"""
    CREATE FUNCTION records_journal() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER {SET} AS $$
    DECLARE
        name text := TG_ARGV[0];
        key text := quote_ident(TG_ARGV[1]);
        by_user bigint := nullif(current_setting('jiedui.user', true), '')::bigint;
        reason text := records_plain(coalesce(
            nullif(current_setting('jiedui.reason', true), ''), current_setting('jiedui.correction', true)));
        source text;
        kept bigint;
        keys text;
    BEGIN
        IF TG_OP = 'TRUNCATE' THEN
            EXECUTE format('SELECT count(*) FROM %I.%I', TG_TABLE_SCHEMA, TG_TABLE_NAME) INTO kept;
            IF kept = 0 THEN
                RETURN NULL;
            ELSIF coalesce(current_setting('jiedui.correction', true), '') = '' THEN
                RAISE EXCEPTION 'table % has % rows and is not emptied without a reason', name, kept
                USING ERRCODE = 'insufficient_privilege';
            END IF;
            PERFORM records_append(name, NULL, 'truncate', kept, by_user, reason, NULL);
            RETURN NULL;
        ELSIF TG_OP = 'INSERT' THEN
            EXECUTE format(
                'SELECT count(*), range_agg(int8range(%1$s, %1$s, ''[]''))::text FROM new_rows', key
            ) INTO kept, keys;
            IF kept > 0 THEN
                PERFORM records_append(name, NULL, 'insert', kept, by_user, reason, json_build_object('keys', keys));
            END IF;
            RETURN NULL;
        ELSIF TG_OP = 'UPDATE' THEN
            -- a key that changed is a row that went and one that came
            source := format(
                'SELECT coalesce(o.%1$s, n.%1$s) AS row_id, CASE WHEN o.%1$s IS NULL THEN ''insert'' '
                'WHEN n.%1$s IS NULL THEN ''delete'' ELSE ''update'' END AS operation, '
                'CASE WHEN o.%1$s IS NOT NULL THEN to_json(o) END AS before '
                'FROM old_rows o FULL JOIN new_rows n ON n.%1$s = o.%1$s WHERE n IS DISTINCT FROM o', key);
        ELSE
            source := format('SELECT o.%1$s AS row_id, ''delete'' AS operation, to_json(o) AS before FROM old_rows o', key);
        END IF;
        EXECUTE
            'INSERT INTO records_change (id, xid, "table", operation, row_id, "rows", "by", import_id, at, reason, before, sha256) '
            'SELECT id, $1, $2, operation, row_id, 1, $3, $4, $5, $6, before, '
            'records_entry_sha256(id, $1, $2, operation, row_id, 1, $3, $4, $5, $6, NULL, before) '
            'FROM (SELECT nextval(''records_change_id_seq'') AS id, s.* FROM (' || source || ') s OFFSET 0) e'
        USING pg_current_xact_id()::text::bigint, name, by_user,
            nullif(current_setting('jiedui.import', true), '')::bigint, clock_timestamp(), reason;
        GET DIAGNOSTICS kept = ROW_COUNT;
        IF kept > 0 THEN
            PERFORM records_seal_at_end();
        END IF;
        RETURN NULL;
    END $$;
    REVOKE EXECUTE ON FUNCTION records_journal FROM PUBLIC;
    """,
    "DROP FUNCTION records_journal;",
)

# `records_keep` also enters what the table holds already, so that every row has its entry.
KEEP = (
    f"""
    CREATE FUNCTION records_keep(kept regclass, key text) RETURNS void LANGUAGE plpgsql {SET} AS $$
    DECLARE
        name text := substr(kept::text, length('records_') + 1);
        calls text := format('FOR EACH STATEMENT EXECUTE FUNCTION records_journal(%L, %L)', name, key);
        rows_now bigint;
        keys text;
    BEGIN
        EXECUTE format('DROP TRIGGER IF EXISTS keep_change ON %s', kept);
        EXECUTE format('SELECT count(*), range_agg(int8range(%1$I, %1$I, ''[]''))::text FROM %2$s', key, kept)
        INTO rows_now, keys;
        IF rows_now > 0 THEN
            PERFORM records_append(name, NULL, 'insert', rows_now, NULL, 'found when the journal began',
                                   json_build_object('keys', keys));
        END IF;
        EXECUTE format('CREATE TRIGGER journal_insert AFTER INSERT ON %s REFERENCING NEW TABLE AS new_rows %s', kept, calls);
        EXECUTE format('CREATE TRIGGER journal_update AFTER UPDATE ON %s '
                       'REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows %s', kept, calls);
        EXECUTE format('CREATE TRIGGER journal_delete AFTER DELETE ON %s REFERENCING OLD TABLE AS old_rows %s', kept, calls);
        EXECUTE format('CREATE TRIGGER journal_truncate BEFORE TRUNCATE ON %s %s', kept, calls);
    END $$;
    REVOKE EXECUTE ON FUNCTION records_keep FROM PUBLIC;
    """,
    "DROP FUNCTION records_keep;",
)


def kept(table, key):
    return (
        f"SELECT records_keep('records_{table}', '{key}');",
        "".join(f"DROP TRIGGER journal_{event} ON records_{table}; " for event in ("insert", "update", "delete", "truncate"))
        + f"CREATE TRIGGER keep_change AFTER UPDATE OR DELETE ON records_{table} "
        f"FOR EACH ROW EXECUTE FUNCTION records_keep_change('{table}', '{key}');",
    )


# What was kept before there were seals: its digests are computed now, and one seal holds it.
OLDER = (
    f"""
    DO $$ BEGIN
        PERFORM set_config('TimeZone', 'UTC', true), set_config('DateStyle', 'ISO, YMD', true),
            set_config('bytea_output', 'hex', true);
        UPDATE records_change SET xid = pg_current_xact_id()::text::bigint, reason = records_plain(reason);
        UPDATE records_change SET sha256 = records_entry_sha256(
            id, xid, "table", operation, row_id, "rows", "by", import_id, at, reason, detail, before);
        IF EXISTS (SELECT FROM records_change) THEN
            PERFORM records_seal_at_end();
        END IF;
    END $$;
    """,
    migrations.RunSQL.noop,
)

CLOSED = ("records_change", "records_seal", "records_disclosure")
CLOSE = (
    """
    CREATE FUNCTION records_closed() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
    BEGIN
        RAISE EXCEPTION '% is never changed: what happened stays', TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
    END $$;
    REVOKE EXECUTE ON FUNCTION records_closed FROM PUBLIC;
    """
    + "".join(
        f"CREATE TRIGGER journal_closed BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION records_closed();"
        for table in CLOSED
    ),
    "".join(f"DROP TRIGGER journal_closed ON {table};" for table in CLOSED) + "DROP FUNCTION records_closed;",
)

DISCLOSED = (
    f"""
    CREATE FUNCTION records_journal_disclosure() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER {SET} AS $$
    BEGIN
        PERFORM records_append('disclosure', id, 'disclosure', 1, by_id, reason,
                               json_build_object('person_id', person_id, 'columns', columns))
        FROM new_rows ORDER BY id;
        RETURN NULL;
    END $$;
    REVOKE EXECUTE ON FUNCTION records_journal_disclosure FROM PUBLIC;
    CREATE TRIGGER journal_insert AFTER INSERT ON records_disclosure REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION records_journal_disclosure();
    """,
    "DROP TRIGGER journal_insert ON records_disclosure; DROP FUNCTION records_journal_disclosure;",
)

# The one function of the journal that the pages may call (records.grants): it appends, for the user of the session.
EXPORT = (
    f"""
    CREATE FUNCTION records_note_export(what text, "rows" bigint, digest text) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER {SET} AS $$
    DECLARE
        by_user bigint := nullif(current_setting('jiedui.user', true), '')::bigint;
    BEGIN
        IF by_user IS NULL THEN
            RAISE EXCEPTION 'an export is noted for the user who makes it: jiedui.user is not set'
            USING ERRCODE = 'insufficient_privilege';
        END IF;
        RETURN records_append('export', NULL, 'export', $2, by_user, NULL,
                              json_build_object('what', left($1, 4000), 'sha256', left($3, 64)));
    END $$;
    REVOKE EXECUTE ON FUNCTION records_note_export FROM PUBLIC;
    """,
    "DROP FUNCTION records_note_export;",
)


def text(sql, reverse):
    return migrations.RunSQL(sql, reverse)


class Migration(migrations.Migration):
    dependencies = [("records", "0003_register")]

    operations = [
        migrations.CreateModel(
            name="Seal",
            fields=[
                ("n", models.BigIntegerField(primary_key=True, serialize=False, verbose_name="序号")),
                ("xid", models.BigIntegerField(verbose_name="事务")),
                ("first_id", models.BigIntegerField(verbose_name="首条")),
                ("last_id", models.BigIntegerField(verbose_name="末条")),
                ("entries", models.BigIntegerField(verbose_name="条数")),
                ("at", models.DateTimeField(verbose_name="时间")),
                ("role", models.CharField(verbose_name="数据库角色")),
                ("entries_sha256", models.BinaryField(editable=False, max_length=32, verbose_name="条目摘要")),
                ("sha256", models.BinaryField(editable=False, max_length=32, verbose_name="摘要")),
            ],
            options={
                "verbose_name": "封印",
                "verbose_name_plural": "封印",
                "indexes": [models.Index(fields=["xid"], name="seal_xid")],
            },
        ),
        migrations.AddField("change", "rows", models.BigIntegerField(db_default=1, verbose_name="行数")),
        migrations.AddField(
            "change", "detail", jiedui.records.models.journal.KeptText(null=True, verbose_name="详情")
        ),
        migrations.AddField("change", "import_id", models.BigIntegerField(null=True, verbose_name="导入批次")),
        migrations.AddField(
            "change", "xid", models.BigIntegerField(default=0, editable=False, verbose_name="事务"), preserve_default=False
        ),
        migrations.AddField(
            "change", "sha256",
            models.BinaryField(default=b"", editable=False, max_length=32, verbose_name="摘要"), preserve_default=False,
        ),
        migrations.AlterField("change", "row_id", models.BigIntegerField(null=True, verbose_name="行编号")),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                text(
                    "ALTER TABLE records_change ALTER before TYPE json USING before::json, ALTER before DROP NOT NULL;",
                    "ALTER TABLE records_change ALTER before TYPE jsonb USING coalesce(before::jsonb, '{}'), "
                    "ALTER before SET NOT NULL;",
                )
            ],
            state_operations=[
                migrations.AlterField(
                    "change", "before", jiedui.records.models.journal.KeptText(null=True, verbose_name="变更前")
                )
            ],
        ),
        text(*TEXT),
        text(*SEALING),
        text(*APPEND),
        text(*JOURNAL),
        text(*OLDER),
        text(*KEEP),
        *[text(*kept(table, key)) for table, key in KEPT.items()],
        text(*DISCLOSED),
        text(*EXPORT),
        text(*CLOSE),
        migrations.AddIndex("change", models.Index(fields=["xid", "id"], name="change_xid")),
        migrations.AddIndex(
            "change",
            models.Index(
                condition=models.Q(("import_id__isnull", False)), fields=["import_id", "table"], name="change_import"
            ),
        ),
    ]
