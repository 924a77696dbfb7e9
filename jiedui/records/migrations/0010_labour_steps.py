"""The labour chain in the database: which step of an offer follows which, no seat given twice, who may write what as an
office or a firm, links that follow an offer, and the sheet that a worker opens without an account."""

from django.db import migrations

SAFE = "SET search_path = pg_catalog, public, pg_temp"


def setting(name):
    return f"nullif(current_setting('jiedui.{name}', true), '')"


def inside(column, name):
    return f"{column}::text <@ (SELECT {setting(name)}::codemultirange)"


def here(column, name):
    """As in a policy, for a trigger: nothing where the setting is not there."""
    return f"coalesce({column}::text <@ {setting(name)}::codemultirange, false)"


USER = f"(SELECT {setting('user')})"
ENTERED = f"entered_by_id::text = {USER}"
DAY = f"(SELECT {setting('day')}::date)"
OWN_FIRM = "organisation_id = ANY ((SELECT " + setting("organisations") + "::bigint[])::bigint[])"
DONOR_OR_FIRM = (
    "(SELECT concat(current_setting('jiedui.linked', true), current_setting('jiedui.organisations', true)) <> '')"
)
OFFICE = inside("region_code", "office")
AT_WORK = inside("work_region_code", "office")
OF_OWN_VACANCY = f"vacancy_id IN (SELECT v.vacancy_id FROM records_vacancy v WHERE v.{OWN_FIRM})"
SIDES = f"({OFFICE} OR {AT_WORK} OR {OF_OWN_VACANCY})"
STAFFING = inside("region_code", "staffing")
ASKED = (
    f"((problem = 'labour' AND {inside('region_code', 'named')}) OR (problem <> 'labour' AND "
    f"({inside('region_code', 'programme')} OR {OFFICE} OR {STAFFING})))"
)
ASKS = (
    f"((problem = 'labour' AND {inside('region_code', 'named')}) OR (problem <> 'labour' AND ({OFFICE} OR {STAFFING})))"
)


def secured(table, condition):
    name = f"records_{table}"
    return (
        f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY; CREATE POLICY scope ON {name} FOR SELECT USING ({condition});",
        f"DROP POLICY scope ON {name}; ALTER TABLE {name} DISABLE ROW LEVEL SECURITY;",
    )


def written(table, name, command, condition):
    check = {
        "INSERT": f"WITH CHECK ({condition})",
        "UPDATE": f"USING ({condition}) WITH CHECK ({condition})",
    }[command]
    return (
        f"CREATE POLICY {name} ON records_{table} FOR {command} {check};",
        f"DROP POLICY {name} ON records_{table};",
    )


def entered(table, condition):
    """Rows of the reader's own name, where its side may write them."""
    return written(table, "entered", "INSERT", f"{ENTERED} AND {condition}")


def changed(table, condition):
    return written(table, "changed", "UPDATE", condition)


def kept(table, key):
    return (
        f"SELECT records_keep('records_{table}', '{key}');",
        "".join(
            f"DROP TRIGGER journal_{event} ON records_{table}; " for event in ("insert", "update", "delete", "truncate")
        ),
    )


SCOPE = inside("region_code", "scope")
BY_LINK = "EXISTS (SELECT 1 FROM records_person_link l WHERE l.job_offer_id = records_job_offer.job_offer_id OFFSET 0)"
SEEN_LINK = (
    f"since <= {DAY} AND (until IS NULL OR until > {DAY}) AND "
    f"({inside('reach', 'linked')} OR ({{kinds}} AND {OWN_FIRM}))"
)

READING = [
    *[secured(table, SCOPE) for table in ("follow_up", "work_month", "subsidy", "offer_sheet")],
    secured("job_offer", f"{SCOPE} OR ({DONOR_OR_FIRM} AND {BY_LINK})"),
    secured("post", inside("region_code", "talent")),
    secured("candidate", inside("home_region_code", "talent")),
    secured("need", inside("region_code", "programme")),
    secured("help_given", inside("region_code", "programme")),
    secured("help_offer", f"{inside('region_code', 'offers')} OR {OWN_FIRM}"),
    secured("match_order", ASKED),
    secured("match_mark", ASKED),
    (
        f"ALTER POLICY scope ON records_person_link USING ({SEEN_LINK.format(kinds='''kind IN ('placement', 'coming')''')});",
        f"ALTER POLICY scope ON records_person_link USING ({SEEN_LINK.format(kinds='''kind = 'placement' ''')});",
    ),
    # a labour bureau that receives a trip sees no programme of the home county
    (
        f"ALTER POLICY scope ON records_dispatch_trip USING ({inside('region_code', 'programme')} OR {AT_WORK});",
        f"ALTER POLICY scope ON records_dispatch_trip USING ({inside('region_code', 'programme')});",
    ),
    # pairings are open to everybody who signs in; a table that is written row by row needs the wall
    secured("pairing", "true"),
]

STAYED = (
    f"({OFFICE} OR placement_id IN (SELECT p.placement_id FROM records_placement p WHERE "
    f"{inside('p.work_region_code', 'office')}))"
)
BY = f"by_id::text = {USER}"
TRIP_SIDES = f"({OFFICE} OR {AT_WORK})"

