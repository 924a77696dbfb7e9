"""Findings about a place of people are shown inside the reader's scope; those about a pair as such name no place."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("results", "0003_more_of_an_assessment"), ("records", "0002_guards")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE results_rule_finding ENABLE ROW LEVEL SECURITY;"
            "CREATE POLICY scope ON results_rule_finding FOR SELECT USING (region_code = '' OR region_code::text <@ "
            "(SELECT nullif(current_setting('jiedui.scope', true), '')::codemultirange));",
            "DROP POLICY scope ON results_rule_finding; ALTER TABLE results_rule_finding DISABLE ROW LEVEL SECURITY;",
        )
    ]
