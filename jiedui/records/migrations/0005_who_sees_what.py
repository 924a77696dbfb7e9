"""Who sees what: more roles, links of persons to donors and firms, cases, roles that exclude each other, and what the
pages may write."""

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import jiedui.records.models.access

SAFE = "SET search_path = pg_catalog, public, pg_temp"


def setting(name):
    return f"nullif(current_setting('jiedui.{name}', true), '')"


def inside(column, name):
    return f"{column}::text <@ (SELECT {setting(name)}::codemultirange)"


OWN_FIRM = "organisation_id = ANY ((SELECT " + setting("organisations") + "::bigint[])::bigint[])"
DONOR = "(SELECT coalesce(current_setting('jiedui.linked', true), '') <> '')"
DONOR_OR_FIRM = (
    "(SELECT concat(current_setting('jiedui.linked', true), current_setting('jiedui.organisations', true)) <> '')"
)
USER = "(SELECT " + setting("user") + ")"
KEEPER = "(SELECT coalesce(current_setting('jiedui.administrator', true), '') = '1')"

# OFFSET 0: a probe of the index for each row that is looked at, never a list of all links
BY_LINK = "EXISTS (SELECT 1 FROM records_person_link l WHERE l.{0} = {1}.{2} AND {3} OFFSET 0)"
LINKED = {
    "household": ("household_id", "household_id"),
    "household_year": ("household_id", "household_id"),
    "person": ("person_id", "person_id"),
    "person_year": ("person_id", "person_id"),
    "worker": ("person_id", "person_id"),
    "schooling": ("person_id", "person_id"),
    "settlement": ("person_id", "person_id"),
    "placement": ("placement_id", "placement_id"),
    "stay_check": ("placement_id", "placement_id"),
}
OF_FIRMS = ("person", "placement", "stay_check")


def changed(table, now, before):
    return (
        f"ALTER POLICY scope ON records_{table} USING ({now});",
        f"ALTER POLICY scope ON records_{table} USING ({before});",
    )


def of_people(table):
    link_column, column = LINKED[table]
    reach = "true" if table in OF_FIRMS else inside("l.reach", "linked")
    flag = DONOR_OR_FIRM if table in OF_FIRMS else DONOR
    by_link = BY_LINK.format(link_column, f"records_{table}", column, reach)
    place = inside("region_code", "scope")
    return changed(table, f"{place} OR ({flag} AND {by_link})", place)


def added(table, name, command, condition):
    return (
        f"CREATE POLICY {name} ON {table} FOR {command} {condition};",
        f"DROP POLICY {name} ON {table};",
    )


def secured(table):
    return (f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;", f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;")


# in force today, and of the reader's donor in its territory, or of the reader's firm
SEEN_LINK = (
    f"since <= (SELECT {setting('day')}::date) AND (until IS NULL OR until > (SELECT {setting('day')}::date)) AND "
    f"({inside('reach', 'linked')} OR (kind = 'placement' AND {OWN_FIRM}))"
)
FIRMS_OFFERED = f"{inside('region_code', 'programme')} OR (kind <> 'person' AND {inside('region_code', 'offers')})"
TALENT = ("secondment", "support_team", "training")
BOTH_NAMED = f"{inside('left_region', 'named')} AND {inside('right_region', 'named')}"
OTHERS_GRANT = f"{KEEPER} AND user_id::text IS DISTINCT FROM {USER}"

READING = [
    secured("records_person_link"),
    added("records_person_link", "scope", "SELECT", f"USING ({SEEN_LINK})"),
    secured("records_case"),
    added("records_case", "scope", "SELECT", f"USING ({inside('region_code', 'cases')})"),
    *[of_people(table) for table in LINKED],
    *[changed(name, inside("region_code", "talent"), inside("region_code", "programme")) for name in TALENT],
    changed("vacancy", f"{inside('region_code', 'offers')} OR {OWN_FIRM}", inside("region_code", "offers")),
    changed("organisation", f"{FIRMS_OFFERED} OR {OWN_FIRM}", FIRMS_OFFERED),
]