# a sheet is of an open offer of the same place, and ends with its day of answer
OF_OPEN_OFFER = (
    f"{inside('region_code', 'named')} AND {OFFICE} AND answered_at IS NULL AND EXISTS (SELECT FROM records_job_offer o "
    "WHERE o.job_offer_id = records_offer_sheet.job_offer_id AND o.region_code = records_offer_sheet.region_code "
    "AND o.state = 'offered' AND records_offer_sheet.until <= o.answer_by + 1)"
)
# the pairs of clause (四) are not made by pages, whatever the office
OWN_PAIRS = (
    f"{inside('recipient_code', 'office')} AND level IN ('county_to_county', 'township_to_township', "
    "'village_to_village')"
)

# Which columns may be written stands in `records.grants`.
WRITING = [
    entered("vacancy", f"({OFFICE} OR {OWN_FIRM})"),
    changed("vacancy", f"({OFFICE} OR {OWN_FIRM})"),
    entered("organisation", f"({OFFICE} AND kind <> 'person')"),
    entered("job_offer", OFFICE),
    changed("job_offer", SIDES),
    entered("placement", f"{SIDES} AND job_offer_id IN (SELECT o.job_offer_id FROM records_job_offer o)"),
    changed("placement", SIDES),
    entered("stay_check", STAYED),
    entered("follow_up", OFFICE),
    entered("dispatch_trip", OFFICE),
    changed("dispatch_trip", TRIP_SIDES),
    *[step(table, OFFICE) for table in ("subsidy", "schooling", "settlement") for step in (entered, changed)],
    *[step("post", f"({OFFICE} OR {STAFFING})") for step in (entered, changed)],
    *[
        step("candidate", f"({inside('home_region_code', 'office')} OR {inside('home_region_code', 'staffing')})")
        for step in (entered, changed)
    ],
    *[step("need", OFFICE) for step in (entered, changed)],
    *[step("help_offer", f"({OFFICE} OR {OWN_FIRM})") for step in (entered, changed)],
    *[step("help_given", OFFICE) for step in (entered, changed)],
    entered("village_pair", OFFICE),
    entered("secondment", f"({OFFICE} OR {STAFFING})"),
    entered("pairing", OWN_PAIRS),
    changed("pairing", OWN_PAIRS),
    written("match_order", "asked", "INSERT", f"{BY} AND {ASKS} AND state = 'waiting' AND run IS NULL"),
    written("match_order", "stopped", "UPDATE", ASKS),
    written("match_mark", "marked", "INSERT", f"{BY} AND {ASKS} AND ended_at IS NULL"),
    written("match_mark", "ended", "UPDATE", ASKS),
    written("offer_sheet", "made", "INSERT", OF_OPEN_OFFER),
]

HOLDING = "('offered', 'accepted', 'departed', 'started')"
OPEN = "('offered', 'accepted', 'departed')"

