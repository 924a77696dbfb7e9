"""Proposals are about people: the same row-level security as on the people of records."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("results", "0001_initial"), ("records", "0002_guards")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE results_proposal ENABLE ROW LEVEL SECURITY;"
            "CREATE POLICY scope ON results_proposal FOR SELECT USING (region_code::text <@ "
            "(SELECT nullif(current_setting('jiedui.scope', true), '')::codemultirange));",
            "DROP POLICY scope ON results_proposal; ALTER TABLE results_proposal DISABLE ROW LEVEL SECURITY;",
        )
    ]