# Which columns may be written stands in `records.grants`; which rows, here.
WRITING = [
    added(
        "records_import", "received", "INSERT", f"WITH CHECK (by_id::text = {USER} AND {inside('region_code', 'named')})"
    ),
    added(
        "records_import",
        "decided",
        "UPDATE",
        f"USING ({inside('region_code', 'named')}) WITH CHECK ({inside('region_code', 'named')})",
    ),
    secured("records_source_form"),
    added("records_source_form", "scope", "SELECT", "USING (true)"),
    added("records_source_form", "confirmed", "INSERT", f"WITH CHECK (by_id::text = {USER})"),
    added(
        "records_duplicate_pair",
        "decided",
        "UPDATE",
        f"USING ({BOTH_NAMED}) WITH CHECK (decided_by_id IS NULL OR decided_by_id::text = {USER})",
    ),
    secured("records_disclosure"),
    added(
        "records_disclosure",
        "scope",
        "SELECT",
        f"USING (by_id::text = {USER} OR {inside('region_code', 'disclosures')})",
    ),
    added(
        "records_disclosure",
        "asked",
        "INSERT",
        f"WITH CHECK (by_id::text = {USER} AND {inside('region_code', 'named')} AND person_id IN (SELECT p.person_id "
        "FROM records_person p WHERE p.region_code = records_disclosure.region_code))",
    ),
    # who signs in is looked for before anything is known of the reader, so reading is open
    secured("records_role_grant"),
    added("records_role_grant", "scope", "SELECT", "USING (true)"),
    added("records_role_grant", "granted", "INSERT", f"WITH CHECK ({OTHERS_GRANT})"),
    added("records_role_grant", "withdrawn", "UPDATE", f"USING ({OTHERS_GRANT}) WITH CHECK ({OTHERS_GRANT})"),
    added("records_role_grant", "never_held", "DELETE", f"USING ({OTHERS_GRANT} AND lower(valid) >= (SELECT {setting('day')}::date))"),
    secured("records_user"),
    added("records_user", "scope", "SELECT", "USING (true)"),
    added(
        "records_user", "made", "INSERT", f"WITH CHECK ({KEEPER} AND NOT is_superuser AND NOT is_staff)"
    ),
    added("records_user", "kept", "UPDATE", "USING (true) WITH CHECK (true)"),  # which columns: records_guard_user
]

GUARD_USER = (
    f"""
    CREATE FUNCTION records_guard_user() RETURNS trigger LANGUAGE plpgsql {SAFE} AS $$
    DECLARE
        free text[] := ARRAY['last_login'];
    BEGIN
        IF NOT row_security_active('records_user')
            OR coalesce(current_setting('jiedui.administrator', true), '') = '1' THEN
            RETURN NEW;
        END IF;
        IF NEW.id::text = current_setting('jiedui.user', true) THEN
            free := free || 'password'::text;
        END IF;
        IF to_jsonb(OLD) - free IS DISTINCT FROM to_jsonb(NEW) - free THEN
            RAISE EXCEPTION 'only an administrator changes users' USING ERRCODE = 'insufficient_privilege';
        END IF;
        RETURN NEW;
    END $$;
    REVOKE EXECUTE ON FUNCTION records_guard_user FROM PUBLIC;
    CREATE TRIGGER guard BEFORE UPDATE ON records_user FOR EACH ROW EXECUTE FUNCTION records_guard_user();
    """,
    "DROP TRIGGER guard ON records_user; DROP FUNCTION records_guard_user;",
)