# The vacancies concerned are locked in the order of their keys; whoever comes second counts what the first one wrote.
# Only what takes a seat anew locks: an answer or a start must never wait for a vacancy that is being withdrawn, which
# waits for the offers.
SEATS = (
    f"""
    CREATE FUNCTION records_seats_held(wanted bigint[]) RETURNS TABLE (vacancy_id bigint, held bigint)
    LANGUAGE sql STABLE {SAFE} AS $$
        SELECT taken.vacancy_id, count(*) FROM (
            SELECT o.vacancy_id FROM records_job_offer o
            WHERE o.vacancy_id = ANY (wanted) AND o.state IN {HOLDING}
            UNION ALL
            SELECT p.vacancy_id FROM records_placement p
            WHERE p.vacancy_id = ANY (wanted) AND p.job_offer_id IS NULL
                AND (p.ended_on IS NULL OR p.ended_on > current_date)
        ) taken GROUP BY taken.vacancy_id
    $$;
    REVOKE EXECUTE ON FUNCTION records_seats_held FROM PUBLIC;

    CREATE FUNCTION records_hold_seats(wanted bigint[])
    RETURNS TABLE (vacancy_id bigint, state text, seats bigint, held bigint, open bigint)
    LANGUAGE plpgsql SECURITY DEFINER {SAFE} AS $$
    #variable_conflict use_column
    BEGIN
        PERFORM 1 FROM records_vacancy v WHERE v.vacancy_id = ANY (wanted) ORDER BY v.vacancy_id FOR NO KEY UPDATE;
        RETURN QUERY
        SELECT v.vacancy_id, v.state::text, v.seats, coalesce(h.held, 0), coalesce(n.open, 0)
        FROM records_vacancy v
        LEFT JOIN records_seats_held(wanted) h ON h.vacancy_id = v.vacancy_id
        LEFT JOIN (
            SELECT o.vacancy_id, count(*) AS open FROM records_job_offer o
            WHERE o.vacancy_id = ANY (wanted) AND o.state IN {OPEN} GROUP BY o.vacancy_id
        ) n ON n.vacancy_id = v.vacancy_id
        WHERE v.vacancy_id = ANY (wanted);
    END $$;
    REVOKE EXECUTE ON FUNCTION records_hold_seats FROM PUBLIC;

    CREATE FUNCTION records_take_seats(affected bigint[]) RETURNS void LANGUAGE plpgsql {SAFE} AS $$
    DECLARE
        full_one record;
    BEGIN
        PERFORM 1 FROM records_vacancy v WHERE v.vacancy_id = ANY (affected) ORDER BY v.vacancy_id FOR NO KEY UPDATE;
        SELECT v.vacancy_id INTO full_one FROM records_vacancy v
        WHERE v.vacancy_id = ANY (affected) AND v.state <> 'checked' ORDER BY v.vacancy_id LIMIT 1;
        IF FOUND THEN
            RAISE EXCEPTION 'vacancy % is not checked or was withdrawn', full_one.vacancy_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'vacancy_checked';
        END IF;
        SELECT v.vacancy_id, v.seats, h.held INTO full_one
        FROM records_vacancy v JOIN records_seats_held(affected) h USING (vacancy_id)
        WHERE h.held > v.seats ORDER BY v.vacancy_id LIMIT 1;
        IF FOUND THEN
            RAISE EXCEPTION 'vacancy % has % seats, % would be held', full_one.vacancy_id, full_one.seats, full_one.held
            USING ERRCODE = 'check_violation', CONSTRAINT = 'vacancy_seats';
        END IF;
    END $$;
    REVOKE EXECUTE ON FUNCTION records_take_seats FROM PUBLIC;

    CREATE FUNCTION records_seats_insert() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER {SAFE} AS $$
    DECLARE
        affected bigint[];
    BEGIN
        SELECT array_agg(DISTINCT n.vacancy_id) INTO affected FROM new_rows n WHERE n.state IN {HOLDING};
        IF affected IS NOT NULL THEN
            PERFORM records_take_seats(affected);
        END IF;
        RETURN NULL;
    END $$;
    REVOKE EXECUTE ON FUNCTION records_seats_insert FROM PUBLIC;
    CREATE TRIGGER seats_insert AFTER INSERT ON records_job_offer REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION records_seats_insert();

    CREATE FUNCTION records_seats_update() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER {SAFE} AS $$
    DECLARE
        affected bigint[];
    BEGIN
        SELECT array_agg(DISTINCT n.vacancy_id) INTO affected
        FROM new_rows n JOIN old_rows o ON o.job_offer_id = n.job_offer_id
        WHERE n.state IN {HOLDING} AND o.state NOT IN {HOLDING};
        IF affected IS NOT NULL THEN
            PERFORM records_take_seats(affected);
        END IF;
        RETURN NULL;
    END $$;
    REVOKE EXECUTE ON FUNCTION records_seats_update FROM PUBLIC;
    CREATE TRIGGER seats_update AFTER UPDATE ON records_job_offer
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION records_seats_update();

    -- a person has one open offer, however many rows of the register name him
    CREATE UNIQUE INDEX job_offer_one_open_of_person ON records_job_offer (person_id) WHERE state IN {HOLDING};

    CREATE FUNCTION records_keep_seats() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER {SAFE} AS $$
    DECLARE
        taken bigint;
    BEGIN
        SELECT held INTO taken FROM records_seats_held(ARRAY[NEW.vacancy_id]);
        IF taken > NEW.seats THEN
            RAISE EXCEPTION 'vacancy % holds % persons, more than % seats', NEW.vacancy_id, taken, NEW.seats
            USING ERRCODE = 'check_violation', CONSTRAINT = 'vacancy_seats';
        END IF;
        RETURN NEW;
    END $$;
    REVOKE EXECUTE ON FUNCTION records_keep_seats FROM PUBLIC;
    CREATE TRIGGER keep_seats BEFORE UPDATE OF seats ON records_vacancy FOR EACH ROW
    WHEN (NEW.seats < OLD.seats) EXECUTE FUNCTION records_keep_seats();

    -- what is withdrawn takes its open offers along, also those that the firm does not see
    CREATE FUNCTION records_withdraw_offers() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER {SAFE} AS $$
    BEGIN
        -- in the order of the keys, as everybody locks who changes many offers
        PERFORM 1 FROM records_job_offer o WHERE o.vacancy_id = NEW.vacancy_id AND o.state IN {OPEN}
        ORDER BY o.job_offer_id FOR NO KEY UPDATE;
        UPDATE records_job_offer o SET state = 'withdrawn'
        WHERE o.vacancy_id = NEW.vacancy_id AND o.state IN {OPEN};
        RETURN NULL;
    END $$;
    REVOKE EXECUTE ON FUNCTION records_withdraw_offers FROM PUBLIC;
    CREATE TRIGGER withdraw_offers AFTER UPDATE OF state ON records_vacancy FOR EACH ROW
    WHEN (NEW.state = 'withdrawn' AND OLD.state <> 'withdrawn') EXECUTE FUNCTION records_withdraw_offers();
    CREATE FUNCTION records_vacancy_steps() RETURNS trigger LANGUAGE plpgsql {SAFE} AS $$
    BEGIN
        IF row_security_active('records_vacancy') AND OLD.state = 'withdrawn' THEN
            RAISE EXCEPTION 'a vacancy that was withdrawn stays so' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'vacancy_step';
        END IF;
        -- a firm may enter a plausible vacancy as checked; one that waits is confirmed by an office of the place
        IF row_security_active('records_vacancy') AND OLD.state = 'reported' AND NEW.state = 'checked'
            AND NOT {here("OLD.region_code", "office")}
        THEN
            RAISE EXCEPTION 'a reported vacancy is confirmed by an office of the place of work'
            USING ERRCODE = 'insufficient_privilege', CONSTRAINT = 'vacancy_confirmed';
        END IF;
        RETURN NEW;
    END $$;
    REVOKE EXECUTE ON FUNCTION records_vacancy_steps FROM PUBLIC;
    CREATE TRIGGER steps BEFORE UPDATE ON records_vacancy FOR EACH ROW EXECUTE FUNCTION records_vacancy_steps();
    """,
    """
    DROP TRIGGER steps ON records_vacancy; DROP FUNCTION records_vacancy_steps;
    DROP TRIGGER withdraw_offers ON records_vacancy; DROP FUNCTION records_withdraw_offers;
    DROP TRIGGER keep_seats ON records_vacancy; DROP FUNCTION records_keep_seats;
    DROP INDEX job_offer_one_open_of_person;
    DROP TRIGGER seats_insert ON records_job_offer; DROP TRIGGER seats_update ON records_job_offer;
    DROP FUNCTION records_seats_insert; DROP FUNCTION records_seats_update; DROP FUNCTION records_take_seats;
    DROP FUNCTION records_hold_seats; DROP FUNCTION records_seats_held;
    """,
)

