"""What the register's pages need to stay fast: people in the order of their places, and counts kept by triggers.

The counts are summed from one row for each village and are as exact as a count of the rows: a statement that changes
people changes them in the same transaction. They are read under the same scope as the people themselves.
"""

from django.db import migrations

INDEXES = (
    """
    CREATE INDEX village_name ON records_village (name);
    """,
    "DROP INDEX village_name;",
)

# One small number for what people are filtered by, so that an index answers any combination in the order of places;
# `records.queries.register.facets` reads it the same way, and a test holds them together.
FACETS = (
    """
    ALTER TABLE records_person ADD COLUMN facet smallint NOT NULL GENERATED ALWAYS AS ((
        (((CASE WHEN sex = 'female' THEN 0 ELSE 1 END * 6
        + CASE education WHEN 'none' THEN 0 WHEN 'primary' THEN 1 WHEN 'junior' THEN 2 WHEN 'senior' THEN 3
          WHEN 'vocational' THEN 4 ELSE 5 END) * 4
        + CASE health WHEN 'healthy' THEN 0 WHEN 'chronic' THEN 1 WHEN 'serious' THEN 2 ELSE 3 END) * 4
        + CASE labour_ability WHEN 'none' THEN 0 WHEN 'weak' THEN 1 WHEN 'ordinary' THEN 2 ELSE 3 END) * 2
        + CASE WHEN left_on IS NULL THEN 0 ELSE 1 END)::smallint) STORED;
    CREATE INDEX person_facet ON records_person (facet, region_code, household_id, person_id) INCLUDE (birth_year);
    CREATE INDEX household_year_status ON records_household_year (year, status, region_code, household_id);
    CREATE INDEX household_year_watched ON records_household_year (year, region_code, household_id)
        INCLUDE (risk_removed) WHERE monitored_as IS NOT NULL;
    CREATE INDEX worker_status ON records_worker (work_status, region_code, person_id);
    """,
    """
    DROP INDEX worker_status; DROP INDEX household_year_watched; DROP INDEX household_year_status;
    ALTER TABLE records_person DROP COLUMN facet;
    """,
)

TABLE = (
    """
    CREATE TABLE records_register_count (
        region_code varchar(12) COLLATE "C" PRIMARY KEY,
        persons bigint NOT NULL,
        present bigint NOT NULL,
        heads bigint NOT NULL
    );
    ALTER TABLE records_register_count ENABLE ROW LEVEL SECURITY;
    CREATE POLICY scope ON records_register_count FOR SELECT USING (
        region_code::text <@ (SELECT nullif(current_setting('jiedui.scope', true), '')::codemultirange)
    );
    INSERT INTO records_register_count
    SELECT region_code, count(*), count(*) FILTER (WHERE left_on IS NULL),
           count(*) FILTER (WHERE left_on IS NULL AND relation = 'head')
    FROM records_person GROUP BY region_code;
    """,
    "DROP TABLE records_register_count;",
)

