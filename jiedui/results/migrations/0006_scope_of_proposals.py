"""Proposals are shown to the home office and to the donors whose pairings of the day grant the place.

Whom a proposal names is a pseudonym; the person behind it is seen only once a link says so.
"""

from django.db import migrations


def inside(name):
    return f"region_code::text <@ (SELECT nullif(current_setting('jiedui.{name}', true), '')::codemultirange)"


class Migration(migrations.Migration):
    dependencies = [("results", "0005_scope_of_findings_of_pairs"), ("records", "0005_who_sees_what")]

    operations = [
        migrations.RunSQL(
            f"ALTER POLICY scope ON results_proposal USING ({inside('proposed')});",
            f"ALTER POLICY scope ON results_proposal USING ({inside('scope')});",
        )
    ]