# Who must not be offered anything: asked for persons that the caller names, told without saying of whom else. A person
# that was decided to be another's second entry is engaged where the other is.
ENGAGED = (
    f"""
    CREATE FUNCTION records_engaged(persons bigint[], day date) RETURNS TABLE (person_id bigint, because text)
    LANGUAGE sql STABLE SECURITY DEFINER {SAFE} AS $$
        WITH named AS (
            SELECT u.id AS person_id, u.id AS held_by FROM unnest(persons) AS u (id)
            UNION ALL
            SELECT d.left_id, d.right_id FROM records_duplicate_pair d
            WHERE d.decision = 'same' AND d.left_id = ANY (persons)
            UNION ALL
            SELECT d.right_id, d.left_id FROM records_duplicate_pair d
            WHERE d.decision = 'same' AND d.right_id = ANY (persons)
        ), busy AS (
            SELECT n.person_id, n.held_by, 'in_work' AS because FROM named n
            JOIN records_placement p ON p.person_id = n.held_by
            WHERE p.ended_on IS NULL OR p.ended_on > day
            UNION ALL
            SELECT n.person_id, n.held_by, 'open_offer' FROM named n
            JOIN records_job_offer o ON o.person_id = n.held_by WHERE o.state IN {HOLDING}
        )
        SELECT DISTINCT b.person_id, CASE WHEN b.held_by = b.person_id THEN b.because ELSE 'same_person' END FROM busy b
    $$;
    CREATE FUNCTION records_subsidised(persons bigint[], of_kind text, of_year bigint) RETURNS SETOF bigint
    LANGUAGE sql STABLE SECURITY DEFINER {SAFE} AS $$
        WITH paid AS (
            SELECT s.person_id FROM records_subsidy s
            WHERE s.kind = of_kind AND s.year = of_year AND s.state <> 'cancelled'
        )
        SELECT p.person_id FROM paid p WHERE p.person_id = ANY (persons)
        UNION
        SELECT d.left_id FROM records_duplicate_pair d JOIN paid p ON p.person_id = d.right_id
        WHERE d.decision = 'same' AND d.left_id = ANY (persons)
        UNION
        SELECT d.right_id FROM records_duplicate_pair d JOIN paid p ON p.person_id = d.left_id
        WHERE d.decision = 'same' AND d.right_id = ANY (persons)
    $$;
    REVOKE EXECUTE ON FUNCTION records_engaged, records_subsidised FROM PUBLIC;
    """,
    "DROP FUNCTION records_engaged; DROP FUNCTION records_subsidised;",
)


def steps(table, pairs, said):
    """A trigger that lets a state be followed only by those listed ("before>after"), whoever writes."""
    listed = ", ".join(f"'{pair}'" for pair in pairs)
    return (
        f"""
        CREATE FUNCTION records_{table}_steps() RETURNS trigger LANGUAGE plpgsql {SAFE} AS $$
        BEGIN
            IF OLD.{said} <> NEW.{said} AND (OLD.{said} || '>' || NEW.{said}) NOT IN ({listed}) THEN
                RAISE EXCEPTION '{table} that is % does not become %', OLD.{said}, NEW.{said}
                USING ERRCODE = 'check_violation', CONSTRAINT = '{table}_step';
            END IF;
            RETURN NEW;
        END $$;
        REVOKE EXECUTE ON FUNCTION records_{table}_steps FROM PUBLIC;
        CREATE TRIGGER steps BEFORE UPDATE ON records_{table} FOR EACH ROW EXECUTE FUNCTION records_{table}_steps();
        """,
        f"DROP TRIGGER steps ON records_{table}; DROP FUNCTION records_{table}_steps;",
    )