# Villages are changed in the order of their codes, so that two imports wait for each other and never lock each other out.
# The constraint's last word is left to the row: a count below zero would be a bug and stops the statement.
COUNTING = (
    """
    ALTER TABLE records_register_count ADD CONSTRAINT register_count_not_negative
        CHECK (persons >= 0 AND present >= 0 AND heads >= 0);

    CREATE FUNCTION records_add_to_register_count(codes text[], all_ bigint[], here bigint[], first_ bigint[])
    RETURNS void LANGUAGE sql SET search_path = pg_catalog, public, pg_temp AS $$
        INSERT INTO records_register_count AS held (region_code, persons, present, heads)
        SELECT code, 0, 0, 0 FROM unnest(codes) AS code ORDER BY code
        ON CONFLICT (region_code) DO NOTHING;
        WITH locked AS MATERIALIZED (
            SELECT held.region_code FROM records_register_count held
            WHERE held.region_code = ANY (codes) ORDER BY held.region_code FOR UPDATE
        )
        UPDATE records_register_count AS held
        SET persons = persons + more.a, present = present + more.b, heads = heads + more.c
        FROM unnest(codes, all_, here, first_) AS more (code, a, b, c), locked
        WHERE locked.region_code = more.code AND held.region_code = more.code;
    $$;

    CREATE FUNCTION records_count_register() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
    DECLARE
        codes text[]; all_ bigint[]; here bigint[]; first_ bigint[];
    BEGIN
        IF TG_OP = 'TRUNCATE' THEN
            DELETE FROM records_register_count;
            RETURN NULL;
        ELSIF TG_OP = 'INSERT' THEN
            SELECT array_agg(code), array_agg(a), array_agg(b), array_agg(c) INTO codes, all_, here, first_ FROM (
                SELECT region_code AS code, count(*) AS a, count(*) FILTER (WHERE left_on IS NULL) AS b,
                       count(*) FILTER (WHERE left_on IS NULL AND relation = 'head') AS c
                FROM fresh GROUP BY region_code ORDER BY region_code) AS x;
        ELSIF TG_OP = 'DELETE' THEN
            SELECT array_agg(code), array_agg(a), array_agg(b), array_agg(c) INTO codes, all_, here, first_ FROM (
                SELECT region_code AS code, -count(*) AS a, -count(*) FILTER (WHERE left_on IS NULL) AS b,
                       -count(*) FILTER (WHERE left_on IS NULL AND relation = 'head') AS c
                FROM gone GROUP BY region_code ORDER BY region_code) AS x;
        ELSE
            SELECT array_agg(code), array_agg(a), array_agg(b), array_agg(c) INTO codes, all_, here, first_ FROM (
                SELECT code, sum(one) AS a, sum(one) FILTER (WHERE left_on IS NULL) AS b,
                       sum(one) FILTER (WHERE left_on IS NULL AND relation = 'head') AS c
                FROM (SELECT region_code AS code, left_on, relation, 1 AS one FROM fresh
                      UNION ALL SELECT region_code, left_on, relation, -1 FROM gone) AS both_
                GROUP BY code
                HAVING sum(one) <> 0 OR coalesce(sum(one) FILTER (WHERE left_on IS NULL), 0) <> 0
                    OR coalesce(sum(one) FILTER (WHERE left_on IS NULL AND relation = 'head'), 0) <> 0
                ORDER BY code) AS x;
        END IF;
        IF codes IS NOT NULL THEN
            PERFORM records_add_to_register_count(
                codes, all_, ARRAY(SELECT coalesce(n, 0) FROM unnest(here) WITH ORDINALITY AS u (n, i) ORDER BY i),
                ARRAY(SELECT coalesce(n, 0) FROM unnest(first_) WITH ORDINALITY AS u (n, i) ORDER BY i)
            );
        END IF;
        RETURN NULL;
    END $$;

    REVOKE EXECUTE ON FUNCTION records_count_register() FROM PUBLIC;
    REVOKE EXECUTE ON FUNCTION records_add_to_register_count(text[], bigint[], bigint[], bigint[]) FROM PUBLIC;

    CREATE TRIGGER count_inserted AFTER INSERT ON records_person
        REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION records_count_register();
    CREATE TRIGGER count_updated AFTER UPDATE ON records_person
        REFERENCING OLD TABLE AS gone NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION records_count_register();
    CREATE TRIGGER count_deleted AFTER DELETE ON records_person
        REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION records_count_register();
    CREATE TRIGGER count_truncated AFTER TRUNCATE ON records_person
        FOR EACH STATEMENT EXECUTE FUNCTION records_count_register();
    """,
    """
    DROP TRIGGER count_truncated ON records_person; DROP TRIGGER count_deleted ON records_person;
    DROP TRIGGER count_updated ON records_person; DROP TRIGGER count_inserted ON records_person;
    DROP FUNCTION records_count_register();
    DROP FUNCTION records_add_to_register_count(text[], bigint[], bigint[], bigint[]);
    ALTER TABLE records_register_count DROP CONSTRAINT register_count_not_negative;
    """,
)


class Migration(migrations.Migration):
    dependencies = [("records", "0005_who_sees_what")]

    operations = [migrations.RunSQL(forward, backward) for forward, backward in (INDEXES, FACETS, TABLE, COUNTING)]
