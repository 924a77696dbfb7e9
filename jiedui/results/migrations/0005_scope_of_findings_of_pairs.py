"""Findings about the work of a pair (its projects, money, donations, secondments) are shown to its sides only.

Those that name neither a pair nor a place are about published facts, and open.
"""

from django.db import migrations

PLACE = "region_code::text <@ (SELECT nullif(current_setting('jiedui.scope', true), '')::codemultirange)"
PAIRS = "(SELECT nullif(current_setting('jiedui.pairs', true), '')::codemultirange)"
OF_PAIR = (
    "region_code = '' AND (pairing_id IS NULL OR pairing_id IN (SELECT p.pairing_id FROM records_pairing p "
    f"WHERE p.donor_code::text <@ {PAIRS} OR p.recipient_code::text <@ {PAIRS}))"
)


class Migration(migrations.Migration):
    dependencies = [("results", "0004_scope_of_findings"), ("records", "0002_guards")]

    operations = [
        migrations.RunSQL(
            f"ALTER POLICY scope ON results_rule_finding USING ({OF_PAIR} OR {PLACE});",
            f"ALTER POLICY scope ON results_rule_finding USING (region_code = '' OR {PLACE});",
        )
    ]