# The same tables as in `policy.rules.labour_steps`; a test compares them.
STEPS = (
    steps(
        "job_offer",
        (
            *("offered>accepted", "offered>refused", "offered>withdrawn", "offered>lapsed"),
            *("accepted>offered", "accepted>refused", "accepted>withdrawn", "accepted>departed", "accepted>started"),
            *("refused>offered", "departed>accepted", "departed>started", "departed>withdrawn", "started>left"),
        ),
        "state",
    ),
    steps(
        "dispatch_trip",
        ("planned>departed", "planned>cancelled", "departed>planned", "departed>arrived", "departed>cancelled"),
        "state",
    ),
    steps("subsidy", ("approved>paid", "approved>cancelled"), "state"),
    steps("settlement", ("applied>settled", "applied>refused", "applied>given_up"), "state"),
    steps("schooling", ("enrolled>graduated", "enrolled>left", "graduated>employed", "left>enrolled"), "status"),
)


def own_step(table, name, when, body):
    """A check of what the pages' role writes row by row, beside the policies; the owner's imports pass."""
    return (
        f"""
        CREATE FUNCTION records_{table}_{name}() RETURNS trigger LANGUAGE plpgsql {SAFE} AS $$
        BEGIN
            IF row_security_active('records_{table}') THEN
                {body}
            END IF;
            RETURN NEW;
        END $$;
        REVOKE EXECUTE ON FUNCTION records_{table}_{name} FROM PUBLIC;
        CREATE TRIGGER {name} {when} ON records_{table} FOR EACH ROW EXECUTE FUNCTION records_{table}_{name}();
        """,
        f"DROP TRIGGER {name} ON records_{table}; DROP FUNCTION records_{table}_{name};",
    )


def refused(condition, said, constraint, code="check_violation"):
    return (
        f"IF {condition} THEN RAISE EXCEPTION '{said}' USING ERRCODE = '{code}', CONSTRAINT = '{constraint}'; END IF;"
    )


# What was offered to whom never changes, whoever writes. A page's offer is of the register as it stands.
OFFERED = (
    f"""
    CREATE FUNCTION records_offer_stays() RETURNS trigger LANGUAGE plpgsql {SAFE} AS $$
    BEGIN
        RAISE EXCEPTION 'what was offered to whom does not change' USING ERRCODE = 'check_violation',
        CONSTRAINT = 'job_offer_step';
    END $$;
    REVOKE EXECUTE ON FUNCTION records_offer_stays FROM PUBLIC;
    CREATE TRIGGER stays BEFORE UPDATE ON records_job_offer FOR EACH ROW
    WHEN ((OLD.worker_id, OLD.person_id, OLD.vacancy_id, OLD.offered_on) IS DISTINCT FROM
          (NEW.worker_id, NEW.person_id, NEW.vacancy_id, NEW.offered_on))
    EXECUTE FUNCTION records_offer_stays();

    CREATE FUNCTION records_offer_begins() RETURNS trigger LANGUAGE plpgsql {SAFE} AS $$
    BEGIN
        IF row_security_active('records_job_offer') AND EXISTS (
            SELECT FROM new_rows n
            LEFT JOIN records_worker w ON w.worker_id = n.worker_id
            LEFT JOIN records_person p ON p.person_id = n.person_id
            LEFT JOIN records_vacancy v ON v.vacancy_id = n.vacancy_id
            WHERE n.state <> 'offered' OR n.answered_on IS NOT NULL OR n.dispatch_trip_id IS NOT NULL
                OR (n.person_id, n.household_id, n.region_code, n.work_region_code) IS DISTINCT FROM
                   (w.person_id, p.household_id, p.region_code, v.region_code)
        ) THEN
            RAISE EXCEPTION 'an offer begins as offered, to a worker and of a vacancy as the register has them'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'job_offer_step';
        END IF;
        RETURN NULL;
    END $$;
    REVOKE EXECUTE ON FUNCTION records_offer_begins FROM PUBLIC;
    CREATE TRIGGER begins AFTER INSERT ON records_job_offer REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION records_offer_begins();
    """,
    """
    DROP TRIGGER begins ON records_job_offer; DROP FUNCTION records_offer_begins;
    DROP TRIGGER stays ON records_job_offer; DROP FUNCTION records_offer_stays;
    """,
)