# Two grants of one user that come at a time wait for each other, so that neither misses the other.
CONFLICT = (
    f"""
    CREATE FUNCTION records_refuse_conflict() RETURNS trigger LANGUAGE plpgsql {SAFE} AS $$
    DECLARE
        found_one records_role_conflict;
    BEGIN
        PERFORM pg_advisory_xact_lock(2017, hashint8(NEW.user_id));
        SELECT c.* INTO found_one
        FROM records_role_grant g
        JOIN records_role_conflict c
            ON (c.one = g.role AND c.other = NEW.role) OR (c.other = g.role AND c.one = NEW.role)
        WHERE g.user_id = NEW.user_id AND g.id IS DISTINCT FROM NEW.id AND g.valid && NEW.valid
        LIMIT 1;
        IF FOUND THEN
            RAISE EXCEPTION '% and % exclude each other: %', found_one.one, found_one.other, found_one.reason
            USING ERRCODE = 'check_violation', CONSTRAINT = 'role_grant_incompatible';
        END IF;
        RETURN NEW;
    END $$;
    REVOKE EXECUTE ON FUNCTION records_refuse_conflict FROM PUBLIC;
    CREATE TRIGGER incompatible BEFORE INSERT OR UPDATE ON records_role_grant
    FOR EACH ROW EXECUTE FUNCTION records_refuse_conflict();
    """,
    "DROP TRIGGER incompatible ON records_role_grant; DROP FUNCTION records_refuse_conflict;",
)

NEW_LINKS = """
    INSERT INTO records_person_link
        (kind, person_id, household_id, region_code, pairing_id, donor_code, organisation_id, placement_id, since, until)
    SELECT 'placement', n.person_id, coalesce(p.household_id, n.household_id), coalesce(p.region_code, n.region_code),
           e.pairing_id, e.donor_code, v.organisation_id, n.placement_id, n.started_on, n.ended_on
    FROM {rows} n
    LEFT JOIN records_person p ON p.person_id = n.person_id
    LEFT JOIN records_pairing e ON e.pairing_id = n.pairing_id
    LEFT JOIN records_vacancy v ON v.vacancy_id = n.vacancy_id
    WHERE e.pairing_id IS NOT NULL OR v.organisation_id IS NOT NULL
"""

LINKS = (
    f"""
    CREATE FUNCTION records_link_placements() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER {SAFE} AS $$
    BEGIN
        IF TG_OP = 'TRUNCATE' THEN
            DELETE FROM records_person_link WHERE kind = 'placement';
            RETURN NULL;
        END IF;
        IF TG_OP <> 'INSERT' THEN
            DELETE FROM records_person_link l USING old_rows o WHERE l.placement_id = o.placement_id;
        END IF;
        IF TG_OP <> 'DELETE' THEN
            {NEW_LINKS.format(rows="new_rows")};
        END IF;
        RETURN NULL;
    END $$;
    REVOKE EXECUTE ON FUNCTION records_link_placements FROM PUBLIC;
    CREATE TRIGGER link_insert AFTER INSERT ON records_placement REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION records_link_placements();
    CREATE TRIGGER link_update AFTER UPDATE ON records_placement REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION records_link_placements();
    CREATE TRIGGER link_delete AFTER DELETE ON records_placement REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION records_link_placements();
    CREATE TRIGGER link_truncate AFTER TRUNCATE ON records_placement
    FOR EACH STATEMENT EXECUTE FUNCTION records_link_placements();
    {NEW_LINKS.format(rows="records_placement")};
    """,
    """
    DROP TRIGGER link_insert ON records_placement; DROP TRIGGER link_update ON records_placement;
    DROP TRIGGER link_delete ON records_placement; DROP TRIGGER link_truncate ON records_placement;
    DROP FUNCTION records_link_placements;
    """,
)

