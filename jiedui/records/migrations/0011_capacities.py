"""What the other matches may not overfill: an offer of help serves no more needs than it said, a firm no more villages,
and nobody who is entered holds two posts at once. Rows that a program loads are looked at by the rules, not here."""

from django.db import migrations

SAFE = "SET search_path = pg_catalog, public, pg_temp"

# The offers concerned are locked in the order of their keys; whoever comes second counts what the first one wrote.
HELP = (
    f"""
    CREATE FUNCTION records_help_given_of(wanted bigint[]) RETURNS TABLE (help_offer_id bigint, given bigint)
    LANGUAGE sql STABLE {SAFE} AS $$
        SELECT g.help_offer_id, count(*) FROM records_help_given g
        WHERE g.help_offer_id = ANY (wanted) AND (g.ended_on IS NULL OR g.ended_on > current_date)
        GROUP BY g.help_offer_id
    $$;
    REVOKE EXECUTE ON FUNCTION records_help_given_of FROM PUBLIC;

    CREATE FUNCTION records_keep_help() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER {SAFE} AS $$
    DECLARE
        affected bigint[];
        full_one bigint;
    BEGIN
        SELECT array_agg(DISTINCT n.help_offer_id) INTO affected FROM new_rows n;
        IF affected IS NULL THEN
            RETURN NULL;
        END IF;
        PERFORM 1 FROM records_help_offer o WHERE o.help_offer_id = ANY (affected) ORDER BY o.help_offer_id
        FOR NO KEY UPDATE;
        SELECT o.help_offer_id INTO full_one
        FROM records_help_offer o JOIN records_help_given_of(affected) h USING (help_offer_id)
        WHERE h.given > o.capacity ORDER BY o.help_offer_id LIMIT 1;
        IF FOUND THEN
            RAISE EXCEPTION 'offer % serves as many needs as it said', full_one
            USING ERRCODE = 'check_violation', CONSTRAINT = 'help_offer_full';
        END IF;
        UPDATE records_help_offer o SET state = CASE WHEN o.state = 'open' THEN 'met' ELSE 'open' END
        WHERE o.help_offer_id = ANY (affected) AND o.state IN ('open', 'met') AND (o.state = 'met') <> (
            o.capacity <= coalesce(
                (SELECT h.given FROM records_help_given_of(ARRAY[o.help_offer_id]) h), 0
            )
        );
        RETURN NULL;
    END $$;
    REVOKE EXECUTE ON FUNCTION records_keep_help FROM PUBLIC;
    CREATE TRIGGER capacity_insert AFTER INSERT ON records_help_given REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION records_keep_help();
    CREATE TRIGGER capacity_update AFTER UPDATE ON records_help_given REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION records_keep_help();

    CREATE FUNCTION records_keep_capacity() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER {SAFE} AS $$
    DECLARE
        taken bigint;
    BEGIN
        SELECT h.given INTO taken FROM records_help_given_of(ARRAY[NEW.help_offer_id]) h;
        IF taken > NEW.capacity THEN
            RAISE EXCEPTION 'offer % serves % needs, more than %', NEW.help_offer_id, taken, NEW.capacity
            USING ERRCODE = 'check_violation', CONSTRAINT = 'help_offer_full';
        END IF;
        RETURN NEW;
    END $$;
    REVOKE EXECUTE ON FUNCTION records_keep_capacity FROM PUBLIC;
    CREATE TRIGGER keep_capacity BEFORE UPDATE OF capacity ON records_help_offer FOR EACH ROW
    WHEN (NEW.capacity < OLD.capacity) EXECUTE FUNCTION records_keep_capacity();
    """,
    """
    DROP TRIGGER keep_capacity ON records_help_offer; DROP FUNCTION records_keep_capacity;
    DROP TRIGGER capacity_insert ON records_help_given; DROP TRIGGER capacity_update ON records_help_given;
    DROP FUNCTION records_keep_help; DROP FUNCTION records_help_given_of;
    """,
)

# As `matching.problems.society.sides.village_offers`: what a firm took since its first open offer uses its offers up.
VILLAGES = (
    f"""
    CREATE FUNCTION records_keep_villages() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER {SAFE} AS $$
    DECLARE
        offered bigint;
        since_first date;
        taken bigint;
    BEGIN
        PERFORM pg_advisory_xact_lock(hashtextextended('villages of ' || NEW.organisation_id, 0));
        SELECT sum(o.capacity), min(o.since) INTO offered, since_first FROM records_help_offer o
        WHERE o.organisation_id = NEW.organisation_id AND o.kind = 'village' AND o.state = 'open'
            AND o.since <= current_date AND (o.until IS NULL OR o.until > current_date);
        IF offered IS NOT NULL THEN
            SELECT count(*) INTO taken FROM records_village_pair v
            WHERE v.organisation_id = NEW.organisation_id AND v.since >= since_first;
            IF taken > offered THEN
                RAISE EXCEPTION 'firm % takes as many villages as it offered', NEW.organisation_id
                USING ERRCODE = 'check_violation', CONSTRAINT = 'village_offer_full';
            END IF;
        END IF;
        RETURN NULL;
    END $$;
    REVOKE EXECUTE ON FUNCTION records_keep_villages FROM PUBLIC;
    CREATE TRIGGER capacity AFTER INSERT ON records_village_pair FOR EACH ROW
    WHEN (NEW.entered_by_id IS NOT NULL) EXECUTE FUNCTION records_keep_villages();
    """,
    "DROP TRIGGER capacity ON records_village_pair; DROP FUNCTION records_keep_villages;",
)

# Posts elsewhere count, whether or not the one who signs may see them.
POSTS = (
    f"""
    CREATE FUNCTION records_one_post() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER {SAFE} AS $$
    BEGIN
        PERFORM pg_advisory_xact_lock(hashtextextended('post ' || NEW.person_key, 0));
        IF EXISTS (
            SELECT 1 FROM records_secondment s
            WHERE s.person_key = NEW.person_key AND s.secondment_id <> NEW.secondment_id
                AND s.started_on < coalesce(NEW.ended_on, NEW.planned_end_on)
                AND NEW.started_on < coalesce(s.ended_on, s.planned_end_on)
        ) THEN
            RAISE EXCEPTION 'the person is in another post by then'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'secondment_one_post';
        END IF;
        RETURN NULL;
    END $$;
    REVOKE EXECUTE ON FUNCTION records_one_post FROM PUBLIC;
    CREATE TRIGGER one_post AFTER INSERT ON records_secondment FOR EACH ROW
    WHEN (NEW.entered_by_id IS NOT NULL) EXECUTE FUNCTION records_one_post();
    """,
    "DROP TRIGGER one_post ON records_secondment; DROP FUNCTION records_one_post;",
)


class Migration(migrations.Migration):
    dependencies = [("records", "0010_labour_steps")]

    operations = [migrations.RunSQL(forward, backward) for forward, backward in (HELP, VILLAGES, POSTS)]