# Answers and trips are the home office's. Beginning and end of work come by the placement alone. The side of the work
# place may take an offer back, and does nothing else to it.
SIDES_OF_STEPS = own_step(
    "job_offer",
    "sides",
    "BEFORE UPDATE",
    refused(
        "NEW.state IN ('started', 'left') AND NEW.state <> OLD.state",
        "work begins and ends by a placement",
        "job_offer_step",
    )
    + refused(
        f"NOT {here('OLD.region_code', 'office')} AND (NEW.state NOT IN ('withdrawn', OLD.state) OR "
        "(to_jsonb(OLD) - 'state'::text) IS DISTINCT FROM (to_jsonb(NEW) - 'state'::text))",
        "this step is of an office of the home",
        "job_offer_step",
        "insufficient_privilege",
    )
    + "IF NEW.dispatch_trip_id IS DISTINCT FROM OLD.dispatch_trip_id AND NEW.dispatch_trip_id IS NOT NULL THEN "
    + refused(
        "NEW.state <> 'accepted' OR NOT EXISTS (SELECT FROM records_dispatch_trip t WHERE "
        "t.dispatch_trip_id = NEW.dispatch_trip_id AND t.state = 'planned' AND t.pairing_id = NEW.pairing_id "
        "AND left(t.region_code, 6) = left(NEW.region_code, 6))",
        "a trip takes accepted offers of its county and pairing",
        "dispatch_trip_members",
    )
    + " END IF;"
    + refused(
        "NEW.state = 'departed' AND OLD.state <> 'departed' AND NOT EXISTS (SELECT FROM records_dispatch_trip t "
        "WHERE t.dispatch_trip_id = NEW.dispatch_trip_id AND t.state = 'departed')",
        "who departs goes with a trip that departed",
        "dispatch_trip_members",
    ),
)

SAME_AS_OFFER = (
    "IF NEW.job_offer_id IS NOT NULL THEN PERFORM 1 FROM records_job_offer o WHERE o.job_offer_id = NEW.job_offer_id "
    "AND o.state IN ('accepted', 'departed') AND o.offered_on <= NEW.started_on AND NEW.started_on <= current_date "
    "AND (o.person_id, o.household_id, o.region_code, o.vacancy_id, o.work_region_code) = "
    "(NEW.person_id, NEW.household_id, NEW.region_code, NEW.vacancy_id, NEW.work_region_code) "
    "AND o.pairing_id IS NOT DISTINCT FROM NEW.pairing_id FOR NO KEY UPDATE; END IF; "
)
OF_PLACEMENT = "SELECT FROM records_placement p WHERE p.placement_id = NEW.placement_id"
MONTH_OF_PLACEMENT = (
    "p.started_on < (NEW.month + interval '1 month') AND (p.ended_on IS NULL OR p.ended_on > NEW.month)"
)

PAGES = (
    SIDES_OF_STEPS,
    own_step(
        "placement",
        "begins",
        "BEFORE INSERT",
        SAME_AS_OFFER
        + refused(
            "NEW.job_offer_id IS NULL OR NOT FOUND OR NEW.ended_on IS NOT NULL OR NEW.left_because IS NOT NULL",
            "a placement begins with an accepted offer, as that offer says",
            "job_offer_step",
        ),
    ),
    own_step(
        "placement",
        "ends",
        "BEFORE UPDATE",
        refused(
            "OLD.ended_on IS NOT NULL OR NEW.ended_on IS NULL OR NEW.ended_on > current_date",
            "a placement ends once, not on a day to come",
            "placement_ended_once",
        ),
    ),
    own_step(
        "stay_check",
        "of_placement",
        "BEFORE INSERT",
        refused(
            f"NOT EXISTS ({OF_PLACEMENT} AND p.region_code = NEW.region_code AND {MONTH_OF_PLACEMENT})",
            "evidence is of a month in which the placement lasted",
            "stay_check_month_of_placement",
        ),
    ),
    own_step(
        "follow_up",
        "of_placement",
        "BEFORE INSERT",
        refused(
            f"NOT EXISTS ({OF_PLACEMENT} AND p.region_code = NEW.region_code AND p.ended_on <= NEW.done_on)",
            "who is followed up has left",
            "follow_up_of_left",
        ),
    ),
    own_step(
        "subsidy",
        "of_placement",
        "BEFORE INSERT",
        refused(
            f"NEW.state <> 'approved' OR NOT EXISTS ({OF_PLACEMENT} AND (p.person_id, p.household_id, p.region_code) "
            "= (NEW.person_id, NEW.household_id, NEW.region_code))",
            "a subsidy begins as approved, for the person of the placement",
            "subsidy_of_placement",
        ),
    ),
    own_step(
        "settlement",
        "begins",
        "BEFORE INSERT",
        refused(
            "NEW.state <> 'applied' OR NEW.settled_on IS NOT NULL OR NOT EXISTS (SELECT FROM records_person p WHERE "
            "p.person_id = NEW.person_id AND p.region_code = NEW.region_code)",
            "a settlement begins as applied for, where the person is registered",
            "settlement_step",
        ),
    ),
    own_step(
        "schooling",
        "begins",
        "BEFORE INSERT",
        refused(
            "NEW.status <> 'enrolled' OR NOT EXISTS (SELECT FROM records_person p WHERE p.person_id = NEW.person_id "
            "AND p.region_code = NEW.region_code)",
            "a schooling begins as enrolled, where the person is registered",
            "schooling_step",
        ),
    ),
    own_step(
        "dispatch_trip",
        "sides",
        "BEFORE UPDATE",
        refused(
            f"NOT {here('OLD.region_code', 'office')} AND (NEW.state <> 'arrived' OR "
            "(to_jsonb(OLD) - ARRAY['state', 'picked_up_by', 'arrived_on']) IS DISTINCT FROM "
            "(to_jsonb(NEW) - ARRAY['state', 'picked_up_by', 'arrived_on']))",
            "the side of the work place takes over a trip, and changes nothing else",
            "dispatch_trip_step",
            "insufficient_privilege",
        ),
    ),
    own_step(
        "dispatch_trip",
        "begins",
        "BEFORE INSERT",
        refused("NEW.state <> 'planned'", "a trip begins as planned", "dispatch_trip_step"),
    ),
    (
        "CREATE UNIQUE INDEX settlement_one_open ON records_settlement (person_id) WHERE state = 'applied';",
        "DROP INDEX settlement_one_open;",
    ),
)