# A link says where the person lives now, whose firm and which donor it is: it follows the rows that say so.
FOLLOW = (
    f"""
    CREATE FUNCTION records_links_follow() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER {SAFE} AS $$
    BEGIN
        IF TG_OP = 'TRUNCATE' AND TG_TABLE_NAME = 'records_person' THEN
            DELETE FROM records_person_link;
        ELSIF TG_OP = 'TRUNCATE' THEN  -- firms: whoever acts for one that is gone acts for nobody
            DELETE FROM records_role_grant WHERE role = 'firm';
        ELSIF TG_OP = 'DELETE' AND TG_TABLE_NAME = 'records_person' THEN
            DELETE FROM records_person_link l USING old_rows o WHERE l.person_id = o.person_id;
        ELSIF TG_OP = 'DELETE' THEN
            DELETE FROM records_role_grant g USING old_rows o
            WHERE g.role = 'firm' AND g.organisation_id = o.organisation_id;
        ELSIF TG_TABLE_NAME = 'records_person' THEN
            UPDATE records_person_link l SET region_code = n.region_code, household_id = n.household_id
            FROM new_rows n JOIN old_rows o ON o.person_id = n.person_id
            WHERE l.person_id = n.person_id AND (n.region_code, n.household_id) <> (o.region_code, o.household_id);
        ELSIF TG_TABLE_NAME = 'records_vacancy' THEN
            UPDATE records_person_link l SET organisation_id = n.organisation_id
            FROM new_rows n JOIN old_rows o ON o.vacancy_id = n.vacancy_id
            JOIN records_placement p ON p.vacancy_id = n.vacancy_id
            WHERE l.placement_id = p.placement_id AND n.organisation_id <> o.organisation_id;
        ELSE
            UPDATE records_person_link l SET donor_code = n.donor_code
            FROM new_rows n JOIN old_rows o ON o.pairing_id = n.pairing_id
            WHERE l.pairing_id = n.pairing_id AND n.donor_code <> o.donor_code;
        END IF;
        RETURN NULL;
    END $$;
    REVOKE EXECUTE ON FUNCTION records_links_follow FROM PUBLIC;
    """
    + "".join(
        f"CREATE TRIGGER links_follow AFTER UPDATE ON records_{table} REFERENCING OLD TABLE AS old_rows "
        "NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION records_links_follow();"
        for table in ("person", "vacancy", "pairing")
    )
    + "".join(
        f"CREATE TRIGGER links_follow_delete AFTER DELETE ON records_{table} REFERENCING OLD TABLE AS old_rows "
        "FOR EACH STATEMENT EXECUTE FUNCTION records_links_follow();"
        f"CREATE TRIGGER links_follow_truncate AFTER TRUNCATE ON records_{table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION records_links_follow();"
        for table in ("person", "organisation")
    ),
    "".join(f"DROP TRIGGER links_follow ON records_{table};" for table in ("person", "vacancy", "pairing"))
    + "".join(
        f"DROP TRIGGER links_follow_delete ON records_{table}; DROP TRIGGER links_follow_truncate ON records_{table};"
        for table in ("person", "organisation")
    )
    + "DROP FUNCTION records_links_follow;",
)


def kept(table, key):
    return (
        f"SELECT records_keep('records_{table}', '{key}');",
        "".join(
            f"DROP TRIGGER journal_{event} ON records_{table}; " for event in ("insert", "update", "delete", "truncate")
        ),
    )