# An offer shows the person to the donor, and to the firm from the yes on; a placement makes a link of its own.
KIND = (
    "CASE WHEN n.state IN ('accepted', 'departed') THEN 'coming' "
    "WHEN n.state = 'offered' AND n.pairing_id IS NOT NULL THEN 'proposal' END"
)
LINKS = (
    f"""
    CREATE FUNCTION records_link_offers() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER {SAFE} AS $$
    BEGIN
        IF TG_OP = 'TRUNCATE' THEN
            DELETE FROM records_person_link WHERE job_offer_id IS NOT NULL;
            RETURN NULL;
        END IF;
        IF TG_OP = 'DELETE' THEN
            UPDATE records_person_link l SET until = greatest(l.since, current_date)
            FROM old_rows o WHERE l.job_offer_id = o.job_offer_id AND l.until IS NULL;
            RETURN NULL;
        ELSIF TG_OP = 'UPDATE' THEN
            -- a link that stays what it was is not made anew: moves of the person it follows by another trigger
            UPDATE records_person_link l SET until = greatest(l.since, current_date)
            FROM old_rows o JOIN new_rows n ON n.job_offer_id = o.job_offer_id
            WHERE l.job_offer_id = o.job_offer_id AND l.until IS NULL
                AND l.kind IS DISTINCT FROM {KIND};
        END IF;
        INSERT INTO records_person_link
            (kind, person_id, household_id, region_code, pairing_id, donor_code, organisation_id, job_offer_id, since)
        SELECT {KIND}, n.person_id, coalesce(p.household_id, n.household_id), coalesce(p.region_code, n.region_code),
               e.pairing_id, e.donor_code, v.organisation_id, n.job_offer_id,
               CASE n.state WHEN 'offered' THEN n.offered_on ELSE coalesce(n.answered_on, n.offered_on) END
        FROM new_rows n
        JOIN records_vacancy v ON v.vacancy_id = n.vacancy_id
        LEFT JOIN records_person p ON p.person_id = n.person_id
        LEFT JOIN records_pairing e ON e.pairing_id = n.pairing_id
        WHERE {KIND} IS NOT NULL AND NOT EXISTS (
            SELECT FROM records_person_link l
            WHERE l.job_offer_id = n.job_offer_id AND l.until IS NULL AND l.kind = {KIND}
        );
        RETURN NULL;
    END $$;
    REVOKE EXECUTE ON FUNCTION records_link_offers FROM PUBLIC;
    CREATE TRIGGER link_insert AFTER INSERT ON records_job_offer REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION records_link_offers();
    CREATE TRIGGER link_update AFTER UPDATE ON records_job_offer REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION records_link_offers();
    CREATE TRIGGER link_delete AFTER DELETE ON records_job_offer REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION records_link_offers();
    CREATE TRIGGER link_truncate AFTER TRUNCATE ON records_job_offer
    FOR EACH STATEMENT EXECUTE FUNCTION records_link_offers();
    """,
    """
    DROP TRIGGER link_insert ON records_job_offer; DROP TRIGGER link_update ON records_job_offer;
    DROP TRIGGER link_delete ON records_job_offer; DROP TRIGGER link_truncate ON records_job_offer;
    DROP FUNCTION records_link_offers;
    """,
)

# A person who dies or leaves the register needs no work; one who moves takes the open offer along. A placement says
# that its offer became work; one that ends gives its seat back.
FOLLOW = (
    f"""
    CREATE FUNCTION records_offers_follow() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER {SAFE} AS $$
    BEGIN
        UPDATE records_job_offer o SET state = 'withdrawn'
        FROM new_rows n WHERE o.person_id = n.person_id AND n.left_on IS NOT NULL AND n.left_on <= current_date
            AND o.state IN {OPEN};
        UPDATE records_job_offer o SET region_code = n.region_code
        FROM new_rows n JOIN old_rows b ON b.person_id = n.person_id
        WHERE o.person_id = n.person_id AND n.region_code <> b.region_code AND o.region_code <> n.region_code
            AND o.state IN {OPEN};
        RETURN NULL;
    END $$;
    REVOKE EXECUTE ON FUNCTION records_offers_follow FROM PUBLIC;
    CREATE TRIGGER offers_follow AFTER UPDATE ON records_person REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION records_offers_follow();

    CREATE FUNCTION records_offer_started() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER {SAFE} AS $$
    BEGIN
        UPDATE records_job_offer o SET state = 'started'
        FROM new_rows n WHERE o.job_offer_id = n.job_offer_id AND o.state IN ('accepted', 'departed');
        RETURN NULL;
    END $$;
    REVOKE EXECUTE ON FUNCTION records_offer_started FROM PUBLIC;
    CREATE TRIGGER offer_started AFTER INSERT ON records_placement REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION records_offer_started();

    CREATE FUNCTION records_offer_left() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER {SAFE} AS $$
    BEGIN
        UPDATE records_job_offer o SET state = 'left'
        FROM new_rows n WHERE o.job_offer_id = n.job_offer_id AND n.ended_on IS NOT NULL
            AND n.ended_on <= current_date AND o.state = 'started';
        RETURN NULL;
    END $$;
    REVOKE EXECUTE ON FUNCTION records_offer_left FROM PUBLIC;
    CREATE TRIGGER offer_left AFTER UPDATE ON records_placement REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION records_offer_left();
    """,
    """
    DROP TRIGGER offer_left ON records_placement; DROP FUNCTION records_offer_left;
    DROP TRIGGER offer_started ON records_placement; DROP FUNCTION records_offer_started;
    DROP TRIGGER offers_follow ON records_person; DROP FUNCTION records_offers_follow;
    """,
)

# Who holds the sheet's key, and nobody else, reads this one offer and answers it.
SHEET = (
    f"""
    CREATE FUNCTION records_sheet(key text) RETURNS jsonb LANGUAGE plpgsql STABLE SECURITY DEFINER {SAFE} AS $$
    DECLARE
        told jsonb;
    BEGIN
        SELECT jsonb_build_object(
            'job_offer_id', o.job_offer_id, 'state', o.state, 'offered_on', o.offered_on, 'answer_by', o.answer_by,
            'answered_on', o.answered_on, 'refusal', o.refusal, 'run', o.run, 'worker_id', o.worker_id,
            'surname', left(p.name, 1), 'region_code', o.region_code, 'firm', f.name,
            'vacancy', to_jsonb(v) - ARRAY['entered_by_id', 'entered_at', 'import_id'],
            'until', s.until, 'proposal', (
                SELECT to_jsonb(r) - 'person_id'::text FROM results_proposal r
                WHERE r.run_id = CASE WHEN o.run ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN o.run::uuid END AND r.worker_id = o.worker_id
            )
        ) INTO told
        FROM records_offer_sheet s
        JOIN records_job_offer o ON o.job_offer_id = s.job_offer_id
        JOIN records_person p ON p.person_id = o.person_id
        JOIN records_vacancy v ON v.vacancy_id = o.vacancy_id
        JOIN records_organisation f ON f.organisation_id = v.organisation_id
        WHERE s.key_digest = encode(sha256(convert_to(key, 'UTF8')), 'hex') AND s.until > current_date;
        RETURN told;
    END $$;
    REVOKE EXECUTE ON FUNCTION records_sheet FROM PUBLIC;

    CREATE FUNCTION records_answer_sheet(key text, yes boolean, why text) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER {SAFE} AS $$
    DECLARE
        sheet records_offer_sheet;
        before text;
    BEGIN
        SELECT s.* INTO sheet FROM records_offer_sheet s
        WHERE s.key_digest = encode(sha256(convert_to(key, 'UTF8')), 'hex') AND s.until > current_date;
        IF NOT FOUND THEN
            RETURN NULL;
        END IF;
        PERFORM set_config('jiedui.reason', 'answered on the sheet', true);
        SELECT o.state INTO before FROM records_job_offer o WHERE o.job_offer_id = sheet.job_offer_id FOR UPDATE;
        IF before = 'offered' THEN
            UPDATE records_job_offer o SET
                state = CASE WHEN yes THEN 'accepted' ELSE 'refused' END,
                refusal = CASE WHEN yes THEN NULL ELSE why END, answered_on = current_date
            WHERE o.job_offer_id = sheet.job_offer_id;
            UPDATE records_offer_sheet s SET answered_at = now() WHERE s.offer_sheet_id = sheet.offer_sheet_id;
        END IF;
        RETURN before;
    END $$;
    REVOKE EXECUTE ON FUNCTION records_answer_sheet FROM PUBLIC;
    """,
    "DROP FUNCTION records_answer_sheet; DROP FUNCTION records_sheet;",
)

SETTLED = ("UPDATE records_settlement SET state = 'settled' WHERE settled_on IS NOT NULL;", migrations.RunSQL.noop)


class Migration(migrations.Migration):
    dependencies = [("records", "0009_labour_chain")]

    operations = [
        migrations.RunSQL(forward, backward)
        for forward, backward in [
            SETTLED,
            *READING,
            *WRITING,
            SEATS,
            ENGAGED,
            *STEPS,
            OFFERED,
            *PAGES,
            LINKS,
            FOLLOW,
            SHEET,
            *[
                kept(table, f"{table}_id")
                for table in (
                    *("job_offer", "follow_up", "work_month", "subsidy", "post", "candidate", "need", "help_offer"),
                    *("help_given", "match_order", "match_mark", "offer_sheet"),
                )
            ],
        ]
    ]