class Migration(migrations.Migration):
    dependencies = [("records", "0004_journal")]

    operations = [
        migrations.CreateModel(
            name='Case',
            fields=[
                ('case_id', models.BigAutoField(primary_key=True, serialize=False, verbose_name='编号')),
                ('region_code', models.CharField(db_collation='C', max_length=12, validators=[django.core.validators.RegexValidator('^[0-9]{6}([0-9]{3}([0-9]{3})?)?$')], verbose_name='所在地')),
                ('subject', models.CharField(choices=[('funds', '资金'), ('project', '项目'), ('recognition', '识别退出'), ('conduct', '作风'), ('other', '其他')], max_length=32, verbose_name='类别')),
                ('title', models.CharField(verbose_name='事项')),
                ('opened_on', models.DateField(verbose_name='受理日期')),
                ('closed_on', models.DateField(blank=True, null=True, verbose_name='办结日期')),
                ('finding', models.CharField(blank=True, null=True, verbose_name='结论')),
                ('person_id', models.BigIntegerField(blank=True, null=True, verbose_name='人员')),
                ('household_id', models.BigIntegerField(blank=True, null=True, verbose_name='户')),
                ('project_id', models.BigIntegerField(blank=True, null=True, verbose_name='项目')),
                ('entered_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='录入时间')),
            ],
            options={
                'verbose_name': '案件线索',
                'verbose_name_plural': '案件线索',
            },
        ),
        migrations.CreateModel(
            name='PersonLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('proposal', '匹配建议'), ('placement', '就业安置')], max_length=32, verbose_name='类型')),
                ('region_code', models.CharField(db_collation='C', max_length=12, validators=[django.core.validators.RegexValidator('^[0-9]{6}([0-9]{3}([0-9]{3})?)?$')], verbose_name='所在村')),
                ('donor_code', models.CharField(blank=True, db_collation='C', max_length=12, null=True, validators=[django.core.validators.RegexValidator('^[0-9]{6}([0-9]{3}([0-9]{3})?)?$')], verbose_name='帮扶方')),
                ('since', models.DateField(verbose_name='起始日期')),
                ('until', models.DateField(blank=True, null=True, verbose_name='截止日期')),
                ('reach', models.GeneratedField(db_persist=True, expression=jiedui.records.models.access.ConcatOp(models.F('donor_code'), models.F('region_code')), output_field=models.CharField(db_collation='C', max_length=18, null=True, verbose_name='可达'))),
            ],
            options={
                'verbose_name': '人员关联',
                'verbose_name_plural': '人员关联',
                'db_table': 'records_person_link',
            },
        ),
        migrations.CreateModel(
            name='RoleConflict',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('one', models.CharField(choices=[('recipient_office', '被帮扶方扶贫办'), ('donor_office', '帮扶方协作办'), ('labour_bureau', '人社部门'), ('organisation_department', '组织部门'), ('finance', '财政部门'), ('assessor', '考核组'), ('auditor', '审计部门'), ('discipline', '纪检监察'), ('firm', '用人企业'), ('administrator', '系统管理员'), ('public', '社会公众')], max_length=32, verbose_name='角色')),
                ('other', models.CharField(choices=[('recipient_office', '被帮扶方扶贫办'), ('donor_office', '帮扶方协作办'), ('labour_bureau', '人社部门'), ('organisation_department', '组织部门'), ('finance', '财政部门'), ('assessor', '考核组'), ('auditor', '审计部门'), ('discipline', '纪检监察'), ('firm', '用人企业'), ('administrator', '系统管理员'), ('public', '社会公众')], max_length=32, verbose_name='另一角色')),
                ('reason', models.CharField(verbose_name='理由')),
            ],
            options={
                'verbose_name': '不相容角色',
                'verbose_name_plural': '不相容角色',
                'db_table': 'records_role_conflict',
            },
        ),
        migrations.RemoveConstraint(
            model_name='rolegrant',
            name='role_grant_role_listed',
        ),
        migrations.AddField(
            model_name='disclosure',
            name='region_code',
            field=models.CharField(blank=True, db_collation='C', max_length=12, null=True, validators=[django.core.validators.RegexValidator('^[0-9]{6}([0-9]{3}([0-9]{3})?)?$')], verbose_name='所在村'),
        ),
        migrations.AddField(
            model_name='rolegrant',
            name='organisation',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='records.organisation', verbose_name='企业'),
        ),
        migrations.AlterField(
            model_name='rolegrant',
            name='role',
            field=models.CharField(choices=[('recipient_office', '被帮扶方扶贫办'), ('donor_office', '帮扶方协作办'), ('labour_bureau', '人社部门'), ('organisation_department', '组织部门'), ('finance', '财政部门'), ('assessor', '考核组'), ('auditor', '审计部门'), ('discipline', '纪检监察'), ('firm', '用人企业'), ('administrator', '系统管理员'), ('public', '社会公众')], max_length=32, verbose_name='角色'),
        ),
        migrations.AddIndex(
            model_name='disclosure',
            index=models.Index(fields=['by', 'at'], name='disclosure_by_day'),
        ),
        migrations.AddIndex(
            model_name='disclosure',
            index=models.Index(fields=['region_code', '-id'], name='disclosure_region'),
        ),
        migrations.AddConstraint(
            model_name='rolegrant',
            constraint=models.CheckConstraint(condition=models.Q(('role__in', ['recipient_office', 'donor_office', 'labour_bureau', 'organisation_department', 'finance', 'assessor', 'auditor', 'discipline', 'firm', 'administrator', 'public'])), name='role_grant_role_listed'),
        ),
        migrations.AddConstraint(
            model_name='rolegrant',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('organisation__isnull', False), ('role', 'firm')), models.Q(models.Q(('role', 'firm'), _negated=True), ('organisation__isnull', True)), _connector='OR'), name='role_grant_organisation_of_firm'),
        ),
        migrations.AddField(
            model_name='case',
            name='entered_by',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='录入人'),
        ),
        migrations.AddField(
            model_name='personlink',
            name='household',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='records.household', verbose_name='户'),
        ),
        migrations.AddField(
            model_name='personlink',
            name='organisation',
            field=models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='records.organisation', verbose_name='用人单位'),
        ),
        migrations.AddField(
            model_name='personlink',
            name='pairing',
            field=models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='records.pairing', verbose_name='结对关系'),
        ),
        migrations.AddField(
            model_name='personlink',
            name='person',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='records.person', verbose_name='人员'),
        ),
        migrations.AddField(
            model_name='personlink',
            name='placement',
            field=models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='records.placement', verbose_name='安置'),
        ),
        migrations.AddConstraint(
            model_name='roleconflict',
            constraint=models.UniqueConstraint(fields=('one', 'other'), name='role_conflict_once'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['region_code'], name='case_region'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(('region_code__regex', '^[0-9]{6}([0-9]{3}([0-9]{3})?)?$')), name='case_region_code_digits'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(('subject__in', ['funds', 'project', 'recognition', 'conduct', 'other'])), name='case_subject_listed'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(('closed_on__isnull', True), ('closed_on__gte', models.F('opened_on')), _connector='OR'), name='case_closed_on_order'),
        ),
        migrations.AddIndex(
            model_name='personlink',
            index=models.Index(fields=['person', 'until'], name='person_link_person'),
        ),
        migrations.AddIndex(
            model_name='personlink',
            index=models.Index(fields=['household', 'until'], name='person_link_household'),
        ),
        migrations.AddIndex(
            model_name='personlink',
            index=models.Index(fields=['reach'], name='person_link_reach'),
        ),
        migrations.AddIndex(
            model_name='personlink',
            index=models.Index(fields=['organisation'], name='person_link_organisation'),
        ),
        migrations.AddConstraint(
            model_name='personlink',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['proposal', 'placement'])), name='person_link_kind_listed'),
        ),
        migrations.AddConstraint(
            model_name='personlink',
            constraint=models.CheckConstraint(condition=models.Q(('region_code__regex', '^[0-9]{12}$')), name='person_link_region_code_digits'),
        ),
        migrations.AddConstraint(
            model_name='personlink',
            constraint=models.CheckConstraint(condition=models.Q(('until__isnull', True), ('until__gte', models.F('since')), _connector='OR'), name='person_link_until_order'),
        ),
        migrations.AddConstraint(
            model_name='personlink',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('donor_code__isnull', True), ('pairing__isnull', True)), models.Q(('donor_code__isnull', False), ('pairing__isnull', False)), _connector='OR'), name='person_link_donor_of_pairing'),
        ),
        migrations.AddConstraint(
            model_name='personlink',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'placement'), ('placement__isnull', False)), models.Q(('kind', 'proposal'), ('placement__isnull', True)), _connector='OR'), name='person_link_placement'),
        ),
        migrations.AddConstraint(
            model_name='personlink',
            constraint=models.UniqueConstraint(fields=('placement',), name='person_link_placement_once'),
        ),
        *[
            migrations.RunSQL(forward, backward)
            for forward, backward in [
                *READING, *WRITING, GUARD_USER, CONFLICT, LINKS, FOLLOW, kept("case", "case_id"),
                kept("person_link", "id"),
            ]
        ],
    ]
